"""What was stored under older versions of the keys brought under the newest, so that the older ones can be destroyed."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Table, update

from catflap_host.errors import UserError
from catflap_host.every_table import every_table
from catflap_host.store.database import Database
from catflap_host.store.party_versions import PartyVersions
from catflap_host.store.sealed import RESEAL, Reseal
from catflap_host.store.tables import RETIRED, key_checks
from catflap_host.store.vault import SealError, Vault
from catflap_host.store.versions import hold_older
from catflap_host.store.walk import Rows, Walk


@dataclass(slots=True)
class Outcome:
    """Rows brought under the newest keys, rows that no key opens, and whether all were looked at."""

    resealed: int = 0
    unreadable: int = 0
    is_whole: bool = False


def reseal(database: Database, is_stopped: Callable[[], bool] = lambda: False, rests: bool = False) -> Outcome:
    """Bring every row under the newest keys, a little at a time; `rests` leaves half of the time to others.

    Nobody may write with older keys meanwhile. Raises UserError where a worker on PostgreSQL does.
    """
    with hold_older(database):
        return _reseal(database, is_stopped, rests)


def retire(database: Database) -> Outcome:
    """Bring every row under the newest keys and note in the database that the older ones are needed no more. Raises UserError."""
    older = database.vault.older()
    with hold_older(database):
        outcome = _reseal(database, lambda: False, rests=False)
        if outcome.unreadable:
            raise UserError(f"{outcome.unreadable} rows are sealed with keys that are not in the key file; no version was destroyed")
        with database.write() as connection:
            connection.execute(update(key_checks).where(key_checks.c.version.in_(older)).values(word=RETIRED))
    return outcome


def _reseal(database: Database, is_stopped: Callable[[], bool], rests: bool) -> Outcome:
    outcome, walk = Outcome(), Walk(database, is_stopped, rests)
    for table in every_table():
        if RESEAL in table.info:
            outcome.resealed += walk.through(table, _Resealing(table, database.vault, outcome))
    parties = PartyVersions(walk)
    outcome.resealed += parties.bring_up()
    outcome.unreadable += parties.unreadable
    outcome.is_whole = not is_stopped()
    return outcome


class _Resealing:
    """What is done to the rows of a table."""

    def __init__(self, table: Table, vault: Vault, outcome: Outcome) -> None:
        self._table = table
        self._vault = vault
        self._outcome = outcome
        self._how: Reseal = table.info[RESEAL]

    def __call__(self, connection: Connection, rows: Rows) -> int:
        changed, unreadable = 0, 0
        for row in rows:
            try:
                values = self._how(connection, self._vault, row)
            except SealError:
                unreadable += 1
                continue
            if values:
                mine = [column == row[column.name] for column in self._table.primary_key.columns]
                connection.execute(update(self._table).where(*mine).values(**values))
                changed += 1
        self._outcome.unreadable += unreadable
        return changed
