"""After a rotation: what the old keys have sealed comes under the new ones, nothing gets lost, and the old ones can be destroyed."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select

from catflap_host import every_table
from catflap_host.cli import main
from catflap_host.deliver import outbox
from catflap_host.deliver.tables import webhooks
from catflap_host.errors import UserError
from catflap_host.judged import appeals
from catflap_host.reputation import issuing, kept
from catflap_host.reputation.tables import listed, listed_place
from catflap_host.store import keys, queries, walk
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.group import Batch, UnreachableError
from catflap_host.store.parties import DAY_MS
from catflap_host.store.places import probe_place
from catflap_host.store.resealing import reseal
from catflap_host.store.retention import expire
from catflap_host.store.sealed import PARTY, RESEAL
from catflap_host.store.tables import audit, calls, parties, probes, records
from catflap_host.store.unmask import unmask
from catflap_host.store.vault import Vault
from catflap_host.triage.tables import allowed_numbers
from tests.known import known
from tests.probe_side import alarm, alert, end
from tests.unit.partnered import document, entry, taken
from tests.unit.test_host_stix import NOW_MS, group
from tests.unit.test_host_store import read

HOST = Path(every_table.__file__).parent
OLD, BOTH, MEMBER = "13800000001", "13800000002", "13800000003"
CALLED = "01062345601"
KEY = bytes(32)
HOOK = "http://127.0.0.1:1/"


def store(database: Database, first: int, *records: object) -> None:
    with closing(open_store(database)) as alerts:
        assert not alerts.add([Batch(*read(first, list(records)))], NOW_MS)[0].error


def fill(database: Database) -> str:
    """Something sealed of every kind, and a number that was seen; gives the webhook's secret."""
    with database.write() as connection:
        connection.execute(probes.insert().values(probe="demo-a", key=database.vault.seal(KEY, probe_place("demo-a")), enrolled_ms=1))
    store(database, 1, alert(1, calling=OLD, name="张三"), alert(2, calling=BOTH), alarm([BOTH, MEMBER]), end(1))
    unmask(database, queries.calls(database, 0, 1)[0].calling_id, "root", "to see it")
    taken(database, "bank-a", document(1, entry("+8613812345678")), for_probes=True)
    issuing.issue(database, [group(1, ["+8613812345678"])], "us", "bank-a", NOW_MS)
    appeals.receive(database, "+8613812345678", appeals.About.LISTED, "mine")
    return outbox.add_webhook(database, HOOK, allow_private=True)[1]


@contextmanager
def rotated(database: Database, folder: Path) -> Iterator[Database]:
    """The database as a program sees it that was started after a rotation."""
    keys.rotate(folder)
    with closing(open_database(folder, url_of(database))) as newer:
        store(newer, 5, alert(3, calling=BOTH), alarm([MEMBER, "13800000004"], alarm="later"))
        yield newer


def url_of(database: Database) -> str:
    url = database.engine.url
    return "" if database.is_sqlite else url.set(drivername="postgresql").render_as_string(hide_password=False)


def shown(database: Database) -> list[object]:
    """Everything that is read out of sealed columns, but for pseudonyms."""
    calls, alarms = queries.calls(database, 0, 99), queries.alarms(database, 99)
    return [
        [(call.calling, call.name, call.called) for call in calls],
        sorted(sorted(alarm.members) for alarm in alarms),
        queries.originals(database, 0, 99),
        known(database, "demo-a").key(database.vault),
        kept.for_probes(database, NOW_MS, 9),
        kept.opinions(database, "13812345678", NOW_MS),
        appeals.of_number(database, "13812345678"),
        listed_by_us(database),
    ]


def listed_by_us(database: Database) -> list[bytes]:
    with database.read() as connection:
        rows = connection.execute(select(listed)).all()
    return sorted(database.vault.open(row.sealed_number, listed_place(row.pseudonym)) for row in rows)


def newest_only(database: Database, folder: Path) -> Database:
    """The same without the old keys."""
    ring = keys.load(folder)
    return Database(database.engine, Vault({max(ring): ring[max(ring)]}))


def test_all_is_read_and_found_without_the_old_keys(database: Database, tmp_path: Path) -> None:
    fill(database)
    with rotated(database, tmp_path) as newer:
        before = shown(newer)
        with newer.write() as connection:
            both = connection.execute(select(calls.c.calling_party).where(calls.c.call.in_([2, 3])).order_by(calls.c.call)).scalars().all()
            for alarm_id, rows in ((1, both), (2, both[:1])):
                for row in rows:
                    connection.execute(allowed_numbers.insert().values(alarm_id=alarm_id, party=row, verdict_id=1))
        assert len({call.calling_id for call in queries.calls_of_numbers(newer, [BOTH], 0, 2**62, 9)}) == 2, (
            "found under both versions meanwhile"
        )
        outcome = reseal(newer)
        assert (outcome.unreadable, outcome.is_whole) == (0, True)
        only = newest_only(newer, tmp_path)
        assert shown(only) == before
        found = queries.calls_of_numbers(only, [BOTH], 0, 2**62, 9)
        assert [call.call for call in found] == [3, 2]
        assert len({call.calling_id for call in found}) == 1
        members = [dict(zip(alarm.members, alarm.member_ids, strict=True)) for alarm in queries.alarms(only, 9)]
        assert len({ids[MEMBER] for ids in members}) == 1
        with only.read() as connection:
            about = connection.execute(select(audit.c.about).where(audit.c.what == "unmask")).scalar_one()
            allowed = connection.execute(select(allowed_numbers.c.alarm_id, allowed_numbers.c.party)).all()
            assert sorted(allowed) == [(1, both[1]), (2, both[1])]
            texts = connection.execute(select(parties.c.pseudonym)).scalars().all()
        assert unmask(only, about, "auditor", "whose was it") == OLD
        assert len(texts) == len({OLD, BOTH, MEMBER, CALLED, "张三", "13800000004"})
        assert reseal(newer).resealed == 0, "there is nothing left to do"


def test_webhooks_secret_stays_the_receivers(database: Database, tmp_path: Path) -> None:
    secret = fill(database)
    with rotated(database, tmp_path) as newer:
        reseal(newer)
        only = newest_only(newer, tmp_path)
        with only.read() as connection:
            row = connection.execute(select(webhooks)).one()
        due = outbox.Due(1, row.id, row.url, row.sealed_secret, row.allow_private, "", b"", 0, 0)
        assert outbox.secret_of(only, due) == secret


def test_cut_short_it_goes_on_where_it_was(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "CHUNK_ROWS", 1)
    fill(database)
    with rotated(database, tmp_path) as newer:
        before = shown(newer)
        for steps in (1, 2, 4, 8, 16, 99):
            left = iter(range(steps))
            outcome = reseal(newer, is_stopped=lambda left=left: next(left, None) is None)  # type: ignore[misc]
            assert shown(newer) == before, steps
        assert outcome.is_whole
        assert shown(newest_only(newer, tmp_path)) == before


def test_number_whose_time_is_over_keeps_its_old_name(database: Database, tmp_path: Path) -> None:
    fill(database)
    expire(database, NOW_MS + 100 * DAY_MS)
    before = {call.calling_id for call in queries.calls(database, 0, 9)}
    keys.rotate(tmp_path)
    with closing(open_database(tmp_path, url_of(database))) as newer:
        reseal(newer)
        assert {call.calling_id for call in queries.calls(newest_only(newer, tmp_path), 0, 9)} == before


def test_old_keys_are_destroyed_and_nobody_writes_with_them_again(
    database: Database, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(database)
    before = shown(database)
    words = ["host", "rotate-keys", "--data", str(tmp_path), *(["--database", address] if address else [])]
    assert main([*words, "--retire"]) == 2
    assert "version 1 is the only one" in capsys.readouterr().err
    old_file = (tmp_path / keys.FILE_NAME).read_bytes()
    assert main(words) == 0
    database.close()
    assert main([*words, "--retire"]) == 0
    said = capsys.readouterr().out
    assert "rows brought under version 2; destroyed: 1\n" in said
    assert list(keys.load(tmp_path)) == [2]
    with closing(open_database(tmp_path, address)) as newer:
        assert shown(newer) == before
    (tmp_path / keys.FILE_NAME).write_bytes(old_file)
    with pytest.raises(UserError, match="version 2"):
        open_database(tmp_path, address)


def test_keys_are_not_destroyed_while_they_are_written_with(
    database: Database, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(database)
    words = ["host", "rotate-keys", "--data", str(tmp_path), *(["--database", address] if address else [])]
    assert main(words) == 0
    with closing(open_store(database)):
        assert main([*words, "--retire"]) == 2
    assert re.search("stop the aggregator first|a worker still writes with version 1", capsys.readouterr().err)
    assert list(keys.load(tmp_path)) == [1, 2]


def test_worker_that_missed_it_stores_nothing(database: Database, address: str, tmp_path: Path) -> None:
    if database.is_sqlite:
        pytest.skip("there the aggregator is stopped")
    fill(database)
    assert main(["host", "rotate-keys", "--data", str(tmp_path), "--database", address]) == 0
    assert main(["host", "rotate-keys", "--data", str(tmp_path), "--database", address, "--retire"]) == 0
    with pytest.raises(UnreachableError, match="version 1 of the keys was retired"):
        open_store(database)


def test_row_that_no_key_opens_keeps_the_old_keys(
    database: Database, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(database)
    with database.write() as connection:
        connection.execute(records.update().where(records.c.seq == 2).values(sealed=b"\0\1" + bytes(40)))
    words = ["host", "rotate-keys", "--data", str(tmp_path), *(["--database", address] if address else [])]
    assert main(words) == 0
    database.close()
    assert main([*words, "--retire"]) == 2
    assert "1 rows are sealed with keys that are not in the key file" in capsys.readouterr().err
    assert list(keys.load(tmp_path)) == [1, 2]


def test_every_module_with_tables_is_known() -> None:
    found = {
        "catflap_host." + ".".join(path.relative_to(HOST).with_suffix("").parts)
        for path in HOST.rglob("*.py")
        if re.search(r"^\w+ = Table\(", path.read_text(), re.MULTILINE)
    }
    assert found == set(every_table.MODULES)


def test_every_column_that_names_a_party_is_known_as_one() -> None:
    named = {(table.name, column.name) for table in every_table.every_table() for column in table.columns if "party" in column.name}
    known = {(table.name, column.name) for table in every_table.every_table() for column in table.columns if PARTY in column.info}
    assert named == known, "give it info={PARTY: True} of store/sealed.py"


def test_every_table_with_something_sealed_says_how_it_comes_under_new_keys() -> None:
    plain = {"outbox": {"body"}}  # masked already
    for table in every_table.every_table():
        sealed = {column.name for column in table.columns if isinstance(column.type, LargeBinary)} - plain.get(table.name, set())
        known = not sealed or RESEAL in table.info or table is parties
        assert known, f"{table.name}: give it info=sealed_in(...) of store/sealed.py, for {sealed}"
