"""A correlation that knows what the database holds: at a start, so that none forgets a pool, and, beside other workers, all the time."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.correlate import learnt
from catflap_host.correlate.service import Correlation
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database, reason
from catflap_host.store.vault import SealError

MOST_RECORDS = 200_000
"""Where nothing was kept the newest so many are gone through at a start, which takes some seconds; who was heard before is a stranger."""

AGAIN_RECORDS = 50_000
"""Of those that what is kept goes up to, so many are looked at again: some of them were not in it yet."""

MOST_SINCE = 1_000_000

PIECE = 2_000
AGAIN_S = 5.0

_log = logging.getLogger(__name__)


def warmed(database: Database) -> tuple[Correlation, int]:
    """A correlation that goes on where the last one was, fed with what is stored since, as far as it opens; and the id of the last record.

    Where nothing was kept it is fed with the newest records.
    """
    correlation = Correlation()
    newest, until = queries.last_change(database), learnt.load(database, correlation)
    after = max(0, newest - MOST_RECORDS if until is None else max(until - AGAIN_RECORDS, newest - MOST_SINCE))
    while (last := _go_on(database, correlation, after)) > after:
        after = last
    return correlation, after


async def follow(database: Database, correlation: Correlation, after: int, commits: Commits) -> None:
    """Feed a correlation with what any worker commits past the record id `after`, until the end."""
    while not commits.stopped:
        news = commits.next()
        try:
            last = await asyncio.to_thread(_go_on, database, correlation, after)
        except SQLAlchemyError as error:
            _log.warning("the correlation waits for the database: %s", reason(error))
            await asyncio.sleep(AGAIN_S)
            continue
        if last == after:
            await news.wait()
        after = last


def _go_on(database: Database, correlation: Correlation, after: int) -> int:
    """Take in the next records past an id; the id of the last of them."""
    try:
        piece = queries.originals(database, after, PIECE)
    except SealError as error:
        _log.warning("some records are left out of the correlation: %s", error)
        return min(after + PIECE, queries.last_change(database))
    correlation.warm(piece)
    return piece[-1].id if piece else after
