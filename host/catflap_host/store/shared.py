"""Secrets that all workers of one database share: kept in it, sealed, drawn by whoever needs one first."""

from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from catflap_host.store.database import Database
from catflap_host.store.places import shared_place
from catflap_host.store.tables import secrets
from catflap_host.store.vault import Vault


def shared(database: Database, name: str, draw: Callable[[], bytes]) -> bytes:
    """The secret of that name, what `draw` gives where there is none yet. Raises SealError."""
    while True:
        with database.read() as connection:
            kept = read(connection, database.vault, name)
        if kept is not None:
            return kept
        try:
            with database.write() as connection:
                keep(connection, database.vault, name, draw())
        except IntegrityError:
            # another worker was first
            continue


def read(connection: Connection, vault: Vault, name: str) -> bytes | None:
    """The secret of that name, or None. Raises SealError."""
    sealed = connection.execute(select(secrets.c.sealed).where(secrets.c.name == name)).scalar()
    return None if sealed is None else vault.open(sealed, shared_place(name))


def keep(connection: Connection, vault: Vault, name: str, plain: bytes) -> None:
    """Share a secret, in the caller's transaction; raises IntegrityError where there is one."""
    connection.execute(insert(secrets), {"name": name, "sealed": vault.seal(plain, shared_place(name))})


def forget(connection: Connection, name: str) -> None:
    """Share it no more, in the caller's transaction."""
    connection.execute(delete(secrets).where(secrets.c.name == name))
