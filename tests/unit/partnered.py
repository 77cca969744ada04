"""Partners for tests, each with a key of its own name, and lists of theirs taken in."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from catflap_host.export.signing import Signer, public_jwk, signed, thumbprint
from catflap_host.reputation import kept, partners
from catflap_host.reputation.document import KIND, LIFE_MS, Appeal, Class, Document, Entry, Evidence, Withdrawal, fields
from catflap_host.reputation.partners import Partner, Terms
from catflap_host.store.database import Database
from tests.unit.test_host_stix import NOW_MS

POOL = (Evidence(Class.POOL, 12, "m7"),)


def signer(name: str) -> Signer:
    """The key of a house, the same for the same name."""
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
    return Signer(key, thumbprint(key.public_key()))


def jwk(name: str) -> str:
    """Its public half."""
    return json.dumps(public_jwk(signer(name)))


def partner(database: Database, name: str = "bank", key: str = "", **terms: Any) -> Partner:
    """A registered partner, fully trusted where nothing else is said."""
    return partners.add(database, name, jwk(key or name), Terms(**{"trust": 100} | terms), "tester", NOW_MS)


def entry(number: str, confidence: int = 8_000, kind: str = "simbank", **changed: Any) -> Entry:
    """An entry that a pool speaks for."""
    made: dict[str, Any] = {
        "first_ms": NOW_MS - 9,
        "last_ms": NOW_MS,
        "expires_ms": NOW_MS + LIFE_MS,
        "appeal": Appeal.NONE,
        "evidence": POOL,
    }
    return Entry(number, kind, confidence, **made | changed)


def document(sequence: int, *entries: Entry, gone: tuple[Withdrawal, ...] = (), expires_ms: int = NOW_MS + LIFE_MS) -> Document:
    """A list of the house A."""
    return Document("A", sequence, NOW_MS, expires_ms, list(entries), list(gone))


def sent(found: Document, key: str = "bank") -> str:
    """A list as it comes over the wire, signed."""
    return json.dumps(signed(signer(key), KIND, fields(found)))


def taken(database: Database, name: str, found: Document, now_ms: int = NOW_MS, **terms: Any) -> None:
    """The list of a partner, who is registered for it."""
    kept.take(database, partner(database, name, **terms), found, "ours", now_ms)
