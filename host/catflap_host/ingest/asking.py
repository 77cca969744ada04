"""What a batch has to ask of the database before it is believed, without holding up any other batch."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.store.database import Database, reason
from catflap_host.store.writer import BusyError

THREADS = 4
MAX_WAITING = 1_024

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class Asking:
    """Asks in the event loop's thread where the answer is on this machine, else in threads of its own; used in the loop's thread alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = None if database.is_sqlite else ThreadPoolExecutor(THREADS, "asking")
        self._waiting = 0
        self._is_away = False

    async def answer(self, question: Callable[[Database], _Answer]) -> _Answer:
        """What the database says. Raises BusyError where it does not answer, or too many wait for it."""
        if self._waiting >= MAX_WAITING:
            raise BusyError("too many batches are waiting for the database")
        self._waiting += 1
        try:
            if self._threads is None:
                found = question(self._database)
            else:
                found = await asyncio.get_running_loop().run_in_executor(self._threads, question, self._database)
        except SQLAlchemyError as error:
            if not self._is_away:
                _log.warning("the database does not answer, nothing is taken: %s", reason(error))
            self._is_away = True
            raise BusyError("the database does not answer; send again later") from error
        finally:
            self._waiting -= 1
        if self._is_away:
            _log.warning("the database answers again")
            self._is_away = False
        return found
