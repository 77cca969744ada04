"""What a policy takes in beside its own text: numbers that verdicts let through, and the days of rest that everybody knows."""

import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol

from catflap_host.policy.compiling import entries_of
from catflap_host.policy.document import Document
from catflap_host.policy.lists import ListEntry
from catflap_host.policy.registered import Registered
from catflap_host.registers.entries import everything
from catflap_host.registers.holidays_cn import announced
from catflap_host.registers.kinds import REST, Register
from catflap_host.store.database import Database
from catflap_host.triage.outcome import allowed
from catflap_probe.rules.layout import ALLOWED, MAX_DIGITS

_NUMBER = re.compile(rf"\+?[0-9]{{1,{MAX_DIGITS}}}", re.ASCII)


class Source(Protocol):
    """Numbers that belong to lists, kept elsewhere."""

    def fingerprint(self, database: Database, document: Document) -> str:
        """A text that changes whenever the entries do."""

    def entries(self, database: Database, document: Document) -> Iterator[ListEntry]:
        """All of them that a document asks for, for trunks of its country."""


class Verdicts:
    """Numbers that an operator's verdict on an alarm lets through."""

    def fingerprint(self, database: Database, document: Document) -> str:  # noqa: ARG002 - whatever the document is
        """See Source."""
        return hashlib.sha256("\n".join(sorted(one.number for one in allowed(database))).encode()).hexdigest()

    def entries(self, database: Database, document: Document) -> Iterator[ListEntry]:
        """See Source."""
        for one in allowed(database):
            if _NUMBER.fullmatch(one.number):
                yield from entries_of(one.number, ALLOWED, document.country)


SOURCES: tuple[Source, ...] = (Verdicts(), Registered())
"""What every policy takes in."""


def days_known(country: str) -> Mapping[date, bool]:
    """The same as far as the program knows them by itself: China's as they were announced."""
    return announced() if country == "CN" else {}


def days_of_rest(database: Database, country: str) -> Mapping[date, bool]:
    """Days that are not what their weekday says, True for a day of rest: those that are known, then those of the register."""
    days = dict(days_known(country))
    now_ms = time.time_ns() // 1_000_000
    for entry in everything(database, Register.HOLIDAY):
        if entry.holds(now_ms):
            days[date.fromisoformat(entry.fields["day"])] = entry.fields["kind"] == REST
    return days
