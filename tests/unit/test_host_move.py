"""From SQLite into PostgreSQL: everything arrives and the probes go on where they were, or nothing is moved."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.cli import main
from catflap_host.deliver import outbox
from catflap_host.errors import UserError
from catflap_host.ingest import cells
from catflap_host.reputation import kept
from catflap_host.store import alone, queries
from catflap_host.store import move as moving
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import FILE_NAME, MOVED_NAME, Database, open_database
from catflap_host.store.enrolled import enrolled
from catflap_host.store.enrolment import enrol
from catflap_host.store.group import Batch, Stored
from catflap_host.store.parties import DAY_MS
from catflap_host.store.unmask import unmask
from tests import postgres
from tests.probe_side import alarm, alert, end
from tests.unit.partnered import document, entry, taken
from tests.unit.test_host_stix import NOW_MS
from tests.unit.test_host_store import read

FIRST_MS = 20_000 * DAY_MS
LOST = {"k": "drop", "n": 2, "alerts": 2, "why": "full"}


@pytest.fixture
def address(postgres_server: str) -> Iterator[str]:
    with postgres.fresh_schema(postgres_server) as address:
        yield address


def store(database: Database, first: int, *records: object, days: int = 0, covered: int | None = None) -> Stored:
    """What becomes of a batch that comes so many days after the first."""
    with closing(open_store(database)) as alerts:
        return alerts.add([Batch(*read(first, list(records), covered))], FIRST_MS + days * DAY_MS)[0]


def fill(folder: Path) -> str:
    """A database with something of everything; gives an API token."""
    enrol("demo-a", folder, folder / "key")
    with closing(open_database(folder)) as database:
        store(database, 1, alert(1, name="张三"), alert(2, calling="+8613900001111"), end(1), alarm(["13700002222", "13600003333"]))
        store(database, 5, alert(3), days=2)
        with database.write() as connection:
            users.add(connection, "root", Role.ADMINISTRATOR, True, "a long pass phrase")
        outbox.add_webhook(database, "http://127.0.0.1:1/", allow_private=True)
        cells.add(database, "north", ["https://north:8750"])
        cells.assign(database, "demo-a", "north")
        taken(database, "bank-a", document(1, entry("+8613812345678")), for_probes=True)
        return entering.issue_token(database, "root", "", 30)


def key_of_demo_a(database: Database) -> bytes | None:
    found = enrolled(database, [("demo-a", "")]).get(("demo-a", ""))
    return found.key(database.vault) if found else None


def all_that_shows(database: Database) -> list[object]:
    """What the program reads out of a database."""
    return [
        *(queries.calls(database, 0, 100), queries.alarms(database, 100), queries.probes(database), queries.summary(database)),
        *(
            queries.originals(database, 0, 100),
            queries.changes(database, 0, 100),
            key_of_demo_a(database),
        ),
        *(users.listed(database), outbox.webhooks(database), cells.listed(database), kept.for_probes(database, NOW_MS, 9)),
    ]


def test_everything_arrives_and_the_probe_goes_on_where_it_was(tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    token = fill(tmp_path)
    with closing(open_database(tmp_path)) as database:
        before = all_that_shows(database)
    assert main(["host", "move", "--data", str(tmp_path), "--database", address]) == 0
    said = capsys.readouterr().out
    assert "records: 5 rows\n" in said
    assert "boots: 1 rows\n" in said
    assert "token" not in said.replace("tokens: 1 rows", "")
    with closing(open_database(tmp_path, address)) as database:
        assert all_that_shows(database) == before
        call = queries.calls(database, 0, 1)[0]
        assert unmask(database, call.calling_id, "root", "to see it") == call.calling != ""
        identity = entering.by_token(database, token)
        assert identity is not None and identity.may_unmask
        assert store(database, 7, alert(9), days=3) == Stored(5, "gap")
        assert store(database, 5, alert(3), alert(4), days=3) == Stored(6), "what was there already is known, ids go on behind those moved"
        assert [record.seq for record in queries.originals(database, 5, 9)] == [6]
        assert len(queries.calls(database, 0, 100)) == len(before[0]) + 1  # type: ignore[arg-type]
    assert main(["host", "run", "--data", str(tmp_path)]) == 2
    assert "was moved into PostgreSQL" in capsys.readouterr().err
    assert main(["host", "move", "--data", str(tmp_path), "--database", address]) == 2
    assert "was moved already" in capsys.readouterr().err


def test_move_cut_short_behind_its_commit_is_finished_by_the_next(tmp_path: Path, address: str) -> None:
    fill(tmp_path)
    moving.move(tmp_path, address, lambda _: None)
    (tmp_path / MOVED_NAME).rename(tmp_path / FILE_NAME)
    told: list[moving.Moved] = []
    moving.move(tmp_path, address, told.append)
    assert {moved.table: moved.rows for moved in told if moved.was_there} == {moved.table: moved.rows for moved in told if moved.rows}
    assert (tmp_path / MOVED_NAME).exists()


def test_other_data_is_neither_mixed_nor_replaced(tmp_path: Path, address: str) -> None:
    fill(tmp_path)
    with closing(open_database(tmp_path, address)) as database:
        store(database, 1, alert(77))
        there = all_that_shows(database)
        with pytest.raises(UserError, match="holds other data already"):
            moving.move(tmp_path, address, lambda _: None)
        assert all_that_shows(database) == there
    assert (tmp_path / FILE_NAME).exists()


def test_nothing_is_moved_where_a_row_does_not_arrive(tmp_path: Path, address: str) -> None:
    fill(tmp_path)
    with closing(open_database(tmp_path)) as database, database.write() as connection:
        connection.exec_driver_sql("UPDATE webhooks SET url = 'http://x/' || char(0)")  # a text that PostgreSQL cannot hold
    with pytest.raises(UserError, match="nothing was moved to postgresql"):
        moving.move(tmp_path, address, lambda _: None)
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    with closing(open_database(tmp_path)) as database:
        assert store(database, 6, alert(4)) == Stored(6), "the old one goes on"


def test_nothing_is_moved_while_the_aggregator_runs(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "BUSY_S", 0)
    fill(tmp_path)
    with closing(open_database(tmp_path)) as database:
        queries.summary(database)
        with pytest.raises(UserError, match="stop the aggregator first"):
            moving.move(tmp_path, address, lambda _: None)


def test_drop_told_again_under_a_number_that_is_taken_is_counted_and_left_out(tmp_path: Path, address: str) -> None:
    fill(tmp_path)
    with closing(open_database(tmp_path)) as database:
        store(database, 5, LOST, days=2, covered=2)
        probes = queries.probes(database)
    told: list[moving.Moved] = []
    moving.move(tmp_path, address, told.append)
    assert [(moved.rows, moved.repeated) for moved in told if moved.repeated] == [(5, 1)]
    with closing(open_database(tmp_path, address)) as database:
        assert queries.probes(database) == probes, "it is counted as lost all the same"


def test_folder_without_a_database_is_named(tmp_path: Path, address: str) -> None:
    with pytest.raises(UserError, match="to move"):
        moving.move(tmp_path, address, lambda _: None)
