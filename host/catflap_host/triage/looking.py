"""Alarms by how far they are, and what was done about one."""

import time
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, select

from catflap_host.judged.tables import verdicts
from catflap_host.judged.verdicts import Said
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Alarm
from catflap_host.store.tables import alarms, audit
from catflap_host.triage.acting import about
from catflap_host.triage.tables import triage

ACTIVE_MS = 24 * 3_600_000
"""An alarm is active while its probe has told of it within that time."""

MOST_STEPS = 200


class Progress(StrEnum):
    """How far alarms are: `open`, nobody has taken note yet; `acknowledged`, somebody has, without a verdict; or judged."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    TRUE = "true"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Filter:
    """Alarms that fit all that is given; `assigned_to` names a user. Of None and False nothing is asked."""

    progress: Progress | None = None
    is_active: bool = False
    kind: str | None = None
    probe: str | None = None
    assigned_to: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Something that was done about an alarm: `what` is a step's name, `detail` whom it was given to, or the verdict and why."""

    at_ms: int
    who: str
    what: str
    detail: str


def listed(database: Database, wanted: Filter, limit: int, before: tuple[int, int] | None = None) -> list[Alarm]:
    """Up to `limit` alarms that fit, the last changed first; with `before`, those behind that alarm's (received_ms, id)."""
    query = select(alarms).outerjoin(triage, triage.c.alarm_id == alarms.c.id).where(*_conditions(wanted))
    if before is not None:
        received_ms, alarm_id = before
        query = query.where((alarms.c.received_ms < received_ms) | ((alarms.c.received_ms == received_ms) & (alarms.c.id < alarm_id)))
    return queries.alarms_of(database, query.order_by(alarms.c.received_ms.desc(), alarms.c.id.desc()).limit(limit))


def count(database: Database, wanted: Filter) -> int:
    """How many alarms fit."""
    query = select(func.count()).select_from(alarms).outerjoin(triage, triage.c.alarm_id == alarms.c.id)
    with database.read() as connection:
        return connection.execute(query.where(*_conditions(wanted))).scalar_one()


def oldest_open(database: Database) -> Alarm | None:
    """Of all alarms of which nobody has taken note the one that was raised first, or None."""
    query = select(alarms).outerjoin(triage, triage.c.alarm_id == alarms.c.id).where(*_conditions(Filter(Progress.OPEN)))
    found = queries.alarms_of(database, query.order_by(alarms.c.raised_ms, alarms.c.id).limit(1))
    return found[0] if found else None


def one(database: Database, alarm_id: int) -> Alarm | None:
    """An alarm, or None."""
    found = queries.alarms_of(database, select(alarms).where(alarms.c.id == alarm_id))
    return found[0] if found else None


def past(database: Database, alarm_id: int) -> list[Past]:
    """What was done about an alarm, the latest first."""
    columns = audit.c
    query = select(columns.at_ms, columns.who, columns.what, columns.reason).where(columns.about == about(alarm_id))
    with database.read() as connection:
        rows = connection.execute(query.order_by(columns.id.desc()).limit(MOST_STEPS)).all()
    return [Past(row.at_ms, row.who, row.what.removeprefix("alarm-"), row.reason) for row in rows]


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    mine = (verdicts.c.about == "alarm") & (verdicts.c.subject == alarms.c.id)
    newest = select(func.max(verdicts.c.id)).where(mine).correlate(alarms).scalar_subquery()
    is_noted = func.coalesce(triage.c.acknowledged_ms, 0) > 0
    is_judged = exists().where(mine).correlate(alarms)
    found: list[ColumnElement[bool]] = []
    if wanted.progress is Progress.OPEN:
        found += [~is_noted, ~is_judged]
    elif wanted.progress is Progress.ACKNOWLEDGED:
        found += [is_noted, ~is_judged]
    elif wanted.progress is not None:
        said = Said(wanted.progress.value)
        found.append(exists().where(verdicts.c.id == newest, verdicts.c.verdict == said.value))
    if wanted.is_active:
        found.append(alarms.c.received_ms > time.time_ns() // 1_000_000 - ACTIVE_MS)
    for column, value in ((alarms.c.kind, wanted.kind), (alarms.c.probe, wanted.probe), (triage.c.assigned_to, wanted.assigned_to)):
        if value is not None:
            found.append(column == value)
    return found
