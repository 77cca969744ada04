"""The keys that numbers are sealed and found by: one file in the data folder, in versions, its owner's alone."""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from catflap_host.errors import UserError

FILE_NAME = "keys.json"
KEY_BYTES = 32
LAST_VERSION = 2**16 - 1


@dataclass(frozen=True, slots=True)
class Keys:
    """One version: the key that seals, and the key that pseudonyms are made with."""

    seal: bytes
    pseudonym: bytes


KeyRing = dict[int, Keys]
"""All versions there are; the highest is written with, every one is read with."""


def load(data_dir: Path) -> KeyRing:
    """The data folder's keys, drawn now if there are none. Raises UserError."""
    path = data_dir / FILE_NAME
    if not path.exists():
        _create(path, {1: _draw()})
    return _read(path)


def are_there(data_dir: Path) -> bool:
    """Whether the data folder has keys."""
    return (data_dir / FILE_NAME).exists()


def rotate(data_dir: Path) -> int:
    """Draw the next version, which is written with from the next start on; older ones stay to be read with. Raises UserError."""
    path = data_dir / FILE_NAME
    ring = load(data_dir)
    version = max(ring) + 1
    if version > LAST_VERSION:
        raise UserError(f"{path} has {LAST_VERSION} versions, no more can be told apart")
    temporary = _write_beside(path, ring | {version: _draw()})
    temporary.replace(path)
    _sync_folder(data_dir)
    return version


def retire(data_dir: Path) -> list[int]:
    """Destroy all versions but the newest; which those were. Nothing may be sealed with them any more. Raises UserError."""
    path = data_dir / FILE_NAME
    ring = load(data_dir)
    newest = max(ring)
    temporary = _write_beside(path, {newest: ring[newest]})
    temporary.replace(path)
    _sync_folder(data_dir)
    return sorted(set(ring) - {newest})


def _draw() -> Keys:
    return Keys(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))


def _create(path: Path, ring: KeyRing) -> None:
    temporary = _write_beside(path, ring)
    try:
        # unlike a rename, a link never replaces the file of another process that was faster
        os.link(temporary, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}; name a folder of yours with --data") from None
    finally:
        temporary.unlink()
    _sync_folder(path.parent)


def _write_beside(path: Path, ring: KeyRing) -> Path:
    """A temporary file with the keys, on disk, readable by its owner only."""
    versions = {str(version): {"seal": keys.seal.hex(), "pseudonym": keys.pseudonym.hex()} for version, keys in ring.items()}
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"catflap_keys": 1, "versions": versions}, file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}; name a folder of yours with --data") from None
    return Path(name)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> KeyRing:
    try:
        if path.stat().st_mode & 0o077:
            raise UserError(f"{path} can be read by others than its owner; take that right away: chmod 600 {path}")
        found = json.loads(path.read_text())
        if found["catflap_keys"] != 1:
            raise ValueError("another form than 1")
        ring = {
            int(version): Keys(bytes.fromhex(keys["seal"]), bytes.fromhex(keys["pseudonym"])) for version, keys in found["versions"].items()
        }
        if not ring or not all(0 < version <= LAST_VERSION for version in ring):
            raise ValueError("no versions from 1 on")
        if any(len(key) != KEY_BYTES for keys in ring.values() for key in (keys.seal, keys.pseudonym)):
            raise ValueError(f"a key that has not {KEY_BYTES} bytes")
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}; run the command as the file's owner") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} holds no keys ({error}); put its backup back, since numbers cannot be read without it") from None
    return ring
