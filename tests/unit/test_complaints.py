"""A complaint from its coming in to its answer: checked, matched, routed, followed, looked up, exported and let go."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catflap_host.complaints import cases, csv_in, csv_out, handling, links, routing, tables
from catflap_host.complaints.cases import Filter
from catflap_host.complaints.filing import draw_code
from catflap_host.complaints.handling import ConflictError, Step, UnknownError
from catflap_host.complaints.routing import Deadline, Rule
from catflap_host.complaints.terms import (
    FINDINGS,
    INDUSTRIES,
    KINDS,
    SOURCES,
    STATES,
    WAYS,
    Finding,
    Kind,
    Match,
    Source,
    State,
    Way,
    bad_type,
)
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.store import keys, queries, resealing
from catflap_host.store.database import Database, open_database
from catflap_host.store.retention import expire, keep
from catflap_host.store.tables import audit
from tests import databases
from tests.unit.complained import CARD, DAY_MS, FILING, HOSPITAL, HOUR_MS, NOW_MS, call, complain, store

OPERATOR = "li.wei"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path)) as found:
        yield found


@pytest.fixture(params=databases.KINDS)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with databases.opened(request, tmp_path) as found:
        yield found


def test_from_its_coming_in_to_its_answer(either: Database) -> None:
    database = either
    store(database, [call(CARD, 3, NOW_MS - HOUR_MS - 600_000)])
    receipt = complain(database, contact="139 0000 0001")
    case = cases.one(database, receipt.id)
    assert (case.number, case.company, case.contact, case.content) == ("+86" + CARD, "某贷款公司", "139 0000 0001", "推销贷款")
    assert (case.state, case.finding, case.holder, case.number_range) == (State.RECEIVED, Finding.NONE, "中国移动", "+861381234")
    assert (case.match, case.site, case.call_id) == (Match.TIME, "demo-a", queries.calls(database, None, 1)[0].id)
    assert case.at_ms == NOW_MS - HOUR_MS - 600_000, "the line knows the time better than the complainer"
    assert case.due_ms == NOW_MS + 72 * HOUR_MS

    handling.take(database, receipt.id, Step(State.VERIFIED, Finding.UPHELD, "listened in"), OPERATOR, NOW_MS + 1)
    handling.take(database, receipt.id, Step(State.HANDLED, note="the carrier took the card off"), OPERATOR, NOW_MS + 2)
    assert cases.one(database, receipt.id).due_ms == NOW_MS + 360 * HOUR_MS, "deadlines count from the coming in"
    told = cases.feedback(database, receipt.code.lower().replace("-", " "))
    assert told and (told.state, told.finding, told.answer) == (State.HANDLED, Finding.NONE, "")
    handling.take(database, receipt.id, Step(State.ANSWERED, answer="The card was taken off."), OPERATOR, NOW_MS + 3)
    told = cases.feedback(database, receipt.code)
    assert told and (told.state, told.finding, told.answer) == (State.ANSWERED, Finding.UPHELD, "The card was taken off.")
    assert cases.one(database, receipt.id).due_ms == 0
    steps = [(event.who, event.what, event.note) for event in cases.history(database, receipt.id)]
    assert steps == [
        ("test", "received by form", ""),
        (OPERATOR, "verified", "listened in"),
        (OPERATOR, "handled", "the carrier took the card off"),
        (OPERATOR, "answered", "The card was taken off."),
    ]
    with database.read() as connection:
        noted = list(connection.execute(select(audit.c.what).where(audit.c.who == OPERATOR).order_by(audit.c.id)).scalars())
        assert noted == ["complaint-verified", "complaint-handled", "complaint-answered"]
        assert cases.open_counts(connection, NOW_MS)[0][State.ANSWERED] == 1


def test_nothing_of_people_is_readable_on_disk(database: Database, tmp_path: Path) -> None:
    receipt = complain(database, contact="13900000001")
    handling.take(database, receipt.id, Step(State.VERIFIED, Finding.UNCLEAR, "asked 13900000001"), OPERATOR, NOW_MS)
    with database.write() as connection:
        connection.exec_driver_sql("SELECT 1")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("catflap.db*"))
    words = [CARD, "13900000001", "某贷款公司", "推销贷款", receipt.code, "asked"]
    assert not [word for word in words if word.encode() in kept]


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ([], Step(State.HANDLED)),
        ([], Step(State.ANSWERED, answer="no")),
        ([Step(State.VERIFIED, Finding.UPHELD)], Step(State.ANSWERED, answer="nothing was done")),
        ([Step(State.VERIFIED, Finding.UPHELD)], Step(State.VERIFIED, Finding.UNFOUNDED)),
    ],
)
def test_steps_are_taken_in_order(database: Database, before: list[Step], step: Step) -> None:
    receipt = complain(database)
    for earlier in before:
        handling.take(database, receipt.id, earlier, OPERATOR, NOW_MS)
    with pytest.raises(ConflictError, match="comes next"):
        handling.take(database, receipt.id, step, OPERATOR, NOW_MS)
    assert len(cases.history(database, receipt.id)) == 1 + len(before)


@pytest.mark.parametrize("step", [Step(State.VERIFIED), Step(State.HANDLED, Finding.UPHELD), Step(State.ANSWERED, answer=" ")])
def test_step_that_lacks_something_is_refused(database: Database, step: Step) -> None:
    with pytest.raises(UserError, match="takes"):
        handling.take(database, complain(database).id, step, OPERATOR, NOW_MS)


def test_reopened_complaint_is_verified_anew_and_counted_once(database: Database) -> None:
    receipt = complain(database, complainer="wang")
    for step in (
        Step(State.VERIFIED, Finding.UNFOUNDED),
        Step(State.ANSWERED, answer="It was your bank."),
        Step(State.RECEIVED, note="it was not"),
        Step(State.VERIFIED, Finding.UPHELD),
    ):
        handling.take(database, receipt.id, step, OPERATOR, NOW_MS)
    with database.read() as connection:
        (person,) = connection.execute(select(tables.people)).all()
    assert (person.filed, person.upheld, person.unfounded) == (1, 1, 0)


def test_unknown_complaint_is_said_so(database: Database) -> None:
    with pytest.raises(UnknownError, match="no complaint 7"):
        handling.hand_over(database, 7, "fraud desk", "", OPERATOR, NOW_MS)
    assert cases.feedback(database, draw_code()) is None
    assert cases.feedback(database, "") is None


@pytest.mark.parametrize(
    "written", [CARD, "138 1234 5678", "+86-138-1234-5678", "１３８１２３４５６７８", "008613812345678", "(86) 13812345678"]
)
def test_number_is_known_however_it_is_written(database: Database, written: str) -> None:
    assert cases.one(database, complain(database, number=written).id).number_id == database.vault.pseudonym("+86" + CARD)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"number": ""}, "is missing"),
        ({"number": "unknown"}, "no telephone number"),
        ({"number": "+" + "1" * 41}, "no telephone number"),
        ({"at_ms": NOW_MS + HOUR_MS}, "in the future"),
        ({"at_ms": 1}, "400 days ago"),
        ({"talk_s": -2}, "how long it was"),
        ({"content": "x" * 2_001}, "content has 2001 characters"),
        ({"company": "x" * 121}, "company has 121"),
    ],
)
def test_what_cannot_be_a_complaint_is_refused(database: Database, changed: dict[str, Any], fault: str) -> None:
    with pytest.raises(UserError, match=fault):
        complain(database, **changed)
    assert not cases.listed(database, Filter(), 10)


def test_time_matches_where_it_tells_one_line_from_others(database: Database) -> None:
    calls = [call(HOSPITAL, line, NOW_MS - HOUR_MS + line * 60_000) for line in range(20)]
    store(database, [*calls, call(CARD, 25, NOW_MS - 3 * DAY_MS)])
    busy = cases.one(database, complain(database, number=HOSPITAL).id)
    assert (busy.match, busy.call_id) == (Match.NUMBER, 0), "it called twenty lines at that time"
    own = cases.one(database, complain(database, number=HOSPITAL, contact="010-62345007").id)
    assert own.match is Match.TIME
    assert {found.id: found.line for found in queries.calls(database, None, 100)}[own.call_id] == "L7"
    assert cases.one(database, complain(database).id).match is Match.NUMBER, "it called, but on another day"
    assert cases.one(database, complain(database, number="13700000000").id).match is Match.NONE


def test_link_marks_its_call_and_no_other_once(database: Database) -> None:
    store(database, [call("", 3, NOW_MS - DAY_MS, presentation="withheld"), call(CARD, 4, NOW_MS, direction="out")])
    withheld, outgoing = (found.id for found in queries.calls(database, 0, 10))
    with pytest.raises(UserError, match="no incoming call"):
        links.issue(database, outgoing, 7, OPERATOR, NOW_MS)
    word = links.issue(database, withheld, 7, OPERATOR, NOW_MS)
    forged = word.replace(str(withheld), str(outgoing), 1)
    with database.write() as connection:
        link = links.read(connection, database.vault, word, NOW_MS)
        assert link.call_id == withheld
        for bad, fault in ((forged, "not complete"), (word[:-1], "not complete"), ("", "not complete"), ("é.1.2.3", "not complete")):
            with pytest.raises(links.LinkError, match=fault):
                links.read(connection, database.vault, bad, NOW_MS)
        with pytest.raises(links.LinkError, match="over"):
            links.read(connection, database.vault, word, NOW_MS + 7 * DAY_MS)
        links.spend(connection, link.digest, link.until_s * 1000, NOW_MS)
    with database.read() as connection, pytest.raises(links.LinkError, match="used before"):
        links.read(connection, database.vault, word, NOW_MS)
    case = cases.one(database, complain(database, number="", source=Source.LINK, call_id=withheld, at_ms=0).id)
    assert (case.match, case.number, case.at_ms) == (Match.CALL, "", NOW_MS - DAY_MS)


def test_first_rule_that_fits_says_the_team(database: Database) -> None:
    routing.set_rules(
        database,
        [
            Rule("fraud", "", "", "", "police liaison"),
            Rule("", "loans", "中国移动", "+86138", "mobile desk"),
            Rule("", "loans", "", "", "bank desk"),
        ],
        OPERATOR,
    )
    teams = [
        cases.one(database, complain(database, **changed).id).team
        for changed in ({"kind": Kind.FRAUD}, {}, {"number": HOSPITAL}, {"industry": Industry.TRAVEL})
    ]
    assert teams == ["police liaison", "mobile desk", "bank desk", ""]
    (last, *_) = cases.listed(database, Filter(), 10)
    handling.hand_over(database, last.id, "travel desk", "theirs", OPERATOR, NOW_MS)
    assert [found.id for found in cases.listed(database, Filter(team="travel desk"), 10)] == [last.id]
    assert cases.history(database, last.id)[-1].note == "theirs"


@pytest.mark.parametrize(
    "rule", [Rule("fraude", "", "", "", "x"), Rule("", "cars", "", "", "x"), Rule("", "", "", "", ""), Rule("", "", "", "138", "x")]
)
def test_rule_that_is_none_is_refused_with_its_place(database: Database, rule: Rule) -> None:
    with pytest.raises(UserError, match="rule 2"):
        routing.set_rules(database, [Rule("", "", "", "", "desk"), rule], OPERATOR)


def test_deadlines_by_kind_and_who_is_late(database: Database) -> None:
    routing.set_deadline(database, Deadline("fraud", State.VERIFIED, 2), OPERATOR)
    fraud = complain(database, kind=Kind.FRAUD)
    complain(database)
    assert cases.one(database, fraud.id).due_ms == NOW_MS + 2 * HOUR_MS
    assert [case.id for case in cases.listed(database, Filter(overdue_at_ms=NOW_MS + 3 * HOUR_MS), 10)] == [fraud.id]
    with database.read() as connection:
        assert cases.open_counts(connection, NOW_MS + 100 * HOUR_MS) == ({**dict.fromkeys(State, 0), State.RECEIVED: 2}, 2)
    for kind, state, hours in (("fraude", State.VERIFIED, 1), ("", State.RECEIVED, 1), ("", State.HANDLED, 0)):
        with pytest.raises(UserError):
            routing.set_deadline(database, Deadline(kind, state, hours), OPERATOR)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_rows_are_taken_in_or_refused_each_by_itself(database: Database, encoding: str) -> None:
    rows = [
        "被举报号码,来电时间,不良类型,骚扰方式,通话时长,来电描述,举报人号码,备注",
        f'{CARD},2026-03-01 14:05,贷款理财,人工骚扰,35,"他说""低息""",13900000001,x',
        "",
        f"{CARD},yesterday,,,,,,",
        "nobody,,,,,,,",
        f"{CARD},,cars,,,,,",
    ]
    taken = csv_in.take_in(database, "\r\n".join(rows).encode(encoding), "user li.wei", OPERATOR, NOW_MS)
    assert [(row.line, bool(row.id)) for row in taken] == [(2, True), (4, False), (5, False), (6, False)]
    assert ["is no time" in taken[1].error, "no telephone number" in taken[2].error, "is no industry" in taken[3].error] == [True] * 3
    (case,) = cases.listed(database, Filter(), 10)
    assert (case.kind, case.industry, case.way, case.talk_s, case.content) == (Kind.MARKETING, Industry.LOANS, Way.PERSON, 35, '他说"低息"')
    assert case.at_ms == 1_772_345_100_000, "14:05 in China"
    assert cases.feedback(database, taken[0].code)


@pytest.mark.parametrize(
    ("content", "fault"), [(b"name,time\n", "no column for the number"), (b'number\n"x', "line 2 is no CSV"), (b"\xff\xff\xff", "UTF-8")]
)
def test_what_is_no_csv_is_said_so(database: Database, content: bytes, fault: str) -> None:
    with pytest.raises(UserError, match=fault):
        csv_in.take_in(database, content, "user", OPERATOR, NOW_MS)


def test_csv_out_has_what_12321_asks_for_and_runs_nothing(database: Database) -> None:
    complain(database, contact="13900000001", content="=HYPERLINK(1)", way=Way.RECORDED, talk_s=12)
    text = "".join(csv_out.text(cases.chunks(database, Filter())))
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    asked = ["举报人号码", "被举报号码", "来电日期", "来电时间", "通话时长(秒)", "骚扰方式", "不良类型编号", "不良类型", "来电描述"]
    assert [row[name] for name in asked] == [
        "13900000001", "+86" + CARD, "2026-03-01", "23:00", "12", "自动语音骚扰", "7", "贷款理财", "'=HYPERLINK(1)",
    ]  # fmt: skip


def test_12321_has_one_type_for_every_complaint() -> None:
    types = {bad_type(kind, industry) for kind in Kind for industry in Industry}
    assert sorted(number for number, _ in types) == list(range(1, 22))
    assert bad_type(Kind.COLLECTION, Industry.LOANS) == (9, "欠款催收")


def test_every_term_has_words_in_both_languages() -> None:
    for enum, words in ((Kind, KINDS), (Industry, INDUSTRIES), (Way, WAYS), (State, STATES), (Finding, FINDINGS), (Source, SOURCES)):
        assert set(words) == set(enum)
        assert all(len(pair) == 2 and all(pair) for pair in words.values())


def test_words_go_before_the_complaint_and_an_open_one_stays(either: Database) -> None:
    database = either
    receipts = [complain(database, complainer=f"{number}") for number in range(3)]
    for receipt in receipts[:2]:
        handling.take(database, receipt.id, Step(State.VERIFIED, Finding.UNFOUNDED, "a note"), OPERATOR, NOW_MS)
    handling.take(database, receipts[0].id, Step(State.ANSWERED, answer="so"), OPERATOR, NOW_MS)
    handling.take(database, receipts[1].id, Step(State.ANSWERED, answer="so"), OPERATOR, NOW_MS + 200 * DAY_MS)
    expire(database, NOW_MS + 200 * DAY_MS)
    silenced, later, still_open = (cases.one(database, receipt.id) for receipt in receipts)
    assert (silenced.number, silenced.answer, silenced.number_id) == ("", "", later.number_id)
    assert [event.note for event in cases.history(database, silenced.id)] == ["", "", ""]
    assert later.answer == "so"
    assert still_open.number == "+86" + CARD
    keep(database, {"complaints": 150}, "test")
    assert expire(database, NOW_MS + 200 * DAY_MS)["complaints"] == 1
    with database.read() as connection:
        assert sorted(connection.execute(select(tables.complaints.c.id)).scalars()) == [receipts[1].id, receipts[2].id]
        assert connection.execute(select(func.count()).select_from(tables.people)).scalar_one() == 2
        assert silenced.id not in connection.execute(select(tables.history.c.complaint)).scalars().all()


def test_complainer_is_known_under_new_keys(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as before:
        complain(before, complainer="wang")
    keys.rotate(tmp_path)
    with closing(open_database(tmp_path)) as after:
        receipt = complain(after, complainer="wang")
        assert cases.one(after, receipt.id).number == "+86" + FILING.number
        assert len({case.complainer for case in cases.listed(after, Filter(), 10)}) == 1
        resealing.retire(after)
        (newest,) = after.vault.pseudonyms("x")[:1]
        version = newest.partition(".")[0]
        with after.read() as connection:
            named = [*connection.execute(select(tables.complaints.c.number_id)).scalars()]
            named += connection.execute(select(tables.complaints.c.origin)).scalars()
            named += connection.execute(select(tables.people.c.pseudonym)).scalars()
        assert {name.partition(".")[0] for name in named} == {version}
        complain(after, complainer="wang")
        assert len({(case.complainer, case.origin, case.number_id) for case in cases.listed(after, Filter(), 10)}) == 1
