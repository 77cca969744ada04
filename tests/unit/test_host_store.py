"""What becomes of batches: one contract, held by the store on SQLite and by the one on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from catflap_host.ingest import envelope
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store import keys, projection, queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.enrolment import enrol
from catflap_host.store.group import Stored
from catflap_host.store.tables import audit, records
from catflap_host.store.unmask import UnmaskError, unmask
from catflap_host.store.vault import Vault
from catflap_host.store.writer import BusyError, Writer
from tests.probe_side import BOOT, alarm, alert, batch, end

KEY = bytes(32)


@pytest.fixture
def writer(database: Database, address: str, tmp_path: Path) -> Iterator[Writer]:
    enrol("demo-a", tmp_path, tmp_path / "key", address)
    writer = Writer(open_store(database), on_commit=lambda: None)
    writer.start()
    yield writer
    writer.close()


def read(first: int, records: list[object], covered: int | None = None, boot: str = BOOT) -> tuple[Header, list[Record]]:
    """A batch as the ingest hands it on."""
    found = envelope.split(batch(KEY, "demo-a", first, records, covered, boot))
    return found.header, envelope.read_records(found)


def send(writer: Writer, first: int, *records: object, covered: int | None = None, boot: str = BOOT) -> Stored:
    """Store a batch."""
    return writer.submit(*read(first, list(records), covered, boot)).result(timeout=10)


def sequence(database: Database) -> list[int]:
    """The sequence numbers stored, in order of storing."""
    with database.read() as connection:
        return list(connection.execute(select(records.c.seq).order_by(records.c.id)).scalars())


def test_nobody_hears_of_a_batch_before_its_commit(database: Database) -> None:
    heard: list[tuple[bool, int]] = []

    def on_commit() -> None:
        heard.append((waiting.done(), queries.last_change(database)))

    writer = Writer(open_store(database), on_commit)
    waiting = writer.submit(*read(1, [alert(1)]))
    writer.start()
    assert waiting.result(10) == Stored(1)
    writer.close()
    assert heard == [(False, 1)], "on disk, and not answered yet"


def test_repeated_and_overlapping_batches_are_stored_once(writer: Writer, database: Database) -> None:
    assert send(writer, 1, alert(1), alert(2), alert(3)) == Stored(3)
    assert send(writer, 1, alert(1), alert(2), alert(3)) == Stored(3)
    assert send(writer, 2, alert(2), alert(3), alert(4), end(1)) == Stored(5)
    assert send(writer, 1, alert(1)) == Stored(5), "an old batch takes nothing back"
    assert sequence(database) == [1, 2, 3, 4, 5]


def test_gap_is_not_taken(writer: Writer, database: Database) -> None:
    assert send(writer, 2, alert(2)) == Stored(0, "gap")
    assert send(writer, 1, alert(1)) == Stored(1)
    assert send(writer, 3, alert(3)) == Stored(1, "gap")
    assert sequence(database) == [1]


def test_each_boot_has_its_own_mark(writer: Writer, database: Database) -> None:
    send(writer, 1, alert(1), alert(2))
    assert send(writer, 1, alert(1), boot="0" * 16) == Stored(1)
    assert sequence(database) == [1, 2, 1]
    assert len(queries.calls(database, None, 10)) == 3


def test_empty_batch_asks_for_the_mark(writer: Writer, database: Database) -> None:
    send(writer, 1, alert(1))
    useful_ms = queries.probes(database)[0].last_useful_ms
    assert send(writer, 2) == Stored(1)
    (probe,) = queries.probes(database)
    assert (probe.ack, probe.last_useful_ms) == (1, useful_ms)
    assert probe.last_batch_ms >= useful_ms


def test_empty_batch_past_the_mark_is_told_the_mark_and_moves_nothing(writer: Writer) -> None:
    assert send(writer, 9) == Stored(0)
    assert send(writer, 1, alert(1)) == Stored(1)
    assert send(writer, 9) == Stored(1)
    assert send(writer, 2, alert(2)) == Stored(2)


def test_drop_covers_its_numbers_and_is_counted_once(writer: Writer, database: Database) -> None:
    send(writer, 1, alert(1), alert(2))
    lost = {"k": "drop", "n": 5, "alerts": 4, "why": "full"}
    # numbers 1 to 5 were replaced on the probe after 1 and 2 had been stored
    assert send(writer, 1, lost, end(9), covered=6) == Stored(6)
    assert send(writer, 1, lost, end(9), covered=6) == Stored(6)
    (probe,) = queries.probes(database)
    assert (probe.dropped, probe.dropped_alerts) == (3, 3)
    assert queries.summary(database).records["drop"] == 1


def test_sum_of_absurd_drops_stays_a_number(writer: Writer, database: Database) -> None:
    for boot in range(3):
        send(writer, 1, {"k": "drop", "n": 2**62, "alerts": 2**62}, covered=2**62, boot=f"{boot:016x}")
    assert queries.probes(database)[0].dropped == 2**53


def test_call_is_decided_again_and_ends_in_place(writer: Writer, database: Database) -> None:
    before = alert(1, k="call", calling="", number_kind="unknown", country="", holder="", label="legit", action="allow", score=100)
    send(writer, 1, before, alert(1, place="北京"), end(1, final_label="wangiri"))
    (call,) = queries.calls(database, None, 10)
    assert (call.number_kind, call.country, call.holder, call.place) == ("mobile", "CN", "中国移动", "北京")
    assert (call.calling, call.label, call.action, call.final_label, call.outcome) == (
        "13812345678",
        "simbank",
        "block",
        "wangiri",
        "stopped",
    )
    summary = queries.summary(database)
    assert (summary.labels, summary.actions) == ({"simbank": 1}, {"block": 1})
    assert {kind: n for kind, n in summary.records.items() if n} == {"call": 1, "alert": 1, "end": 1}


def test_end_without_its_decision_is_a_call(writer: Writer, database: Database) -> None:
    send(writer, 1, end(1))
    (call,) = queries.calls(database, None, 10)
    assert (call.label, call.final_label, call.ended_ms > 0) == ("", "simbank", True)


def test_alarm_gathers_its_members(writer: Writer, database: Database) -> None:
    send(writer, 1, alarm(["3", "1"]), alarm(["1", "2"], score=9_500), alarm(["9"], alarm="a2"))
    found = {alarm.alarm: alarm for alarm in queries.alarms(database, 10)}
    assert (found["a1"].members, found["a1"].score, found["a2"].members) == (["3", "1", "2"], 9_500, ["9"])


def test_unknown_kind_is_kept_and_loses_nothing(writer: Writer, database: Database) -> None:
    send(writer, 1, alert(1), {"k": "weather", "sun": True}, {"k": ["alert"]}, 7, alert(2))
    assert sequence(database) == [1, 2, 3, 4, 5]
    assert queries.summary(database).records["unknown"] == 3
    assert queries.originals(database, 1, 1)[0].body == '{"k": "weather", "sun": true}'


def test_filters_and_pages(writer: Writer, database: Database) -> None:
    send(writer, 1, *(alert(n, label="spoof" if n % 2 else "tdos", action="label" if n % 3 else "block") for n in range(1, 13)))
    assert [call.call for call in queries.calls(database, None, 3)] == [12, 11, 10]
    assert [call.call for call in queries.calls(database, 4, 3)] == [5, 6, 7]
    assert [call.call for call in queries.calls(database, 0, 99, label="spoof", action="block")] == [3, 9]
    assert queries.calls(database, None, 99, probe="demo-b") == []


def test_batch_that_cannot_be_stored_does_not_take_others_with_it(database: Database) -> None:
    writer = Writer(open_store(database), on_commit=lambda: None)
    poison = Header("demo-a", "f" * 16, 1, 2, 0, 2**63)  # an integer that no database can hold
    group = [writer.submit(*read(1, [alert(1)])), writer.submit(poison, [Record(1, 1, {}, "{}")]), writer.submit(*read(2, [alert(2)]))]
    writer.start()  # only now, so that the three share a transaction
    assert [group[0].result(10), group[2].result(10)] == [Stored(1), Stored(2)]
    with pytest.raises(BusyError):
        group[1].result(10)
    writer.close()


def test_full_queue_is_busy(database: Database) -> None:
    writer = Writer(open_store(database), on_commit=lambda: None, max_waiting=1)
    first = writer.submit(*read(1, [alert(1)]))
    with pytest.raises(BusyError):
        writer.submit(*read(2, [alert(2)]))
    writer.start()
    assert first.result(10) == Stored(1)
    writer.close()


def test_number_is_found_by_its_pseudonym_and_given_for_a_reason(writer: Writer, database: Database) -> None:
    send(writer, 1, alert(1), alert(2, calling="+8613900001111", name="13900001111", called="110"), alert(3))
    newest, other, first = queries.calls(database, None, 10)
    assert (other.calling, other.name, other.called) == ("+8613900001111", "13900001111", "110")
    assert newest.calling_id == first.calling_id != other.calling_id
    assert [call.call for call in queries.calls(database, None, 10, calling_id=first.calling_id)] == [3, 1]
    assert [call.call for call in queries.calls_of_numbers(database, ["13812345678"], 0, 2**62, 10)] == [3, 1]
    assert queries.calls_of_numbers(database, ["13812345679"], 0, 2**62, 10) == []
    assert unmask(database, first.calling_id, "operator", "the hospital asked who rang") == "13812345678"
    with database.read() as connection:
        (row,) = connection.execute(select(audit)).mappings()
    assert {name: row[name] for name in ("who", "what", "about", "reason")} == {
        "who": "operator",
        "what": "unmask",
        "about": first.calling_id,
        "reason": "the hospital asked who rang",
    }


@pytest.mark.parametrize("reason", ["", "   ", "x", "x" * 501])
def test_without_a_reason_no_number_is_given(reason: str, writer: Writer, database: Database) -> None:
    send(writer, 1, alert(1))
    (call,) = queries.calls(database, None, 10)
    with pytest.raises(UnmaskError, match="reason"):
        unmask(database, call.calling_id, "operator", reason)


def test_pseudonym_of_nobody_is_refused_and_noted(database: Database) -> None:
    with pytest.raises(UnmaskError, match="no number"):
        unmask(database, "1.AAAAAAAAAAAAAAAAAAAAAA", "operator", "curious")
    with database.read() as connection:
        assert connection.execute(select(audit.c.what)).scalars().all() == ["unmask-refused"]


def test_number_is_found_under_every_version_of_the_keys(database: Database, tmp_path: Path) -> None:
    for call in (1, 2):
        writer = Writer(open_store(database), on_commit=lambda: None)
        writer.start()
        send(writer, call, alert(call))
        writer.close()
        keys.rotate(tmp_path)
        database = Database(database.engine, Vault(keys.load(tmp_path)))
    first, second = queries.calls_of_numbers(database, ["13812345678"], 0, 2**62, 10)
    assert (first.call, second.call, first.calling_id[:2], second.calling_id[:2]) == (2, 1, "2.", "1.")
    assert unmask(database, second.calling_id, "operator", "an old one") == "13812345678"


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
    assert all(member.isprintable() and ";" not in member for member in projection.members(fields))
