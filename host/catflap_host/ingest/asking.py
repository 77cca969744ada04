"""What a batch has to ask of the database before it is believed, without holding up any other batch."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.store.database import Database, reason
from catflap_host.store.enrolled import Enrolled, enrolled
from catflap_host.store.group import BootKey
from catflap_host.store.writer import MAX_WAITING, BusyError

THREADS = 4

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class Asking:
    """Asks in the event loop's thread where the answer is on this machine, else in threads of its own; used in the loop's thread alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = None if database.is_sqlite else ThreadPoolExecutor(THREADS, "asking")
        self._waiting = 0
        self._is_away = False
        self._turn = asyncio.Lock()
        self._gathered: set[BootKey] = set()
        self._next: asyncio.Task[dict[BootKey, Enrolled]] | None = None

    async def enrolled(self, boot: BootKey) -> Enrolled | None:
        """What is known of a probe and its boot, None where the probe is not enrolled. Raises BusyError as `answer` does.

        Who asks while a look-up is under way shares the next one.
        """
        if self._threads is None:
            return (await self.answer(partial(enrolled, asked=[boot]))).get(boot)
        with self._place():
            self._gathered.add(boot)
            if self._next is None:
                self._next = asyncio.create_task(self._look_up())
            # who leaves must not take the others' answer along
            found = await asyncio.shield(self._next)
        return found.get(boot)

    async def answer(self, question: Callable[[Database], _Answer]) -> _Answer:
        """What the database says. Raises BusyError where it does not answer, or too many wait for it."""
        with self._place():
            return await self._answer(question)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among those who wait; raises BusyError where there is none."""
        if self._waiting >= MAX_WAITING:
            raise BusyError("too many batches are waiting for the database")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _look_up(self) -> dict[BootKey, Enrolled]:
        async with self._turn:
            asked, self._gathered, self._next = self._gathered, set(), None
            return await self._answer(partial(enrolled, asked=asked))

    async def _answer(self, question: Callable[[Database], _Answer]) -> _Answer:
        try:
            if self._threads is None:
                found = question(self._database)
            else:
                found = await asyncio.get_running_loop().run_in_executor(self._threads, question, self._database)
        except (SQLAlchemyError, sqlite3.Error) as error:
            if not self._is_away:
                _log.warning("the database does not answer, nothing is taken: %s", reason(error))
            self._is_away = True
            raise BusyError("the database does not answer; send again later") from error
        if self._is_away:
            _log.warning("the database answers again")
            self._is_away = False
        return found
