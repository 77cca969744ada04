"""What the aggregator does beside its work: retention at its start and every hour, and old rows brought under new keys."""

import asyncio
import logging
import time
from contextlib import suppress

from catflap_host.errors import UserError
from catflap_host.store.database import Database
from catflap_host.store.resealing import reseal
from catflap_host.store.retention import expire

EVERY_S = 3_600.0
WORKERS_S = 60.0
"""So long until other workers are asked again whether they have today's keys."""

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


async def keep_to_newest_keys(database: Database, stopped: asyncio.Event) -> None:
    """Bring what older versions of the keys have sealed under the newest, once, slowly, and not before every worker writes with it."""
    is_done = not database.vault.older()
    while not is_done and not stopped.is_set():
        try:
            is_done = (await asyncio.to_thread(reseal, database, stopped.is_set, True)).is_whole
        except UserError as error:
            _log.warning("old rows stay under old keys for now: %s", error)
        except Exception:
            _log.exception("old rows were not brought under the newest keys; trying again")
        if not is_done:
            with suppress(TimeoutError):
                async with asyncio.timeout(WORKERS_S):
                    await stopped.wait()
