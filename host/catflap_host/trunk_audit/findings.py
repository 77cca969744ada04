"""Findings kept and followed up: open, sent to the party that gives access, answered, closed; each state with a deadline."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from catflap_host.compliance.book import Book
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS
from catflap_host.store.unmask import note
from catflap_host.store.vault import Vault
from catflap_host.trunk_audit import tables
from catflap_host.trunk_audit.search import Kind, Seen

MAX_TEXT_CHARS = 2_000
MIN_TEXT_CHARS = 3
QUIET_MS = 30 * DAY_MS
"""So long an unused range that somebody has closed is not found again."""
NOBODY = "the audit"
_CHINA = timezone(timedelta(hours=8))


class State(StrEnum):
    """Whose turn it is."""

    OPEN = "open"
    SENT = "sent"
    ANSWERED = "answered"
    CLOSED = "closed"


WORKING_DAYS = {State.OPEN: 3, State.SENT: 15, State.ANSWERED: 3}
"""Until it is to be sent on, answered, closed: the times that MIIT's draft rules on short messages and voice calls set for complaints."""
NEXT = {
    State.OPEN: (State.SENT, State.CLOSED),
    State.SENT: (State.ANSWERED, State.CLOSED),
    State.ANSWERED: (State.SENT, State.CLOSED),
    State.CLOSED: (State.OPEN,),
}
"""From one state to which others."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step: who brought a finding into a state, when, and what was said."""

    at_ms: int
    who: str
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding; `due_ms` is when its state is to be left (0: never), `subject` a number, range or day."""

    id: int
    kind: Kind
    contract: str
    customer: str
    access_party: str
    subject: str
    details: Mapping[str, str]
    state: State
    calls: int
    first_ms: int
    last_ms: int
    call_ids: list[int]
    raised_ms: int
    changed_ms: int
    due_ms: int
    history: list[Event] = field(default_factory=list)

    def is_overdue(self, now_ms: int) -> bool:
        """Whether its deadline is over."""
        return 0 < self.due_ms < now_ms


def keep(database: Database, book: Book, found: Iterable[Seen], now_ms: int) -> tuple[int, int]:
    """Raise what is new, and put what is known already up to date; how many each. What was closed is raised anew by calls after that."""
    raised = known = 0
    for seen in found:
        with database.write() as connection:
            last = _last(connection, database.vault, seen)
            if last is None or (
                last.state == State.CLOSED and seen.last_ms > last.changed_ms + (QUIET_MS if seen.kind is Kind.UNUSED else 0)
            ):
                _raise(connection, database.vault, book, seen, now_ms)
                raised += 1
            elif last.state != State.CLOSED:
                _renew(connection, database.vault, last, seen)
                known += 1
    return raised, known


def move(database: Database, book: Book, finding_id: int, state: State, who: str, text: str, now_ms: int) -> Finding:
    """Bring a finding into another state, with what is to be said. Raises UserError."""
    said = text.strip()
    if not MIN_TEXT_CHARS <= len(said) <= MAX_TEXT_CHARS or any(char < " " and char not in "\n\t" for char in said):
        words = N_("a text of %(least)s to %(most)s characters is needed: what is asked, answered or decided")
        raise UserError(words, least=MIN_TEXT_CHARS, most=MAX_TEXT_CHARS)
    with database.write() as connection:
        row = connection.execute(select(tables.findings).where(tables.findings.c.id == finding_id)).first()
        if row is None:
            raise UserError(f"there is no finding {finding_id}; `catflap host trunk-audit list` shows those there are")
        if state not in NEXT[State(row.state)]:
            raise UserError(f"finding {finding_id} is {row.state}; from there it can become {' or '.join(NEXT[State(row.state)])}")
        values = {"state": state.value, "changed_ms": now_ms, "due_ms": _due_ms(book, row.contract, state, now_ms)}
        connection.execute(update(tables.findings).where(tables.findings.c.id == finding_id).values(**values))
        _remember(connection, database.vault, finding_id, now_ms, who, state, said)
        note(connection, who, "trunk-finding", f"{finding_id} {state}", "")
    found = one(database, finding_id)
    assert found is not None
    return found


def one(database: Database, finding_id: int) -> Finding | None:
    """A finding with its history."""
    columns = tables.events.c
    with database.read() as connection:
        row = connection.execute(select(tables.findings).where(tables.findings.c.id == finding_id)).first()
        if row is None:
            return None
        steps = connection.execute(select(tables.events).where(columns.finding == finding_id).order_by(columns.id)).mappings().all()
    vault = database.vault
    history = [
        Event(step["at_ms"], step["who"], State(step["state"]), vault.open(step["sealed"], tables.event_place(step)).decode())
        for step in steps
    ]
    return _opened(vault, row, history)


def listed(
    database: Database, after: int, limit: int, state: str = "", contract: str = "", is_overdue_at_ms: int | None = None
) -> list[Finding]:
    """Up to `limit` findings past the id `after`, in order, without their history; of a state, a contract, or past their deadline."""
    columns = tables.findings.c
    query = _fitting(select(tables.findings).where(columns.id > after), state, contract, "", is_overdue_at_ms)
    with database.read() as connection:
        return [_opened(database.vault, row, []) for row in connection.execute(query.order_by(columns.id).limit(limit))]


def newest(
    database: Database, before: int, limit: int, state: str = "", contract: str = "", kind: str = "", is_overdue_at_ms: int | None = None
) -> list[Finding]:
    """Up to `limit` findings before the id `before` (0: any), the newest first, without their history."""
    columns = tables.findings.c
    query = _fitting(select(tables.findings), state, contract, kind, is_overdue_at_ms)
    if before:
        query = query.where(columns.id < before)
    with database.read() as connection:
        return [_opened(database.vault, row, []) for row in connection.execute(query.order_by(columns.id.desc()).limit(limit))]


def _fitting(query: Select[Any], state: str, contract: str, kind: str, is_overdue_at_ms: int | None) -> Select[Any]:
    columns = tables.findings.c
    for column, value in ((columns.state, state), (columns.contract, contract), (columns.kind, kind)):
        if value:
            query = query.where(column == value)
    return query if is_overdue_at_ms is None else query.where(columns.due_ms > 0, columns.due_ms < is_overdue_at_ms)


def _last(connection: Connection, vault: Vault, seen: Seen) -> Row[Any] | None:
    keys = vault.pseudonyms(tables.key_text(seen.kind, seen.contract.name, seen.subject))
    query = select(tables.findings).where(tables.findings.c.key.in_(keys)).order_by(tables.findings.c.id.desc()).limit(1)
    return connection.execute(query).first()


def _raise(connection: Connection, vault: Vault, book: Book, seen: Seen, now_ms: int) -> None:
    key = vault.pseudonym(tables.key_text(seen.kind, seen.contract.name, seen.subject))
    row = {
        "kind": seen.kind.value,
        "contract": seen.contract.name,
        "customer": seen.contract.customer,
        "access_by": seen.contract.access_party,
        "key": key,
        "state": State.OPEN.value,
        "raised_ms": now_ms,
        "changed_ms": now_ms,
        "due_ms": _due_ms(book, seen.contract.name, State.OPEN, now_ms),
        "first_ms": seen.first_ms,
        **_newest(vault, key, seen),
    }
    finding = connection.execute(insert(tables.findings).returning(tables.findings.c.id), row).scalar_one()
    _remember(connection, vault, finding, now_ms, NOBODY, State.OPEN, "")


def _renew(connection: Connection, vault: Vault, last: Row[Any], seen: Seen) -> None:
    values = {"first_ms": min(last.first_ms, seen.first_ms), **_newest(vault, last.key, seen)}
    connection.execute(update(tables.findings).where(tables.findings.c.id == last.id).values(**values))


def _newest(vault: Vault, key: str, seen: Seen) -> dict[str, object]:
    plain = json.dumps({"subject": seen.subject, "details": seen.details}, ensure_ascii=False).encode()
    calls = {"calls": seen.calls, "last_ms": seen.last_ms, "call_ids": ";".join(map(str, seen.call_ids))}
    return {"sealed": vault.seal(plain, tables.place(key)), **calls}


def _remember(connection: Connection, vault: Vault, finding: int, at_ms: int, who: str, state: State, said: str) -> None:
    row = {"finding": finding, "at_ms": at_ms, "who": who, "state": state.value}
    connection.execute(insert(tables.events), {**row, "sealed": vault.seal(said.encode(), tables.event_place(row))})


def _due_ms(book: Book, contract: str, state: State, now_ms: int) -> int:
    if state not in WORKING_DAYS:
        return 0
    there = book.contracts.get(contract)
    return book.calendar.working_days_later(now_ms, WORKING_DAYS[state], there[-1].zone if there else _CHINA)


def _opened(vault: Vault, row: Row[Any], history: list[Event]) -> Finding:
    said = json.loads(vault.open(row.sealed, tables.place(row.key)))
    return Finding(
        row.id,
        Kind(row.kind),
        row.contract,
        row.customer,
        row.access_by,
        said["subject"],
        said["details"],
        State(row.state),
        row.calls,
        row.first_ms,
        row.last_ms,
        [int(call) for call in row.call_ids.split(";")] if row.call_ids else [],
        row.raised_ms,
        row.changed_ms,
        row.due_ms,
        history,
    )
