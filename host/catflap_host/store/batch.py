"""A batch's records into the tables: each record as it came, and what it says of its call or its alarm."""

import sqlite3

from catflap_host.ingest.envelope import Header, Record
from catflap_host.store import projection

MAX_LOST = 2**53  # a faulty probe's sums stop here, before SQLite's integers overflow

_UPSERT_DECISION = """
INSERT INTO calls (probe, boot, trunk, line, call, at_ms, decided_ms, direction, calling, presentation, name,
                   number_kind, country, holder, place, called, channel, label, score, action, shadow, reasons, model)
VALUES (:probe, :boot, :trunk, :line, :call, :at_ms, :decided_ms, :direction, :calling, :presentation, :name,
        :number_kind, :country, :holder, :place, :called, :channel, :label, :score, :action, :shadow, :reasons, :model)
ON CONFLICT (probe, boot, trunk, line, call) DO UPDATE SET
    at_ms = excluded.at_ms, decided_ms = excluded.decided_ms, direction = excluded.direction, calling = excluded.calling,
    presentation = excluded.presentation, name = excluded.name, number_kind = excluded.number_kind, country = excluded.country,
    holder = excluded.holder, place = excluded.place, called = excluded.called, channel = excluded.channel,
    label = excluded.label, score = excluded.score, action = excluded.action, shadow = excluded.shadow,
    reasons = excluded.reasons, model = excluded.model
RETURNING id"""

_UPSERT_ENDING = """
INSERT INTO calls (probe, boot, trunk, line, call, at_ms, ended_ms, final_label, rings, ring_ms, answered_ms, outcome)
VALUES (:probe, :boot, :trunk, :line, :call, :at_ms, :ended_ms, :final_label, :rings, :ring_ms, :answered_ms, :outcome)
ON CONFLICT (probe, boot, trunk, line, call) DO UPDATE SET
    ended_ms = excluded.ended_ms, final_label = excluded.final_label, rings = excluded.rings, ring_ms = excluded.ring_ms,
    answered_ms = excluded.answered_ms, outcome = excluded.outcome
RETURNING id"""

_UPSERT_ALARM = """
INSERT INTO alarms (probe, boot, trunk, alarm, raised_ms, at_ms, received_ms, kind, members, score, reasons)
VALUES (:probe, :boot, :trunk, :alarm, :at_ms, :at_ms, :received_ms, :kind, :members, :score, :reasons)
ON CONFLICT (probe, boot, trunk, alarm) DO UPDATE SET
    at_ms = excluded.at_ms, received_ms = excluded.received_ms, kind = excluded.kind, members = excluded.members,
    score = excluded.score, reasons = excluded.reasons
RETURNING id"""

_INSERT_RECORD = "INSERT INTO records (probe, boot, seq, kind, received_ms, body, call_id, alarm_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

_UPSERT_BOOT = """
INSERT INTO boots (probe, boot, ack, mono_ms, wall_ms, received_ms) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET ack = excluded.ack, mono_ms = excluded.mono_ms, wall_ms = excluded.wall_ms, received_ms = excluded.received_ms"""


def add_batch(connection: sqlite3.Connection, header: Header, records: list[Record], ack: int, received_ms: int) -> None:
    """Add what is past `ack` of a contiguous batch, inside the caller's transaction; what is stored already is passed over."""
    new = [record for record in records if record.seq + record.count - 1 > ack]
    rows = [_record_row(connection, header, record, received_ms) for record in new]
    connection.executemany(_INSERT_RECORD, rows)
    for record in new:
        if projection.kind_of(record.fields) == "drop":
            _count_drop(connection, header.probe, record, ack, received_ms)
    useful_ms = received_ms if new else 0
    connection.execute(
        "UPDATE probes SET last_batch_ms = ?, last_useful_ms = max(last_useful_ms, ?) WHERE probe = ?",
        (received_ms, useful_ms, header.probe),
    )
    mark = max(ack, header.next_seq - 1)
    connection.execute(_UPSERT_BOOT, (header.probe, header.boot, mark, header.mono_ms, header.wall_ms, received_ms))


def set_epoch(connection: sqlite3.Connection, probe: str, epoch: int) -> None:
    """Open a probe's next epoch, inside the caller's transaction."""
    connection.execute("UPDATE probes SET epoch = ? WHERE probe = ?", (epoch, probe))


def _record_row(connection: sqlite3.Connection, header: Header, record: Record, received_ms: int) -> tuple[object, ...]:
    """The row of `records` for a record, after the call or alarm that it is about has been changed."""
    kind = projection.kind_of(record.fields)
    call_id = alarm_id = None
    if kind in ("alert", "call"):
        call_id = _change_call(connection, header, record.fields, _UPSERT_DECISION, projection.decision_columns(record.fields))
    elif kind == "end":
        call_id = _change_call(connection, header, record.fields, _UPSERT_ENDING, projection.ending_columns(record.fields))
    elif kind == "alarm":
        alarm_id = _change_alarm(connection, header, record.fields, received_ms)
    return header.probe, header.boot, record.seq, kind, received_ms, record.raw, call_id, alarm_id


def _change_call(
    connection: sqlite3.Connection, header: Header, fields: dict[str, object], upsert: str, columns: projection.Columns
) -> int | None:
    key = projection.call_key(fields)
    if key is None:
        return None
    return _row_id(connection, upsert, {"probe": header.probe, "boot": header.boot, **key, **columns})


def _change_alarm(connection: sqlite3.Connection, header: Header, fields: dict[str, object], received_ms: int) -> int | None:
    columns = projection.alarm_columns(fields)
    if columns is None:
        return None
    values = {"probe": header.probe, "boot": header.boot, "received_ms": received_ms, **columns}
    before = connection.execute(
        "SELECT members FROM alarms WHERE probe = :probe AND boot = :boot AND trunk = :trunk AND alarm = :alarm", values
    ).fetchone()
    values["members"] = projection.joined_members(before[0] if before else "", fields)
    return _row_id(connection, _UPSERT_ALARM, values)


def _row_id(connection: sqlite3.Connection, upsert: str, values: projection.Columns) -> int:
    row_id: int = connection.execute(upsert, values).fetchone()[0]
    return row_id


def _count_drop(connection: sqlite3.Connection, probe: str, drop: Record, ack: int, received_ms: int) -> None:
    # what was stored before the probe dropped it is not lost
    lost = min(drop.count, drop.seq + drop.count - 1 - ack)
    values = {"lost": lost, "alerts": projection.dropped_alerts(drop.fields, lost), "now": received_ms, "probe": probe, "most": MAX_LOST}
    connection.execute(
        "UPDATE probes SET dropped = min(dropped + :lost, :most), dropped_alerts = min(dropped_alerts + :alerts, :most), "
        "last_drop_ms = :now WHERE probe = :probe",
        values,
    )
