"""Complaints, an appeal, findings of the trunk audit and judged outgoing calls beside what console_seed has."""

import time
from contextlib import closing
from datetime import UTC, datetime

from catflap_host.complaints.filing import Filing, file
from catflap_host.complaints.terms import Kind, Source, Way
from catflap_host.compliance import checking
from catflap_host.industries import Industry
from catflap_host.ingest.envelope import Header, Record
from catflap_host.judged import appeals
from catflap_host.registers import entries
from catflap_host.registers.entries import Author, Draft
from catflap_host.registers.fields import numbers_plan
from catflap_host.registers.kinds import Register, read_fields
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.trunk_audit.service import audit
from tests.console_seed import HOSTILE

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
COMPLAINED = "13812345601"
"""One of the numbers that console_seed has call."""
CONTACT, APPEALED = "13988887777", "+861088886666"
STRANGER = "02166668888"
"""Presented by a trunk whose contract has other numbers."""


def plant(database: Database) -> None:
    """Three complaints (the last one overdue, the first one by somebody hostile), an appeal, a contract and its calls, which are judged."""
    now_ms = time.time_ns() // 1_000_000
    said = f"贷款推销, call {CONTACT} {HOSTILE}"
    told = Filing(Source.FORM, COMPLAINED, Kind.MARKETING, Industry.LOANS, Way.PERSON, now_ms - HOUR_MS, 12, HOSTILE, said, CONTACT)
    file(database, told, "web form", now_ms)
    for number, (kind, age_ms) in enumerate(((Kind.FRAUD, HOUR_MS), (Kind.ONE_RING, 20 * DAY_MS))):
        other = Filing(Source.CSV, f"1381234560{number + 1}", kind, complainer=f"file {number}", at_ms=now_ms - age_ms - HOUR_MS)
        file(database, other, "li.wei", now_ms - age_ms)
    appeals.receive(database, APPEALED, appeals.About.STOPPED, f"hospital, ask 13988887777 {HOSTILE}")
    _enter(
        database,
        "contract",
        contract="HT-1",
        customer="外呼甲",
        access_party="接入方丙",
        probe="haidian-1",
        trunk="out-1",
        industry="loans",
    )
    _enter(database, "range", range="01062345600-01062345609", contract="HT-1", campaign="春季")
    _store_outgoing(database, now_ms)
    checking.check_between(database, now_ms - 2 * DAY_MS, now_ms + DAY_MS)
    audit(database, now_ms - 2 * DAY_MS, now_ms + DAY_MS, now_ms)


def _enter(database: Database, register: str, **cells: str) -> None:
    fields, faults = read_fields(Register(register), cells, numbers_plan("CN"))
    assert not faults, faults
    entries.add(database, Register(register), [Draft(fields, 1, 0)], Author("li.wei", "as agreed"))


def _store_outgoing(database: Database, now_ms: int) -> None:
    at_ms = int(datetime.fromtimestamp(now_ms / 1000, UTC).replace(hour=2, minute=0).timestamp() * 1000)
    told: list[dict[str, object]] = [{"k": "trunk", "trunk": "out-1", "country": "CN", "area_code": "010", "role": "subscriber"}]
    for call in range(12):
        key = {"trunk": "out-1", "line": f"L{1 + call % 2:02}", "call": 900 + call, "at_ms": at_ms + call * 60_000}
        calling = STRANGER if call % 4 == 3 else "01062345601"
        shown = {"calling": calling, "presentation": "shown", "called": f"1391234{5600 + call}", "number_kind": "mobile", "country": "CN"}
        told.append({"k": "call", **key, "direction": "out", **shown, "label": "legit", "action": "allow"})
        told.append({"k": "end", **key, "ended_ms": at_ms + call * 60_000 + 9_000, "final_label": "legit", "answered_ms": 2_000})
    records = [Record(seq, 1, fields, "{}") for seq, fields in enumerate(told, 1)]
    with closing(open_store(database)) as store:
        (taken,) = store.add([Batch(Header("haidian-1", "0011223344556677", 1, len(told) + 1, 0, now_ms), records)], now_ms)
    assert not taken.error
