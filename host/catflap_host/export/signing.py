"""A document signed for others: JSON Web Signature (RFC 7515) with Ed25519 (RFC 8037), so that any JOSE library verifies it."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from catflap_host.store.database import Database
from catflap_host.trace.signing import signing_key

_PARTS = ("protected", "payload", "signature")


class SignatureError(Exception):
    """The document is not the key owner's, or was changed; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that this aggregator signs with; `key_id` is its public key's thumbprint (RFC 7638)."""

    key: Ed25519PrivateKey
    key_id: str


def load_signer(database: Database, data_dir: Path) -> Signer:
    """The aggregator's signing key, which evidence is signed with too. Raises UserError."""
    key = signing_key(database, data_dir)
    return Signer(key, thumbprint(key.public_key()))


def public_jwk(signer: Signer) -> dict[str, str]:
    """The public key as a JSON Web Key, for receivers to keep."""
    return {**_jwk(signer.key.public_key()), "kid": signer.key_id, "use": "sig", "alg": "EdDSA"}


def thumbprint(key: Ed25519PublicKey) -> str:
    """What names a public key (RFC 7638)."""
    canonical = json.dumps(_jwk(key), sort_keys=True, separators=(",", ":")).encode()
    return _encoded(hashlib.sha256(canonical).digest())


def read_jwk(text: str) -> Ed25519PublicKey:
    """A public key out of a JSON Web Key. Raises ValueError."""
    fields = json.loads(text)
    if not isinstance(fields, dict) or (fields.get("kty"), fields.get("crv")) != ("OKP", "Ed25519") or not isinstance(fields.get("x"), str):
        raise ValueError("not a JSON Web Key of an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(_decoded(fields["x"]))


def signed(signer: Signer, kind: str, payload: Mapping[str, object]) -> dict[str, str]:
    """The payload with a signature over it and over its kind, which a verifier names too (flattened JSON serialization)."""
    protected = _encoded(json.dumps({"alg": "EdDSA", "kid": signer.key_id, "typ": kind}).encode())
    body = _encoded(json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace"))
    return dict(zip(_PARTS, (protected, body, _encoded(signer.key.sign(f"{protected}.{body}".encode()))), strict=True))


def verified(text: str, key: Ed25519PublicKey, kind: str) -> dict[str, object]:
    """The payload of a document of that kind, if the key signed it. Raises SignatureError."""
    try:
        fields = json.loads(text)
        protected, body, signature = (str(fields[part]) for part in _PARTS)
        key.verify(_decoded(signature), f"{protected}.{body}".encode())
        header, payload = json.loads(_decoded(protected)), json.loads(_decoded(body))
    except InvalidSignature:
        raise SignatureError("the signature is not that of the key given, or the document was changed") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SignatureError("it is not a signed document (JSON Web Signature, flattened)") from None
    if not isinstance(header, dict) or header.get("alg") != "EdDSA" or header.get("typ") != kind or "crit" in header:
        raise SignatureError(f"it is signed, but as something else than {kind}")
    if not isinstance(payload, dict):
        raise SignatureError("what is signed is no JSON object")
    return payload


def _jwk(key: Ed25519PublicKey) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": _encoded(key.public_bytes_raw())}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    if not text.isascii() or "=" in text:
        raise ValueError("not base64url")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
