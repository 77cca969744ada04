"""What becomes of batches in the database."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catflap_host.errors import UserError
from catflap_host.ingest import envelope
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store import database, projection, queries
from catflap_host.store.enrolment import enrol
from catflap_host.store.writer import BusyError, Stored, Writer
from tests.probe_side import BOOT, alarm, alert, batch, end

KEY = bytes(32)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    enrol("demo-a", tmp_path, tmp_path / "key")
    writer = Writer(tmp_path, on_commit=lambda: None)
    writer.start()
    yield writer
    writer.close()


@pytest.fixture
def reader(writer: Writer, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(database.open_for_reading(tmp_path)) as connection:
        yield connection


def read(first: int, records: list[object], covered: int | None = None, boot: str = BOOT) -> tuple[Header, list[Record]]:
    """A batch as the ingest hands it on."""
    found = envelope.split(batch(KEY, "demo-a", first, records, covered, boot))
    return found.header, envelope.read_records(found)


def send(writer: Writer, first: int, *records: object, covered: int | None = None, boot: str = BOOT) -> Stored:
    """Store a batch."""
    return writer.submit(*read(first, list(records), covered, boot)).result(timeout=10)


def sequence(reader: sqlite3.Connection) -> list[int]:
    """The sequence numbers stored, in order of storing."""
    return [seq for (seq,) in reader.execute("SELECT seq FROM records ORDER BY id")]


def test_commit_is_durable_and_private(writer: Writer, tmp_path: Path) -> None:
    send(writer, 1, alert(1))
    with closing(database.open_for_writing(tmp_path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
    files = list(tmp_path.glob(f"{database.FILE_NAME}*"))
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_nobody_hears_of_a_batch_before_its_commit(tmp_path: Path) -> None:
    heard: list[tuple[bool, int]] = []

    def on_commit() -> None:
        with closing(database.open_for_reading(tmp_path)) as connection:
            heard.append((waiting.done(), queries.last_change(connection)))

    writer = Writer(tmp_path, on_commit)
    waiting = writer.submit(*read(1, [alert(1)]))
    writer.start()
    assert waiting.result(10) == Stored(1)
    writer.close()
    assert heard == [(False, 1)], "on disk, and not answered yet"


def test_repeated_and_overlapping_batches_are_stored_once(writer: Writer, reader: sqlite3.Connection) -> None:
    assert send(writer, 1, alert(1), alert(2), alert(3)) == Stored(3)
    assert send(writer, 1, alert(1), alert(2), alert(3)) == Stored(3)
    assert send(writer, 2, alert(2), alert(3), alert(4), end(1)) == Stored(5)
    assert send(writer, 1, alert(1)) == Stored(5), "an old batch takes nothing back"
    assert sequence(reader) == [1, 2, 3, 4, 5]


def test_gap_is_not_taken(writer: Writer, reader: sqlite3.Connection) -> None:
    assert send(writer, 2, alert(2)) == Stored(0, "gap")
    assert send(writer, 1, alert(1)) == Stored(1)
    assert send(writer, 3, alert(3)) == Stored(1, "gap")
    assert sequence(reader) == [1]


def test_each_boot_has_its_own_mark(writer: Writer, reader: sqlite3.Connection) -> None:
    send(writer, 1, alert(1), alert(2))
    assert send(writer, 1, alert(1), boot="0" * 16) == Stored(1)
    assert sequence(reader) == [1, 2, 1]
    assert len(queries.calls(reader, None, 10)) == 3


def test_empty_batch_asks_for_the_mark(writer: Writer, reader: sqlite3.Connection) -> None:
    send(writer, 1, alert(1))
    useful_ms = queries.probes(reader)[0].last_useful_ms
    assert send(writer, 2) == Stored(1)
    (probe,) = queries.probes(reader)
    assert (probe.ack, probe.last_useful_ms) == (1, useful_ms)
    assert probe.last_batch_ms >= useful_ms


def test_drop_covers_its_numbers_and_is_counted_once(writer: Writer, reader: sqlite3.Connection) -> None:
    send(writer, 1, alert(1), alert(2))
    lost = {"k": "drop", "n": 5, "alerts": 4, "why": "full"}
    # numbers 1 to 5 were replaced on the probe after 1 and 2 had been stored
    assert send(writer, 1, lost, end(9), covered=6) == Stored(6)
    assert send(writer, 1, lost, end(9), covered=6) == Stored(6)
    (probe,) = queries.probes(reader)
    assert (probe.dropped, probe.dropped_alerts) == (3, 3)
    assert queries.summary(reader).records["drop"] == 1


def test_sum_of_absurd_drops_stays_a_number(writer: Writer, reader: sqlite3.Connection) -> None:
    for boot in range(3):
        send(writer, 1, {"k": "drop", "n": 2**62, "alerts": 2**62}, covered=2**62, boot=f"{boot:016x}")
    assert queries.probes(reader)[0].dropped == 2**53


def test_call_is_decided_again_and_ends_in_place(writer: Writer, reader: sqlite3.Connection) -> None:
    before = alert(1, k="call", calling="", number_kind="unknown", country="", holder="", label="legit", action="allow", score=100)
    send(writer, 1, before, alert(1, place="北京"), end(1, final_label="wangiri"))
    (call,) = queries.calls(reader, None, 10)
    assert (call.number_kind, call.country, call.holder, call.place) == ("mobile", "CN", "中国移动", "北京")
    assert (call.calling, call.label, call.action, call.final_label, call.outcome) == (
        "13812345678",
        "simbank",
        "block",
        "wangiri",
        "stopped",
    )
    summary = queries.summary(reader)
    assert (summary.labels, summary.actions) == ({"simbank": 1}, {"block": 1})
    assert {kind: n for kind, n in summary.records.items() if n} == {"call": 1, "alert": 1, "end": 1}


def test_end_without_its_decision_is_a_call(writer: Writer, reader: sqlite3.Connection) -> None:
    send(writer, 1, end(1))
    (call,) = queries.calls(reader, None, 10)
    assert (call.label, call.final_label, call.ended_ms > 0) == ("", "simbank", True)


def test_alarm_gathers_its_members(writer: Writer, reader: sqlite3.Connection) -> None:
    send(writer, 1, alarm(["3", "1"]), alarm(["1", "2"], score=9_500), alarm(["9"], alarm="a2"))
    found = {alarm.alarm: alarm for alarm in queries.alarms(reader, 10)}
    assert (found["a1"].members, found["a1"].score, found["a2"].members) == (["3", "1", "2"], 9_500, ["9"])


def test_unknown_kind_is_kept_and_loses_nothing(writer: Writer, reader: sqlite3.Connection) -> None:
    send(writer, 1, alert(1), {"k": "weather", "sun": True}, {"k": ["alert"]}, 7, alert(2))
    assert sequence(reader) == [1, 2, 3, 4, 5]
    assert queries.summary(reader).records["unknown"] == 3
    assert reader.execute("SELECT body FROM records WHERE seq = 2").fetchone()[0] == '{"k": "weather", "sun": true}'


def test_filters_and_pages(writer: Writer, reader: sqlite3.Connection) -> None:
    send(writer, 1, *(alert(n, label="spoof" if n % 2 else "tdos", action="label" if n % 3 else "block") for n in range(1, 13)))
    assert [call.call for call in queries.calls(reader, None, 3)] == [12, 11, 10]
    assert [call.call for call in queries.calls(reader, 4, 3)] == [5, 6, 7]
    assert [call.call for call in queries.calls(reader, 0, 99, label="spoof", action="block")] == [3, 9]
    assert queries.calls(reader, None, 99, probe="demo-b") == []


def test_batch_that_cannot_be_stored_does_not_take_others_with_it(tmp_path: Path) -> None:
    writer = Writer(tmp_path, on_commit=lambda: None)
    poison = Header("demo-a", "f" * 16, 1, 2, 0, 2**63)  # an integer that SQLite cannot hold
    group = [writer.submit(*read(1, [alert(1)])), writer.submit(poison, [Record(1, 1, {}, "{}")]), writer.submit(*read(2, [alert(2)]))]
    writer.start()  # only now, so that the three share a transaction
    assert [group[0].result(10), group[2].result(10)] == [Stored(1), Stored(2)]
    with pytest.raises(BusyError):
        group[1].result(10)
    writer.close()


def test_full_queue_is_busy(tmp_path: Path) -> None:
    writer = Writer(tmp_path, on_commit=lambda: None, max_waiting=1)
    first = writer.submit(*read(1, [alert(1)]))
    with pytest.raises(BusyError):
        writer.submit(*read(2, [alert(2)]))
    writer.start()
    assert first.result(10) == Stored(1)
    writer.close()


def test_enrolling_again_replaces_the_key_but_no_file(tmp_path: Path) -> None:
    enrol("demo-a", tmp_path, tmp_path / "first")
    assert stat.S_IMODE((tmp_path / "first").stat().st_mode) == 0o600
    with pytest.raises(UserError, match="there already"):
        enrol("demo-a", tmp_path, tmp_path / "first")
    with closing(database.open_for_reading(tmp_path)) as connection:
        before = queries.key(connection, "demo-a")
        assert before == bytes.fromhex((tmp_path / "first").read_text())
        enrol("demo-a", tmp_path, tmp_path / "second")
        after = queries.key(connection, "demo-a")
    assert after == bytes.fromhex((tmp_path / "second").read_text()) != before


@pytest.mark.parametrize("name", ["", "a b", "a" * 65, "a\n", "../a", "猫"])
def test_enrolling_an_odd_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no probe name"):
        enrol(name, tmp_path, tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_database_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    with closing(database.open_for_writing(tmp_path)) as connection:
        for column in ("number_kind", "country", "holder", "place"):
            connection.execute(f"ALTER TABLE calls DROP COLUMN {column}")
        connection.execute("ALTER TABLE probes DROP COLUMN epoch")
        connection.execute("INSERT INTO calls (probe, boot, trunk, line, call, at_ms, calling) VALUES ('p', 'b', 't', 'l', 1, 5, '110')")
        connection.execute("PRAGMA user_version = 1")
    for _ in range(2):
        with closing(database.open_for_writing(tmp_path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (database.SCHEMA_VERSION,)
    with closing(database.open_for_reading(tmp_path)) as connection:
        (call,) = queries.calls(connection, None, 10)
    assert (call.calling, call.number_kind, call.country, call.holder, call.place) == ("110", "", "", "", "")


def test_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    database.open_for_writing(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / database.FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="schema 99"):
        database.open_for_writing(tmp_path)


def test_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / database.FILE_NAME).write_text("Dear diary, today the phone rang again and again and again.\n" * 100)
    with pytest.raises(UserError, match=database.FILE_NAME):
        database.open_for_writing(tmp_path)


FIELDS = [*alert(1), *end(1), *alarm([]), "n"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
ODD = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(st.dictionaries(st.sampled_from(FIELDS), ODD))
def test_odd_fields_become_columns_that_sqlite_takes(fields: dict[str, object]) -> None:
    known = projection.decision_columns(fields) | projection.ending_columns(fields)
    for columns in (known, projection.call_key(fields) or {}, projection.alarm_columns(fields) or {}):
        for value in columns.values():
            assert isinstance(value, str) or -(2**63) <= value < 2**63
            assert isinstance(value, int) or (value.isprintable() and value.encode() is not None)
    assert projection.joined_members("", fields).isprintable()
