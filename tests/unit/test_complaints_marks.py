"""Marks in the store become complaints, each once however many workers follow, and weigh like every other."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from catflap_host.complaints import cases, evidence
from catflap_host.complaints.cases import Complaint, Filter
from catflap_host.complaints.marks import Follower
from catflap_host.complaints.terms import Match, Source
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.tables import probes
from tests.databases import KINDS, opened
from tests.unit.complained import CARD, HOUR_MS, NOW_MS, call

LINES = 8
BOOT = "9f0c41d2a7b3e658"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request, tmp_path) as found:
        with found.write() as connection:
            connection.execute(probes.insert().values(probe="demo-a", key=bytes(32), enrolled_ms=0))
        yield found


def store(database: Database, first: int, told: list[dict[str, object]], clock_ms: int = 0) -> int:
    """Store records of one boot, received now, whose clock is so far ahead; the next sequence number."""
    records = [Record(seq, 1, fields, json.dumps(fields)) for seq, fields in enumerate(told, first)]
    with closing(open_store(database)) as alerts:
        header = Header("demo-a", BOOT, first, first + len(records), 0, NOW_MS + clock_ms)
        (result,) = alerts.add([Batch(header, records)], NOW_MS)
    assert not result.error
    return first + len(records)


def mark(line: int, number: int, at_ms: int, **changed: object) -> dict[str, object]:
    """A mark of a call of that number on a line."""
    fields = {"k": "mark", "v": 1, "trunk": "T0", "line": f"L{line}", "call": number, "at_ms": at_ms}
    return fields | {"way": "star-code", "calling": CARD, "sender": ""} | changed


def filed(database: Database) -> list[Complaint]:
    return cases.listed(database, Filter(), 100)


def test_marks_of_lines_are_as_many_voices_and_are_filed_once(database: Database) -> None:
    one, other = Follower(database), Follower(database)
    calls = [call(CARD, line, NOW_MS - (line + 2) * HOUR_MS) | {"call": 1} for line in range(LINES)]
    store(database, 1, [*calls, *(mark(line, 1, NOW_MS - (line + 1) * HOUR_MS) for line in range(LINES))])
    assert (one.step(NOW_MS), other.step(NOW_MS), one.step(NOW_MS)) == (LINES, 0, 0)
    found = filed(database)
    assert {(case.source, case.match) for case in found} == {(Source.STAR_CODE, Match.CALL)}
    # as of when they were made: what a probe brings after hours is no rush
    assert sorted(case.received_ms for case in found) == sorted(NOW_MS - (line + 1) * HOUR_MS for line in range(LINES))
    weighed = evidence.about(database, ["+86" + CARD], NOW_MS)
    assert (weighed.complaints, weighed.origins, weighed.brigade, weighed.reasons) == (LINES, LINES, 0, [])
    assert weighed.score > 3_000


def test_a_line_that_marks_one_caller_many_times_is_one_voice(database: Database) -> None:
    follower = Follower(database)
    calls = [call(CARD, 0, NOW_MS - (n + 2) * HOUR_MS) | {"call": n + 1} for n in range(LINES)]
    store(database, 1, [*calls, *(mark(0, n + 1, NOW_MS - (n + 1) * HOUR_MS) for n in range(LINES))])
    assert follower.step(NOW_MS) == LINES
    weighed = evidence.about(database, ["+86" + CARD], NOW_MS)
    assert (weighed.origins, weighed.reasons) == (1, ["complaints.few-lines"])
    assert weighed.score < 1_000


def test_a_message_names_a_number_and_its_sender_is_the_complainer(database: Database) -> None:
    follower = Follower(database)
    sms = {"way": "sms", "sender": "+8613800138000"}
    store(database, 1, [call(CARD, 3, NOW_MS - 2 * HOUR_MS) | {"call": 1}, mark(5, 0, NOW_MS - HOUR_MS, **sms)])
    assert follower.step(NOW_MS) == 1
    (found,) = filed(database)
    assert (found.source, found.match, found.contact, found.number) == (Source.SMS, Match.TIME, "+8613800138000", "+86" + CARD)


def test_what_is_no_mark_is_passed_over_and_the_next_one_counts(database: Database) -> None:
    follower = Follower(database)
    odd: list[dict[str, object]] = [{"v": 2}, {"way": "link"}, {"calling": "x" * 500}, {"calling": ""}, {"call": "1"}, {"at_ms": None}]
    told = [call(CARD, 0, NOW_MS - HOUR_MS) | {"call": 1}, *(mark(0, 0, NOW_MS) | changed for changed in odd), mark(0, 1, NOW_MS)]
    store(database, 1, told)
    assert follower.step(NOW_MS) == 1
    assert [case.match for case in filed(database)] == [Match.CALL]


def test_a_clock_that_runs_ahead_or_was_never_set_dates_no_complaint(database: Database) -> None:
    follower = Follower(database)
    told = [call(CARD, 0, NOW_MS - HOUR_MS) | {"call": 1}, mark(0, 1, NOW_MS + 10 * HOUR_MS), mark(0, 1, 1_000)]
    store(database, 1, told, clock_ms=2 * HOUR_MS)
    assert follower.step(NOW_MS) == 2
    assert [case.received_ms for case in filed(database)] == [NOW_MS, NOW_MS]
