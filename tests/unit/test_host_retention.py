"""What is past its time is gone, and nothing else is."""

import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catflap_host.access import attempts, entering, users
from catflap_host.access.roles import Role
from catflap_host.cli import main
from catflap_host.correlate.views import GroupMember
from catflap_host.deliver import outbox
from catflap_host.deliver.tables import outbox as boxes
from catflap_host.errors import UserError
from catflap_host.every_table import every_table
from catflap_host.reputation import issuing, partners
from catflap_host.store import queries, retention
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.lasting import LASTS, Cleared, GoesWith, Kept, Rule, Stays
from catflap_host.store.parties import DAY_MS
from catflap_host.store.retention import DEFAULT_DAYS, expire, keep, kept
from catflap_host.store.tables import audit, parties
from catflap_host.store.unmask import UnmaskError, note, unmask
from tests.probe_side import alarm, alert
from tests.unit.partnered import document, entry, taken
from tests.unit.test_host_stix import group
from tests.unit.test_host_store import read

NOW_MS = 20_000 * DAY_MS
NOT_STAYING = {"sessions", "tokens", "codes", "attempts", "outbox", "reputation_entries", "reputation_forms"} | {
    "list_issues",
    "listed_numbers",
    "partner_spent",
}
OLD = "13800000000"
NEW = "13900000000"


def store_days_ago(database: Database, days: dict[int, str]) -> None:
    """An alert by that number and an alarm, so many days ago each."""
    with closing(open_store(database)) as store:
        for first, (ago, number) in enumerate(days.items()):
            batch = Batch(*read(2 * first + 1, [alert(first, calling=number), alarm([number], alarm=f"a{first}")]))
            store.add([batch], NOW_MS - ago * DAY_MS)


def test_each_kind_goes_in_its_own_time(database: Database) -> None:
    store_days_ago(database, {1_000: OLD, 500: OLD, 100: OLD, 40: OLD, 20: NEW})
    with database.write() as connection:
        note(connection, "operator", "unmask", "1.x", "an old reason")
        connection.execute(audit.update().values(at_ms=NOW_MS - 1_200 * DAY_MS))
        note(connection, "operator", "unmask", "1.y", "a new reason")
        connection.execute(audit.update().where(audit.c.about == "1.y").values(at_ms=NOW_MS))
    keep(database, {"numbers": 35}, "test")
    expire(database, NOW_MS)
    assert [record.seq for record in queries.originals(database, 0, 100)] == [9, 10]
    assert [call.call for call in queries.calls(database, 0, 100)] == [2, 3, 4]
    assert {alarm.alarm for alarm in queries.alarms(database, 100)} == {"a1", "a2", "a3", "a4"}
    calls = queries.calls(database, 0, 100)
    assert [call.calling for call in calls] == ["", "", NEW]
    assert calls[0].calling_id == calls[1].calling_id != "", "the pseudonym stays"
    with pytest.raises(UnmaskError, match="its time is over"):
        unmask(database, calls[0].calling_id, "operator", "too late")
    assert unmask(database, calls[2].calling_id, "operator", "in time") == NEW
    with database.read() as connection:
        assert set(connection.execute(select(audit.c.about).where(audit.c.reason.like("a % reason"))).scalars()) == {"1.y"}
    assert not any(expire(database, NOW_MS).values()), "nothing is left over"


def test_number_that_comes_back_is_kept_again_under_its_row(database: Database) -> None:
    store_days_ago(database, {300: OLD})
    expire(database, NOW_MS)
    with closing(open_store(database)) as store:
        store.add([Batch(*read(3, [alert(7, calling=OLD)]))], NOW_MS)
    first, second = queries.calls(database, 0, 10)
    assert (first.calling, second.calling, first.calling_id) == (OLD, OLD, second.calling_id)
    with database.read() as connection:
        numbers = {OLD, "01062345601"}
        assert connection.execute(select(func.count()).select_from(parties)).scalar_one() == len(numbers)


def test_newest_record_is_never_given_another_id(database: Database) -> None:
    store_days_ago(database, {300: OLD, 299: OLD})
    last = queries.last_change(database)
    expire(database, NOW_MS)
    with closing(open_store(database)) as store:
        store.add([Batch(*read(5, [alert(7)]))], NOW_MS)
    assert queries.last_change(database) > last
    assert [change.seq for change in queries.changes(database, last, 10)] == [5]


def test_deletion_stops_when_it_is_told_to_and_goes_on_the_next_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK_ROWS", 1)
    store_days_ago(database, {900: OLD, 899: OLD, 898: OLD})
    gone = expire(database, NOW_MS, lambda: len(queries.calls(database, 0, 9)) < 3)
    assert gone["calls"] == 1
    assert expire(database, NOW_MS)["calls"] == 2


def test_what_ends_by_itself_is_gone_too(database: Database) -> None:
    today_ms = time.time_ns() // 1_000_000
    store_days_ago(database, {900: OLD, 20: NEW})
    with database.write() as connection:
        users.add(connection, "ada", Role.VIEWER, False, None)
    entering.open_session(database, "ada")
    entering.issue_token(database, "ada", "", 30)
    entering.issue_code(database, "ada")
    attempts.take(database, "ada", "127.0.0.1")
    outbox.add_webhook(database, "http://127.0.0.1:1/", allow_private=True)
    with database.write() as connection:
        connection.execute(boxes.insert().values(webhook="x", message="m", body=b"", created_ms=today_ms, next_try_ms=0, tries=0, error=""))
    taken(database, "bank-a", document(1, entry("+8613812345678", expires_ms=today_ms + DAY_MS), expires_ms=today_ms + DAY_MS), today_ms)
    issuing.issue(database, [group(1, [], members=[GroupMember("+8613812345678", today_ms, today_ms, [])])], "us", "bank-a", today_ms)
    partners.spend(database, "bank-a", partners.LISTS, 1, 9, today_ms)
    tables = [table for table in every_table() if table.name in NOT_STAYING]

    def rows() -> dict[str, int]:
        with database.read() as connection:
            return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}

    before = rows()
    assert all(before.values())
    assert expire(database, today_ms - 20_000 * DAY_MS)["tokens"] == 0
    assert rows() == before, "nothing goes before its time"
    expire(database, NOW_MS)
    with database.read() as connection:
        days = connection.execute(select(parties.c.last_day)).scalars().all()
    assert min(days) > 20_000 - 30, "a pseudonym goes with the last call that shows it"
    assert [alarm.member_ids for alarm in queries.alarms(database, 9)][1:] == []
    expire(database, today_ms + 31 * DAY_MS)
    assert not any(rows().values())


def test_every_table_says_how_long_its_rows_last_and_the_readme_too() -> None:
    readme = (Path(__file__).parents[2] / "host/README.md").read_text()
    listed = readme[readme.index("## How long data is kept") :].split("\n## ")[0]
    for table in every_table():
        rule = table.info.get(LASTS)
        assert isinstance(rule, Rule), f"{table.name}: say how long its rows last, info=lasts(...) of store/lasting.py"
        assert f"`{table.name}`" in listed, f"{table.name}: host/README.md does not say how long its rows last"
        if isinstance(rule, Kept | GoesWith | Cleared):
            assert rule.kind in DEFAULT_DAYS, f"{table.name}: {rule.kind} is no kind of store/retention.py"
        if isinstance(rule, Stays):
            people = {"pseudonym", "members"} | {name for name in table.columns.keys() if name.startswith("sealed_number")}  # noqa: SIM118
            assert people.isdisjoint(table.columns.keys()), f"{table.name} holds numbers, which may not stay"
    for kind, days in DEFAULT_DAYS.items():
        assert f"| `{kind}` | {days} |" in listed, f"{kind}: host/README.md does not say {days} days"


def test_what_is_kept_is_stored_shown_and_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["host", "keep", "--data", str(tmp_path)]) == 0
    assert "numbers         90 days" in capsys.readouterr().out
    assert main(["host", "keep", "numbers=60", "calls=100", "--data", str(tmp_path)]) == 0
    assert "numbers         60 days" in capsys.readouterr().out
    for wrong, words in (("numbers", "KIND=DAYS"), ("numbers=0", "1 to"), ("faces=3", "no kind"), ("records=61", "hold numbers")):
        assert main(["host", "keep", wrong, "--data", str(tmp_path)]) == 2
        assert words in capsys.readouterr().err
    assert main(["host", "migrate", "--data", str(tmp_path)]) == 0


def test_days_are_the_usual_ones_until_changed(database: Database) -> None:
    assert kept(database) == DEFAULT_DAYS
    assert keep(database, {"audit": 5}, "test") == DEFAULT_DAYS | {"audit": 5} == kept(database)
    with pytest.raises(UserError, match="hold numbers"):
        keep(database, {"numbers": 10}, "test")
    with database.read() as connection:
        assert connection.execute(select(audit.c.about, audit.c.reason)).all() == [("audit", "5 days")]
