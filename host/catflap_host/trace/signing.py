"""The aggregator's own signature: an Ed25519 key in its database, sealed, the same for all workers, drawn when it is first needed."""

import logging
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from catflap_host.errors import UserError
from catflap_host.store.database import Database
from catflap_host.store.shared import shared

NAME = "signing-key"
FILE_NAME = "signing-key.pem"
"""Where older programs kept it, in the data folder: it is taken over from there."""

_log = logging.getLogger(__name__)


def signing_key(database: Database, data_dir: Path) -> Ed25519PrivateKey:
    """The key that all workers sign with. Raises UserError where the one in the data folder is none."""
    path = data_dir / FILE_NAME
    left = _read(path) if path.exists() else None
    pem = shared(database, NAME, lambda: _pem(left or Ed25519PrivateKey.generate()))
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, Ed25519PrivateKey)
    if left is not None:
        if public_pem(left) == public_pem(key):
            path.unlink(missing_ok=True)
        else:
            _log.warning("%s is not the key that the workers of this database share, and is not used; move it away", path)
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public half, as those get it who check a signature."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise UserError(f"cannot use {path}: {error.strerror}; the evidence is signed with it") from None
    except (ValueError, TypeError) as error:
        raise UserError(f"{path} holds no private key in PEM: {error}; put the right one there, or move it away for a new one") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UserError(f"{path} holds no Ed25519 key; put the right one there, or move it away for a new one")
    return key


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
