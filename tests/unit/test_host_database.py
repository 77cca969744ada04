"""The database file: private, durable, brought up to date; numbers are nowhere in it in the clear."""

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from catflap_host.cli import main
from catflap_host.errors import UserError
from catflap_host.every_table import every_table
from catflap_host.ingest.epochs import Standing
from catflap_host.store import database as files
from catflap_host.store import keys, queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, connect_file, open_database
from catflap_host.store.enrolment import enrol
from catflap_host.store.places import record_place
from catflap_host.store.tables import metadata, records
from catflap_host.store.unmask import unmask
from catflap_host.store.writer import Writer
from tests.known import known
from tests.probe_side import alarm, alert, end
from tests.unit.test_host_store import send

pytestmark = pytest.mark.usefixtures("in_full")

THIN_WHOLE = Path(__file__).with_name("thin_whole.sql")
"""What the program before numbers were sealed wrote, dumped."""
KEY = b"key of a probe, of 32 bytes ...."
NUMBERS = (b"13812345678", b"13900001111", b"13700002222", b"13600003333", b"0106234560", "张三".encode())


def write(data_dir: Path) -> None:
    """Alerts with numbers, names and members."""
    with closing(open_database(data_dir)) as database:
        writer = Writer(open_store(database), on_commit=lambda: None)
        writer.start()
        send(writer, 1, alert(1, name="张三"), alert(2, calling="+8613900001111"), end(1), alarm(["13700002222", "13600003333"]))
        writer.close()


def thin_whole(data_dir: Path, schema: int = 2) -> None:
    """A database as the thin whole left it."""
    with closing(sqlite3.connect(data_dir / files.FILE_NAME)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(THIN_WHOLE.read_text())
        if schema == 1:
            for column in ("number_kind", "country", "holder", "place"):
                connection.execute(f"ALTER TABLE calls DROP COLUMN {column}")
            connection.execute("PRAGMA user_version = 1")
        if schema == 3:
            connection.executescript("ALTER TABLE probes ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0; UPDATE probes SET epoch = 7;")
            connection.executescript("PRAGMA user_version = 3;")


def on_disk(data_dir: Path) -> bytes:
    """Every byte of the database and its journals."""
    return b"".join(path.read_bytes() for path in sorted(data_dir.glob(f"{files.FILE_NAME}*")))


def test_commit_is_durable_and_private(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as database:
        store = open_store(database)
        with closing(connect_file(files.file_path(database))) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
        paths = [*tmp_path.glob(f"{files.FILE_NAME}*"), tmp_path / keys.FILE_NAME]
        assert len(paths) == 4
        assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
        store.close()


def test_no_number_is_on_disk_in_the_clear(tmp_path: Path) -> None:
    write(tmp_path)
    found = on_disk(tmp_path)
    assert b"beijing-7" in found
    assert [number for number in NUMBERS if number in found] == []


def test_revisions_lay_the_tables_that_the_program_knows(tmp_path: Path) -> None:
    assert every_table()
    with closing(open_database(tmp_path)) as database, database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("schema", [1, 2, 3])
def test_database_of_the_thin_whole_is_brought_over_without_loss(schema: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    thin_whole(tmp_path, schema)
    with closing(sqlite3.connect(tmp_path / files.FILE_NAME)) as connection:
        connection.row_factory = sqlite3.Row
        with connection:
            connection.execute("UPDATE probes SET key = ?", (KEY,))
        before = {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]
            for table in ("probes", "boots", "records", "calls", "alarms", "record_counts")
        }
    for said in ("brought up to date", "already"):
        assert main(["host", "migrate", "--data", str(tmp_path)]) == 0
        assert said in capsys.readouterr().out
    with closing(open_database(tmp_path)) as database:
        assert_nothing_lost(database, before)
    found = on_disk(tmp_path)
    assert [secret for secret in (*NUMBERS, KEY) if secret in found] == []


def assert_nothing_lost(database: Database, before: dict[str, list[dict[str, object]]]) -> None:
    """Every row of the old tables is there, with its numbers behind the seals."""
    with database.read() as connection:
        stored = [dict(row) for row in connection.execute(select(records).order_by(records.c.id)).mappings()]
    for row in stored:
        row["body"] = database.vault.open(row.pop("sealed"), record_place(row["probe"], row["boot"], row["seq"])).decode()
    assert stored == before["records"]
    calls = {call.id: call for call in queries.calls(database, 0, 100)}
    assert len(calls) == len(before["calls"])
    for row in before["calls"]:
        call = calls[int(str(row["id"]))]
        shown = {name: getattr(call, name) for name in row if name not in ("calling", "called", "name", "reasons")}
        assert shown == {name: row[name] for name in shown}
        assert ";".join(call.reasons) == row["reasons"]
        assert opened(database, call.calling_id) == row["calling"]
        assert opened(database, call.called_id) == row["called"]
        assert call.received_ms == min(int(str(told["received_ms"])) for told in before["records"] if told["call_id"] == call.id)
    (gathered,) = queries.alarms(database, 10)
    assert ";".join(opened(database, member) for member in gathered.member_ids) == before["alarms"][0]["members"]
    (probe,) = queries.probes(database)
    assert (probe.ack, probe.dropped) == (before["boots"][0]["ack"], before["probes"][0]["dropped"])
    assert known(database, "demo-a", "0" * 16).standing == Standing(int(str(before["probes"][0].get("epoch", 0))), 1)
    assert known(database, "demo-a").key(database.vault) == before["probes"][0]["key"]
    counted = {str(row["kind"]): row["n"] for row in before["record_counts"]}
    # of the kinds that it did not know there is none
    assert {kind: count for kind, count in queries.summary(database).records.items() if count or kind in counted} == counted


def opened(database: Database, pseudonym: str) -> str:
    """The text behind a pseudonym, nothing for none."""
    return unmask(database, pseudonym, "test", "comparison") if pseudonym else ""


def test_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / files.FILE_NAME)) as connection:
        connection.executescript("DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('tomorrow')")
        connection.commit()
        with pytest.raises(UserError, match="newer program"):
            open_database(tmp_path)
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="schema 99"):
        open_database(tmp_path)


def test_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / files.FILE_NAME).write_text("Dear diary, today the phone rang again and again and again.\n" * 100)
    with pytest.raises(UserError, match=files.FILE_NAME):
        open_database(tmp_path)


def test_other_keys_are_refused_before_anything_is_sealed_with_them(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / keys.FILE_NAME).rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="sealed with other keys"):
        open_database(tmp_path)
    (tmp_path / "elsewhere").rename(tmp_path / keys.FILE_NAME)
    open_database(tmp_path).close()


SHORT_KEYS = '{"catflap_keys": 1, "versions": {"1": {"seal": "00", "pseudonym": "00"}}}'


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"catflap_keys": 1, "versions": {}}', SHORT_KEYS])
def test_key_file_that_holds_no_keys_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / keys.FILE_NAME).write_text(text)
    (tmp_path / keys.FILE_NAME).chmod(0o600)
    with pytest.raises(UserError, match="holds no keys"):
        open_database(tmp_path)


def test_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    (tmp_path / keys.FILE_NAME).chmod(0o640)
    with pytest.raises(UserError, match="chmod 600"):
        open_database(tmp_path)


def test_rotation_keeps_the_old_keys(tmp_path: Path) -> None:
    before = keys.load(tmp_path)
    assert main(["host", "rotate-keys", "--data", str(tmp_path)]) == 0
    after = keys.load(tmp_path)
    assert (sorted(after), after[1]) == ([1, 2], before[1])
    assert after[2] != before[1]
    text = (tmp_path / keys.FILE_NAME).read_text()
    assert json.loads(text)["versions"].keys() == {"1", "2"}
    assert [path.name for path in tmp_path.iterdir()] == [keys.FILE_NAME]


def test_enrolling_again_replaces_the_key_but_no_file(tmp_path: Path) -> None:
    enrol("demo-a", tmp_path, tmp_path / "first")
    assert stat.S_IMODE((tmp_path / "first").stat().st_mode) == 0o600
    with pytest.raises(UserError, match="there already"):
        enrol("demo-a", tmp_path, tmp_path / "first")
    with closing(open_database(tmp_path)) as database:
        before = known(database, "demo-a").key(database.vault)
        assert before == bytes.fromhex((tmp_path / "first").read_text())
        enrol("demo-a", tmp_path, tmp_path / "second")
        after = known(database, "demo-a").key(database.vault)
        assert before and after and before not in on_disk(tmp_path) and after not in on_disk(tmp_path)
    assert after == bytes.fromhex((tmp_path / "second").read_text()) != before


@pytest.mark.parametrize("name", ["", "a b", "a" * 65, "a\n", "../a", "猫"])
def test_enrolling_an_odd_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no probe name"):
        enrol(name, tmp_path, tmp_path / "key")
    assert not (tmp_path / "key").exists()
