"""What the API and the page ask of the database."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, func, select

from catflap_host.store import parties, triaged
from catflap_host.store.call_filter import CallFilter
from catflap_host.store.database import Database
from catflap_host.store.horizon import settled
from catflap_host.store.places import record_place
from catflap_host.store.projection import KINDS
from catflap_host.store.rows import NO_TRIAGE, Alarm, Call, Change, Original, Probe, Summary
from catflap_host.store.tables import alarms as alarm_rows
from catflap_host.store.tables import boots, call_counts, record_counts, records
from catflap_host.store.tables import calls as call_rows
from catflap_host.store.tables import probes as probe_rows

MODEL_DEPTH = 10_000


def calls(
    database: Database,
    after: int | None,
    limit: int,
    probe: str | None = None,
    label: str | None = None,
    action: str | None = None,
    calling_id: str | None = None,
) -> list[Call]:
    """Up to `limit` calls that fit all filters given: those past the id `after` in order, or without it the newest, newest first.

    `calling_id` is a calling number's pseudonym.
    """
    columns = call_rows.c
    query = select(call_rows).where(columns.id > (after or 0))
    # only the filters given are named, so that the index of each can serve
    for column, value in ((columns.probe, probe), (columns.label, label), (columns.action, action)):
        if value is not None:
            query = query.where(column == value)
    with database.read() as connection:
        if calling_id is not None:
            query = query.where(columns.calling_party == parties.id_of_pseudonym(connection, calling_id))
        query = query.order_by(columns.id if after is not None else columns.id.desc()).limit(limit)
        return _calls(connection, database, query)


def call(database: Database, call_id: int) -> Call | None:
    """One call, or None where there is none of that id."""
    with database.read() as connection:
        found = _calls(connection, database, select(call_rows).where(call_rows.c.id == call_id))
    return found[0] if found else None


def calls_before(database: Database, before: int | None, limit: int, wanted: CallFilter, depth: int) -> tuple[list[Call], int]:
    """Up to `limit` calls that are wanted, newest first, below the id `before` (None: from the newest), among `depth` ids at most.

    With them the id down to which was looked: there may be more below it; 1 where there are none.
    """
    columns = call_rows.c
    with database.read() as connection:
        if before is None:
            before = (connection.execute(select(func.max(columns.id))).scalar() or 0) + 1
        lowest = max(before - depth, 1)
        query = select(call_rows).where(columns.id < before, columns.id >= lowest, *wanted.conditions())
        found = _calls(connection, database, query.order_by(columns.id.desc()).limit(limit))
    return found, found[-1].id if len(found) == limit else lowest


def calls_between(database: Database, after: int, limit: int, since_ms: int, until_ms: int) -> list[Call]:
    """Up to `limit` calls past the id `after`, in order, that began in a time, `until_ms` not included."""
    columns = call_rows.c
    query = select(call_rows).where(columns.id > after, columns.at_ms >= since_ms, columns.at_ms < until_ms)
    with database.read() as connection:
        return _calls(connection, database, query.order_by(columns.id).limit(limit))


def calls_of_numbers(database: Database, shown: Sequence[str], since_ms: int, until_ms: int, limit: int) -> list[Call]:
    """Calls, newest first, that show one of these calling numbers, under whatever version of the keys it was stored, and began in a time.

    `until_ms` is not included; of more than `limit` calls the newest.
    """
    columns, found = call_rows.c, list[RowMapping]()
    with database.read() as connection:
        ids = parties.ids_of(connection, database.vault, shown)
        for at in range(0, len(ids), parties.MAX_ASKED):
            query = select(call_rows).where(columns.calling_party.in_(ids[at : at + parties.MAX_ASKED]))
            query = query.where(columns.at_ms >= since_ms, columns.at_ms < until_ms).order_by(columns.id.desc()).limit(limit)
            found += connection.execute(query).mappings()
        found.sort(key=lambda row: -row["id"])
        return _read_calls(connection, database, found[:limit])


def calls_of_numbers_near(database: Database, shown: Sequence[str], at_ms: int, since_ms: int, until_ms: int, limit: int) -> list[Call]:
    """Calls that show one of these calling numbers and began in a time, those nearest to the moment `at_ms` first."""
    columns = call_rows.c
    with database.read() as connection:
        ids = parties.ids_of(connection, database.vault, shown)
        if not ids:
            return []
        within = columns.calling_party.in_(ids), columns.at_ms >= since_ms, columns.at_ms < until_ms
        query = select(call_rows).where(*within).order_by(func.abs(columns.at_ms - at_ms), columns.id).limit(limit)
        return _calls(connection, database, query)


def selected_calls(database: Database, query: Select[Any]) -> list[Call]:
    """The calls of a query for all columns of `calls`, in its order."""
    with database.read() as connection:
        return _calls(connection, database, query)


def alarms(database: Database, limit: int) -> list[Alarm]:
    """Up to `limit` alarms, the last changed first."""
    return alarms_of(database, select(alarm_rows).order_by(alarm_rows.c.received_ms.desc(), alarm_rows.c.id.desc()).limit(limit))


def alarms_of(database: Database, query: Select[Any]) -> list[Alarm]:
    """The alarms whose rows, all columns of `alarms`, a query finds."""
    with database.read() as connection:
        return _alarms(connection, database, query)


def alarms_since(database: Database, since_ms: int) -> int:
    """How many alarms were raised or grew from then on."""
    with database.read() as connection:
        return connection.execute(select(func.count()).where(alarm_rows.c.received_ms >= since_ms)).scalar_one()


def probes(database: Database) -> list[Probe]:
    """All enrolled probes by name."""
    newest = func.row_number().over(partition_by=boots.c.probe, order_by=boots.c.received_ms.desc()).label("newest")
    last = select(boots, newest).subquery()
    columns = probe_rows.c
    query = (
        select(
            *(column for column in columns if column.name not in ("key", "epoch", "tokens", "tokens_ms")),
            func.coalesce(last.c.boot, "").label("boot"),
            func.coalesce(last.c.ack, 0).label("ack"),
            func.coalesce(last.c.wall_ms - last.c.received_ms, 0).label("clock_error_ms"),
            func.coalesce(last.c.waiting, -1).label("waiting"),
            func.coalesce(last.c.release, "").label("release"),
        )
        .outerjoin(last, (last.c.probe == columns.probe) & (last.c.newest == 1))
        .order_by(columns.probe)
    )
    with database.read() as connection:
        return [Probe(**row) for row in connection.execute(query).mappings()]


def models(database: Database) -> dict[str, str]:
    """The model of each probe's newest call, where that is among the newest MODEL_DEPTH calls of all."""
    columns = call_rows.c
    with database.read() as connection:
        newest = connection.execute(select(func.max(columns.id))).scalar() or 0
        lately = select(func.max(columns.id)).where(columns.id > newest - MODEL_DEPTH, columns.model != "").group_by(columns.probe)
        query = select(columns.probe, columns.model).where(columns.id.in_(lately))
        return {probe: model for probe, model in connection.execute(query)}


def summary(database: Database) -> Summary:
    """Counts of everything that ever came."""
    minute_ago_ms = time.time_ns() // 1_000_000 - 60_000
    with database.read() as connection:
        kinds = dict.fromkeys(KINDS, 0) | _counts(connection, record_counts, "kind")
        labels, actions = (_counts(connection, call_counts, column) for column in ("label", "action"))
        last_minute = select(func.count()).select_from(records).where(records.c.received_ms >= minute_ago_ms)
        return Summary(kinds, labels, actions, connection.execute(last_minute).scalar_one())


def changes(database: Database, after: int, limit: int) -> list[Change]:
    """Up to `limit` stored records past the id `after`, in order, each with the call or alarm it changed."""
    columns = records.c
    told = (columns.id, columns.kind, columns.probe, columns.boot, columns.seq, columns.received_ms, columns.call_id, columns.alarm_id)
    with database.read() as connection:
        query = select(*told).where(columns.id > after, columns.id <= settled(connection)).order_by(columns.id).limit(limit)
        rows = connection.execute(query).all()
        call_ids = {row.call_id for row in rows if row.call_id}
        alarm_ids = {row.alarm_id for row in rows if row.alarm_id}
        changed_calls = _calls(connection, database, select(call_rows).where(call_rows.c.id.in_(call_ids)))
        changed_alarms = _alarms(connection, database, select(alarm_rows).where(alarm_rows.c.id.in_(alarm_ids)))
    found_calls = {call.id: call for call in changed_calls}
    found_alarms = {alarm.id: alarm for alarm in changed_alarms}
    return [Change(*row[:6], found_calls.get(row.call_id), found_alarms.get(row.alarm_id)) for row in rows]


def originals(database: Database, after: int, limit: int) -> list[Original]:
    """Up to `limit` stored records past the id `after`, in order, as they came. Raises SealError."""
    columns = records.c
    told = (columns.id, columns.probe, columns.boot, columns.seq, columns.kind, columns.received_ms, columns.sealed)
    with database.read() as connection:
        query = select(*told).where(columns.id > after, columns.id <= settled(connection)).order_by(columns.id).limit(limit)
        rows = connection.execute(query).all()
    return [Original(*row[:6], database.vault.open(row.sealed, record_place(row.probe, row.boot, row.seq)).decode()) for row in rows]


def last_change(database: Database) -> int:
    """The id of the newest stored record, 0 when there is none."""
    with database.read() as connection:
        return settled(connection)


def _calls(connection: Connection, database: Database, query: Select[Any]) -> list[Call]:
    return _read_calls(connection, database, connection.execute(query).mappings().all())


def _read_calls(connection: Connection, database: Database, rows: Sequence[RowMapping]) -> list[Call]:
    met = parties.read(connection, database.vault, (party for row in rows for party in Call.parties(row)))
    return [Call.from_row(row, met) for row in rows]


def _alarms(connection: Connection, database: Database, query: Select[Any]) -> list[Alarm]:
    rows: Sequence[RowMapping] = connection.execute(query).mappings().all()
    met = parties.read(connection, database.vault, (party for row in rows for party in Alarm.parties(row)))
    triage = triaged.read(connection, [row["id"] for row in rows])
    return [Alarm.from_row(row, met, triage.get(row["id"], NO_TRIAGE)) for row in rows]


def _counts(connection: Connection, table: Table, column: str) -> dict[str, int]:
    """Counts by a column, over all workers."""
    total = func.sum(table.c.n)
    query = select(table.c[column], total).group_by(table.c[column]).having(total > 0)
    # PostgreSQL adds whole numbers up to a Decimal
    return {name: int(n) for name, n in connection.execute(query)}
