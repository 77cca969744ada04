"""A report gathered in a process of its own, one at a time, so that nobody who sends or asks something meanwhile has to wait for it."""

import multiprocessing
import os
import signal
import threading
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

from catflap_host.reports.figures import Report
from catflap_host.reports.gather import gather
from catflap_host.reports.period import Period
from catflap_host.store.database import Database, open_database

YIELDING = 5
"""How far it stands back for the aggregator, as nice counts."""

_SPAWN = multiprocessing.get_context("spawn")
_ONE_AT_A_TIME = threading.Lock()


def gather_apart(data_dir: Path, database: Database, period: Period, zone: ZoneInfo, issuer: str) -> Report:
    """What `gather` gives, of the open database whose keys lie in `data_dir`. Raises what that raises, RuntimeError if it was killed."""
    url = "" if database.is_sqlite else database.engine.url.render_as_string(hide_password=False)
    with _ONE_AT_A_TIME:
        ours, theirs = _SPAWN.Pipe(duplex=False)
        counting = _SPAWN.Process(target=_count, args=(theirs, data_dir, url, period, zone, issuer), daemon=True)
        counting.start()
        theirs.close()
        try:
            told = ours.recv()
        except EOFError:
            raise RuntimeError(f"the report of {period.name} is not made: its process ended before") from None
        finally:
            ours.close()
            counting.join()
    if isinstance(told, Exception):
        raise told
    assert isinstance(told, Report)
    return told


def _count(tell: Connection, data_dir: Path, url: str, period: Period, zone: ZoneInfo, issuer: str) -> None:
    # who stops the aggregator stops this too, without a word
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.nice(YIELDING)
    try:
        with closing(open_database(data_dir, url)) as database:
            told: Report | Exception = gather(database, period, zone, issuer)
    except Exception as error:
        told = error
    with closing(tell):
        tell.send(told)
