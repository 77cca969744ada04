"""Stored calls to complain of, and complaints about them."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from typing import Any

from catflap_host.complaints.filing import Filing, Receipt, file
from catflap_host.complaints.terms import Kind, Source
from catflap_host.industries import Industry
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.tables import probes
from tests.probe_side import alert

NOW_MS = 1_772_380_812_345
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
CARD = "13812345678"
HOSPITAL = "01062340000"
FILING = Filing(Source.FORM, CARD, Kind.MARKETING, Industry.LOANS, at_ms=NOW_MS - HOUR_MS, company="某贷款公司", content="推销贷款")
BOOTS = (f"{number:016x}" for number in count(1))


def call(number: str, line: int, at_ms: int, **changed: object) -> dict[str, object]:
    """A call of a number to a line, 32 lines a trunk."""
    where = {"trunk": f"T{line // 32}", "line": f"L{line % 32}", "called": f"0106234{5000 + line:04}"}
    return alert(1, calling=number, at_ms=at_ms) | where | changed


def store(database: Database, calls: Iterable[dict[str, object]], probe: str = "demo-a") -> None:
    """Store calls as one probe tells them, numbered by their order."""
    told = [fields | {"call": number} for number, fields in enumerate(calls, 1)]
    with database.write() as connection:
        if connection.execute(probes.select().where(probes.c.probe == probe)).first() is None:
            connection.execute(probes.insert().values(probe=probe, key=bytes(32), enrolled_ms=0))
    records = [Record(seq, 1, fields, json.dumps(fields)) for seq, fields in enumerate(told, 1)]
    with closing(open_store(database)) as alerts:
        (result,) = alerts.add([Batch(Header(probe, next(BOOTS), 1, len(records) + 1, 0, NOW_MS), records)], NOW_MS)
        assert not result.error


def complain(database: Database, now_ms: int = NOW_MS, **changed: Any) -> Receipt:
    """File FILING with some things changed."""
    return file(database, replace(FILING, **changed), "test", now_ms)


def people(first: int, many: int) -> Iterator[str]:
    """Mobile numbers of as many people."""
    return (f"139{number:08}" for number in range(first, first + many))
