"""A database with many stored calls: through the aggregator's own store, its wider indexes laid at the end, which is what makes it fast."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Index

from catflap_host.ingest.envelope import Header, Record
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.enrolment import enrol
from catflap_host.store.group import Batch
from catflap_host.store.tables import calls, records

PROBES = 64
LINES = 16
NUMBERS = 1_000_000
BUSY_NUMBERS = 1_000
"""One call in five comes from these."""
DAYS = 20
"""Over which the calls are spread, less than any of them are kept."""
DAY_MS = 86_400_000
BATCH_RECORDS = 1_000
SHARED = 8
_BOOT = "5ca1e0000000000a"
_LABELS = (("legit", "allow"), ("legit", "allow"), ("legit", "allow"), ("harassment", "mark"), ("simbank", "block"))
_RARE = ("spoof", "reject")
RARE_EVERY = 1_000_000


def filled(data_dir: Path, address: str, count: int) -> None:
    """Store `count` calls of many numbers at many lines; `address` is that of a PostgreSQL, empty for SQLite in `data_dir`."""
    for site in range(PROBES):
        enrol(f"site-{site}", data_dir, data_dir.parent / f"site-{site}.key", address)
    with closing(open_database(data_dir, address)) as database:
        late = _late_indexes(database)
        with database.write() as connection:
            for index in late:
                index.drop(connection)
        with closing(open_store(database)) as store:
            group: list[Batch] = []
            for batch, at_ms in batches(count):
                group.append(batch)
                if len(group) == SHARED:
                    store.add(group, at_ms)
                    group = []
            if group:
                store.add(group, at_ms)
        with database.write() as connection:
            for index in late:
                index.create(connection)
            if not database.is_sqlite:
                connection.exec_driver_sql("ANALYZE")


def number(place: int) -> str:
    """A mobile number by its place among all of them; the first ones call most."""
    return f"1{3_800_000_000 + place * 7:010d}"


def _late_indexes(database: Database) -> list[Index]:
    """Those that no look-up of the store goes by; a partitioned table's indexes stay."""
    found = {*calls.indexes} | ({*records.indexes} if database.is_sqlite else set())
    return sorted((index for index in found if not index.unique), key=lambda index: str(index.name))


def batches(count: int) -> Iterator[tuple[Batch, int]]:
    """Batches of all probes in turn, and when each came."""
    rng = random.Random(10)
    now_ms = time.time_ns() // 1_000_000
    first = dict.fromkeys(range(PROBES), 1)
    made = 0
    while made < count:
        probe = (made // BATCH_RECORDS) % PROBES
        size = min(BATCH_RECORDS, count - made)
        at_ms = now_ms - (count - made) * DAYS * DAY_MS // count
        seq = first[probe]
        told = [_record(rng, seq + place, made + place, at_ms) for place in range(size)]
        first[probe] += size
        made += size
        yield Batch(Header(f"site-{probe}", _BOOT, seq, seq + size, 735_012, at_ms), told), at_ms


def _record(rng: random.Random, seq: int, place: int, at_ms: int) -> Record:
    label, action = _RARE if place % RARE_EVERY == RARE_EVERY // 2 else rng.choice(_LABELS)
    fields: dict[str, object] = {
        "k": "call" if action == "allow" else "alert",
        "trunk": f"trunk-{seq % 4}",
        "line": f"L{seq % LINES:02d}",
        "call": seq,
        "at_ms": at_ms - 3_000,
        "decided_ms": at_ms - 2_000,
        "direction": "in",
        "calling": number(rng.randrange(BUSY_NUMBERS) if rng.random() < 0.2 else rng.randrange(NUMBERS)),
        "presentation": "shown",
        "name": "",
        "number_kind": "mobile",
        "country": "CN",
        "holder": "中国移动",
        "place": "",
        "called": f"0106234{seq % LINES:04d}",
        "channel": "",
        "waited": False,
        "label": label,
        "score": 9_731,
        "action": action,
        "shadow": False,
        "reasons": ["pool.turn-order"],
        "model": "2026-03-01",
    }
    return Record(seq, 1, fields, json.dumps(fields, ensure_ascii=False))
