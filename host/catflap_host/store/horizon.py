"""Up to which record id nothing more can come: on PostgreSQL, workers commit in another order than they draw ids.

Before a writer draws ids it locks, shared with all others, the number that the ids stand at. A reader first looks at that number, then at
the locks: below the lowest lock, and up to the number, everything is committed or never will be.
"""

from sqlalchemy import Connection, func, select

from catflap_host.store.tables import records

SEQUENCE = "records_id_seq"
_BASE = 0xCA7F << 48
# PostgreSQL's 64-bit numbers are signed
_SIGNED_BASE = _BASE - (1 << 64)

LOCK = f"SELECT pg_advisory_xact_lock_shared({_SIGNED_BASE} + last_value - (NOT is_called)::int) FROM {SEQUENCE}"  # noqa: S608 - ours
"""What a writer does before it draws ids, in its transaction."""

_DRAWN = f"SELECT last_value - (NOT is_called)::int FROM {SEQUENCE}"  # noqa: S608 - our own name
_LOWEST = f"""
SELECT min(((classid::bigint << 32) | objid::bigint) - ({_SIGNED_BASE})) FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND (classid::bigint >> 16) = {0xCA7F}
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""  # noqa: S608 - our own numbers


def settled(connection: Connection) -> int:
    """The highest record id below which nothing more can come, 0 where there is none."""
    if connection.dialect.name == "sqlite":
        newest: int = connection.execute(select(func.coalesce(func.max(records.c.id), 0))).scalar_one()
        return newest
    drawn: int = connection.exec_driver_sql(_DRAWN).scalar_one()
    lowest: int | None = connection.exec_driver_sql(_LOWEST).scalar_one()
    return drawn if lowest is None else min(drawn, lowest)
