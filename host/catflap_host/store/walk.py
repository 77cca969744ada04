"""A way through a table in small transactions, beside those who store."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, select, tuple_
from sqlalchemy.exc import IntegrityError, OperationalError

from catflap_host.store.database import Database

CHUNK_ROWS = 500
TRIES = 20

Rows = Sequence[RowMapping]
Do = Callable[[Connection, Rows], int]
"""Changes a chunk of rows inside its transaction and gives how many; called again for the same rows where the transaction failed."""

_log = logging.getLogger(__name__)


class Walk:
    """Goes through tables until `is_stopped`; `rests` leaves half of the time to others."""

    def __init__(self, database: Database, is_stopped: Callable[[], bool], rests: bool) -> None:
        self.database = database
        self.is_stopped = is_stopped
        self._rests = rests

    def through(self, table: Table, do: Do, *where: ColumnElement[bool]) -> int:
        """Have `do` see every row, in the order of the key; the sum of what it gives."""
        key = list(table.primary_key.columns)
        query = select(table).where(*where).order_by(*key).limit(CHUNK_ROWS).with_for_update()
        beyond, found, total = query, CHUNK_ROWS, 0
        while found == CHUNK_ROWS and not self.is_stopped():
            begun_s = time.monotonic()
            rows, changed = self._chunk(beyond, do)
            found, total = len(rows), total + changed
            if rows:
                beyond = query.where(tuple_(*key) > tuple_(*(rows[-1][column.name] for column in key)))
            if self._rests:
                time.sleep(time.monotonic() - begun_s)
        return total

    def _chunk(self, query: Select[Any], do: Do) -> tuple[Rows, int]:
        for left in reversed(range(TRIES)):
            try:
                with self.database.write() as connection:
                    if not self.database.is_sqlite:
                        # sooner than PostgreSQL ends a deadlock at whoever's cost: those who store go first
                        connection.exec_driver_sql("SET LOCAL lock_timeout = '300ms'")
                    rows = connection.execute(query).mappings().all()
                    return rows, do(connection, rows) if rows else 0
            except (IntegrityError, OperationalError) as error:
                if not left:
                    raise
                _log.info("a chunk of rows is tried again: %s", error)
        raise AssertionError
