"""A correlation that knows what the database holds, so that a restart forgets no pool."""

import logging
from collections.abc import Iterator

from catflap_host.correlate.service import Correlation
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Original
from catflap_host.store.vault import SealError

MOST_RECORDS = 200_000
"""The newest so many are gone through at a start, which takes some seconds; who was heard of before them only is a stranger."""

PIECE = 2_000

_log = logging.getLogger(__name__)


def warmed(database: Database) -> Correlation:
    """A correlation fed with the newest records that are stored, as far as they can be opened."""
    correlation = Correlation()
    try:
        correlation.warm(_newest(database))
    except SealError as error:
        _log.warning("pools are found anew from here on: %s", error)
    return correlation


def _newest(database: Database) -> Iterator[Original]:
    last = queries.last_change(database)
    after = max(0, last - MOST_RECORDS)
    while after < last:
        piece = queries.originals(database, after, PIECE)
        if not piece:
            return
        yield from piece
        after = piece[-1].id
