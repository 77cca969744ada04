"""The one interface behind which alerts are stored for good, on SQLite or PostgreSQL."""

from collections.abc import Sequence
from typing import Protocol

from catflap_host.store.database import Database
from catflap_host.store.group import Batch, Stored
from catflap_host.store.sqlite_store import SqliteStore


class AlertStore(Protocol):
    """Used by one thread at a time."""

    def add(self, batches: Sequence[Batch], received_ms: int) -> list[Stored]:
        """Store batches in one transaction that is on disk on return, and say what became of each.

        Raises UnreachableError, or what the driver raises; then nothing is stored, or it is and its sender hears so when he sends it again.
        """

    def close(self) -> None:
        """Let go of the database."""


def open_store(database: Database) -> AlertStore:
    """The store of an open database."""
    if database.is_sqlite:
        return SqliteStore(database)
    # only who has PostgreSQL has its driver
    from catflap_host.store.postgres_store import PostgresStore

    return PostgresStore(database)
