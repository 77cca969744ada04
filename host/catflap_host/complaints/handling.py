"""A complaint taken from step to step by people: who, when, what was found and done; each step in its history and in the audit."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, select, update

from catflap_host.complaints import details, people, routing, steps, tables
from catflap_host.complaints.terms import Finding, Kind, State
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database
from catflap_host.store.unmask import note

MAX_NOTE_CHARS = 2_000
REOPENED = "reopened"
_ALLOWED = {
    (State.RECEIVED, State.VERIFIED),
    (State.VERIFIED, State.HANDLED),
    (State.HANDLED, State.ANSWERED),
    # there is nothing to be done about what was not so
    (State.VERIFIED, State.ANSWERED),
    # the complainer is not content, or more has come to light
    (State.ANSWERED, State.RECEIVED),
    (State.VERIFIED, State.RECEIVED),
    (State.HANDLED, State.RECEIVED),
}


class ConflictError(UserError):
    """Somebody else was faster, or the complaint is not that far."""


class UnknownError(UserError):
    """There is no such complaint."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a complaint: the state it comes to; on VERIFIED what was found; a note for the house; on ANSWERED the answer."""

    state: State
    finding: Finding = Finding.NONE
    note: str = ""
    answer: str = ""


def take(database: Database, complaint: int, step: Step, who: str, now_ms: int) -> None:
    """Take a complaint a step on. Raises UnknownError, ConflictError, or UserError for a step that lacks something."""
    _check(step)
    with database.write() as connection:
        row = _row(connection, complaint)
        before = State(row.state)
        is_skipped = step.state is State.ANSWERED and before is State.VERIFIED and row.finding == Finding.UPHELD
        if is_skipped or (before, step.state) not in _ALLOWED:
            follows = _next(before, row.finding)
            raise ConflictError(f"complaint {complaint} is {before}, so it cannot be {step.state} now; {follows} comes next")
        finding = step.finding if step.state is State.VERIFIED else Finding(row.finding)
        changed: dict[str, object] = {
            "state": str(step.state),
            "finding": str(finding),
            "changed_ms": now_ms,
            "due_ms": routing.due_ms(connection, Kind(row.kind), step.state, now_ms if step.state is State.RECEIVED else row.received_ms),
        }
        if step.answer:
            kept = replace(details.opened(database.vault, row.code, row.sealed), answer=step.answer)
            changed["sealed"] = details.sealed(database.vault, row.code, kept)
        # who reads at the same moment finds the row changed
        columns = tables.complaints.c
        mine = (columns.id == complaint) & (columns.state == row.state) & (columns.finding == row.finding)
        if connection.execute(update(tables.complaints).where(mine).values(**changed)).rowcount != 1:
            raise ConflictError(f"complaint {complaint} was changed by somebody else just now; look at it again")
        if step.state is State.VERIFIED:
            people.judged(connection, row.complainer, Finding(row.finding), finding)
        what = REOPENED if step.state is State.RECEIVED else str(step.state)
        text = "\n".join(part for part in (step.note, step.answer) if part)
        steps.tell(connection, database.vault, complaint, who, what, step.state, finding, row.team, text, now_ms)
        note(connection, who, f"complaint-{what}", f"complaint {complaint}", str(finding))


def hand_over(database: Database, complaint: int, team: str, text: str, who: str, now_ms: int) -> None:
    """Give a complaint to another team. Raises UnknownError or UserError."""
    if not 0 < len(team) <= routing.MAX_TEAM_CHARS or not team.isprintable():
        raise UserError(N_("a team is named with 1 to %(most)s characters"), most=routing.MAX_TEAM_CHARS)
    _check(Step(State.RECEIVED, note=text))
    with database.write() as connection:
        row = _row(connection, complaint)
        connection.execute(update(tables.complaints).where(tables.complaints.c.id == complaint).values(team=team, changed_ms=now_ms))
        state, finding = State(row.state), Finding(row.finding)
        steps.tell(connection, database.vault, complaint, who, "handed over", state, finding, team, text, now_ms)
        note(connection, who, "complaint-handed-over", f"complaint {complaint}", team)


def _row(connection: Connection, complaint: int) -> Row[tuple[object, ...]]:
    query = select(tables.complaints).where(tables.complaints.c.id == complaint)
    if connection.dialect.name != "sqlite":
        # the complainer's standing counts each finding once
        query = query.with_for_update()
    row: Row[tuple[object, ...]] | None = connection.execute(query).first()
    if row is None:
        raise UnknownError(f"there is no complaint {complaint}")
    return row


def _check(step: Step) -> None:
    if (step.state is State.VERIFIED) != (step.finding is not Finding.NONE):
        raise UserError(N_("verifying a complaint, and nothing else, takes a finding: upheld, unfounded or unclear"))
    if (step.state is State.ANSWERED) != bool(step.answer.strip()):
        raise UserError(N_("answering a complaint, and nothing else, takes an answer, which the complainer reads"))
    for text in (step.note, step.answer):
        if len(text) > MAX_NOTE_CHARS:
            raise UserError(N_("a text of %(n)s characters; use at most %(most)s"), n=len(text), most=MAX_NOTE_CHARS)


def _next(state: State, finding: str) -> str:
    if state is State.VERIFIED and finding != Finding.UPHELD:
        return f"{State.HANDLED} or {State.ANSWERED}"
    return str(routing.STEPS.get(state, State.RECEIVED))
