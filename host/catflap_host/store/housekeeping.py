"""Retention enforced while the aggregator runs: at its start and every hour."""

import asyncio
import logging
import time

from catflap_host.store.database import Database
from catflap_host.store.retention import expire

EVERY_S = 3_600.0

_log = logging.getLogger(__name__)


async def keep_house(database: Database, stopped: asyncio.Event) -> None:
    """Delete what is past its time, now and every hour, until `stopped`; a failure is told and tried again the next hour."""
    while not stopped.is_set():
        try:
            gone = await asyncio.to_thread(expire, database, time.time_ns() // 1_000_000, stopped.is_set)
        except Exception:
            _log.exception("what is past its time was not deleted; trying again in an hour")
        else:
            if any(gone.values()):
                _log.info("past their time and deleted: %s", gone)
        try:
            async with asyncio.timeout(EVERY_S):
                await stopped.wait()
        except TimeoutError:
            continue
