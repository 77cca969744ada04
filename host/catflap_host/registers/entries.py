"""Entries of the registers: added, ended and looked up, each change with who, when and why; a refusal ends consents at once."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, func, insert, select, update

from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.registers import tables
from catflap_host.registers.kinds import ACCEPT, KINDS, REFUSE, Register
from catflap_host.store.database import Database
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, note
from catflap_host.store.vault import Vault

PIECE = 500
ADDED, ENDED, CHANGED, REPLACED, REFUSED = "added", "ended", "changed", "replaced", "refused"
PERSONS = (Register.DO_NOT_CALL, Register.CONSENT, Register.WISH)
_LOOSE = ("source", "note")
"""Fields in which two entries may differ and still say the same."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a register, and why."""

    who: str
    why: str

    def checked(self) -> "Author":
        """The same, its reason without blanks around it. Raises UserError for none."""
        why = self.why.strip()
        if not MIN_REASON_CHARS <= len(why) <= MAX_REASON_CHARS or any(char < " " for char in why):
            words = N_("a reason of %(least)s to %(most)s characters on one line is needed: say why")
            raise UserError(words, least=MIN_REASON_CHARS, most=MAX_REASON_CHARS)
        return Author(self.who, why)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be: fields in their kept form, and when it holds; `ends_ms` 0: until further notice."""

    fields: Mapping[str, str]
    begins_ms: int
    ends_ms: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; `subject` is its pseudonym. It holds from `begins_ms` to before `ends_ms` (0: open)."""

    id: int
    register: Register
    subject: str
    fields: Mapping[str, str]
    begins_ms: int
    ends_ms: int
    added_ms: int

    def holds(self, moment_ms: int) -> bool:
        """Whether it was in force at a moment."""
        return self.begins_ms <= moment_ms and (not self.ends_ms or moment_ms < self.ends_ms)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of an entry's history."""

    entry: int
    at_ms: int
    who: str
    what: str
    why: str


@dataclass(slots=True)
class Outcome:
    """How many entries are new, took another one's place, or were there already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def add(database: Database, register: Register, drafts: Iterable[Draft], author: Author) -> Outcome:
    """Add entries, some hundreds a transaction; one that differs from the entry in force ends that from its own beginning on.

    Raises UserError for want of a reason.
    """
    by, outcome, rest = author.checked(), Outcome(), iter(drafts)
    while piece := list(islice(rest, PIECE)):
        with database.write() as connection:
            _add(connection, database.vault, register, piece, by, outcome)
            if register in PERSONS:
                subject = KINDS[register].subject
                _end_refused(connection, database.vault, {draft.fields[subject] for draft in piece}, by)
    with database.write() as connection:
        note(connection, by.who, "register-add", f"{register}: {outcome.added} added, {outcome.changed} changed", by.why)
    return outcome


def end(database: Database, entry_id: int, ends_ms: int, author: Author) -> Entry:
    """Let an entry hold no longer than to a moment; gives it as it is then. Raises UserError."""
    by = author.checked()
    with database.write() as connection:
        entry = one(connection, database.vault, entry_id)
        if entry is None:
            raise UserError(N_("there is no entry %(entry)s; `catflap host register list` shows those there are"), entry=entry_id)
        if entry.ends_ms and entry.ends_ms <= ends_ms:
            raise UserError(N_("entry %(entry)s is over already by then"), entry=entry_id)
        last_ms = max(ends_ms, entry.begins_ms)
        _set_end(connection, entry_id, last_ms, ENDED, by)
        note(connection, by.who, "register-end", f"{entry.register} {entry_id}", by.why)
    return replace(entry, ends_ms=last_ms)


def refuse(database: Database, number: str, holder: str, industry: str, at_ms: int, author: Author) -> Outcome:
    """Take somebody's no, to one caller or industry or, where these are empty, to all: consents it is about end with it."""
    fields = {"number": number, "industry": industry, "holder": holder, "source": "", "note": ""}
    return add(database, Register.DO_NOT_CALL, [Draft(fields, at_ms)], author)


def listed(database: Database, register: Register, after: int, limit: int) -> list[Entry]:
    """Up to `limit` entries past the id `after`, in order, over ones among them."""
    columns = tables.entries.c
    query = select(tables.entries).where(columns.register == register, columns.id > after).order_by(columns.id).limit(limit)
    with database.read() as connection:
        return [_opened(database.vault, row) for row in connection.execute(query)]


def newest(database: Database, register: Register, before: int, limit: int, at_ms: int) -> list[Entry]:
    """Up to `limit` entries below the id `before`, newest first; those that are over at a moment are left out unless that is 0."""
    columns = tables.entries.c
    query = select(tables.entries).where(columns.register == register, columns.id < before).order_by(columns.id.desc()).limit(limit)
    if at_ms:
        query = query.where((columns.ends_ms == 0) | (columns.ends_ms > at_ms))
    with database.read() as connection:
        return [_opened(database.vault, row) for row in connection.execute(query)]


def counts(database: Database) -> dict[str, int]:
    """How many entries each register has, over ones among them; registers without any are left out."""
    register = tables.entries.c.register
    with database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(select(register, func.count()).group_by(register))}


def everything(database: Database, register: Register) -> Iterator[Entry]:
    """All entries of a register, in the order of their coming."""
    after = 0
    while found := listed(database, register, after, PIECE):
        yield from found
        after = found[-1].id


def of_subject(database: Database, register: Register, subject: str) -> list[Entry]:
    """Entries about a subject in its kept form, in the order of their coming."""
    with database.read() as connection:
        return [entry for entry in _about(connection, database.vault, {subject})[subject] if entry.register is register]


def words_of(database: Database, numbers: Iterable[str]) -> Mapping[str, list[Entry]]:
    """What these people have said about being called, by number, in the order of its coming."""
    with database.read() as connection:
        return _about(connection, database.vault, set(numbers))


def one(connection: Connection, vault: Vault, entry_id: int) -> Entry | None:
    """An entry by its id."""
    row = connection.execute(select(tables.entries).where(tables.entries.c.id == entry_id)).first()
    return _opened(vault, row) if row else None


def history(database: Database, entry_id: int) -> list[Event]:
    """What became of an entry and of all others that there were in its place, in order."""
    columns, others = tables.history.c, tables.entries.alias()
    with database.read() as connection:
        entry = one(connection, database.vault, entry_id)
        if entry is None:
            return []
        keys = database.vault.pseudonyms(tables.key_text(entry.register, entry.fields))
        query = select(columns.entry, columns.at_ms, columns.who, columns.what, columns.why).join(others, others.c.id == columns.entry)
        return [Event(*row) for row in connection.execute(query.where(others.c.key.in_(keys)).order_by(columns.id))]


def _add(connection: Connection, vault: Vault, register: Register, drafts: Sequence[Draft], by: Author, outcome: Outcome) -> None:
    texts = [tables.key_text(register, draft.fields) for draft in drafts]
    text_of = {pseudonym: text for text in texts for pseudonym in vault.pseudonyms(text)}
    there: dict[str, list[Entry]] = defaultdict(list)
    for row in _where_in(connection, tables.entries.c.key, text_of):
        there[text_of[row.key]].append(_opened(vault, row))
    waiting: dict[str, Draft] = {}
    for text, draft in zip(texts, drafts, strict=True):
        if text in waiting:
            _insert(connection, vault, register, waiting, there, by)
        rivals = [entry for entry in there[text] if _overlaps(entry, draft)]
        if any(_says_the_same(entry, draft) for entry in rivals):
            outcome.unchanged += 1
            continue
        for rival in rivals:
            what = CHANGED if rival.begins_ms < draft.begins_ms else REPLACED
            ends_ms = max(rival.begins_ms, draft.begins_ms)
            _set_end(connection, rival.id, ends_ms, what, by, min(rival.begins_ms, draft.begins_ms))
            there[text].remove(rival)
            there[text].append(replace(rival, ends_ms=ends_ms))
        outcome.changed += bool(rivals)
        outcome.added += not rivals
        waiting[text] = draft
    _insert(connection, vault, register, waiting, there, by)


def _insert(
    connection: Connection, vault: Vault, register: Register, waiting: dict[str, Draft], there: Mapping[str, list[Entry]], by: Author
) -> None:
    """Store the drafts that wait, by key, and note them as being there."""
    rows, added_ms, subject = [], _now_ms(), KINDS[register].subject
    for text, draft in waiting.items():
        key = vault.pseudonym(text)
        sealed = vault.seal(json.dumps(dict(draft.fields), ensure_ascii=False).encode(), tables.place(key))
        told = {"register": register.value, "subject": vault.pseudonym(draft.fields[subject]), "key": key, "sealed": sealed}
        rows.append({**told, "begins_ms": draft.begins_ms, "ends_ms": draft.ends_ms, "added_ms": added_ms})
    if rows:
        returning = insert(tables.entries).returning(tables.entries.c.id, sort_by_parameter_order=True)
        ids = connection.execute(returning, rows).scalars().all()
        events = [
            {"entry": entry_id, "at_ms": added_ms, "who": by.who, "what": ADDED, "why": by.why, "effect_ms": draft.begins_ms}
            for entry_id, draft in zip(ids, waiting.values(), strict=True)
        ]
        connection.execute(insert(tables.history), events)
        for entry_id, row, (text, draft) in zip(ids, rows, waiting.items(), strict=True):
            there[text].append(Entry(entry_id, register, str(row["subject"]), draft.fields, draft.begins_ms, draft.ends_ms, added_ms))
    waiting.clear()


def _end_refused(connection: Connection, vault: Vault, numbers: set[str], by: Author) -> None:
    """End each consent at the first refusal behind its beginning that is about it, whichever of the two was heard of first."""
    subject_of = {pseudonym: number for number in numbers for pseudonym in vault.pseudonyms(number)}
    with_consent = {
        subject_of[row.subject]
        for row in _where_in(connection, tables.entries.c.subject, subject_of, tables.entries.c.register == Register.CONSENT)
    }
    for entries in _about(connection, vault, with_consent).values():
        refusals = [entry for entry in entries if is_refusal(entry) and entry.ends_ms != entry.begins_ms]
        for consent in entries:
            if consent.register is Register.CONSENT:
                holder, industry = consent.fields["holder"], consent.fields["industry"]
                ends = [no.begins_ms for no in refusals if no.begins_ms >= consent.begins_ms and is_about(no, holder, industry)]
                if ends and (not consent.ends_ms or min(ends) < consent.ends_ms):
                    _set_end(connection, consent.id, min(ends), REFUSED, by)


def is_refusal(entry: Entry) -> bool:
    """Whether it is somebody's no."""
    return entry.register is Register.DO_NOT_CALL or (entry.register is Register.WISH and entry.fields["wish"] == REFUSE)


def is_agreement(entry: Entry) -> bool:
    """Whether it is somebody's yes."""
    return entry.register is Register.CONSENT or (entry.register is Register.WISH and entry.fields["wish"] == ACCEPT)


def is_about(entry: Entry, holder: str, industry: str) -> bool:
    """Whether a person's word is about the calls of a holder in an industry; what it leaves open is about all."""
    return entry.fields.get("holder", "") in ("", holder) and entry.fields["industry"] in ("", industry)


def _about(connection: Connection, vault: Vault, subjects: set[str]) -> dict[str, list[Entry]]:
    text_of = {pseudonym: subject for subject in subjects for pseudonym in vault.pseudonyms(subject)}
    found: dict[str, list[Entry]] = {subject: [] for subject in subjects}
    for row in _where_in(connection, tables.entries.c.subject, text_of):
        found[text_of[row.subject]].append(_opened(vault, row))
    for entries in found.values():
        entries.sort(key=lambda entry: entry.id)
    return found


def _where_in(
    connection: Connection, column: Column[str], pseudonyms: Iterable[str], condition: ColumnElement[bool] | None = None
) -> Iterator[Row[Any]]:
    wanted = list(pseudonyms)
    for at in range(0, len(wanted), PIECE):
        query = select(tables.entries).where(column.in_(wanted[at : at + PIECE]))
        yield from connection.execute(query if condition is None else query.where(condition)).all()


def _overlaps(entry: Entry, draft: Draft) -> bool:
    is_void = bool(entry.ends_ms) and entry.ends_ms <= entry.begins_ms
    is_before = bool(entry.ends_ms) and entry.ends_ms <= draft.begins_ms
    is_behind = bool(draft.ends_ms) and draft.ends_ms <= entry.begins_ms
    return not (is_void or is_before or is_behind)


def _says_the_same(entry: Entry, draft: Draft) -> bool:
    said, new = ({name: text for name, text in fields.items() if name not in _LOOSE} for fields in (entry.fields, draft.fields))
    return said == new and entry.begins_ms <= draft.begins_ms and entry.ends_ms == draft.ends_ms


def _set_end(connection: Connection, entry_id: int, ends_ms: int, what: str, by: Author, effect_ms: int | None = None) -> None:
    connection.execute(update(tables.entries).where(tables.entries.c.id == entry_id).values(ends_ms=ends_ms))
    _remember(connection, entry_id, what, by, ends_ms if effect_ms is None else effect_ms)


def _remember(connection: Connection, entry_id: int, what: str, by: Author, effect_ms: int) -> None:
    row = {"entry": entry_id, "at_ms": _now_ms(), "who": by.who, "what": what, "why": by.why, "effect_ms": effect_ms}
    connection.execute(insert(tables.history), row)


def _opened(vault: Vault, row: Row[Any]) -> Entry:
    fields = json.loads(vault.open(row.sealed, tables.place(row.key)))
    return Entry(row.id, Register(row.register), row.subject, fields, row.begins_ms, row.ends_ms, row.added_ms)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
