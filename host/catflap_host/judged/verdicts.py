"""Operators' verdicts: whether an alarm, or a call's label, was true. The last word on a thing counts; earlier ones stay on record."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, Select, Table, func, select

from catflap_host.errors import UserError
from catflap_host.judged.tables import verdicts
from catflap_host.store.columns import split_members
from catflap_host.store.database import Database
from catflap_host.store.tables import alarms, calls

MAX_NOTE_CHARS = 500


class About(StrEnum):
    """What a verdict is about."""

    ALARM = "alarm"
    CALL = "call"


class Said(StrEnum):
    """What it says: a nuisance as the detector found it, or none."""

    TRUE = "true"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with who gave it, and why in his words; `subject` is the id of the alarm or call."""

    id: int
    about: About
    subject: int
    verdict: Said
    note: str
    who: str
    at_ms: int


_SUBJECTS: dict[About, Table] = {About.ALARM: alarms, About.CALL: calls}


def give(database: Database, about: About, subject: int, said: Said, note: str, who: str) -> Verdict:
    """Put a verdict on record. Raises UserError where there is no such alarm or call, or the note is too long."""
    if len(note) > MAX_NOTE_CHARS:
        raise UserError(f"the note has {len(note)} characters, at most {MAX_NOTE_CHARS} are kept; shorten it")
    table, at_ms = _SUBJECTS[about], time.time_ns() // 1_000_000
    with database.write() as connection:
        if connection.execute(select(table.c.id).where(table.c.id == subject)).scalar() is None:
            raise UserError(f"there is no {about} {subject}; it never was, or its time is over")
        row_id = put(connection, about, subject, said, note, who, at_ms)
    return Verdict(row_id, about, subject, said, note, who, at_ms)


def put(connection: Connection, about: About, subject: int, said: Said, note: str, who: str, at_ms: int) -> int:
    """Put a verdict on an alarm or call that is there on record, in the caller's transaction; its id."""
    values = {"about": about.value, "subject": subject, "verdict": said.value, "note": note, "who": who, "at_ms": at_ms}
    return int((connection.execute(verdicts.insert().values(values)).inserted_primary_key or (0,))[0])


def listed(database: Database, after: int, limit: int) -> list[Verdict]:
    """Up to `limit` verdicts past the id `after`, in order, those that a later one has replaced among them."""
    query = select(verdicts).where(verdicts.c.id > after).order_by(verdicts.c.id).limit(limit)
    with database.read() as connection:
        return [_read(row) for row in connection.execute(query).mappings()]


def last_ones(connection: Connection, about: About, subjects: Iterable[int] | Select[tuple[int]]) -> dict[int, Said]:
    """What counts for each of the alarms or calls that somebody has judged, by id."""
    newest = select(func.max(verdicts.c.id)).where(verdicts.c.about == about.value).group_by(verdicts.c.subject)
    wanted = subjects if isinstance(subjects, Select) else list(subjects)
    query = select(verdicts.c.subject, verdicts.c.verdict).where(verdicts.c.id.in_(newest), verdicts.c.subject.in_(wanted))
    return {subject: Said(said) for subject, said in connection.execute(query)}


def false_members(connection: Connection) -> set[int]:
    """The parties that are tied to alarms judged false, whose blocked calls were blocked wrongly."""
    judged = last_ones(connection, About.ALARM, select(alarms.c.id))
    wrong = [alarm for alarm, said in judged.items() if said is Said.FALSE]
    found: set[int] = set()
    for at in range(0, len(wrong), 500):
        query = select(alarms.c.members).where(alarms.c.id.in_(wrong[at : at + 500]))
        for joined in connection.execute(query).scalars():
            found.update(split_members(joined))
    return found


def _read(row: RowMapping) -> Verdict:
    return Verdict(**{**row, "about": About(row["about"]), "verdict": Said(row["verdict"])})
