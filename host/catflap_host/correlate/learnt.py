"""What the correlation has learnt, kept in the database, encrypted: every ten minutes and at the end, so that a restart forgets no pool."""

import asyncio
import logging
import time
import zlib

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from catflap_host.correlate import state
from catflap_host.correlate.callers import DAY_S
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.tables import learnt, learnt_place
from catflap_host.store import queries, retention
from catflap_host.store.database import Database, reason
from catflap_host.store.vault import SealError

SAVE_S = 600.0
NAME = "pools"
_FAST = 1

_log = logging.getLogger(__name__)


def save(database: Database, correlation: Correlation) -> None:
    """Keep it in place of what was kept before; a failure is told and costs nothing but that."""
    try:
        # whatever is stored by now has been taken in, but for the last batches, which are looked at again
        after = queries.last_change(database)
        days = retention.kept(database)["numbers"]
        plain = zlib.compress(correlation.learnt(days * DAY_S), _FAST)
        row = {
            "name": NAME,
            "form": state.form(),
            "after": after,
            "saved_ms": time.time_ns() // 1_000_000,
            "sealed": database.vault.seal(plain, learnt_place(NAME)),
        }
        with database.write() as connection:
            connection.execute(delete(learnt).where(learnt.c.name == NAME))
            connection.execute(insert(learnt), row)
    except SQLAlchemyError as error:
        _log.warning("what the correlation has learnt was not kept: %s", reason(error))
    except Exception:
        # the calls go on
        _log.exception("what the correlation has learnt was not kept")


def load(database: Database, correlation: Correlation) -> int | None:
    """Put back what was kept; the id of the record that it goes up to, None where there is nothing, or nothing that can be used."""
    with database.read() as connection:
        row = connection.execute(select(learnt).where(learnt.c.name == NAME)).first()
    if row is None:
        return None
    if row.form != state.form():
        _log.warning("what the correlation had learnt was kept by another program and is learnt anew from the newest records")
        return None
    try:
        correlation.put_back(zlib.decompress(database.vault.open(row.sealed, learnt_place(NAME))))
    except (SealError, zlib.error, state.StateError) as error:
        _log.warning("what the correlation had learnt cannot be used and is learnt anew from the newest records: %s", error)
        return None
    after: int = row.after
    return after


async def keep(database: Database, correlation: Correlation, stopped: asyncio.Event) -> None:
    """Save every ten minutes until `stopped`."""
    while not stopped.is_set():
        try:
            async with asyncio.timeout(SAVE_S):
                await stopped.wait()
        except TimeoutError:
            await asyncio.to_thread(save, database, correlation)
