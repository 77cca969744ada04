"""Whether every violation of planted outgoing calls is found and none is invented, and how fast calls are looked at."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from catflap_host.compliance.checking import check_between
from catflap_host.store.database import open_database
from catflap_models.court.figures import Figure
from tests.outgoing_in_store import END_MS, enter, found_in, store
from tests.planted_outgoing import outgoing, planted, registers, told

TRUNKS = 5


def figures(calls_per_day: float, folder: Path) -> Iterator[Figure]:
    """Plants trunks of different seeds, each in a database of its own."""
    sought = missed = invented = made = 0
    took_s = 0.0
    for seed in range(1, TRUNKS + 1):
        calls = outgoing(seed, calls_per_day)
        truth = planted(calls)
        with closing(open_database(folder / str(seed))) as database:
            enter(database, registers(call.called for call in calls))
            store(database, list(told(calls)))
            started_s = time.perf_counter()
            check_between(database, 0, END_MS)
            took_s += time.perf_counter() - started_s
            found = found_in(database)
        made += len(calls)
        sought += sum(len(broken) for broken in truth.values())
        missed += sum(len(broken - found.get(number, frozenset())) for number, broken in truth.items())
        invented += sum(len(broken - truth.get(number, frozenset())) for number, broken in found.items())
    how = f"{TRUNKS} planted trunks, {made} outgoing calls, {sought} violations of seven kinds"
    yield Figure("compliance.violations.missed", missed, "violations", 0, "lower", how)
    yield Figure("compliance.violations.invented", invented, "violations", 0, "lower", how)
    yield Figure("compliance.calls", round(made / took_s), "calls/s", None, "higher", f"{how}: read, judged and kept, SQLite")
