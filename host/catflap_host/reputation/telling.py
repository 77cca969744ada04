"""What trusted houses think are SIM banks' numbers, told to the probes beside our own pools."""

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.correlate.service import Correlation
from catflap_host.reputation.kept import for_probes
from catflap_host.store.database import Database, reason

EVERY_S = 5.0
MOST_TOLD = 1_000
"""So many, the surest, that our own pools keep their room in the probes' feed."""

_log = logging.getLogger(__name__)


class Teller:
    """Keeps the feed in step with the lists taken: tells what is new or due again, and takes back what no house says any more."""

    def __init__(self, database: Database, correlation: Correlation) -> None:
        self._database, self._correlation = database, correlation
        self._told: set[str] = set()

    def step(self, now_ms: int) -> None:
        """Compare once and tell the difference."""
        wanted = for_probes(self._database, now_ms, MOST_TOLD)
        feed = self._correlation.feed
        for number in wanted:
            if number not in self._told or feed.is_due(number, now_ms // 1000):
                feed.tell(number, now_ms // 1000, now_ms)
        gone = self._told - set(wanted)
        if gone:
            ours = {member.number for pool in self._correlation.pools() for member in pool.members}
            for number in sorted(gone - ours):
                feed.untell(number, now_ms)
        self._told = set(wanted)


async def keep_told(database: Database, correlation: Correlation) -> None:
    """Keep the feed in step until cancelled."""
    teller = Teller(database, correlation)
    while True:
        try:
            await asyncio.to_thread(teller.step, time.time_ns() // 1_000_000)
        except SQLAlchemyError as error:
            _log.warning("lists of other houses are not told to probes: %s", reason(error))
        await asyncio.sleep(EVERY_S)
