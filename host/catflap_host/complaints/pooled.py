"""What complaints say of pools: their weight against a pool's numbers is one more reason of its confidence, and never more than that."""

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.complaints import evidence
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.views import Complained
from catflap_host.store.database import Database, reason
from catflap_host.store.vault import SealError

HEARD = 3_000
"""A score from which a pool counts as complained of: what brigades come to stays far below."""

EVERY_S = 60.0

_log = logging.getLogger(__name__)


def weigh_pools(database: Database, correlation: Correlation, now_ms: int) -> None:
    """Weigh the complaints of the last 30 days about every pool that is sure. Raises SealError."""
    found = {}
    for pool in correlation.pools():
        newest = sorted(pool.members, key=lambda member: -member.last_ms)[: evidence.MAX_NUMBERS]
        weighed = evidence.about(database, [member.number for member in newest], now_ms)
        if weighed.score >= HEARD:
            found[pool.id] = Complained(weighed.score, weighed.complaints, weighed.complainers)
    correlation.complained(found)


async def keep_weighed(database: Database, correlation: Correlation) -> None:
    """Weigh once a minute until cancelled."""
    while True:
        try:
            await asyncio.to_thread(weigh_pools, database, correlation, time.time_ns() // 1_000_000)
        except SQLAlchemyError as error:
            _log.warning("complaints about pools are not weighed: %s", reason(error))
        except SealError as error:
            _log.error("complaints about pools cannot be read: %s", error)
        await asyncio.sleep(EVERY_S)
