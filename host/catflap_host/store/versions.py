"""Who writes with which version of the keys: on PostgreSQL every worker holds a lock on its own, so that nobody retires it under him."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from catflap_host.errors import UserError
from catflap_host.store.database import Database

_CLASS = 0x0CA7F
HOLD = f"SELECT pg_advisory_lock_shared({_CLASS}, %s)"
"""What a worker does before it writes, for as long as its connection lives."""
IS_RETIRED = "SELECT EXISTS (SELECT 1 FROM key_checks WHERE version = %s AND word = %s)"


@contextmanager
def hold_older(database: Database) -> Iterator[None]:
    """As long as this lasts nobody writes with older versions than the newest. Raises UserError where a worker on PostgreSQL does.

    On SQLite there is one aggregator, and it is the caller's to know that it runs with the newest.
    """
    if database.is_sqlite:
        yield
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held: list[int] = []
        try:
            for version in database.vault.older():
                lock = {"class": _CLASS, "version": version}
                if not connection.execute(text("SELECT pg_try_advisory_lock(:class, :version)"), lock).scalar_one():
                    raise UserError(f"a worker still writes with version {version} of the keys; restart it with today's key file")
                held.append(version)
            yield
        finally:
            for version in held:
                connection.execute(text("SELECT pg_advisory_unlock(:class, :version)"), {"class": _CLASS, "version": version})
