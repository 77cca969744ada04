"""How fast the console's pages are with a million calls stored, those of a large pool too, and how much script they load."""

import gzip
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from catflap_host.correlate.service import Correlation
from catflap_host.garbage import settle
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.parties import rows_of
from catflap_models.court.figures import Figure
from tests.console_app import PAGES, Client, console
from tests.probe_side import alert

STATIC = Path(__file__).parents[2] / "host" / "catflap_host" / "static"
PAGE_MS, SCRIPT_KB = 300.0, 60.0
"""The bars."""
REPEATS = 20
CALL_EVERY_MS = 250
CARDS, POOL_EVERY = 500, 50


def figures(folder: Path, calls: int = 1_000_000) -> Iterator[Figure]:
    """Both."""
    yield _script()
    yield from _pages(folder / "pages", calls)


def _pages(folder: Path, calls: int) -> Iterator[Figure]:
    correlation = Correlation()
    with console(folder, correlation=correlation) as (client, database):
        fill(database, calls)
        pool, of_pool = plant_pool(database, correlation)
        # as a server does that has started
        settle()
        worst: list[tuple[float, str]] = []
        newest = queries.calls(database, None, 1)[0].id
        paths = [path.replace("/call/3", f"/call/{newest - 3}") for path in PAGES]
        in_pool = [f"/pools/{pool}?days={days}" for days in (1, 7, 30)]
        in_pool += [f"/pools/{pool}/graph", f"/pools/{pool}/graph/data", f"/traceback?pool={pool}"]
        paths += [*in_pool, "/overview", "/live?label=tdos", "/live?probe=nobody&label=spoof", f"/live?before={newest // 2}"]
        stored = sum(queries.summary(database).labels.values())
        for path in paths:
            took = sorted(_times_ms(client, path))
            worst.append((took[len(took) * 95 // 100], path))
            print(f"console: {worst[-1][0]:7.1f} ms  {path}", flush=True)
        slowest_ms, path = max(worst)
        how = f"{stored:,} calls on SQLite, {of_pool:,} of them of a pool of {CARDS} numbers, {len(paths)} pages {REPEATS} times each,"
        how += f" the first time not left out; {path} was the slowest"
        yield Figure("console.page.p95", round(slowest_ms, 1), "ms", PAGE_MS, "lower", how)


def plant_pool(database: Database, correlation: Correlation) -> tuple[str, int]:
    """Give one call in POOL_EVERY to CARDS numbers that the correlation takes for a pool, in turn; its name, and how many there are."""
    numbers = [f"1701234{place:04d}" for place in range(CARDS)]
    newest_ms = queries.calls(database, None, 1)[0].at_ms
    records = [alert(place + 1, calling=number, at_ms=newest_ms) for place, number in enumerate(numbers)]
    told = [Record(seq, 1, fields, json.dumps(fields)) for seq, fields in enumerate(records, 1)]
    with closing(open_store(database)) as store:
        store.add([Batch(Header("haidian-1", "c" * 16, 1, 1 + len(told), 735_012, newest_ms), told)], newest_ms)
    for hour, probe in enumerate(("haidian-1", "pudong-2")):
        heard = [fields | {"line": f"L{place}", "at_ms": newest_ms - (1 - hour) * 3_600_000} for place, fields in enumerate(records)]
        correlation.committed(probe, "c" * 16, [Record(seq, 1, fields, "") for seq, fields in enumerate(heard, 1)])
    (pool,) = correlation.pools()
    with database.write() as connection:
        pseudonyms = {database.vault.pseudonym(number): number for number in numbers}
        rows = rows_of(connection, pseudonyms)
        first, last = min(rows.values()), max(rows.values())
        assert last - first + 1 == len(pool.members) == CARDS
        given = connection.exec_driver_sql(
            f"UPDATE calls SET calling_party = {first} + id / {POOL_EVERY} % {CARDS} WHERE id % {POOL_EVERY} = 0"
        ).rowcount
        connection.execute(text("ANALYZE"))
    return pool.id, given


def _times_ms(client: Client, path: str) -> Iterator[float]:
    for _ in range(REPEATS):
        begun = time.perf_counter()
        answer = client.get(path)
        yield (time.perf_counter() - begun) * 1000
        assert answer.status == 200, (path, answer.status)


def fill(database: Database, calls: int) -> None:
    """Have so many older calls, and two records each, behind those that are stored; one call in CALL_EVERY_MS. SQLite only."""
    stored = sum(queries.summary(database).labels.values())
    copies = calls // stored
    held = sum(queries.summary(database).records.values())
    with database.write() as connection:
        columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(calls)")]
        shifted = {"id": f"({copies} - n) * {stored} + id - {copies * stored}", "call": f"call + n * {stored}"}
        shifted |= {name: f"{name} - n * {stored * CALL_EVERY_MS}" for name in ("received_ms", "at_ms", "decided_ms")}
        told = ", ".join(shifted.get(name, name) for name in columns)
        numbers = f"WITH RECURSIVE series(n) AS (SELECT {copies} UNION ALL SELECT n - 1 FROM series WHERE n > 1)"
        # the copies come first in time, so their ids must too: those there are move behind them
        connection.exec_driver_sql(f"UPDATE calls SET id = id + {copies * stored}")
        connection.exec_driver_sql(f"UPDATE records SET id = id + {copies * held}, call_id = call_id + {copies * stored}")
        own = f"SELECT {told} FROM series CROSS JOIN calls WHERE calls.id > {copies * stored}"
        connection.exec_driver_sql(f"INSERT INTO calls ({', '.join(columns)}) {numbers} {own}")
        told = "id, probe, boot, seq, kind, received_ms, sealed"
        place = (
            f"({copies} - n) * {held} + id - {copies * held}, probe, boot, seq, kind, received_ms - n * {stored * CALL_EVERY_MS}, sealed"
        )
        own = f"SELECT {place} FROM series CROSS JOIN records WHERE records.id > {copies * held}"
        connection.exec_driver_sql(f"INSERT INTO records ({told}) {numbers} {own}")
        connection.exec_driver_sql(f"UPDATE call_counts SET n = n * {copies + 1}")
        connection.execute(text("ANALYZE"))


def _script() -> Figure:
    """Of the page that loads most, but for the graph's."""
    templates = STATIC.parent / "templates"
    own = {path.name: re.findall(r'<script src="/static/([^"]+)"', path.read_text(encoding="utf-8")) for path in templates.glob("*.html")}
    shared = own.pop("base.html")
    size = {
        name: sum(len(gzip.compress((STATIC / script).read_bytes())) for script in {*shared, *scripts})
        for name, scripts in own.items()
        if not any("cytoscape" in script for script in scripts)
    }
    name = max(size, key=lambda name: size[name])
    return Figure("console.script", round(size[name] / 1000, 1), "kB", SCRIPT_KB, "lower", f"gzip, all scripts of {name}, the largest page")
