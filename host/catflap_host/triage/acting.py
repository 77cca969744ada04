"""What operators do with alarms, one or many at once: all of it or nothing, noted in the audit, and told to whoever follows the records."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, delete, select

from catflap_host.access import users
from catflap_host.access.roles import Role
from catflap_host.errors import UserError
from catflap_host.judged import verdicts
from catflap_host.judged.verdicts import About, Said
from catflap_host.language.marking import N_
from catflap_host.store import own_records
from catflap_host.store.columns import split_members
from catflap_host.store.database import Database
from catflap_host.store.parties import rows_of
from catflap_host.store.tables import alarms
from catflap_host.store.unmask import note
from catflap_host.triage.tables import allowed_numbers, triage

MAX_ALARMS = 1_000
MIN_REASON_CHARS, MAX_REASON_CHARS = 3, verdicts.MAX_NOTE_CHARS


class Step(StrEnum):
    """What was done, as records and audit call it."""

    ACKNOWLEDGED = "acknowledged"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    JUDGED = "judged"


def acknowledge(database: Database, alarm_ids: Collection[int], who: str) -> int:
    """Take note of alarms; those that somebody has noted stay his. How many were open. Raises UserError for one that is not there."""
    now_ms = time.time_ns() // 1_000_000
    with database.write() as connection:
        found = _found(connection, alarm_ids)
        return sum(_acknowledge(connection, database, row, who, now_ms) for row in found)


def reopen(database: Database, alarm_ids: Collection[int], who: str) -> int:
    """Take an acknowledgement back, which was a mistake. How many had one. Raises UserError for one that is not there."""
    with database.write() as connection:
        done = [row for row in _found(connection, alarm_ids) if row["acknowledged_ms"]]
        for row in done:
            _set(connection, row, {"acknowledged_ms": 0, "acknowledged_by": ""})
            _tell(connection, database, row, Step.REOPENED, who, "", {})
        return len(done)


def assign(database: Database, alarm_ids: Collection[int], to: str, who: str) -> int:
    """Give alarms to a user who may act on them, or to nobody (empty). How many changed hands. Raises UserError."""
    if to and to not in assignees(database):
        raise UserError(N_("%(name)s is no user who may act on alarms; an operator or administrator is"), name=to)
    with database.write() as connection:
        changed = [row for row in _found(connection, alarm_ids) if (row["assigned_to"] or "") != to]
        for row in changed:
            _set(connection, row, {"assigned_to": to})
            _tell(connection, database, row, Step.ASSIGNED, who, to, {"to": to})
        return len(changed)


def judge(database: Database, alarm_ids: Collection[int], said: Said, reason: str, who: str, allow: Sequence[str] | None = None) -> int:
    """Say whether alarms were true, and why, which takes note of them too; the last word counts. How many. Raises UserError.

    The numbers of a false alarm are let through from then on, or only those of the pseudonyms in `allow`, which may also name honest
    ones in a true alarm.
    """
    why = reason.strip()
    if not MIN_REASON_CHARS <= len(why) <= MAX_REASON_CHARS:
        words = N_("a reason of %(least)s to %(most)s characters is needed: others will read why")
        raise UserError(words, least=MIN_REASON_CHARS, most=MAX_REASON_CHARS)
    now_ms = time.time_ns() // 1_000_000
    with database.write() as connection:
        found = _found(connection, alarm_ids)
        chosen = _chosen(connection, found, said, allow)
        for row in found:
            given = verdicts.put(connection, About.ALARM, row["id"], said, why, who, now_ms)
            connection.execute(delete(allowed_numbers).where(allowed_numbers.c.alarm_id == row["id"]))
            through = [{"alarm_id": row["id"], "party": party, "verdict_id": given} for party in chosen(row)]
            if through:
                connection.execute(allowed_numbers.insert(), through)
            _acknowledge(connection, database, row, who, now_ms)
            _tell(connection, database, row, Step.JUDGED, who, f"{said}: {why}", {"verdict": said.value, "allowed": len(through)})
    return len(found)


def assignees(database: Database) -> list[str]:
    """Users who may act on alarms, by name."""
    return [user.name for user in users.listed(database) if not user.disabled and user.role is not Role.VIEWER]


def _found(connection: Connection, alarm_ids: Collection[int]) -> Sequence[RowMapping]:
    wanted = sorted(set(alarm_ids))
    if not 1 <= len(wanted) <= MAX_ALARMS:
        raise UserError(N_("%(n)s alarms were chosen; choose 1 to %(most)s"), n=len(wanted), most=MAX_ALARMS)
    query = select(alarms.c.id, alarms.c.probe, alarms.c.members, *(column for column in triage.c if column.name != "alarm_id"))
    query = query.outerjoin(triage, triage.c.alarm_id == alarms.c.id).where(alarms.c.id.in_(wanted)).order_by(alarms.c.id)
    found = connection.execute(query).mappings().all()
    if missing := sorted(set(wanted) - {row["id"] for row in found}):
        words = N_("there is no alarm %(ids)s; it never was, or its time is over: nothing was changed")
        raise UserError(words, ids=", ".join(map(str, missing[:10])))
    return found


def _chosen(
    connection: Connection, found: Sequence[RowMapping], said: Said, allow: Sequence[str] | None
) -> Callable[[RowMapping], Collection[int]]:
    """What gives the parties of an alarm that are let through."""
    if allow is None:
        return lambda row: dict.fromkeys(split_members(row["members"])) if said is Said.FALSE else ()
    rows = rows_of(connection, allow)
    members = {party for row in found for party in split_members(row["members"])}
    strange = [pseudonym for pseudonym in allow if rows.get(pseudonym) not in members]
    if strange:
        raise UserError(N_("%(id)s is no number of these alarms; nothing was changed"), id=strange[0][:64])
    wanted = set(rows.values())
    return lambda row: wanted.intersection(split_members(row["members"]))


def _acknowledge(connection: Connection, database: Database, row: RowMapping, who: str, now_ms: int) -> bool:
    if row["acknowledged_ms"]:
        return False
    _set(connection, row, {"acknowledged_ms": now_ms, "acknowledged_by": who})
    _tell(connection, database, row, Step.ACKNOWLEDGED, who, "", {})
    return True


def _set(connection: Connection, row: RowMapping, values: Mapping[str, object]) -> None:
    mine = triage.c.alarm_id == row["id"]
    if not connection.execute(triage.update().where(mine).values(values)).rowcount:
        unset = {"acknowledged_ms": 0, "acknowledged_by": "", "assigned_to": ""}
        connection.execute(triage.insert().values({"alarm_id": row["id"], **unset, **values}))


def _tell(
    connection: Connection, database: Database, row: RowMapping, step: Step, who: str, reason: str, more: Mapping[str, object]
) -> None:
    """On record, once for those who look into the audit and once for those who follow the records."""
    seq = note(connection, who, f"alarm-{step}", about(row["id"]), reason)
    told = {"alarm": row["id"], "who": who, **more}
    own_records.add(connection, database.vault, step.value, seq, row["probe"], row["id"], told, time.time_ns() // 1_000_000)


def about(alarm_id: int) -> str:
    """What the audit calls an alarm."""
    return f"alarm {alarm_id}"
