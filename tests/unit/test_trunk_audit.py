"""The trunk audit: what is planted is found with the calls that show it and nothing else is; findings are followed up with deadlines."""

import csv
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api import trunk_audit as api
from catflap_host.api.guard import Guard
from catflap_host.cli import main
from catflap_host.compliance import book as books
from catflap_host.errors import UserError
from catflap_host.registers import entries
from catflap_host.registers.kinds import Register
from catflap_host.store.database import Database, open_database
from catflap_host.store.keys import rotate
from catflap_host.store.parties import DAY_MS
from catflap_host.store.resealing import reseal
from catflap_host.store.retention import expire
from catflap_host.store.tables import calls
from catflap_host.trunk_audit import findings
from catflap_host.trunk_audit.findings import State
from catflap_host.trunk_audit.search import Kind, Seen, search, without_contract
from catflap_host.trunk_audit.service import audit
from tests.in_process import ask
from tests.outgoing_in_store import END_MS, enter, store
from tests.planted_outgoing import PROBE, START_MS, outgoing, registers, told

CHINA = timezone(timedelta(hours=8))
LATER_MS = START_MS + 14 * DAY_MS
"""Monday, 16 March 2026."""


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "data")) as database:
        yield database


def contract(name: str, trunk: str, **cells: str) -> tuple[str, int, int, dict[str, str]]:
    told_of = {"contract": name, "customer": f"客户{name}", "access_party": "接入方丙", "probe": PROBE, "trunk": trunk, "industry": "loans"}
    return "contract", 1, 0, told_of | cells


def held(name: str, numbers: str, begins_ms: int = 1, ends_ms: int = 0, **cells: str) -> tuple[str, int, int, dict[str, str]]:
    return "range", begins_ms, ends_ms, {"range": numbers, "contract": name} | cells


def presented(trunk: str, numbers: list[str], day: int = 0, first: int = 1, direction: str = "out") -> list[dict[str, object]]:
    """A call a minute from nine o'clock on, each presenting the next of the numbers; empty: it is withheld."""
    return [
        {
            "k": "call",
            "trunk": trunk,
            "line": f"L{1 + number % 2:02}",
            "call": first + number,
            "at_ms": START_MS + day * DAY_MS + 9 * 3_600_000 + number * 60_000,
            "direction": direction,
            "calling": calling,
            "presentation": "shown" if calling else "withheld",
            "called": "13812345678",
            "country": "CN",
            "label": "legit",
            "action": "allow",
        }
        for number, calling in enumerate(numbers)
    ]


def found_in(database: Database, since_ms: int = 0, until_ms: int = LATER_MS) -> list[Seen]:
    return list(search(database, books.load(database), since_ms, until_ms))


def told_shortly(found: list[Seen]) -> set[tuple[str, str, str, int]]:
    return {(one.contract.name, one.kind.value, one.subject, one.calls) for one in found}


def test_a_planted_trunk_s_numbers_outside_the_range_are_found_and_no_other(database: Database) -> None:
    planned = outgoing(5, 60.0)
    enter(database, registers([]))
    store(database, list(told(planned)))
    strangers = [call for call in planned if call.family == "outside-range"]
    found = found_in(database, until_ms=END_MS)
    outside = [one for one in found if one.kind is Kind.OUTSIDE_RANGE]
    assert sum(one.calls for one in outside) == len(strangers)
    assert len(outside) == len({call.calling for call in strangers}), "one a number, in whatever form it was shown"
    assert {one.kind for one in found} <= {Kind.OUTSIDE_RANGE, Kind.RESOURCE_UNLISTED}
    numbers = {number for number, call in enumerate(planned, 1) if call.family == "outside-range"}
    named = [row for one in outside for row in one.call_ids]
    with database.read() as connection:
        assert set(connection.execute(select(calls.c.call).where(calls.c.id.in_(named))).scalars()) <= numbers
    assert len(named) == len(set(named)) == sum(min(one.calls, 20) for one in outside)


def test_each_kind_is_found_and_only_where_it_is(database: Database) -> None:
    day_ms = START_MS + DAY_MS
    enter(
        database,
        [
            contract("a", "A", calls_per_day="5"),
            held("a", "01062345600-01062345609"),
            held("a", "01062345620-01062345629", campaign="秋季"),
            held("a", "95588*"),
            held("a", "01062345700", day_ms),
            contract("b", "B", direction="in", purpose="service"),
            held("b", "01062345800-01062345809"),
            held("b", "9611111"),
            contract("c", "C"),
            ("resource", 1, 0, {"range": "95588*", "holder": "客户a", "uses": "service"}),
            ("resource", 1, 0, {"range": "9611111", "holder": "客户b", "uses": "inbound service"}),
            ("resource", 1, 0, {"range": "4001234567", "holder": "客户a", "uses": "inbound"}),
        ],
    )
    on_a = ["01062345601", "+861062345602", "955881", "62345805", "4001234567", "", "01062345700"]
    on_b = ["01062345801", "9611111", "9522222", "01062345801"]
    records = presented("A", on_a) + presented("B", on_b, direction="in") + presented("B", ["13812345678"], direction="out", first=90)
    records += presented("A", ["01062345700"], day=2, first=50) + presented("C", ["13912345678"]) + presented("D", ["13912345678"])
    store(database, [{"k": "trunk", "trunk": trunk, "at_ms": START_MS, "country": "CN", "area_code": "010"} for trunk in "ABCD"] + records)
    found = found_in(database, START_MS)
    assert told_shortly(found) == {
        ("a", "resold-range", "+861062345805", 1),
        ("a", "outside-range", "+864001234567", 1),
        ("a", "outside-range", "+861062345700", 1),  # before it was the contract's
        ("a", "withheld", "", 1),
        ("a", "resource-use", "+86955881", 1),
        ("a", "resource-use", "+864001234567", 1),
        ("a", "volume", "2026-03-02", 7),
        ("b", "outside-range", "+869522222", 1),
        ("b", "resource-unlisted", "+869522222", 1),
    }
    details = {(one.kind.value, one.subject): one.details for one in found}
    assert details["resold-range", "+861062345805"] == {"belongs_to": "客户b"}
    assert details["resource-use", "+864001234567"] == {"used_for": "commercial", "permitted": "inbound"}
    assert details["volume", "2026-03-02"] == {"agreed": "5"}
    assert without_contract(database, books.load(database), 0, LATER_MS) == [(PROBE, "B", 1), (PROBE, "D", 1)]

    # without the call that hid its number, it can be told which ranges nobody used
    found = found_in(database, START_MS + DAY_MS)
    assert told_shortly(found) == {
        ("a", "unused-range", text, 0) for text in ("+861062345600-+861062345609", "+861062345620-+861062345629", "+8695588*")
    } | {("b", "unused-range", text, 0) for text in ("+861062345800-+861062345809", "+869611111")}


def test_contracts_share_a_trunk_by_its_lines(plain: Database) -> None:
    enter(plain, [contract("one", "A", lines="L01"), contract("rest", "A"), held("one", "01062345601"), held("rest", "01062345602")])
    store(plain, presented("A", ["01062345601", "01062345602", "01062345602", "01062345601"]))
    assert {(one.contract.name, one.subject, one.details["belongs_to"]) for one in found_in(plain)} == {
        ("one", "+861062345602", "客户rest"),
        ("rest", "+861062345601", "客户one"),
    }


def test_a_finding_is_followed_up_to_its_end_and_raised_anew_by_new_calls(plain: Database) -> None:
    enter(plain, [contract("a", "A"), held("a", "01062345600-01062345609")])
    store(plain, presented("A", ["01062345601", "13912345678"]))
    friday_ms = int(datetime(2026, 4, 3, 15, tzinfo=CHINA).timestamp() * 1_000)
    assert audit(plain, 0, LATER_MS, friday_ms) == (1, 0)
    assert audit(plain, 0, LATER_MS, friday_ms) == (0, 1), "it is known"
    book = books.load(plain)
    one = findings.listed(plain, 0, 10)[0]
    # Qingming is from Saturday to Monday: Tuesday, Wednesday, Thursday
    assert datetime.fromtimestamp(one.due_ms / 1_000, CHINA) == datetime(2026, 4, 10, tzinfo=CHINA)
    assert (one.subject, one.state, one.access_party) == ("+8613912345678", State.OPEN, "接入方丙")
    assert not findings.listed(plain, 0, 10, is_overdue_at_ms=one.due_ms)
    assert findings.listed(plain, 0, 10, is_overdue_at_ms=one.due_ms + 1) == [one]
    for state in (State.ANSWERED, State.OPEN):
        with pytest.raises(UserError, match="it can become sent or closed"):
            findings.move(plain, book, one.id, state, "li.wei", "not yet", friday_ms)
    with pytest.raises(UserError, match="a text of"):
        findings.move(plain, book, one.id, State.SENT, "li.wei", " ", friday_ms)
    for state, text in ((State.SENT, "whose is it?"), (State.ANSWERED, "a reseller's"), (State.SENT, "which?"), (State.CLOSED, "cut off")):
        moved = findings.move(plain, book, one.id, state, "li.wei", text, friday_ms)
    assert (moved.state, moved.due_ms) == (State.CLOSED, 0)
    assert [(step.state, step.who, step.text) for step in moved.history] == [
        ("open", "the audit", ""),
        ("sent", "li.wei", "whose is it?"),
        ("answered", "li.wei", "a reseller's"),
        ("sent", "li.wei", "which?"),
        ("closed", "li.wei", "cut off"),
    ]
    assert audit(plain, 0, LATER_MS, friday_ms) == (0, 0), "the same calls do not raise it again"
    store(plain, presented("A", ["13912345678"], day=40, first=9), 3)
    assert audit(plain, 0, START_MS + 50 * DAY_MS, friday_ms + 20 * DAY_MS) == (1, 0)
    states = [(other.state, other.calls) for other in findings.listed(plain, 0, 10) if other.kind is Kind.OUTSIDE_RANGE]
    assert states == [("closed", 1), ("open", 2)]
    assert expire(plain, friday_ms + 1_096 * DAY_MS)["findings"] == 1 + len(moved.history)
    assert findings.one(plain, one.id) is None


def test_findings_lie_sealed_and_are_known_under_new_keys(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as database:
        enter(database, [contract("a", "A"), held("a", "01062345600-01062345609")])
        store(database, presented("A", ["13912345678"]))
        assert audit(database, 0, LATER_MS, LATER_MS) == (1, 0)
        findings.move(database, books.load(database), 1, State.SENT, "li.wei", "ask 13912345678", LATER_MS)
    assert not [path for path in tmp_path.iterdir() if b"3912345678" in path.read_bytes()]
    rotate(tmp_path)
    with closing(open_database(tmp_path)) as database:
        assert audit(database, 0, LATER_MS, LATER_MS) == (0, 1)
        reseal(database)
        assert audit(database, 0, LATER_MS, LATER_MS) == (0, 1)
        found = findings.one(database, 1)
        assert found
        assert (found.subject, found.history[1].text) == ("+8613912345678", "ask 13912345678")
        assert reseal(database).resealed == 0


def test_the_command_and_the_api_tell_the_same(plain: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    enter(plain, [contract("a", "A"), held("a", "01062345600-01062345609")])
    store(plain, presented("A", ["13912345678", "95588"]) + presented("D", ["13912345678"]))
    data = ["--data", str(tmp_path / "data")]

    def run(*words: str) -> tuple[int, list[str], str]:
        status = main(["host", "trunk-audit", *words, *data])
        out, err = capsys.readouterr()
        return status, out.splitlines(), err

    app = FastAPI()
    app.include_router(api.make_router(plain), prefix="/api/v1")
    app.add_middleware(Guard, database=plain, is_tls=False)
    with plain.write() as connection:
        for name, role, may_unmask in (("vera", Role.VIEWER, True), ("otto", Role.OPERATOR, False)):
            users.add(connection, name, role, may_unmask, None)
    tokens = {name: entering.issue_token(plain, name, "", 1) for name in ("vera", "otto")}

    def asked(user: str, method: str, path: str, **more: Any) -> Any:
        answer = ask(app, method, f"/api/v1/trunk-audit{path}", tokens[user], **more)
        return answer.json() if answer.status == 200 else answer.status

    span = {"since": "2026-03-01", "until": "2026-03-08"}
    assert asked("vera", "POST", "/search", body=span) == 403
    found = asked("otto", "POST", "/search", body=span)
    assert (found["raised"], found["known"]) == (4, 0)
    assert found["without_contract"] == [{"probe": PROBE, "trunk": "D", "calls": 1}]
    assert asked("otto", "POST", "/search", body={"since": "2026-03-02", "until": "2026-03-01"}) == 409
    assert run("search", "--since", "2026-03-01", "--until", "2026-03-08")[1] == [
        "0 findings are new, 4 were known",
        f"D of {PROBE} dialled 1 times and has no contract",
    ]
    listing = asked("vera", "GET", "/findings")
    kinds = ["outside-range", "outside-range", "resource-unlisted", "unused-range"]
    assert sorted(one["kind"] for one in listing) == kinds
    number = next(one for one in listing if one["kind"] == "outside-range" and one["subject"] == "+86139****5678")
    whole = {"unmask_reason": "letter 5"}
    assert asked("otto", "GET", "/findings", query=whole) == 403
    assert "+8613912345678" in {one["subject"] for one in asked("vera", "GET", "/findings", query=whole)}
    step = {"state": "sent", "text": "whose is 13912345678?"}
    assert asked("vera", "POST", f"/findings/{number['id']}/move", body=step) == 403
    assert asked("otto", "POST", f"/findings/{number['id']}/move", body=step)["history"][1]["text"] == "whose is 139****5678?"
    assert asked("otto", "POST", f"/findings/{number['id']}/move", body=step) == 409
    assert asked("otto", "POST", "/findings/99/move", body=step) == 404
    assert asked("otto", "GET", "/findings/99") == 404
    one = asked("vera", "GET", f"/findings/{number['id']}")
    assert [call["calling"] for call in one["calls"]] == ["139****5678"]
    assert [each["id"] for each in asked("vera", "GET", "/findings", query={"state": "sent"})] == [number["id"]]

    lines = run("list", "--state", "sent")[1]
    assert lines[0].startswith(f"{number['id']},sent,due ")
    assert "+86139****5678" in lines[0]
    shown = run("show", str(number["id"]))[1]
    assert shown[-1] == f"calls: {number['call_ids'][0]}"
    assert run("move", str(number["id"]), "answered", "--text", "a reseller's")[1][0].startswith(
        f"finding {number['id']} is answered, due "
    )
    out = tmp_path / "findings.csv"
    assert run("export", "--out", str(out))[1] == [f"4 findings in {out}"]
    with out.open(encoding="utf-8", newline="") as file:
        assert sorted(row["kind"] for row in csv.DictReader(file)) == kinds
    for words, fault in (
        (("show", "99"), "no finding 99"),
        (("move", "99", "sent", "--text", "what?"), "no finding 99"),
        (("search", "--since", "monday"), "is no day"),
        (("search", "--since", "2026-03-09", "--until", "2026-03-08"), "swap them"),
    ):
        status, _, err = run(*words)
        assert (status, fault in err) == (2, True), err
    assert entries.of_subject(plain, Register.CONTRACT, "a")
