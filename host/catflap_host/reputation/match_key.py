"""The key of matching: one for all workers, sealed in the database, replaced every 30 days; what it made is worth nothing afterwards."""

import json
import secrets
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from catflap_host.reputation.document import DAY_MS
from catflap_host.reputation.oprf import SEED_BYTES, Key
from catflap_host.store import shared
from catflap_host.store.database import Database

NAME = "match-key"
LIFE_MS = 30 * DAY_MS


@dataclass(frozen=True, slots=True)
class MatchKey:
    """A version of the key, the first is 1, and since when it is used."""

    version: int
    since_ms: int
    key: Key


def newest(database: Database, now_ms: int) -> MatchKey:
    """The key that counts now: drawn where there is none, replaced where its time is over. Raises SealError, UserError."""
    while True:
        kept = _read(database)
        if kept and now_ms - int(kept["since_ms"]) < LIFE_MS:
            return MatchKey(int(kept["version"]), int(kept["since_ms"]), Key(bytes.fromhex(str(kept["seed"]))))
        _replace(database, kept, now_ms)


def rotate(database: Database, now_ms: int) -> int:
    """Replace the key now; the new version. Tags that partners have are worth nothing from now on. Raises SealError."""
    kept = _read(database)
    _replace(database, kept, now_ms)
    fresh = _read(database)
    assert fresh is not None
    return int(fresh["version"])


def _read(database: Database) -> dict[str, int | str] | None:
    with database.read() as connection:
        plain = shared.read(connection, database.vault, NAME)
    kept: dict[str, int | str] | None = None if plain is None else json.loads(plain)
    return kept


def _replace(database: Database, last: dict[str, int | str] | None, now_ms: int) -> None:
    """Draw the next version in place of `last`, unless another worker has done so."""
    fresh = {"version": int(last["version"]) + 1 if last else 1, "since_ms": now_ms, "seed": secrets.token_hex(SEED_BYTES)}
    try:
        with database.write() as connection:
            plain = shared.read(connection, database.vault, NAME)
            if (json.loads(plain) if plain else None) != last:
                return
            shared.forget(connection, NAME)
            shared.keep(connection, database.vault, NAME, json.dumps(fresh).encode())
    except IntegrityError:
        # another worker was first
        return
