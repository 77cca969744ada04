"""What the registers say of incoming calls, as a policy's entries: what may be presented, what never calls, whose calls people refuse.

A probe has four bits for classes of commercial callers. Callers that are refused by just the same people are one class; of more than four
classes those count that most people refuse.
"""

import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set

from sqlalchemy import func, select

from catflap_host.compliance import book as books
from catflap_host.compliance.book import Book, Contract
from catflap_host.compliance.rules import Violation, said
from catflap_host.number_form import calling_codes, international, plan_of
from catflap_host.policy.compiling import entries_of
from catflap_host.policy.document import INBOUND_RULE, RANGES_RULE, REFUSALS_RULE, Document
from catflap_host.policy.lists import ListEntry
from catflap_host.registers import tables
from catflap_host.registers.entries import PIECE, everything, is_refusal, words_of
from catflap_host.registers.kinds import COMMERCIAL, IN, INBOUND, Register
from catflap_host.store import parties
from catflap_host.store.database import Database
from catflap_host.store.tables import calls
from catflap_probe.rules import layout
from catflap_probe.verdict.trunk_plan import SUBSCRIBER

MOST_PERSONS = 2_000
"""So many people's words go to probes; of more those whom our lines were called for lately."""
LATELY_MS = 90 * parties.DAY_MS

_REFUSALS = frozenset({Violation.DO_NOT_CALL, Violation.REFUSED, Violation.WISH})
_NO_ZERO = re.compile("1[3-9]|400|800|9[56]|1$")
"""How Chinese numbers begin that are no landline's."""

Caller = tuple[str, str]
"""Holder and industry, empty where it is not known."""

_log = logging.getLogger(__name__)


class Registered:
    """See registers.Source."""

    def fingerprint(self, database: Database, document: Document) -> str:
        """See Source: what was entered last, and what has begun or ended by itself since."""
        if not document.registers:
            return ""
        now_ms, rows = _now_ms(), tables.entries.c
        with database.read() as connection:
            newest = connection.execute(select(func.max(tables.history.c.id))).scalar()
            begun = connection.execute(select(func.max(rows.begins_ms)).where(rows.begins_ms <= now_ms)).scalar()
            ended = connection.execute(select(func.max(rows.ends_ms)).where(rows.ends_ms > 0, rows.ends_ms <= now_ms)).scalar()
        return f"{newest} {begun} {ended}"

    def entries(self, database: Database, document: Document) -> Iterator[ListEntry]:
        """See Source."""
        if not document.registers:
            return
        now_ms, book = _now_ms(), books.load(database)
        if RANGES_RULE in document.registers:
            for contract, text, _ in _ranges(book, now_ms):
                if contract.direction == IN:
                    yield from _range_entries(text, layout.AUTHORISED, document.country)
        resources = [entry for entry in everything(database, Register.RESOURCE) if entry.holds(now_ms)]
        if INBOUND_RULE in document.registers:
            for entry in resources:
                if entry.fields["uses"] == INBOUND:
                    yield from _range_entries(entry.fields["range"], layout.INBOUND, document.country)
        if REFUSALS_RULE in document.registers:
            callers: dict[Caller, set[str]] = defaultdict(set)
            for _, text, caller in _ranges(book, now_ms):
                if caller:
                    callers[caller].add(text)
            for entry in resources:
                if COMMERCIAL in entry.fields["uses"].split():
                    callers[entry.fields["holder"], ""].add(entry.fields["range"])
            yield from _refusals(database, callers, document.country, now_ms)


def trunks(database: Database, document: Document) -> list[str]:
    """The trunks, or TRUNK/LINE, whose incoming calls may present the numbers of their contracts alone."""
    if RANGES_RULE not in document.registers:
        return []
    now_ms, book = _now_ms(), books.load(database)
    found: set[str] = set()
    for contract in {one.name: one for one, _, _ in _ranges(book, now_ms) if one.direction == IN}.values():
        found.update([f"{contract.trunk}/{line}" for line in contract.lines] or [contract.trunk])
    return sorted(found)


def _ranges(book: Book, now_ms: int) -> Iterator[tuple[Contract, str, Caller | None]]:
    """Ranges in force with their contracts, and who calls from them where that is commercial."""
    for name, ranges in book.ranges_of.items():
        contract = book.named(name, now_ms)
        for one in ranges if contract else ():
            if contract and one.entry.holds(now_ms):
                is_commercial = (one.purpose or contract.purpose) == COMMERCIAL
                yield contract, one.text, (contract.customer, one.industry or contract.industry) if is_commercial else None


def _refusals(database: Database, callers: Mapping[Caller, Set[str]], country: str, now_ms: int) -> Iterator[ListEntry]:
    refused_by: dict[Caller, set[str]] = defaultdict(set)
    people = _persons(database, country, now_ms) if callers else []
    for at in range(0, len(people), PIECE):
        for number, words in words_of(database, people[at : at + PIECE]).items():
            for caller in callers:
                if _REFUSALS.intersection(said(words, *caller, now_ms)):
                    refused_by[caller].add(number)
    classes: dict[frozenset[str], list[Caller]] = defaultdict(list)
    for caller, who in refused_by.items():
        classes[frozenset(who)].append(caller)
    ordered = sorted(classes, key=lambda persons: (-len(persons), sorted(classes[persons])))
    if len(ordered) > layout.CLASSES:
        left_out = sum(len(classes[persons]) for persons in ordered[layout.CLASSES :])
        _log.warning("whom most people refuse is in the policy; %d more holders and industries do not fit it", left_out)
    bits: dict[str, int] = defaultdict(int)
    for place, persons in enumerate(ordered[: layout.CLASSES]):
        bit = layout.FIRST_CLASS << place
        for caller in classes[persons]:
            for text in callers[caller]:
                yield from _range_entries(text, bit, country)
        for number in persons:
            bits[number] |= bit
    for number, refused in bits.items():
        for entry in entries_of(number, refused, country):
            key = layout.person(entry.first)
            if len(key.removeprefix("+")) <= layout.MAX_DIGITS:
                yield ListEntry(key, key, refused)


def _persons(database: Database, country: str, now_ms: int) -> list[str]:
    """Who refuses any calls now, in order."""
    found: set[str] = set()
    for register in (Register.DO_NOT_CALL, Register.WISH):
        found.update(entry.fields["number"] for entry in everything(database, register) if entry.holds(now_ms) and is_refusal(entry))
    if len(found) > MOST_PERSONS:
        found &= _called(database, country, now_ms - LATELY_MS)
    if len(found) > MOST_PERSONS:
        _log.warning("%d people on our lines refuse calls: the policy has room for %d", len(found), MOST_PERSONS)
    return sorted(found)[:MOST_PERSONS]


def _called(database: Database, country: str, since_ms: int) -> set[str]:
    """For whom calls came in since then, as far as lines show that."""
    query = select(calls.c.called_party).distinct().where(calls.c.received_ms >= since_ms, calls.c.direction != "out")
    plan = plan_of(country, "", SUBSCRIBER)
    with database.read() as connection:
        rung = parties.read(connection, database.vault, connection.execute(query).scalars().all())
    return {international(party.text, plan) for party in rung.values() if party.text}


def _range_entries(text: str, lists: int, country: str) -> Iterator[ListEntry]:
    """A range as the registers keep it, in every form in which trunks of a country show it."""
    if not text.endswith("*"):
        first, _, last = text.partition("-")
        yield from entries_of(first, lists, country, last)
        return
    prefix, plan = text[:-1], plan_of(country, "", SUBSCRIBER)
    yield ListEntry(prefix, "", lists)
    code = f"+{calling_codes().get(plan.country, '')}"
    if len(code) > 1 and prefix.startswith(code) and (rest := prefix.removeprefix(code)):
        has_zero = not _NO_ZERO.match(rest) if plan.letters == "CN" else plan.national == b"0"
        yield ListEntry(f"0{rest}" if has_zero else rest, "", lists)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
