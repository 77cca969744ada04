"""The audit of the last thirty days, once a day, in the running aggregator."""

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.compliance import book as books
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS
from catflap_host.trunk_audit import findings
from catflap_host.trunk_audit.search import search

EVERY_S = 86_400.0
WINDOW_MS = 30 * DAY_MS

_log = logging.getLogger(__name__)


def audit(database: Database, since_ms: int, until_ms: int, now_ms: int) -> tuple[int, int]:
    """Search a time and keep what is found: how many findings were raised, and how many were known."""
    book = books.load(database)
    return findings.keep(database, book, search(database, book, since_ms, until_ms), now_ms)


async def keep_audited(database: Database) -> None:
    """Audit until cancelled."""
    while True:
        now_ms = time.time_ns() // 1_000_000
        try:
            raised, _ = await asyncio.to_thread(audit, database, now_ms - WINDOW_MS, now_ms, now_ms)
            if raised:
                _log.warning("the trunk audit has %d new findings; `catflap host trunk-audit list` shows them", raised)
        except SQLAlchemyError as error:
            _log.warning("trunks were not audited: %s", error)
        await asyncio.sleep(EVERY_S)
