"""Attempts to sign in, limited by user name and by address: a leaky bucket each, kept on disk, so that a restart forgives nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from catflap_host.access import tables
from catflap_host.access.credentials import digest, now_ms
from catflap_host.store.database import Database


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts at once, then one for every `leak_s`."""

    burst: int
    leak_s: float


BY_USER = Limit(10, 30.0)
BY_ADDRESS = Limit(20, 10.0)


def take(database: Database, user: str, address: str) -> int:
    """Note an attempt; returns 0, or the seconds to wait where there were too many, in which case it is not to be looked at."""
    return _draw(database, _buckets(user, address))


def draw(database: Database, buckets: Sequence[tuple[str, Limit]]) -> int:
    """The same for buckets of another's own, by name; each must be empty again by ATTEMPTS_MS."""
    return _draw(database, [(digest(name), limit) for name, limit in buckets])


def forgive(database: Database, user: str, address: str) -> None:
    """Take back an attempt that succeeded."""
    with database.write() as connection:
        for key, _ in _buckets(user, address):
            mine = tables.attempts.c.key == key
            connection.execute(update(tables.attempts).where(mine).values(level=tables.attempts.c.level - 1))


def _buckets(user: str, address: str) -> tuple[tuple[str, Limit], tuple[str, Limit]]:
    # digests: a name may be long, or a password typed into the wrong field
    return (digest(f"user {user}"), BY_USER), (digest(f"address {address}"), BY_ADDRESS)


def _draw(database: Database, buckets: Sequence[tuple[str, Limit]]) -> int:
    now = now_ms()
    with database.write() as connection:
        # the write first: two attempts at the same moment are counted one after the other
        connection.execute(delete(tables.attempts).where(tables.attempts.c.at_ms < now - tables.ATTEMPTS_MS))
        waits_s = [_take(connection, *bucket, now) for bucket in buckets]
    return max(waits_s)


def _take(connection: Connection, key: str, limit: Limit, now: int) -> int:
    row = connection.execute(select(tables.attempts).where(tables.attempts.c.key == key)).first()
    level = max(0.0, row.level - max(0, now - row.at_ms) / 1000 / limit.leak_s) if row else 0.0
    if level + 1 > limit.burst:
        return int((level + 1 - limit.burst) * limit.leak_s) + 1
    values = {"level": level + 1, "at_ms": now}
    if row:
        connection.execute(update(tables.attempts).where(tables.attempts.c.key == key).values(**values))
    else:
        connection.execute(insert(tables.attempts), {"key": key, **values})
    return 0
