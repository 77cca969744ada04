"""Reports written while the aggregator runs: the last week's and the last month's, once calls that probes told late have come."""

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from catflap_host.language.catalogue import Language
from catflap_host.reports.apart import gather_apart
from catflap_host.reports.forms import masked
from catflap_host.reports.period import Every, Period, last_over
from catflap_host.reports.writing import file_names, write
from catflap_host.store.database import Database

EVERY_S = 600.0
LATE_MS = 6 * 3_600_000
"""So long after its end a period is counted."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where reports go, in which language, and by whose clocks."""

    folder: Path
    language: Language
    zone: ZoneInfo


def due(folder: Path, now_ms: int, zone: ZoneInfo, language: str) -> list[Period]:
    """The periods whose reports are not in the folder yet."""
    found = [last_over(every, now_ms - LATE_MS, zone) for every in Every]
    return [period for period in found if not (folder / file_names(period.every, period.name, language)[-1]).exists()]


async def keep_reporting(data_dir: Path, database: Database, schedule: Schedule, issuer: str, stopped: asyncio.Event) -> None:
    """Write what is due, numbers masked, until `stopped`; a failure is told and tried again."""
    while not stopped.is_set():
        try:
            await asyncio.to_thread(write_due, data_dir, database, schedule, issuer)
        except Exception:
            _log.exception("a report was not written; trying again in %d minutes", EVERY_S / 60)
        try:
            async with asyncio.timeout(EVERY_S):
                await stopped.wait()
        except TimeoutError:
            continue


def write_due(data_dir: Path, database: Database, schedule: Schedule, issuer: str) -> None:
    """Write the reports that are due, numbers masked. Raises UserError, SealError, and RuntimeError where one was cut off."""
    for period in due(schedule.folder, time.time_ns() // 1_000_000, schedule.zone, schedule.language.code):
        paths = write(masked(gather_apart(data_dir, database, period, schedule.zone, issuer)), schedule.language, schedule.folder)
        _log.info("report of %s: %s", period.name, ", ".join(path.name for path in paths))
