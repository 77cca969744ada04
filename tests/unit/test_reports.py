"""Reports: what was planted is counted, under every heading, in whole weeks and months; nothing of it names a number or runs."""

import csv
import io
import json
import time
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catflap_host.cli import main
from catflap_host.complaints.handling import Step, take
from catflap_host.complaints.routing import Deadline, set_deadline
from catflap_host.complaints.terms import Finding, Kind, State
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.judged import appeals, verdicts
from catflap_host.judged.verdicts import About, Said
from catflap_host.language.catalogue import by_code
from catflap_host.reports import forms
from catflap_host.reports.apart import gather_apart
from catflap_host.reports.charts import columns
from catflap_host.reports.figures import ComplaintCounts, ComplaintSpan, Counts, Report, Row, Span
from catflap_host.reports.gather import gather, wilson
from catflap_host.reports.period import Every, Period, around, before, days, last_over, midnight_ms, named, zone_of
from catflap_host.reports.ranges import range_of
from catflap_host.reports.schedule import LATE_MS, Schedule, due, write_due
from catflap_host.reports.telling import COMPLAINTS
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.group import Batch
from tests.outgoing_in_store import enter
from tests.probe_side import alarm, alert, end
from tests.unit.complained import complain
from tests.unit.test_host_store import read

ZONE = zone_of("Asia/Shanghai")
WEEK = named(Every.WEEKLY, "2026-W10")
MONDAY_MS = midnight_ms(WEEK.first, ZONE)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
CARD, COURIER = "13812340001", "13912340002"
EVIL = "<script>alert(1)</script>"
COMPANY = f"{EVIL} {COURIER}"


def call(number: int, at_ms: int, **changed: object) -> dict[str, object]:
    honest: dict[str, object] = {"label": "legit", "action": "allow", "calling": "01062340000", "number_kind": "landline", "place": "北京"}
    return alert(number, at_ms=at_ms, decided_ms=at_ms, **(honest | changed))


def over(number: int, at_ms: int, **changed: object) -> dict[str, object]:
    honest: dict[str, object] = {"final_label": "legit", "outcome": "none"}
    return end(number, at_ms=at_ms, ended_ms=at_ms + 9_000, **(honest | changed))


def plant(database: Database) -> None:
    """A week of ten calls, the week before of two, and calls that are none of the report's."""
    bank: dict[str, object] = {"calling": CARD, "number_kind": "mobile", "place": "广州", "label": "simbank", "action": "block"}
    stopped: dict[str, object] = {"final_label": "simbank", "outcome": "stopped"}
    told: list[tuple[int, dict[str, object], dict[str, object]]] = [
        (MONDAY_MS - 1, {}, {}),
        (MONDAY_MS - 3 * DAY_MS, bank, stopped),
        (MONDAY_MS, {}, {}),
        (MONDAY_MS + HOUR_MS, bank, stopped),
        (MONDAY_MS + DAY_MS, bank | {"calling": "+86" + CARD}, stopped),
        (MONDAY_MS + DAY_MS, bank | {"calling": COURIER, "trunk": "b"}, stopped),
        (MONDAY_MS + 2 * DAY_MS, bank, stopped | {"outcome": "in-use"}),
        (MONDAY_MS + 2 * DAY_MS, bank | {"shadow": True}, stopped | {"outcome": "shadow"}),
        (MONDAY_MS + 3 * DAY_MS, {"calling": "95588", "number_kind": "service", "place": "", "holder": EVIL}, {}),
        (MONDAY_MS + 3 * DAY_MS, {"calling": "4008123456", "number_kind": "shared-cost", "place": ""}, {"final_label": "wangiri"}),
        (MONDAY_MS + 4 * DAY_MS, {"calling": "", "presentation": "withheld", "number_kind": "unknown", "country": "", "place": ""}, {}),
        (MONDAY_MS + 7 * DAY_MS - 1, {"calling": "+14155550100", "number_kind": "mobile", "country": "US", "place": ""}, {}),
        (MONDAY_MS + 7 * DAY_MS, bank, stopped),
        (MONDAY_MS + HOUR_MS, bank | {"direction": "out"}, stopped),
    ]
    records: list[object] = [alarm([CARD], at_ms=MONDAY_MS), alarm([COURIER], alarm="a2", trunk="b", at_ms=MONDAY_MS)]
    for number, (at_ms, decided, ended) in enumerate(told, 1):
        trunk = {"trunk": decided["trunk"]} if "trunk" in decided else {}
        records += [call(number, at_ms, **decided), over(number, at_ms, **ended, **trunk)]
    with closing(open_store(database)) as store:
        assert not store.add([Batch(*read(1, records))], MONDAY_MS + 7 * DAY_MS)[0].error


def plant_complaints(database: Database) -> None:
    """Three about the SIM bank's cards, one of them answered; one of the week before; one that shows no number."""
    bank = {"kind": Kind.FRAUD, "company": COMPANY, "at_ms": MONDAY_MS + HOUR_MS}
    first = complain(database, MONDAY_MS + DAY_MS, number=CARD, complainer="a", **bank)
    reopened = complain(database, MONDAY_MS + DAY_MS, number=CARD, complainer="b", **bank)
    complain(database, MONDAY_MS + 2 * DAY_MS, number=CARD, complainer="c", industry=Industry.INSURANCE, company="")
    complain(database, MONDAY_MS - DAY_MS, number=COURIER, complainer="d", industry=Industry.OTHER, at_ms=0)
    complain(database, MONDAY_MS + 3 * DAY_MS, number="95588", complainer="e", industry=Industry.OTHER, company="", at_ms=0)
    for step in (Step(State.VERIFIED, Finding.UPHELD), Step(State.HANDLED), Step(State.ANSWERED, answer="taken off")):
        take(database, first.id, step, "li.wei", MONDAY_MS + 5 * DAY_MS)
    for step in (Step(State.VERIFIED, Finding.UPHELD), Step(State.RECEIVED)):
        take(database, reopened.id, step, "li.wei", MONDAY_MS + 5 * DAY_MS)


def report(database: Database, period: Period = WEEK) -> Report:
    return gather(database, period, ZONE, "a hospital")


def by_item(rows: list[Row]) -> dict[str, tuple[int, int, int, int]]:
    return {row.item: (row.counts.calls, row.counts.nuisance, row.counts.stopped, row.counts.wrongly_stopped) for row in rows}


def test_what_was_planted_is_counted(database: Database) -> None:
    plant(database)
    verdicts.give(database, About.ALARM, 1, Said.TRUE, "", "li.wei")
    verdicts.give(database, About.ALARM, 2, Said.FALSE, "a courier", "li.wei")
    verdicts.give(database, About.CALL, 4, Said.TRUE, "", "li.wei")
    found = report(database)
    assert found.total == Span("2026-W10", Counts(10, 6, 3, 1, 1, 1), {"simbank": 5, "wangiri": 1})
    assert [span.name for span in found.before] == [f"2026-W{week:02}" for week in range(2, 10)]
    assert found.before[-1] == Span("2026-W09", Counts(2, 1, 1), {"simbank": 1})
    assert [day.counts.calls for day in found.days] == [2, 2, 2, 2, 1, 0, 1]
    assert found.days[1].labels == {"simbank": 2}
    assert by_item(found.labels) == {"simbank": (5, 5, 3, 1), "wangiri": (1, 1, 0, 0), "legit": (4, 0, 0, 0)}
    assert by_item(found.ranges) == {
        "mobile": (5, 5, 3, 1),
        "400": (1, 1, 0, 0),
        "95": (1, 0, 0, 0),
        "international": (1, 0, 0, 0),
        "landline": (1, 0, 0, 0),
        "not-shown": (1, 0, 0, 0),
    }
    assert by_item(found.blocks) == {"1381234****": (4, 4, 2, 0), "1391234****": (1, 1, 1, 1), "400812****": (1, 1, 0, 0)}
    assert by_item(found.regions)["广州"] == (5, 5, 3, 1)
    assert by_item(found.trunks) == {"demo-a/beijing-7": (9, 5, 2, 0), "demo-a/b": (1, 1, 1, 1)}
    first = found.callers[0]
    assert (first.number, first.nuisance, first.label) == (CARD, 3, "simbank")
    (alarms,) = found.alarm_precision
    assert (alarms.label, alarms.findings, alarms.judged, alarms.true) == ("simbank", 2, 2, 1)
    assert [(each.label, each.findings, each.judged, each.true) for each in found.call_precision] == [
        ("simbank", 5, 1, 1),
        ("wangiri", 1, 0, 0),
    ]


def test_complaints_are_counted_by_what_they_are_about_and_how_far_they_are(database: Database) -> None:
    plant(database)
    plant_complaints(database)
    set_deadline(database, Deadline("fraud", State.ANSWERED, 48), "li.wei")
    found = report(database).complaints
    assert found.total == ComplaintCounts(received=4, verified=1, handled=1, answered=1, overdue=3, upheld=1)
    assert (found.before[-1].received, found.period) == (1, ComplaintSpan("2026-W10", 4, 2, 1, 1, {"fraud": 2, "marketing": 2}))
    assert (found.open_in_all, found.overdue_in_all, found.answered_late, found.answered_median_days) == (4, 4, 1, 4.0)
    counted = {name: {row.item: row.counts.received for row in getattr(found, name)} for name in COMPLAINTS}
    assert counted == {
        "kinds": {"fraud": 2, "marketing": 2},
        "industries": {"loans": 2, "insurance": 1, "other": 1},
        "companies": {COMPANY: 2, "": 2},
        "ranges": {"mobile": 3, "95": 1},
        "holders": {"中国移动": 3, "": 1},
        "regions": {"CN": 4},
        "sites": {"": 4},
        "sources": {"form": 4},
    }


def test_whose_calls_they_are_is_told_by_registers_then_by_complaints(database: Database) -> None:
    plant(database)
    plant_complaints(database)
    contract = {"contract": "k1", "customer": "某教育公司", "access_party": "某接入商", "probe": "p", "trunk": "t", "industry": "education"}
    enter(
        database,
        [
            ("resource", MONDAY_MS, 0, {"range": "4008123450-4008123459", "holder": "某保险公司", "uses": "inbound"}),
            ("contract", MONDAY_MS, 0, contract),
            ("range", MONDAY_MS, 0, {"range": "010 62340000", "contract": "k1"}),
            ("range", MONDAY_MS + 30 * DAY_MS, 0, {"range": COURIER, "contract": "k1"}),
        ],
    )
    found = report(database)
    assert by_item(found.industries) == {"loans": (4, 4, 2, 0), "education": (1, 0, 0, 0), "": (5, 2, 1, 0)}
    holders = by_item(found.holders)
    assert (holders["某保险公司"], holders["某教育公司"], holders[EVIL]) == ((1, 1, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0))


def test_a_process_of_its_own_counts_the_same(database: Database, tmp_path: Path) -> None:
    plant(database)
    apart = gather_apart(tmp_path, database, WEEK, ZONE, "a hospital")
    assert apart == replace(report(database), made_ms=apart.made_ms)
    if not database.is_sqlite:
        with pytest.raises(UserError, match="key"):
            gather_apart(tmp_path / "without keys", database, WEEK, ZONE, "a hospital")


def test_an_upheld_appeal_makes_stopped_calls_wrong_in_earlier_spans_too(database: Database) -> None:
    plant(database)
    appeal = appeals.receive(database, "+86" + CARD, appeals.About.STOPPED, "a school")
    assert report(database).total.counts.wrongly_stopped == 0
    appeals.decide(database, appeal, appeals.State.UPHELD, "li.wei", "a school indeed")
    found = report(database)
    assert (found.total.counts.wrongly_stopped, found.before[-1].counts) == (2, Counts(2, 1, 1, 1))
    now = around(Every.WEEKLY, date.today())
    assert report(database, now).appeals.upheld == 1


@pytest.mark.parametrize(
    ("shown", "kind", "country", "found"),
    [
        ("13812345678", "mobile", "CN", ("mobile", "1381234****")),
        ("+8613812345678", "mobile", "CN", ("mobile", "1381234****")),
        ("008613812345678", "mobile", "CN", ("mobile", "1381234****")),
        ("8613812345678", "mobile", "CN", ("mobile", "1381234****")),
        ("013812345678", "mobile", "CN", ("mobile", "1381234****")),
        ("+861062345601", "landline", "CN", ("landline", "0106234****")),
        ("01062345601", "landline", "CN", ("landline", "0106234****")),
        ("86234560", "landline", "CN", ("landline", "8623****")),
        ("95588", "service", "CN", ("95", "95588")),
        ("9558812345", "service", "CN", ("95", "95588")),
        ("95013812345678", "call-centre", "CN", ("95", "95013")),
        ("96110", "service", "CN", ("96", "96110")),
        ("12306", "service", "CN", ("service", "12306")),
        ("4008123456", "shared-cost", "CN", ("400", "400812****")),
        ("8008123456", "toll-free", "CN", ("800", "800812****")),
        ("+14155550100", "mobile", "US", ("international", "+1415555****")),
        ("", "mobile", "CN", ("mobile", "")),
        ("sip:x", "unknown", "", ("unknown", "sip:x")),
    ],
)
def test_ranges(shown: str, kind: str, country: str, found: tuple[str, str]) -> None:
    assert range_of(shown, kind, country) == found


def test_periods() -> None:
    assert (WEEK.first, WEEK.end) == (date(2026, 3, 2), date(2026, 3, 9))
    assert before(named(Every.WEEKLY, "2026-W01")).name == "2025-W52"
    assert before(named(Every.MONTHLY, "2026-01")).name == "2025-12"
    february = named(Every.MONTHLY, "2024-02")
    assert (len(days(february)), february.end) == (29, date(2024, 3, 1))
    assert last_over(Every.WEEKLY, MONDAY_MS - 1, ZONE).name == "2026-W08"
    assert last_over(Every.WEEKLY, MONDAY_MS, ZONE).name == "2026-W09"
    assert (MONDAY_MS - midnight_ms(WEEK.first, zone_of("UTC"))) == -8 * HOUR_MS
    spring = named(Every.WEEKLY, "2026-W13").bounds_ms(zone_of("Europe/Berlin"))
    assert spring[1] - spring[0] == 7 * DAY_MS - HOUR_MS


@pytest.mark.parametrize("name", ["2026-W54", "2026-W00", "2026-10", "W10", "2026-w10", "0000-W01", "２０２６-W10", ""])
def test_no_such_week(name: str) -> None:
    with pytest.raises(UserError, match="like 2026-W09"):
        named(Every.WEEKLY, name)
    for zone in ("Middle/Earth", "../etc/passwd", ""):
        with pytest.raises(UserError, match="no time zone"):
            zone_of(zone)


def test_share_of_few_is_told_with_its_bounds() -> None:
    assert [round(bound, 3) for bound in wilson(9, 10)] == [0.596, 0.982]
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0


@pytest.mark.parametrize("database", [pytest.param(None, id="sqlite")])
def test_forms_hold_the_figures_and_nothing_runs(database: None, tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as opened:
        plant(opened)
        plant_complaints(opened)
        found = forms.masked(report(opened))
    for code, words in (
        ("zh", ("骚扰电话盘点周报 2026-W10", "猫池", "误拦", 'lang="zh-Hans"')),
        ("en", ("Weekly report", "SIM bank", 'lang="en"')),
    ):
        page = forms.as_page(found, by_code(code))
        assert all(word in page for word in words)
        assert "138****0001" in page
        assert "<script" not in page.lower()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        table = forms.as_csv(found, by_code(code))
        for text in (page, table, forms.as_json(found)):
            assert CARD not in text
            assert COURIER not in text
    assert table.startswith("\ufeffsection,")
    rows = {(row["section"], row["item"], row["measure"]): row["value"] for row in csv.DictReader(io.StringIO(table[1:]))}
    assert rows["period", "2026-W10", "nuisance"] == "6"
    assert rows["blocks", "1381234****", "stopped"] == "2"
    assert rows["complaints.industries", "loans", "overdue"] == "1"
    assert rows["complaints.steps", "2026-W10", "answered"] == "1"
    assert json.loads(forms.as_json(found))["total"]["counts"]["calls"] == 10


def test_columns_are_piled_to_their_heights() -> None:
    drawn = columns([{"x": 30, "y": 10}, {}], ["x", "y"], 'a "title"', ["a<", "b"])
    assert drawn.count("<rect") == 2
    assert 'height="105.00"' in drawn
    assert 'height="35.00"' in drawn
    assert "a &quot;title&quot;" in drawn
    assert "a&lt;" in drawn


def test_command_writes_three_files_and_whole_numbers_for_a_reason_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_database(tmp_path / "data")) as database:
        plant(database)
    words = ["host", "report", "weekly", "--period", "2026-W10", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]
    assert main(words) == 0
    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in paths] == ["weekly-2026-W10.zh.html", "weekly-2026-W10.zh.csv", "weekly-2026-W10.json"]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert CARD not in "".join(path.read_text(encoding="utf-8") for path in paths)
    assert main([*words, "--unmask-as", "seer", "--unmask-reason", "for the police"]) == 2
    assert "may not see whole numbers" in capsys.readouterr().err


def test_what_is_due_is_written_once_and_masked(tmp_path: Path) -> None:
    schedule = Schedule(tmp_path / "out", by_code("zh"), ZONE)
    with closing(open_database(tmp_path / "data")) as database:
        with closing(open_store(database)) as store:
            last_ms = last_over(Every.WEEKLY, time.time_ns() // 1_000_000 - LATE_MS, ZONE).bounds_ms(ZONE)[0]
            bank = {"calling": CARD, "label": "simbank", "action": "block"}
            assert not store.add([Batch(*read(1, [call(1, last_ms + HOUR_MS, **bank)]))], last_ms + HOUR_MS)[0].error
        write_due(tmp_path / "data", database, schedule, "a hospital")
        texts = {path.name: path.read_text(encoding="utf-8") for path in schedule.folder.iterdir()}
        assert len(texts) == 6 and not any(CARD in text for text in texts.values())
        weekly = next(json.loads(text) for name, text in texts.items() if name.startswith("weekly") and name.endswith(".json"))
        assert (weekly["total"]["counts"]["nuisance"], weekly["callers"][0]["number"]) == (1, "138****0001")
        assert not due(schedule.folder, time.time_ns() // 1_000_000, ZONE, "zh")


def test_a_report_is_due_once_late_calls_have_come_and_until_it_is_there(tmp_path: Path) -> None:
    after_ms = MONDAY_MS + 7 * DAY_MS
    assert [period.name for period in due(tmp_path, after_ms + LATE_MS - 1, ZONE, "zh")] == ["2026-W09", "2026-02"]
    assert [period.name for period in due(tmp_path, after_ms + LATE_MS, ZONE, "zh")] == ["2026-W10", "2026-02"]
    (tmp_path / "weekly-2026-W10.json").touch()
    assert [period.name for period in due(tmp_path, after_ms + LATE_MS, ZONE, "zh")] == ["2026-02"]
