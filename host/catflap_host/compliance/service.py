"""Keeps the findings about outgoing calls in step with what is stored and with the registers, in the running aggregator."""

import asyncio
import logging
import time

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from catflap_host.compliance import book as books
from catflap_host.compliance.checking import Checked, Plans, check_between, check_changed
from catflap_host.deliver import positions
from catflap_host.registers.tables import history
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS

EVERY_S = 10.0
RECORDS = 5_000
"""So many are looked through at once."""
LOOK_BACK_MS = 31 * DAY_MS
"""A change in a register that is said to hold since long ago has older calls looked at by `catflap host compliance check` only."""
CALLS_FOLLOWER, REGISTERS_FOLLOWER = "compliance", "compliance-registers"

_log = logging.getLogger(__name__)


class Follower:
    """Looks at what is new each time that it is asked to."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._plans = Plans(database)
        self._book = books.load(database)
        self._records = positions.start(database, CALLS_FOLLOWER, 0)
        self._changes = positions.start(database, REGISTERS_FOLLOWER, 0)

    def step(self, now_ms: int) -> Checked:
        """Look at the calls that were told of since the last step, and at those that registers changed since then are about."""
        total = Checked()
        self._follow_registers(now_ms, total)
        newest = queries.last_change(self._database)
        while self._records < newest:
            until = min(self._records + RECORDS, newest)
            if self._book.contracts:
                total.add(check_changed(self._database, self._book, self._plans, self._records, until))
            self._records = self._moved(CALLS_FOLLOWER, self._records, until)
        return total

    def _follow_registers(self, now_ms: int, total: Checked) -> None:
        with self._database.read() as connection:
            news = select(func.max(history.c.id), func.min(history.c.effect_ms)).where(history.c.id > self._changes)
            newest, effect_ms = connection.execute(news).one()
        if newest is None:
            return
        self._book = books.load(self._database)
        if self._book.contracts and effect_ms < now_ms:
            total.add(check_between(self._database, max(effect_ms, now_ms - LOOK_BACK_MS), now_ms + DAY_MS))
        self._changes = self._moved(REGISTERS_FOLLOWER, self._changes, newest)

    def _moved(self, follower: str, before: int, after: int) -> int:
        with self._database.write() as connection:
            is_moved = positions.move(connection, follower, before, after)
        # another worker did it too, which changes nothing; it may be further
        return after if is_moved else max(after, positions.start(self._database, follower, after))


async def keep_checked(database: Database) -> None:
    """Keep the findings in step until cancelled."""
    follower: Follower | None = None
    while True:
        try:
            if follower is None:
                follower = await asyncio.to_thread(Follower, database)
            await asyncio.to_thread(follower.step, time.time_ns() // 1_000_000)
        except SQLAlchemyError as error:
            _log.warning("outgoing calls are not checked: %s", error)
            follower = None
        await asyncio.sleep(EVERY_S)
