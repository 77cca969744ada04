"""The aggregator's own signature: an Ed25519 key in its data folder, drawn when it is first needed, its owner's alone."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from catflap_host.errors import UserError

FILE_NAME = "signing-key.pem"


def signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The data folder's key. Raises UserError where it cannot be read, or is another kind of key."""
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            _draw(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise UserError(f"cannot use {path}: {error.strerror}; the evidence is signed with it") from None
    except (ValueError, TypeError) as error:
        raise UserError(f"{path} holds no private key in PEM: {error}; put the right one there, or move it away for a new one") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UserError(f"{path} holds no Ed25519 key; put the right one there, or move it away for a new one")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public half, as those get it who check a signature."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _draw(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        # unlike a rename, a link never replaces the file of another process that was faster
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
