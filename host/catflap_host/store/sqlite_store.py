"""Alerts on SQLite: one connection, appended records, calls and alarms changed in place; a commit is on disk when it returns."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence

from catflap_host.ingest.epochs import Standing
from catflap_host.store.columns import DECISION, ENDING, KEY, decision_values, ending_values, joined_members
from catflap_host.store.database import Database, connect_file, file_path
from catflap_host.store.group import MAX_LOST, AlarmChange, AlarmKey, Batch, BootKey, CallKey, Group, Stored, boot_rows, gather, texts
from catflap_host.store.parties import KnownParties, day_of, seal_text


def _marks(columns: tuple[str, ...]) -> str:
    return ", ".join("?" * len(columns))


def _set(columns: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = ?" for name in columns)


def _insert(columns: tuple[str, ...]) -> str:
    return f"INSERT INTO calls ({', '.join(columns)}) VALUES ({_marks(columns)}) ON CONFLICT DO NOTHING"  # noqa: S608 - our own names


_STANDING = """
SELECT coalesce((SELECT epoch FROM probes WHERE probe = ?), 0), (SELECT ack FROM boots WHERE probe = ? AND boot = ?)"""
_OPEN_EPOCH = "UPDATE probes SET epoch = ? WHERE probe = ?"
_FIND_CALL = "SELECT id, label, action FROM calls WHERE probe = ? AND boot = ? AND trunk = ? AND line = ? AND call = ?"
_INSERT_DECISION = _insert((*KEY, "received_ms", *DECISION))
_UPDATE_DECISION = f"UPDATE calls SET {_set(DECISION)} WHERE id = ?"  # noqa: S608 - our own names
_INSERT_ENDING = _insert((*KEY, "received_ms", "at_ms", *ENDING))
_UPDATE_ENDING = f"UPDATE calls SET {_set(ENDING)} WHERE id = ?"  # noqa: S608 - our own names
_INSERT_RECORD = "INSERT INTO records (probe, boot, seq, kind, received_ms, sealed, call_id, alarm_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_UPSERT_PARTY = """
INSERT INTO parties (pseudonym, sealed, last_day) VALUES (?, ?, ?)
ON CONFLICT (pseudonym) DO UPDATE SET last_day = max(last_day, excluded.last_day), sealed = coalesce(sealed, excluded.sealed)
RETURNING id"""
_UPSERT_ALARM = """
INSERT INTO alarms (probe, boot, trunk, alarm, raised_ms, at_ms, received_ms, kind, members, score, reasons)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (probe, boot, trunk, alarm) DO UPDATE SET
    at_ms = excluded.at_ms, received_ms = excluded.received_ms, kind = excluded.kind, members = excluded.members,
    score = excluded.score, reasons = excluded.reasons
RETURNING id"""
_UPSERT_BOOT = """
INSERT INTO boots (probe, boot, ack, mono_ms, wall_ms, received_ms, waiting, release) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET ack = excluded.ack, mono_ms = excluded.mono_ms, wall_ms = excluded.wall_ms, received_ms = excluded.received_ms,
    waiting = excluded.waiting, release = excluded.release"""
_UPDATE_PROBE = "UPDATE probes SET last_batch_ms = ?, last_useful_ms = max(last_useful_ms, ?) WHERE probe = ?"
_COUNT_DROP = f"""
UPDATE probes SET dropped = min(dropped + ?, {MAX_LOST}), dropped_alerts = min(dropped_alerts + ?, {MAX_LOST}), last_drop_ms = ?
WHERE probe = ?"""  # noqa: S608 - a number of ours
_COUNT_RECORDS = "INSERT INTO record_counts (kind, shard, n) VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
_COUNT_CALLS = "INSERT INTO call_counts (label, action, shard, n) VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"


class SqliteStore:
    """The file's one writer of alerts."""

    def __init__(self, database: Database) -> None:
        self._vault = database.vault
        self._connection = connect_file(file_path(database))
        self._known = KnownParties()

    def add(self, batches: Sequence[Batch], received_ms: int) -> list[Stored]:
        """Store batches in one transaction that is on disk on return; raises sqlite3.Error, or OverflowError for too large a number."""
        day = day_of(received_ms)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            boots = {(batch.header.probe, batch.header.boot) for batch in batches}
            group, results = gather(batches, {boot: self._standing(boot) for boot in boots}, received_ms, self._vault)
            ids, met = self._meet(group, day)
            self._write(group, received_ms, ids)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        # not before the commit: what is rolled back has no row
        self._known.note(met, day)
        return results

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _standing(self, boot: BootKey) -> Standing:
        return Standing(*self._connection.execute(_STANDING, (boot[0], *boot)).fetchone())

    def _meet(self, group: Group, day: int) -> tuple[dict[str, int], dict[str, int]]:
        """The rows of all numbers and names, and of them those that were written just now."""
        ids, others = self._known.sort_out(texts(group), day)
        met = {}
        for text in others:
            pseudonym = self._vault.pseudonym(text)
            (met[text],) = self._connection.execute(_UPSERT_PARTY, (pseudonym, seal_text(self._vault, pseudonym, text), day)).fetchone()
        return ids | met, met

    def _write(self, group: Group, received_ms: int, ids: Mapping[str, int]) -> None:
        call_ids, counts = self._change_calls(group, received_ms, ids)
        alarm_ids = {key: self._change_alarm(key, change, received_ms, ids) for key, change in group.alarms.items()}
        records = [
            (
                row.probe,
                row.boot,
                row.seq,
                row.kind,
                received_ms,
                row.sealed,
                call_ids[row.call] if row.call else None,
                alarm_ids[row.alarm] if row.alarm else None,
            )
            for row in group.records
        ]
        execute_many = self._connection.executemany
        execute_many(_INSERT_RECORD, records)
        execute_many(_OPEN_EPOCH, [(epoch, probe) for probe, epoch in group.epochs.items()])
        execute_many(_UPDATE_PROBE, [(received_ms, received_ms if useful else 0, probe) for probe, useful in group.heard.items()])
        execute_many(_COUNT_DROP, [(drop.lost, drop.alerts, received_ms, probe) for probe, drop in group.drops.items()])
        boots = boot_rows(group, received_ms)
        execute_many(_UPSERT_BOOT, boots)
        execute_many(_COUNT_RECORDS, list(group.kinds.items()))
        execute_many(_COUNT_CALLS, [(*key, n) for key, n in counts.items() if n])

    def _change_calls(self, group: Group, received_ms: int, ids: Mapping[str, int]) -> tuple[dict[CallKey, int], Counter[tuple[str, str]]]:
        """The rows of the group's calls, and by how much the counts by label and action change."""
        execute = self._connection.execute
        rows: dict[CallKey, int] = {}
        counts: Counter[tuple[str, str]] = Counter()
        for key, columns in group.decisions.items():
            values = decision_values(columns, ids)
            inserted = execute(_INSERT_DECISION, (*key, received_ms, *values))
            if inserted.rowcount:
                rows[key] = _new_row(inserted)
            else:
                rows[key], label, action = execute(_FIND_CALL, key).fetchone()
                execute(_UPDATE_DECISION, (*values, rows[key]))
                counts[label, action] -= 1
            counts[str(columns["label"]), str(columns["action"])] += 1
        for key, columns in group.endings.items():
            values = ending_values(columns)
            row = rows.get(key)
            if row is None and (found := execute(_FIND_CALL, key).fetchone()):
                row = found[0]
            if row is None:
                # nobody else writes calls, so this is no conflict
                row = _new_row(execute(_INSERT_ENDING, (*key, received_ms, columns["at_ms"], *values)))
                counts["", ""] += 1
            else:
                execute(_UPDATE_ENDING, (*values, row))
            rows[key] = row
        return rows, counts

    def _change_alarm(self, key: AlarmKey, change: AlarmChange, received_ms: int, ids: Mapping[str, int]) -> int:
        before = self._connection.execute(
            "SELECT members FROM alarms WHERE probe = ? AND boot = ? AND trunk = ? AND alarm = ?", key
        ).fetchone()
        members = joined_members(before[0] if before else "", change.members, ids)
        columns = change.columns
        values = (*key, change.raised_ms, columns["at_ms"], received_ms, columns["kind"], members, columns["score"], columns["reasons"])
        (row,) = self._connection.execute(_UPSERT_ALARM, values).fetchone()
        return int(row)


def _new_row(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
