"""Triage: what operators do with alarms lasts, is told once to everybody who follows, and feeds the allow list and the evaluation."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catflap_host.access import users
from catflap_host.access.roles import Role
from catflap_host.deliver.events import events_of
from catflap_host.deliver.syslog import message
from catflap_host.errors import UserError
from catflap_host.judged.verdicts import Said
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.parties import DAY_MS
from catflap_host.store.retention import expire
from catflap_host.store.tables import audit
from catflap_host.triage import acting, looking, outcome
from catflap_host.triage.looking import Filter, Progress
from catflap_host.triage.tables import allowed_numbers, triage
from tests.probe_side import WALL_MS, alarm, alert, end
from tests.unit.test_host_store import read

CARD, COURIER, STRANGER = "17012340001", "13812345678", "13900000000"
TRUNK = {"k": "trunk", "trunk": "beijing-7", "country": "CN", "area_code": "010", "role": "subscriber"}


@pytest.fixture
def stored(database: Database) -> Database:
    """Three alarms of one probe: two numbers, one, and one of another kind; and the calls of those numbers."""
    records: list[object] = [TRUNK, alert(1, calling=CARD), end(1), alert(2, calling=COURIER, label="legit"), alert(3, calling=STRANGER)]
    records += [alarm([CARD, COURIER]), alarm([STRANGER], alarm="a2"), alarm([COURIER], alarm="a3", kind="telemarketing")]
    with closing(open_store(database)) as store:
        store.add([Batch(*read(1, records))], WALL_MS)
    with database.write() as connection:
        for name, role in (("li.wei", Role.OPERATOR), ("wang", Role.VIEWER), ("chen", Role.ADMINISTRATOR)):
            users.add(connection, name, role, may_unmask=False, password=None)
    return database


def names(database: Database, wanted: Filter) -> list[str]:
    return sorted(found.alarm for found in looking.listed(database, wanted, 100))


def pseudonym(database: Database, number: str) -> str:
    return database.vault.pseudonym(number)


def test_an_alarm_is_open_until_somebody_acts_and_the_first_one_stays(stored: Database) -> None:
    assert names(stored, Filter(Progress.OPEN)) == ["a1", "a2", "a3"]
    assert acting.acknowledge(stored, [1, 2], "li.wei") == 2
    assert acting.acknowledge(stored, [2, 3], "chen") == 1
    assert names(stored, Filter(Progress.OPEN)) == []
    assert {found.alarm: found.triage.acknowledged_by for found in queries.alarms(stored, 10)} == {
        "a1": "li.wei",
        "a2": "li.wei",
        "a3": "chen",
    }
    assert acting.reopen(stored, [1, 2], "chen") == 2
    assert acting.reopen(stored, [1], "chen") == 0
    assert names(stored, Filter(Progress.OPEN)) == ["a1", "a2"]
    assert names(stored, Filter(Progress.ACKNOWLEDGED)) == ["a3"]
    assert [(step.who, step.what) for step in looking.past(stored, 1)] == [("chen", "reopened"), ("li.wei", "acknowledged")]


def test_alarms_are_given_to_who_may_act(stored: Database) -> None:
    assert acting.assign(stored, [1, 3], "li.wei", "chen") == 2
    assert acting.assign(stored, [1, 2, 3], "li.wei", "chen") == 1, "two were his already"
    assert acting.assign(stored, [3], "", "li.wei") == 1
    assert names(stored, Filter(assigned_to="li.wei")) == ["a1", "a2"]
    assert names(stored, Filter(Progress.OPEN, assigned_to="li.wei")) == ["a1", "a2"], "to be given is not to be looked at"
    for nobody in ("wang", "no one"):
        with pytest.raises(UserError, match="no user who may act"):
            acting.assign(stored, [1], nobody, "chen")


def test_filters_go_together(stored: Database) -> None:
    assert names(stored, Filter(kind="simbank")) == ["a1", "a2"]
    assert names(stored, Filter(Progress.OPEN, kind="simbank", probe="demo-a")) == ["a1", "a2"]
    assert names(stored, Filter(probe="demo-b")) == []
    assert looking.count(stored, Filter(Progress.OPEN)) == 3
    assert names(stored, Filter(is_active=True)) == [], "told of long ago"
    first, *rest = looking.listed(stored, Filter(), 1)
    assert not rest
    behind = looking.listed(stored, Filter(), 10, before=(first.received_ms, first.id))
    assert len(behind) == 2 and first not in behind
    assert looking.one(stored, first.id) == first and looking.one(stored, 99) is None


def test_one_that_is_not_there_changes_nothing(stored: Database) -> None:
    acts: list[Callable[[list[int]], int]] = [
        lambda ids: acting.acknowledge(stored, ids, "li.wei"),
        lambda ids: acting.assign(stored, ids, "li.wei", "chen"),
        lambda ids: acting.judge(stored, ids, Said.FALSE, "a courier", "li.wei"),
    ]
    for act in acts:
        with pytest.raises(UserError, match="no alarm 98, 99"):
            act([1, 98, 99])
        with pytest.raises(UserError, match="0 alarms were chosen"):
            act([])
    for reason in ("", "  x ", "x" * 501):
        with pytest.raises(UserError, match="a reason of"):
            acting.judge(stored, [1], Said.TRUE, reason, "li.wei")
    with pytest.raises(UserError, match="no number of these alarms"):
        acting.judge(stored, [1], Said.FALSE, "a courier", "li.wei", [pseudonym(stored, STRANGER)])
    with stored.read() as connection:
        assert connection.execute(select(func.count()).select_from(audit)).scalar_one() == 0
    assert names(stored, Filter(Progress.OPEN)) == ["a1", "a2", "a3"]


def test_a_false_verdict_lets_numbers_through_until_it_is_taken_back(stored: Database) -> None:
    assert acting.judge(stored, [1], Said.FALSE, "only a courier", "li.wei", [pseudonym(stored, COURIER)]) == 1
    (one,) = outcome.allowed(stored)
    assert (one.number, one.alarm_id, one.who, one.reason) == ("+86" + COURIER, 1, "li.wei", "only a courier")
    acting.judge(stored, [1, 3], Said.FALSE, "all of them are honest", "chen")
    assert {one.number for one in outcome.allowed(stored)} == {"+86" + CARD, "+86" + COURIER}
    acting.judge(stored, [1, 3], Said.TRUE, "no, a SIM bank", "chen")
    assert outcome.allowed(stored) == []
    assert names(stored, Filter(Progress.TRUE)) == ["a1", "a3"] and names(stored, Filter(Progress.FALSE)) == []
    found = looking.one(stored, 1)
    assert found is not None and (found.triage.verdict, found.triage.verdict_by, found.triage.acknowledged_by) == ("true", "chen", "li.wei")


def test_verdicts_are_labels_and_counts(stored: Database) -> None:
    acting.judge(stored, [1], Said.TRUE, "a SIM bank, but for the courier", "li.wei", [pseudonym(stored, COURIER)])
    acting.judge(stored, [2], Said.FALSE, "a school", "li.wei")
    told = {(call.call, call.found, call.label) for call in outcome.labels(stored)}
    assert told == {(1, "simbank", "simbank"), (2, "legit", "legit"), (3, "simbank", "legit")}
    counts = outcome.verdict_counts(stored, WALL_MS, WALL_MS + 1)
    assert [(count.kind, count.probe, count.true, count.false, count.unjudged) for count in counts] == [
        ("simbank", "demo-a", 1, 1, 0),
        ("telemarketing", "demo-a", 0, 0, 1),
    ]
    assert outcome.verdict_counts(stored, WALL_MS + 1, WALL_MS + 2) == []


def test_whoever_follows_the_records_hears_of_it_in_order_and_masked(stored: Database) -> None:
    before = queries.last_change(stored)
    acting.assign(stored, [2], "li.wei", "chen")
    acting.judge(stored, [2], Said.FALSE, f"called {STRANGER} back: a school", "li.wei")
    changes = queries.changes(stored, before, 10)
    assert [change.kind for change in changes] == ["assigned", "acknowledged", "judged"]
    assert all(change.alarm is not None and change.alarm.alarm == "a2" and change.boot == "" for change in changes)
    events = events_of(changes)
    assert [event.type for event in events] == ["alarm.assigned", "alarm.acknowledged", "alarm.judged"]
    assert len({event.id for event in events}) == 3
    for event in events:
        told = f"{event.data()} {message(event, 'host', 1).decode()}"
        assert STRANGER not in told and "139****0000" in told
    assert b'verdict="false"' in message(events[-1], "host", 1)
    assert [original.kind for original in queries.originals(stored, before, 10)] == ["assigned", "acknowledged", "judged"]


def test_triage_goes_with_its_alarm(stored: Database, tmp_path: Path) -> None:
    acting.judge(stored, [1], Said.FALSE, "a courier", "li.wei")
    expire(stored, WALL_MS + 731 * DAY_MS)
    with stored.read() as connection:
        for table in (triage, allowed_numbers):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert outcome.allowed(stored) == []
