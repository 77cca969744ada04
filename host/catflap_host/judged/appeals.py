"""Appeals: somebody says that his number is stopped or listed without cause."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, insert, select, update

from catflap_host.errors import UserError
from catflap_host.judged.tables import appeal_forms, appeals, forms_of, number_place, statement_place
from catflap_host.language.marking import N_
from catflap_host.number_form import shown_forms
from catflap_host.store.database import Database
from catflap_host.store.parties import rows_of
from catflap_host.store.unmask import note

MAX_STATEMENT_CHARS = 2_000
MIN_ANSWER_CHARS = 3
MAX_ANSWER_CHARS = 500
MIN_DIGITS = 3


class About(StrEnum):
    """What is appealed: calls of the number were stopped or marked, or a list holds it."""

    STOPPED = "stopped"
    LISTED = "listed"


class State(StrEnum):
    """How far an appeal is."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal; `source` is the house that told of it, empty where it came to us."""

    id: str
    number: str
    statement: str
    about: About
    source: str
    state: State
    received_ms: int
    decided_ms: int
    decided_by: str
    answer: str


def receive(database: Database, number: str, about: About, statement: str, source: str = "", appeal_id: str = "") -> str:
    """Take an appeal for a number of the form +8613812345678, open from now on, and give its id; a known one is left as it is.

    Raises UserError.
    """
    if len(statement) > MAX_STATEMENT_CHARS:
        words = N_("the statement has %(n)s characters, at most %(most)s are kept; shorten it")
        raise UserError(words, n=len(statement), most=MAX_STATEMENT_CHARS)
    try:
        shown_forms(number)
    except ValueError:
        raise UserError(N_("'%(number)s' is not a number of the form +8613812345678; write the number so"), number=number) from None
    if len(number) <= MIN_DIGITS:
        raise UserError(N_("'%(number)s' is too short for a number; write it like +8613812345678"), number=number)
    chosen = appeal_id or secrets.token_hex(6)
    vault = database.vault
    values = {
        "id": chosen,
        "sealed_number": vault.seal(number.encode(), number_place(chosen)),
        "sealed_statement": vault.seal(statement.encode("utf-8", "replace"), statement_place(chosen)),
        "about": about.value,
        "source": source,
        "state": State.OPEN.value,
        "received_ms": time.time_ns() // 1_000_000,
        "decided_ms": 0,
        "decided_by": "",
        "answer": "",
    }
    with database.write() as connection:
        if connection.execute(select(appeals.c.id).where(appeals.c.id == chosen)).scalar() is None:
            connection.execute(insert(appeals), values)
            connection.execute(insert(appeal_forms), forms_of(vault, chosen, number))
    return chosen


def decide(database: Database, appeal_id: str, state: State, who: str, answer: str) -> None:
    """Uphold or reject an appeal, with the answer that its sender is given; kept in the audit. Raises UserError."""
    said = answer.strip()
    if state is State.OPEN:
        raise UserError("an appeal is decided as upheld or rejected")
    if not MIN_ANSWER_CHARS <= len(said) <= MAX_ANSWER_CHARS:
        words = N_("an answer of %(least)s to %(most)s characters is needed: who appealed is told why")
        raise UserError(words, least=MIN_ANSWER_CHARS, most=MAX_ANSWER_CHARS)
    values = {"state": state.value, "decided_ms": time.time_ns() // 1_000_000, "decided_by": who, "answer": said}
    with database.write() as connection:
        is_open = (appeals.c.id == appeal_id) & (appeals.c.state == State.OPEN.value)
        if not connection.execute(update(appeals).where(is_open).values(values)).rowcount:
            raise UserError(f"there is no open appeal '{appeal_id}'; `catflap host appeal list` shows those that are")
        note(connection, who, f"appeal-{state}", appeal_id, said)


def listed(database: Database, limit: int, state: State | None = None) -> list[Appeal]:
    """Up to `limit` appeals, the newest first. Raises SealError."""
    query = select(appeals).order_by(appeals.c.received_ms.desc(), appeals.c.id).limit(limit)
    with database.read() as connection:
        rows = connection.execute(query if state is None else query.where(appeals.c.state == state.value)).mappings().all()
    return [_read(database, row) for row in rows]


def of_number(database: Database, shown: str) -> list[Appeal]:
    """The appeals of a number as a line shows it, the newest first."""
    ids = select(appeal_forms.c.appeal).where(appeal_forms.c.pseudonym.in_(database.vault.pseudonyms(shown)))
    query = select(appeals).where(appeals.c.id.in_(ids)).order_by(appeals.c.received_ms.desc(), appeals.c.id)
    with database.read() as connection:
        rows = connection.execute(query).mappings().all()
    return [_read(database, row) for row in rows]


def newest(database: Database) -> Mapping[str, Appeal]:
    """What counts for each number that was ever appealed, in its international form: its newest appeal. Raises SealError.

    An open one does not undo one that was upheld.
    """
    query = select(appeals).order_by(appeals.c.received_ms, appeals.c.id)
    with database.read() as connection:
        rows = connection.execute(query).mappings().all()
    counting: dict[str, Appeal] = {}
    for appeal in (_read(database, row) for row in rows):
        last = counting.get(appeal.number)
        if last is None or last.state is not State.UPHELD or appeal.state is not State.OPEN:
            counting[appeal.number] = appeal
    return counting


def wronged(connection: Connection) -> set[str]:
    """Pseudonyms of every form of the numbers whose last decided appeal was upheld; nothing is unsealed for that."""
    decided = select(appeal_forms.c.pseudonym, appeals.c.state).join(appeals, appeals.c.id == appeal_forms.c.appeal)
    rows = connection.execute(decided.where(appeals.c.state != State.OPEN.value).order_by(appeals.c.received_ms, appeals.c.id))
    last = {pseudonym: state for pseudonym, state in rows}
    return {pseudonym for pseudonym, state in last.items() if state == State.UPHELD.value}


def upheld_parties(connection: Connection) -> set[int]:
    """The parties whose appeal was upheld, whose blocked calls were blocked wrongly."""
    upheld = select(appeals.c.id).where(appeals.c.state == State.UPHELD.value)
    forms = connection.execute(select(appeal_forms.c.pseudonym).where(appeal_forms.c.appeal.in_(upheld))).scalars()
    return set(rows_of(connection, forms).values())


def _read(database: Database, row: RowMapping) -> Appeal:
    opened = database.vault.open
    return Appeal(
        row["id"],
        opened(row["sealed_number"], number_place(row["id"])).decode(),
        opened(row["sealed_statement"], statement_place(row["id"])).decode(),
        About(row["about"]),
        row["source"],
        State(row["state"]),
        *(row[name] for name in ("received_ms", "decided_ms", "decided_by", "answer")),
    )
