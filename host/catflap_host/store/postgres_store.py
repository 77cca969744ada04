"""Alerts on PostgreSQL, for any number of workers: rows are copied to staging tables, records go into daily partitions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import psycopg
from psycopg import Connection, Cursor

from catflap_host.ingest.bucket import filled, price
from catflap_host.ingest.epochs import Standing
from catflap_host.store import horizon, versions
from catflap_host.store import postgres_text as text
from catflap_host.store.columns import decision_values, ending_values, joined_members
from catflap_host.store.database import LINK, Database
from catflap_host.store.group import (
    AlarmChange,
    AlarmKey,
    Batch,
    BootKey,
    CallKey,
    Group,
    Stored,
    UnreachableError,
    boot_rows,
    gather,
    texts,
)
from catflap_host.store.parties import KnownParties, day_of, seal_text
from catflap_host.store.tables import RETIRED

Counts = Counter[tuple[str, str]]


class PostgresStore:
    """One worker's way to the database; a lost connection is made anew at the next call."""

    def __init__(self, database: Database) -> None:
        url = database.engine.url.set(drivername="postgresql")
        self._address = url.render_as_string(hide_password=False)
        self._vault = database.vault
        self._known = KnownParties()
        self._days: set[int] = set()
        self._connection: Connection | None = None
        self._shard = 0
        # from its start on, lest the keys that it writes with be retired before its first batch
        with suppress(psycopg.OperationalError):
            self._connect()

    def add(self, batches: Sequence[Batch], received_ms: int) -> list[Stored]:
        """Store batches in one transaction that is on disk on return. Raises UnreachableError, or psycopg.Error; then nothing is stored."""
        try:
            return self._add(self._connect(), batches, received_ms)
        except psycopg.OperationalError as error:
            if self._connection and not self._connection.broken:
                raise
            raise UnreachableError(str(error).strip()) from error

    def _add(self, connection: Connection, batches: Sequence[Batch], received_ms: int) -> list[Stored]:
        day = day_of(received_ms)
        self._lay_days(connection, day)
        with connection.transaction(), connection.cursor() as cursor:
            standings, tokens = self._standings(cursor, batches, received_ms)
            group, results = gather(batches, standings, received_ms, self._vault)
            ids, met = self._meet(cursor, group, day)
            self._write(cursor, group, received_ms, ids, tokens)
        # not before the commit: what is rolled back has no row
        self._known.note(met, day)
        return [replace(result, tokens=tokens.get(batch.header.probe)) for batch, result in zip(batches, results, strict=True)]

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()

    def _connect(self) -> Connection:
        if self._connection and not self._connection.broken and not self._connection.closed:
            return self._connection
        self.close()
        self._connection = None
        connection = psycopg.connect(self._address, autocommit=True, **LINK)
        for statement in (*text.SETTINGS, *text.STAGING):
            connection.execute(statement)
        connection.execute(versions.HOLD, (self._vault.version,))
        if connection.execute(versions.IS_RETIRED, (self._vault.version, RETIRED)).fetchone() == (True,):
            connection.close()
            raise UnreachableError(f"version {self._vault.version} of the keys was retired; restart this worker with today's key file")
        self._shard = connection.info.backend_pid % text.SHARDS
        self._connection = connection
        return connection

    def _lay_days(self, connection: Connection, day: int) -> None:
        """Have partitions for that day and the next."""
        if day in self._days:
            return
        with connection.transaction():
            # two workers that lay the same day at once would be in each other's way
            connection.execute(text.LAYING_LOCK)
            for laid in (day, day + 1):
                connection.execute(text.partition(laid))
        self._days.add(day)

    def _standings(self, cursor: Cursor, batches: Sequence[Batch], received_ms: int) -> tuple[dict[BootKey, Standing], dict[str, int]]:
        """What is stored of the batches' boots, and what their probes' buckets hold behind them; the probes are this transaction's."""
        boots = sorted({(batch.header.probe, batch.header.boot) for batch in batches})
        names = [probe for probe, _ in boots]
        cursor.execute(text.LOCK_PROBES, (names,))
        epochs, tokens = {}, {}
        for probe, epoch, held, held_ms in cursor.fetchall():
            taken = sum(price(len(batch.records)) for batch in batches if batch.header.probe == probe)
            epochs[probe], tokens[probe] = epoch, int(filled(held, (received_ms - held_ms) / 1000)) - taken
        cursor.execute(text.ACKS, (names, [boot for _, boot in boots]))
        acks = {(probe, boot): ack for probe, boot, ack in cursor.fetchall()}
        return {boot: Standing(epochs.get(boot[0], 0), acks.get(boot)) for boot in boots}, tokens

    def _meet(self, cursor: Cursor, group: Group, day: int) -> tuple[dict[str, int], dict[str, int]]:
        """The rows of all numbers and names, and of them those that were written just now."""
        ids, others = self._known.sort_out(texts(group), day)
        if not others:
            return ids, {}
        by_pseudonym = {self._vault.pseudonym(other): other for other in others}
        # in one order everywhere, lest two workers wait for each other
        pseudonyms = sorted(by_pseudonym)
        sealed = [seal_text(self._vault, pseudonym, by_pseudonym[pseudonym]) for pseudonym in pseudonyms]
        found = cursor.execute(text.UPSERT_PARTIES, (day, pseudonyms, sealed)).fetchall()
        met = {by_pseudonym[pseudonym]: row for pseudonym, row in found}
        return ids | met, met

    def _write(self, cursor: Cursor, group: Group, received_ms: int, ids: Mapping[str, int], tokens: Mapping[str, int]) -> None:
        counts: Counts = Counter()
        rows = self._decide(cursor, group, received_ms, ids, counts)
        rows |= self._end(cursor, group, received_ms, counts)
        alarms = {key: _change_alarm(cursor, key, change, received_ms, ids) for key, change in group.alarms.items()}
        self._add_records(cursor, group, received_ms, rows, alarms)
        many = cursor.executemany
        many(text.OPEN_EPOCH, [(epoch, probe) for probe, epoch in group.epochs.items()])
        told = {probe: (received_ms, received_ms if useful else 0) for probe, useful in group.heard.items()}
        many(text.UPDATE_PROBE, [(*moments, tokens.get(probe, 0), received_ms, probe) for probe, moments in told.items()])
        many(text.UPDATE_TOKENS, [(held, received_ms, probe) for probe, held in tokens.items() if probe not in group.heard])
        many(text.COUNT_DROP, [(drop.lost, drop.alerts, received_ms, probe) for probe, drop in group.drops.items()])
        boots = boot_rows(group, received_ms)
        many(text.UPSERT_BOOT, boots)
        many(text.COUNT_RECORDS, [(kind, self._shard, n) for kind, n in sorted(group.kinds.items())])
        many(text.COUNT_CALLS, [(*key, self._shard, n) for key, n in sorted(counts.items()) if n])

    def _decide(self, cursor: Cursor, group: Group, received_ms: int, ids: Mapping[str, int], counts: Counts) -> dict[CallKey, int]:
        rows = _drawn(cursor, group.decisions)
        if not rows:
            return {}
        with cursor.copy(text.COPY_DECISIONS) as copy:
            copy.set_types(text.DECISION_TYPES)
            for key, columns in group.decisions.items():
                copy.write_row((rows[key], *key, received_ms, *decision_values(columns, ids)))
        for columns in group.decisions.values():
            counts[str(columns["label"]), str(columns["action"])] += 1
        known = {}
        for staged, row, label, action in cursor.execute(text.FIND_DECIDED).fetchall():
            known[staged] = row
            counts[label, action] -= 1
        cursor.execute(text.UPSERT_DECISIONS)
        return {key: known.get(row, row) for key, row in rows.items()}

    def _end(self, cursor: Cursor, group: Group, received_ms: int, counts: Counts) -> dict[CallKey, int]:
        rows = _drawn(cursor, group.endings)
        if not rows:
            return {}
        with cursor.copy(text.COPY_ENDINGS) as copy:
            copy.set_types(text.ENDING_TYPES)
            for key, columns in group.endings.items():
                copy.write_row((rows[key], *key, received_ms, columns["at_ms"], *ending_values(columns)))
        cursor.execute(text.FIND_ENDED)
        known: dict[int, int] = dict(cursor.fetchall())
        counts["", ""] += len(rows) - len(known)
        cursor.execute(text.UPSERT_ENDINGS)
        return {key: known.get(row, row) for key, row in rows.items()}

    def _add_records(
        self, cursor: Cursor, group: Group, received_ms: int, calls: Mapping[CallKey, int], alarms: Mapping[AlarmKey, int]
    ) -> None:
        if not group.records:
            return
        day = day_of(received_ms)
        with cursor.copy(text.COPY_RECORDS) as copy:
            copy.set_types(text.RECORD_TYPES)
            for row in group.records:
                call = calls[row.call] if row.call else None
                alarm = alarms[row.alarm] if row.alarm else None
                copy.write_row((row.probe, row.boot, row.seq, row.kind, received_ms, row.sealed, call, alarm, day))
        cursor.execute(horizon.LOCK)
        cursor.execute(text.INSERT_RECORDS)


def _drawn(cursor: Cursor, keys: Mapping[CallKey, object]) -> dict[CallKey, int]:
    """An id for each call, should it be new."""
    if not keys:
        return {}
    drawn = cursor.execute(text.DRAW_CALLS, (len(keys),)).fetchall()
    return {key: row for key, (row,) in zip(keys, drawn, strict=True)}


def _change_alarm(cursor: Cursor, key: AlarmKey, change: AlarmChange, received_ms: int, ids: Mapping[str, int]) -> int:
    before = cursor.execute(text.FIND_MEMBERS, key).fetchone()
    members = joined_members(before[0] if before else "", change.members, ids)
    columns = change.columns
    values = (*key, change.raised_ms, columns["at_ms"], received_ms, columns["kind"], members, columns["score"], columns["reasons"])
    found = cursor.execute(text.UPSERT_ALARM, values).fetchone()
    assert found
    return int(found[0])
