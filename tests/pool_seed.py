"""A pool of eight cards at the two sites of console_seed, in the store and in the correlation."""

import json
from contextlib import closing

from catflap_host.correlate.service import Correlation
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from tests.probe_side import alert, end

CARDS = [f"1701234{number:04d}" for number in range(10, 18)]
BOOT = "1122334455667788"
DAY_MS = 86_400_000


def plant_pool(database: Database, correlation: Correlation) -> None:
    """Each card calls each site once, a minute apart, the day before the seeded alarm."""
    now_ms = queries.alarms(database, 1)[0].at_ms
    with closing(open_store(database)) as store:
        for place, probe in enumerate(("haidian-1", "pudong-2")):
            told: list[dict[str, object]] = [{"k": "trunk", "trunk": "t1", "country": "CN", "area_code": "010", "role": "interconnect"}]
            for turn, number in enumerate(CARDS):
                at_ms = now_ms - DAY_MS + place * 3_600_000 + turn * 60_000
                own: dict[str, object] = {"trunk": "t1", "line": f"L{turn:02d}", "at_ms": at_ms}
                told.append(alert(turn, **own, calling=number, boot=BOOT, label="simbank", reasons=["pool.strangers"]))
                told.append(end(turn, **own, ended_ms=at_ms + 9_000, outcome="stopped" if turn % 2 else "none"))
            records = [Record(seq, 1, fields, json.dumps(fields)) for seq, fields in enumerate(told, 1)]
            store.add([Batch(Header(probe, BOOT, 1, len(told) + 1, 0, now_ms), records)], now_ms)
            correlation.committed(probe, BOOT, records)
