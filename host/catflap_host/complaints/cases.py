"""Complaints read back: lists by state, team and delay, one with its history, and what its complainer is shown for his code."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from catflap_host.complaints import details, tables
from catflap_host.complaints.filing import find_code
from catflap_host.complaints.handling import UnknownError
from catflap_host.complaints.terms import Finding, Kind, Match, Source, State, Way
from catflap_host.industries import Industry
from catflap_host.store.database import Database

PIECE = 500


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as the house sees it; times are Unix ms, 0 where unknown, `talk_s` -1. Whoever shows it masks its numbers first.

    `number_id` is the pseudonym of the number's international form; `complainer` and `origin` tell complainers, and the lines or networks
    they complained from, apart. `due_ms` is when the next step must be done.
    """

    id: int
    received_ms: int
    at_ms: int
    source: Source
    kind: Kind
    industry: Industry
    way: Way
    talk_s: int
    number: str
    number_id: str
    number_range: str
    number_kind: str
    country: str
    holder: str
    place: str
    company: str
    contact: str
    content: str
    answer: str
    complainer: int
    origin: str
    match: Match
    site: str
    call_id: int
    team: str
    state: State
    finding: Finding
    due_ms: int
    changed_ms: int


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a complaint's history."""

    at_ms: int
    who: str
    what: str
    state: State
    finding: Finding
    team: str
    note: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a complainer is shown: nothing of others, and of himself no more than he may have forgotten."""

    state: State
    finding: Finding
    received_ms: int
    changed_ms: int
    due_ms: int
    kind: Kind
    answer: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which complaints are wanted; empty and None fit any. `before_id`: those that came before that one."""

    state: State | None = None
    kind: Kind | None = None
    source: Source | None = None
    team: str | None = None
    number_id: str = ""
    call_id: int = 0
    overdue_at_ms: int = 0
    since_ms: int = 0
    until_ms: int = 0
    before_id: int = 0
    industry: Industry | None = None


def listed(database: Database, wanted: Filter, limit: int) -> list[Complaint]:
    """Up to `limit` complaints that fit, the newest first."""
    query = _fitting(select(tables.complaints), wanted).order_by(tables.complaints.c.id.desc()).limit(limit)
    with database.read() as connection:
        return [_complaint(database, row) for row in connection.execute(query).mappings()]


def chunks(database: Database, wanted: Filter) -> Iterator[list[Complaint]]:
    """All complaints that fit, the newest first, some hundreds at a time."""
    while found := listed(database, wanted, PIECE):
        yield found
        wanted = replace(wanted, before_id=found[-1].id)


def one(database: Database, complaint: int) -> Complaint:
    """A complaint by its id. Raises UnknownError."""
    with database.read() as connection:
        row = connection.execute(select(tables.complaints).where(tables.complaints.c.id == complaint)).mappings().first()
    if row is None:
        raise UnknownError(f"there is no complaint {complaint}")
    return _complaint(database, row)


def history(database: Database, complaint: int) -> list[Event]:
    """What was done about a complaint, in order."""
    columns = tables.history.c
    query = select(tables.history).where(columns.complaint == complaint).order_by(columns.id)
    with database.read() as connection:
        rows = connection.execute(query).all()
    return [
        Event(
            row.at_ms,
            row.who,
            row.what,
            State(row.state),
            Finding(row.finding),
            row.team,
            details.note_of(database.vault, complaint, row.sealed_note),
        )
        for row in rows
    ]


def feedback(database: Database, code: str) -> Feedback | None:
    """What the holder of a code is shown, None for a code that is none."""
    with database.read() as connection:
        found = find_code(connection, code)
    if found is None:
        return None
    case = one(database, found)
    finding = case.finding if case.state is State.ANSWERED else Finding.NONE
    return Feedback(case.state, finding, case.received_ms, case.changed_ms, case.due_ms, case.kind, case.answer)


def open_counts(connection: Connection, now_ms: int) -> tuple[dict[State, int], int]:
    """Complaints by state, and how many of them are late."""
    columns = tables.complaints.c
    counts = dict.fromkeys(State, 0)
    for state, count in connection.execute(select(columns.state, func.count()).group_by(columns.state)):
        counts[State(state)] = int(count)
    late = select(func.count()).where(columns.due_ms > 0, columns.due_ms < now_ms)
    return counts, int(connection.execute(late).scalar_one())


def _fitting(query: Select[Any], wanted: Filter) -> Select[Any]:
    columns = tables.complaints.c
    said = (
        (columns.state, wanted.state),
        (columns.kind, wanted.kind),
        (columns.source, wanted.source),
        (columns.industry, wanted.industry),
    )
    for column, value in said:
        if value is not None:
            query = query.where(column == str(value))
    if wanted.team is not None:
        query = query.where(columns.team == wanted.team)
    if wanted.number_id:
        query = query.where(columns.number_id == wanted.number_id)
    if wanted.call_id:
        query = query.where(columns.call_id == wanted.call_id)
    if wanted.overdue_at_ms:
        query = query.where(columns.due_ms > 0, columns.due_ms < wanted.overdue_at_ms)
    if wanted.since_ms:
        query = query.where(columns.received_ms >= wanted.since_ms)
    if wanted.until_ms:
        query = query.where(columns.received_ms < wanted.until_ms)
    return query.where(columns.id < wanted.before_id) if wanted.before_id else query


def _complaint(database: Database, row: RowMapping) -> Complaint:
    kept = details.opened(database.vault, row["code"], row["sealed"])
    written = {name: getattr(kept, name) for name in ("number", "company", "contact", "content", "answer")}
    words = {
        "source": Source(row["source"]),
        "kind": Kind(row["kind"]),
        "industry": Industry(row["industry"]),
        "way": Way(row["way"]),
        "match": Match(row["match"]),
        "state": State(row["state"]),
        "finding": Finding(row["finding"]),
    }
    stored = {field.name: row[field.name] for field in fields(Complaint) if field.name in row}
    return Complaint(**(stored | written | words))
