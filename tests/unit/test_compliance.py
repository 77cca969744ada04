"""Outgoing compliance: a planted trunk's violations are all found and none is invented; the rules one by one; figures; what follows."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api import compliance as api
from catflap_host.api.guard import Guard
from catflap_host.cli import main
from catflap_host.compliance import book as books
from catflap_host.compliance import figures
from catflap_host.compliance.book import RangeIndex
from catflap_host.compliance.checking import check_between
from catflap_host.compliance.rules import Outgoing, judge, said
from catflap_host.compliance.service import Follower
from catflap_host.compliance.tables import outgoing_checks
from catflap_host.registers import entries
from catflap_host.registers.kinds import KINDS, Register
from catflap_host.store.database import Database, open_database
from catflap_host.store.tables import calls
from catflap_models.simulate.writer import write_recording
from catflap_probe import replay
from catflap_probe.call import Call
from catflap_probe.records import of_decision, of_end
from tests.in_process import ask
from tests.outgoing_in_store import BY, END_MS, enter, found_in, store
from tests.planted_outgoing import (
    CUSTOMER,
    INDUSTRY,
    PROBE,
    START_MS,
    TRUNK,
    broken_by,
    outgoing,
    planted,
    registers,
    scenario,
    told,
)

NUMBER = "+8613812345678"


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "data")) as database:
        yield database


def test_every_violation_of_a_planted_trunk_is_found_and_none_is_invented(database: Database) -> None:
    planned = outgoing(5, 60.0)
    truth = planted(planned)
    assert {kind for kinds in truth.values() for kind in kinds} == {
        "do-not-call",
        "refused",
        "wish",
        "no-consent",
        "consent-over",
        "hours",
        "range",
    }, "the seed plants every kind"
    assert sum(not kinds for kinds in truth.values()) > 50, "and calls that are in order"
    enter(database, registers(call.called for call in planned))
    # the same calls of a trunk that has no contract are nobody's business
    records = [*told(planned), *told(planned[:50], "switchboard")]
    store(database, records)
    with database.read() as connection:
        assert len(connection.execute(select(calls.c.id)).all()) == len(planned) + 50
    checked = check_between(database, 0, END_MS)
    assert found_in(database) == truth
    assert (checked.calls, checked.violating) == (len(planned), sum(bool(kinds) for kinds in truth.values()))

    days = figures.days(database, "2026-03-02", "2026-03-09")
    assert sum(one.calls for one in days) == len(planned)
    by_kind: Counter[str] = Counter()
    for one in days:
        by_kind.update(one.violations)
    assert by_kind == Counter(kind for kinds in truth.values() for kind in kinds)
    assert sum(one.violating for one in days) == checked.violating
    answered = [call for call in planned if call.answer_s is not None and call.answer_s < call.patience_s]
    assert sum(one.answered for one in days) == len(answered)
    assert sum(one.talk_ms for one in days) == sum(int(call.talk_s * 1_000) for call in answered)
    assert {one.campaign for one in days if one.violations.get("range")} == {""}
    assert {one.campaign for one in days if not one.violations.get("range")} == {"春季"}
    monday = [call for call in planned if call.t_s < 86_400]
    total = figures.totals(books.load(database), days)[0]
    assert (total.day, total.contract, total.customer, total.calls) == ("2026-03-02", "HT-1", CUSTOMER, len(monday))
    assert (total.seats, total.calls_per_seat, total.agreed_calls) == (8, round(len(monday) / 8, 2), 500)

    page = figures.violating(database, "2026-03-02", "2026-03-09", 0, 1_000, violation="refused")
    assert {one.call.call for one in page} == {number for number, kinds in truth.items() if "refused" in kinds}
    assert "138" not in "".join(one.calling[:4] for one in days if one.calling), "presented numbers are masked"
    assert len(list(figures.written(days))) == len(days) + 1


def test_the_command_and_the_api_tell_the_same(plain: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned = outgoing(5, 6.0)
    enter(plain, registers(call.called for call in planned))
    store(plain, list(told(planned)))
    data = ["--data", str(tmp_path / "data")]
    week = ["--since", "2026-03-02", "--until", "2026-03-08"]
    truth = planted(planned)
    wrong = sum(bool(kinds) for kinds in truth.values())

    def run(*words: str) -> tuple[int, list[str], str]:
        status = main(["host", "compliance", *words, *data])
        out, err = capsys.readouterr()
        return status, out.splitlines(), err

    assert run("check", *week)[1] == [f"{len(planned)} calls under a contract, something found in {wrong}"]
    shown = run("violations", *week)[1]
    assert len(shown) == wrong
    assert not [call for call in planned if call.called in "".join(shown)], "numbers are masked"
    table = [line.split("\t") for line in run("days", *week)[1]]
    assert (sum(int(row[2]) for row in table[1:]), sum(int(row[5]) for row in table[1:])) == (len(planned), wrong)
    out = tmp_path / "days.csv"
    assert run("days", *week, "--out", str(out))[0] == 0
    with out.open(encoding="utf-8", newline="") as file:
        by_csv = Counter({kind: sum(int(row[kind]) for row in csv.DictReader(file)) for kind in ["range"]})
    assert by_csv["range"] == sum("range" in kinds for kinds in truth.values())

    app = FastAPI()
    app.include_router(api.make_router(plain), prefix="/api/v1")
    app.add_middleware(Guard, database=plain, is_tls=False)
    with plain.write() as connection:
        for name, role in (("vera", Role.VIEWER), ("otto", Role.OPERATOR)):
            users.add(connection, name, role, False, None)
    tokens = {name: entering.issue_token(plain, name, "", 1) for name in ("vera", "otto")}
    span = {"since": "2026-03-02", "until": "2026-03-08"}

    def get(what: str, **more: str) -> Any:
        return ask(app, "GET", f"/api/v1/compliance/{what}", tokens["vera"], span | more).json()

    assert sum(one["calls"] for one in get("days")) == len(planned)
    assert [one["violating"] for one in get("totals")] == [int(row[5]) for row in table[1:]]
    assert len(get("violations", limit="1000")) == wrong
    found = get("violations", limit="1000", violation="range")
    assert len(found) == by_csv["range"]
    assert all("****" in one["call"]["called"] for one in found)
    assert ask(app, "GET", "/api/v1/compliance/days/csv", tokens["vera"], span).text.splitlines() == out.read_text().splitlines()
    assert ask(app, "GET", "/api/v1/compliance/days", tokens["vera"], {"since": "2026-03-02", "until": "2026-03-01"}).status == 409

    # before a call: nobody has agreed, so it breaks that at any hour
    person = {"contract": "HT-1", "called": "13812345678"}
    assert ask(app, "POST", "/api/v1/compliance/ask", tokens["vera"], body=person).status == 403
    answer = ask(app, "POST", "/api/v1/compliance/ask", tokens["otto"], body=person).json()
    assert (answer["allowed"], answer["violations"][0], answer["unchecked"]) == (False, "no-consent", ["calling-not-shown"])
    for wrong_body, fault in (
        ({"contract": "HT-2"}, "no contract 'HT-2'"),
        ({"called": "138"}, "no whole"),
        ({"calling": "x"}, "no whole"),
    ):
        refused = ask(app, "POST", "/api/v1/compliance/ask", tokens["otto"], body=person | wrong_body)
        assert (refused.status, fault in refused.text) == (409, True)
    status, lines, _ = run("ask", "13812345678", "--contract", "HT-1", "--calling", "01062345601")
    assert (status, lines[0].split("\t")[:2]) == (1, ["no", "no-consent"])
    assert run("ask", "95588", "--contract", "HT-1", "--calling", "01062345601")[:2] == (0, ["yes"])
    assert run("days", "--since", "monday")[2] == "catflap: 'monday' is no day; write 2026-03-02\n"


class Recorder(replay.Writer):
    """Keeps the records that a probe would send of replayed calls."""

    records: list[dict[str, object]]

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        """Take both records of a call."""
        assert self.settings is not None
        line = self.settings.lines[call.line].id
        self.records += [of_decision(call, TRUNK, line, START_MS, False, "m"), of_end(call, TRUNK, line, START_MS, label)]


def test_what_a_probe_hears_of_outgoing_calls_is_checked_too(plain: Database, tmp_path: Path) -> None:
    # modems, which do not show what a call presents
    write_recording(scenario(3, 12.0), tmp_path / "trunk")
    heard: list[dict[str, object]] = []

    def writer_of(emit: "replay.Emit") -> Recorder:
        made = Recorder(emit)
        made.records = heard
        return made

    # denied to every number: whose own call it is, and who answers it, is never cut off
    (tmp_path / "policy").write_text(json.dumps({"catflap_policy": 1, "deny": [{"prefix": digit} for digit in "0123456789+"]}))
    replay.replay([str(tmp_path / "trunk")], "linux", str(tmp_path / "policy"), None, lambda *_: None, writer_of)
    actions = {way: {str(one["action"]) for one in heard if one["k"] != "end" and one["direction"] == way} for way in ("in", "out")}
    assert actions["out"] == {"allow"} and "block" in actions["in"]
    out = [record for record in heard if record["k"] == "call" and record["direction"] == "out"]
    assert len(out) > 50
    assert len(out) < len(heard) / 2, "there are incoming calls too"
    # a star code calls nobody
    heard.append(out[0] | {"call": 1_000_000, "called": "*39"})
    enter(plain, registers(str(record["called"]) for record in out))
    store(plain, heard)
    check_between(plain, 0, END_MS)
    with plain.read() as connection:
        rows = connection.execute(
            select(calls.c.line, calls.c.call, outgoing_checks.c.violations, outgoing_checks.c.unchecked).join(
                calls, calls.c.id == outgoing_checks.c.id
            )
        ).all()
    truth = {
        (record["line"], record["call"]): broken_by((int(str(record["at_ms"])) - START_MS) / 1_000, str(record["called"]), False)
        for record in out
    }
    assert {(row.line, row.call): frozenset(filter(None, row.violations.split(";"))) for row in rows} == truth
    assert {row.unchecked for row in rows} == {"calling-not-shown"}


def word(register: Register, begins_ms: int, ends_ms: int = 0, **cells: str) -> entries.Entry:
    fields = {field.name: cells.get(field.name, field.otherwise) for field in KINDS[register].fields}
    return entries.Entry(1, register, "", fields, begins_ms, ends_ms, 0)


def consent(begins_ms: int, ends_ms: int) -> entries.Entry:
    return word(Register.CONSENT, begins_ms, ends_ms, holder=CUSTOMER, industry=INDUSTRY)


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        ([], ["no-consent"]),
        ([consent(10, 99)], []),
        ([consent(60, 99)], ["no-consent"]),
        ([consent(10, 50)], ["consent-over"]),
        ([consent(10, 51)], []),
        ([consent(10, 10)], ["no-consent"]),  # it never held
        ([consent(10, 99), word(Register.DO_NOT_CALL, 10)], ["do-not-call"]),  # a no at the same moment
        ([consent(11, 99), word(Register.DO_NOT_CALL, 10)], []),
        ([consent(10, 99), word(Register.DO_NOT_CALL, 11, 50)], []),  # taken back
        ([consent(10, 99), word(Register.DO_NOT_CALL, 51)], []),
        ([word(Register.WISH, 5, industry=INDUSTRY, wish="accept"), word(Register.DO_NOT_CALL, 6, holder=CUSTOMER)], ["refused"]),
        ([word(Register.WISH, 5, industry=INDUSTRY, wish="refuse"), word(Register.DO_NOT_CALL, 6)], ["do-not-call", "wish"]),
    ],
)
def test_the_newest_word_counts_and_silence_is_a_no(words: list[entries.Entry], broken: list[str]) -> None:
    assert said(words, CUSTOMER, INDUSTRY, 50) == broken


@pytest.mark.parametrize(
    ("call", "broken", "unchecked", "campaign"),
    [
        ({}, ["no-consent"], [], "春季"),
        ({"is_to_person": False}, [], [], "春季"),
        ({"called": ""}, [], ["called-not-shown"], "春季"),
        ({"calling": ""}, ["no-consent"], ["calling-not-shown"], "HT-1"),
        ({"calling": "", "presentation": "withheld"}, ["withheld", "no-consent"], [], "HT-1"),
        ({"calling": "+861062345699"}, ["range", "no-consent"], [], ""),
        ({"calling": "+861062345610"}, [], [], "回访"),  # a range for service calls, which need no consent
        ({"at_ms": START_MS + 3_600_000}, ["no-consent", "hours"], [], "春季"),
        ({"at_ms": START_MS - 40 * 86_400_000}, None, [], ""),
    ],
)
def test_a_call_by_its_contract(
    plain: Database, call: dict[str, Any], broken: list[str] | None, unchecked: list[str], campaign: str
) -> None:
    service = {"range": "01062345610", "contract": "HT-1", "campaign": "回访", "purpose": "service"}
    enter(plain, [*registers([]), ("range", 1, 0, service)])
    book = books.load(plain)
    at: dict[str, Any] = {
        "at_ms": START_MS + 10 * 3_600_000,
        "calling": "+861062345601",
        "presentation": "shown",
        "called": NUMBER,
        "is_to_person": True,
    }
    made = Outgoing(**(at | call))
    contract = book.contract_of(PROBE, TRUNK, "L01", "out", made.at_ms)
    if broken is None:
        assert contract is None
        return
    assert contract is not None
    found = judge(made, contract, book, ())
    assert (list(found.violations), list(found.unchecked), found.campaign) == (broken, unchecked, campaign)


def test_a_number_is_found_in_the_ranges_that_hold_it() -> None:
    index: RangeIndex[str] = RangeIndex()
    for text in ("+861062345600-+861062345699", "+861062345650", "+8695588*", "+861062345680-+861062345720", "+8610*"):
        index.add(text, text)
    for number, held in (
        ("+861062345650", ["+8610*", "+861062345600-+861062345699", "+861062345650"]),
        ("+861062345700", ["+8610*", "+861062345680-+861062345720"]),
        ("+86955881", ["+8695588*"]),
        ("+8695588", ["+8695588*"]),
        ("+869558", []),
        ("+8610623456501", ["+8610*"]),
        ("", []),
    ):
        assert sorted(index.holding(number)) == sorted(held), number


def test_new_calls_and_changed_registers_are_followed(plain: Database) -> None:
    planned = outgoing(5, 6.0)[:40]
    records = list(told(planned))
    store(plain, records[:41])
    follower = Follower(plain)
    assert follower.step(END_MS).calls == 0, "there is no contract yet"
    enter(plain, registers([]))
    assert follower.step(END_MS).calls == 20, "a contract is about the calls since it began"
    silent = {number: kinds - {"do-not-call", "refused", "wish", "consent-over"} for number, kinds in planted(planned).items()}
    store(plain, records[41:], 42)
    assert follower.step(END_MS).calls == len(planned) - 20
    assert all("no-consent" in kinds for kinds in found_in(plain).values())
    enter(plain, (entry for entry in registers(call.called for call in planned) if entry[0] in ("do-not-call", "consent", "wish")))
    follower.step(END_MS)
    assert found_in(plain) == planted(planned)
    assert silent != planted(planned)
    assert follower.step(END_MS).calls == 0, "there is nothing left to do"
    # a contract that is over was about the calls until then
    contract = next(entries.everything(plain, Register.CONTRACT))
    entries.end(plain, contract.id, START_MS + 86_400_000, BY)
    follower.step(END_MS)
    assert set(found_in(plain)) == {number for number, call in enumerate(planned, 1) if call.t_s < 86_400}
