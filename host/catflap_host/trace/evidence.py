"""A bundle of evidence: what was found as JSON and as a page to print, every record that it rests on, and a signature over all of it.

evidence.json     the legs, the calls that they make up, the records word for word, with hashes
report.html       the same to read and to print, with nothing to load
manifest.json     the SHA-256 of each file
manifest.sig      Ed25519 over manifest.json, 64 bytes
public-key.pem    the aggregator's
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from catflap_host.errors import UserError
from catflap_host.trace.chains import TracedCall
from catflap_host.trace.legs import Leg, Source
from catflap_host.trace.report import page
from catflap_host.trace.signing import public_pem

EVIDENCE, REPORT, MANIFEST, SIGNATURE, PUBLIC_KEY = "evidence.json", "report.html", "manifest.json", "manifest.sig", "public-key.pem"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the calls of an international number in a window of Unix milliseconds, by whom, why, and when.

    Of a pool `number` is its name, and `members` are its numbers.
    """

    number: str
    since_ms: int
    until_ms: int
    who: str
    reason: str
    asked_ms: int
    members: tuple[str, ...] = ()


def gather(question: Question, calls: Sequence[TracedCall], source: Source, recordings: Sequence[Path]) -> dict[str, object]:
    """The evidence as JSON has it; every file of a recording's folder is named with its hash. Raises UserError for an unreadable one."""
    return {
        "catflap_evidence": 1,
        **asdict(question),
        "calls": [
            {
                "entry": {"probe": call.entry().probe, "trunk": call.entry().trunk, "role": call.entry().role},
                "is_entry_known": call.is_entry_known(),
                "legs": [_leg(leg, source) for leg in call.legs],
            }
            for call in calls
        ],
        "recordings": [file for folder in recordings for file in _files(folder)],
    }


def bundle(evidence: dict[str, object], key: Ed25519PrivateKey) -> dict[str, bytes]:
    """The bundle's files by name, signed."""
    files = {
        EVIDENCE: json.dumps(evidence, indent=1, ensure_ascii=False).encode() + b"\n",
        PUBLIC_KEY: public_pem(key),
    }
    files[REPORT] = page(evidence, _sha256(files[EVIDENCE]), _sha256(files[PUBLIC_KEY])).encode()
    manifest = (
        json.dumps({"catflap_manifest": 1, "sha256": {name: _sha256(data) for name, data in files.items()}}, indent=1).encode() + b"\n"
    )
    return files | {MANIFEST: manifest, SIGNATURE: key.sign(manifest)}


def zipped(files: dict[str, bytes], name: str) -> bytes:
    """The bundle as a ZIP file with everything in a folder of that name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in files.items():
            archive.writestr(f"{name}/{file}", data)
    return made.getvalue()


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write the bundle into a new folder. Raises UserError."""
    try:
        folder.mkdir(mode=0o700, parents=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except FileExistsError:
        raise UserError(f"{folder} is there already; evidence is never written over: name a new folder") from None
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror}; name a folder of yours with --out") from None


def check(folder: Path) -> str:
    """An empty text for a bundle that is whole and signed by the key in it, else what is wrong.

    Whose key that is, its fingerprint must tell: compare it with the aggregator's.
    """
    try:
        manifest = (folder / MANIFEST).read_bytes()
        key = load_pem_public_key((folder / PUBLIC_KEY).read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            return f"{PUBLIC_KEY} is no Ed25519 key"
        key.verify((folder / SIGNATURE).read_bytes(), manifest)
        hashes = json.loads(manifest)["sha256"]
        changed = [name for name in (EVIDENCE, REPORT, PUBLIC_KEY) if _sha256((folder / name).read_bytes()) != hashes.get(name)]
    except InvalidSignature:
        return f"{MANIFEST} was not signed by the key in {PUBLIC_KEY}"
    except OSError as error:
        return f"{error.filename} cannot be read: {error.strerror}"
    except (ValueError, KeyError, TypeError) as error:
        return f"the bundle cannot be read: {error}"
    return f"{', '.join(changed)}: changed since it was signed" if changed else ""


def _leg(leg: Leg, source: Source) -> dict[str, object]:
    told = [{**asdict(record), "sha256": _sha256(record.body.encode())} for record in source.records(leg)]
    fields = {name: value for name, value in asdict(leg).items() if name != "call_id"}
    return {**fields, "records": told}


def _files(folder: Path) -> list[dict[str, object]]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        return [{"file": f"{folder.name}/{path.name}", "bytes": path.stat().st_size, "sha256": _file_sha256(path)} for path in paths]
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}; name a recording's folder with --recording") from None


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
