"""How long a page of calls takes over millions of them."""

import math
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from catflap_host.store.database import open_database
from catflap_models.court.figures import Figure
from tests import postgres
from tests.scale import fill
from tests.scale.serving import Served, served

CALLS = 10_000_000
ASKED = 40
BAR_MS = 200.0


def figures(store: str, folder: Path, count: int) -> Iterator[Figure]:
    """The pages over a database filled for it."""
    with ExitStack() as ended:
        database = ended.enter_context(postgres.killable()).address if store == "postgres" else ""
        print(f"scale: storing {count} calls", flush=True)
        fill.filled(folder / "data", database, count)
        yield from asked(store, folder / "data", database, count)


def asked(store: str, data_dir: Path, database: str, count: int) -> Iterator[Figure]:
    """The pages over a database that `fill` has filled."""
    with closing(open_database(data_dir, database)) as opened:
        busy = [opened.vault.pseudonym(fill.number(place)) for place in range(ASKED)]
        others = [opened.vault.pseudonym(fill.number(fill.BUSY_NUMBERS + 997 * place)) for place in range(ASKED)]
    sites = [f"site-{number % fill.PROBES}" for number in range(ASKED)]
    paths = {
        "alerts": [f"/api/v1/calls?action=block&limit={100 + number % 2}" for number in range(ASKED)],
        "alerts_of_probe": [f"/api/v1/calls?action=block&probe={site}" for site in sites],
        "calls_of_probe": [f"/api/v1/calls?probe={site}" for site in sites],
        "calls_of_rare_label": ["/api/v1/calls?label=spoof"] * ASKED,
        "calls_of_no_such_kind": ["/api/v1/calls?label=simbank&action=allow"] * ASKED,
        "live": [f"/live?action=block&probe={site}" for site in sites],
        "history_of_busy_caller": [f"/number?id={one}" for one in busy],
        "history_of_caller": [f"/number?id={one}" for one in others],
        "overview": ["/"] * ASKED,
    }
    with served(data_dir, database) as aggregator:
        yield Figure(
            f"memory.stored.{store}", round(aggregator.resident_mb()), "MB", None, "lower", f"resident, started over {count} calls"
        )
        for name, asked_for in paths.items():
            value = _p95_ms(aggregator, asked_for)
            how = f"95th percentile of {ASKED} answers in a row, as its client sees it; {count} calls of {fill.NUMBERS} numbers stored"
            yield Figure(f"page.{name}.{store}", round(value, 1), "ms", BAR_MS, "lower", how)


def _p95_ms(aggregator: Served, paths: list[str]) -> float:
    found = []
    with closing(aggregator.aggregator.connect_console()) as connection:
        for path in paths:
            begun_s = time.perf_counter()
            aggregator.page(connection, path)
            found.append((time.perf_counter() - begun_s) * 1e3)
    return sorted(found)[math.ceil(len(found) * 0.95) - 1]
