"""Who has to deal with a complaint, and by when: rules in an order, the first that fits; hours for each step by kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from catflap_host.complaints import tables
from catflap_host.complaints.terms import Kind, State
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.store.database import Database
from catflap_host.store.unmask import note

HOUR_MS = 3_600_000
MAX_RULES = 500
MAX_TEAM_CHARS = 64
MAX_HOURS = 8_760
ANY = ""
STEPS = {State.RECEIVED: State.VERIFIED, State.VERIFIED: State.HANDLED, State.HANDLED: State.ANSWERED}
"""What comes next."""

HOURS: Mapping[Kind | None, Mapping[State, int]] = {
    None: {State.VERIFIED: 72, State.HANDLED: 240, State.ANSWERED: 360},
    Kind.FRAUD: {State.VERIFIED: 24, State.HANDLED: 72, State.ANSWERED: 360},
    Kind.BOMBING: {State.VERIFIED: 24, State.HANDLED: 72, State.ANSWERED: 360},
}
"""By kind (None: any other): until a state is reached, counted from the moment that the complaint came in. A house sets its own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Complaints of that kind, industry, holder and beginning of the number (in its international form) go to a team; empty fits any."""

    kind: str
    industry: str
    holder: str
    prefix: str
    team: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A state is to be reached within so many hours; `kind` is empty for the kinds that have none of their own."""

    kind: str
    state: State
    hours: int


def rules_of(connection: Connection) -> list[Rule]:
    """The rules in their order."""
    columns = tables.rules.c
    query = select(columns.kind, columns.industry, columns.holder, columns.prefix, columns.team).order_by(columns.place)
    return [Rule(*row) for row in connection.execute(query)]


def team_for(rules: Sequence[Rule], kind: Kind, industry: Industry, holder: str, number: str) -> str:
    """The team of the first rule that fits, empty where none does."""
    for rule in rules:
        wanted = (rule.kind, kind), (rule.industry, industry), (rule.holder, holder)
        if all(said in (ANY, found) for said, found in wanted) and number.startswith(rule.prefix):
            return rule.team
    return ""


def set_rules(database: Database, rules: Sequence[Rule], who: str) -> None:
    """Route by these rules from now on, in their order; noted in the audit. Raises UserError."""
    if len(rules) > MAX_RULES:
        raise UserError(f"{len(rules)} rules; use at most {MAX_RULES}")
    for place, rule in enumerate(rules, 1):
        _check(place, rule)
    rows = [
        {"place": place, "kind": rule.kind, "industry": rule.industry, "holder": rule.holder, "prefix": rule.prefix, "team": rule.team}
        for place, rule in enumerate(rules, 1)
    ]
    with database.write() as connection:
        connection.execute(delete(tables.rules))
        if rows:
            connection.execute(insert(tables.rules), rows)
        note(connection, who, "complaint-rules", f"{len(rules)} rules", "")


def deadlines_of(connection: Connection) -> list[Deadline]:
    """The deadlines that count, a house's own ones before ours."""
    found = {(str(kind or ANY), state): hours for kind, states in HOURS.items() for state, hours in states.items()}
    columns = tables.deadlines.c
    for row in connection.execute(select(columns.kind, columns.state, columns.hours)):
        found[row.kind, State(row.state)] = row.hours
    return [Deadline(kind, state, hours) for (kind, state), hours in sorted(found.items())]


def set_deadline(database: Database, deadline: Deadline, who: str) -> None:
    """Let a deadline count for complaints that come in, or are taken a step further, from now on; noted in the audit. Raises UserError."""
    if deadline.kind not in (ANY, *Kind):
        raise UserError(f"'{deadline.kind}' is no kind of complaint; there are {', '.join(Kind)}")
    if deadline.state is State.RECEIVED or not 1 <= deadline.hours <= MAX_HOURS:
        raise UserError(f"a deadline is for one of {', '.join(STEPS.values())}, 1 to {MAX_HOURS} hours after a complaint came in")
    columns = tables.deadlines.c
    with database.write() as connection:
        connection.execute(delete(tables.deadlines).where(columns.kind == deadline.kind, columns.state == str(deadline.state)))
        row = {"kind": deadline.kind, "state": str(deadline.state), "hours": deadline.hours}
        connection.execute(insert(tables.deadlines), row)
        note(connection, who, "complaint-deadline", f"{deadline.kind or 'any kind'} {deadline.state}", f"{deadline.hours} hours")


def due_ms(connection: Connection, kind: Kind, state: State, received_ms: int) -> int:
    """When the step after a state must be done, 0 where there is none."""
    step = STEPS.get(state)
    if step is None:
        return 0
    hours = {(deadline.kind, deadline.state): deadline.hours for deadline in deadlines_of(connection)}
    return received_ms + HOUR_MS * hours.get((kind, step), hours[ANY, step])


def _check(place: int, rule: Rule) -> None:
    if rule.kind not in (ANY, *Kind):
        raise UserError(f"rule {place}: '{rule.kind}' is no kind of complaint; there are {', '.join(Kind)}")
    if rule.industry not in (ANY, *Industry):
        raise UserError(f"rule {place}: '{rule.industry}' is no industry; there are {', '.join(Industry)}")
    if not 0 < len(rule.team) <= MAX_TEAM_CHARS or not rule.team.isprintable():
        raise UserError(f"rule {place}: a team is named with 1 to {MAX_TEAM_CHARS} characters")
    if rule.prefix and not (rule.prefix[0] == "+" and rule.prefix[1:].isdecimal() and rule.prefix.isascii()):
        raise UserError(f"rule {place}: '{rule.prefix}' begins no number; write + and the country's code, such as +8610")
