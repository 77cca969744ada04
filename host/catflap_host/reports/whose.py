"""Whose a calling number is, and of which industry: by the registers, by complaints about it, else by the numbering plan."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from catflap_host.complaints import details, tables
from catflap_host.complaints.terms import Finding
from catflap_host.compliance import book as books
from catflap_host.compliance.book import Book
from catflap_host.industries import Industry
from catflap_host.number_form import shown_forms
from catflap_host.reports.ranges import international_form
from catflap_host.reports.tally import Whole
from catflap_host.store.database import Database
from catflap_host.store.parties import MAX_ASKED, rows_of

UNTOLD = ""
_LONGEST_CODE = 4
"""Of a country, with its +."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What the registers said at a moment, and the industry of each party that was complained of."""

    book: Book
    at_ms: int
    complained: Mapping[int, str]

    @property
    def has_ranges(self) -> bool:
        """Whether any number is in a register, so that all have to be looked up."""
        return bool(self.book.ranges_of) or not self.book.resources.is_empty

    def has_to_read(self, parties: Whole) -> NDArray[np.bool_]:
        """Which numbers have to be read to know whose they are."""
        complained = np.array(sorted(self.complained), np.int64)
        return np.isin(parties, complained) | np.bool_(self.has_ranges)

    def of(self, party: int, shown: str, country: str, kind: str, otherwise: str) -> tuple[str, str]:
        """A number's holder, `otherwise` where no register has it, and its industry, UNTOLD where nobody knows."""
        told = self.complained.get(party, UNTOLD)
        form = international_form(shown, country, kind) if self.has_ranges else ""
        return self.registered(form, otherwise, told) if form else (otherwise, told)

    def registered(self, number: str, otherwise: str, told: str = UNTOLD) -> tuple[str, str]:
        """The same of a number in its international form, `told` being its industry where no register says it."""
        for one in self.book.ranges_with(number, self.at_ms):
            contract = self.book.named(one.contract, self.at_ms)
            if contract:
                otherwise, told = contract.customer, one.industry or contract.industry or told
                break
        for resource in self.book.resources.holding(number):
            if resource.entry.holds(self.at_ms):
                return resource.holder, told
        return otherwise, told


def whose(database: Database, connection: Connection, at_ms: int) -> Whose:
    """As the registers were at a moment, and complaints are now. Raises SealError."""
    return Whose(books.load(database), at_ms, _complained(database, connection))


def _complained(database: Database, connection: Connection) -> dict[int, str]:
    """By party the industry that most complaints about its number name, unfounded ones not counted."""
    columns = tables.complaints.c
    query = select(columns.number_id, columns.industry, columns.code, columns.sealed).where(
        columns.number_id != "",
        columns.industry != Industry.OTHER.value,
        columns.finding != Finding.UNFOUNDED.value,
        columns.sealed.is_not(None),
    )
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    numbers: dict[str, str] = {}
    for number_id, industry, code, sealed in connection.execute(query.execution_options(yield_per=MAX_ASKED)):
        counted[number_id][industry] += 1
        if number_id not in numbers:
            numbers[number_id] = details.opened(database.vault, code, sealed).number
    industry_of: dict[str, str] = {}
    for number_id, number in numbers.items():
        industry = max(sorted(counted[number_id]), key=counted[number_id].__getitem__)
        for form in shown_forms(number):
            # without its area code a number is another one elsewhere
            if len(form) >= len(number) - _LONGEST_CODE:
                industry_of.update(dict.fromkeys(database.vault.pseudonyms(form), industry))
    return {party: industry_of[pseudonym] for pseudonym, party in rows_of(connection, industry_of).items()}
