"""What the API and the page ask of the database."""

import sqlite3
import time

from catflap_host.ingest.epochs import Standing
from catflap_host.store.projection import KINDS
from catflap_host.store.rows import Alarm, Call, Change, Probe, Summary

_PROBES = """
SELECT probe, enrolled_ms, last_batch_ms, last_useful_ms, dropped, dropped_alerts, last_drop_ms,
       coalesce(boot, '') AS boot, coalesce(ack, 0) AS ack, coalesce(wall_ms - received_ms, 0) AS clock_error_ms
FROM probes LEFT JOIN (SELECT probe AS of, boot, ack, wall_ms, max(received_ms) AS received_ms FROM boots GROUP BY probe) ON of = probe
ORDER BY probe"""

_STANDING = """
SELECT coalesce((SELECT epoch FROM probes WHERE probe = :probe), 0), (SELECT ack FROM boots WHERE probe = :probe AND boot = :boot)"""


def calls(
    connection: sqlite3.Connection,
    after: int | None,
    limit: int,
    probe: str | None = None,
    label: str | None = None,
    action: str | None = None,
) -> list[Call]:
    """Up to `limit` calls that fit all filters given: those past the id `after` in order, or without it the newest, newest first."""
    query = "SELECT * FROM calls WHERE id > :after"
    values = {"probe": probe, "label": label, "action": action}
    # only the filters given are named, so that the index of each can serve
    query += "".join(f" AND {column} = :{column}" for column, value in values.items() if value is not None)
    query += " ORDER BY id" if after is not None else " ORDER BY id DESC"
    rows = connection.execute(f"{query} LIMIT :limit", {**values, "after": after or 0, "limit": limit})
    return [Call.from_row(row) for row in rows]


def alarms(connection: sqlite3.Connection, limit: int) -> list[Alarm]:
    """Up to `limit` alarms, the last changed first."""
    rows = connection.execute("SELECT * FROM alarms ORDER BY received_ms DESC, id DESC LIMIT ?", (limit,))
    return [Alarm.from_row(row) for row in rows]


def probes(connection: sqlite3.Connection) -> list[Probe]:
    """All enrolled probes by name."""
    return [Probe(**row) for row in connection.execute(_PROBES)]


def summary(connection: sqlite3.Connection) -> Summary:
    """Counts of everything stored."""
    minute_ago_ms = time.time_ns() // 1_000_000 - 60_000
    records = dict.fromkeys(KINDS, 0) | _counts(connection, "SELECT kind, n FROM record_counts")
    labels = _counts(connection, "SELECT label, sum(n) FROM call_counts GROUP BY label HAVING sum(n) > 0")
    actions = _counts(connection, "SELECT action, sum(n) FROM call_counts GROUP BY action HAVING sum(n) > 0")
    (last_minute,) = connection.execute("SELECT count(*) FROM records WHERE received_ms >= ?", (minute_ago_ms,)).fetchone()
    return Summary(records, labels, actions, last_minute)


def changes(connection: sqlite3.Connection, after: int, limit: int) -> list[Change]:
    """Up to `limit` stored records past the id `after`, in order, each with the call or alarm it changed."""
    rows = connection.execute("SELECT * FROM records WHERE id > ? ORDER BY id LIMIT ?", (after, limit)).fetchall()
    return [_change(connection, row) for row in rows]


def last_change(connection: sqlite3.Connection) -> int:
    """The id of the newest stored record, 0 when there is none."""
    newest: int = connection.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()[0]
    return newest


def key(connection: sqlite3.Connection, probe: str) -> bytes | None:
    """The key of an enrolled probe, or None."""
    row: tuple[bytes] | None = connection.execute("SELECT key FROM probes WHERE probe = ?", (probe,)).fetchone()
    return row[0] if row else None


def standing(connection: sqlite3.Connection, probe: str, boot: str) -> Standing:
    """How much of a probe is known: its epoch, and up to which sequence number a boot of it is stored."""
    epoch, ack = connection.execute(_STANDING, {"probe": probe, "boot": boot}).fetchone()
    return Standing(epoch, ack)


def _change(connection: sqlite3.Connection, row: sqlite3.Row) -> Change:
    call = connection.execute("SELECT * FROM calls WHERE id = ?", (row["call_id"],)).fetchone()
    alarm = connection.execute("SELECT * FROM alarms WHERE id = ?", (row["alarm_id"],)).fetchone()
    return Change(
        row["id"],
        row["kind"],
        row["probe"],
        row["boot"],
        row["seq"],
        row["received_ms"],
        Call.from_row(call) if call else None,
        Alarm.from_row(alarm) if alarm else None,
    )


def _counts(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    return {name: n for name, n in connection.execute(query)}
