"""What is remembered of every calling number over all sites: a table of fixed size, the longest silent number gives way."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any
from zlib import crc32

from catflap_host.correlate.heard import Heard

DAY_S = 86_400
MAX_CALLERS = 200_000
MAX_SITES = 8
LINE_BITS = 256
FORGOTTEN_S = 30 * DAY_S
"""Whoever calls again after so long a silence may be another owner of the number."""

REST_S = 240
SUSPECT = "simbank"


class Caller:
    """One number. `lines` holds a bit for each line that it called, `hurried` counts its calls within REST_S of the one before."""

    __slots__ = (
        "best_score",
        "calls",
        "first_s",
        "hurried",
        "is_dialled",
        "last_s",
        "lines",
        "pool_calls",
        "sites",
        "suspect_sites",
        "suspects",
    )

    def __init__(self, at_s: int) -> None:
        self.first_s = at_s
        self.last_s = at_s
        self.calls = 0
        self.lines = 0
        self.hurried = 0
        self.suspects = 0
        self.pool_calls = 0
        self.best_score = 0
        self.sites: tuple[str, ...] = ()
        self.suspect_sites: tuple[str, ...] = ()
        self.is_dialled = False

    def took(self, heard: Heard) -> None:
        """Takes a call in; one that a probe's clock puts before the last one counts as if it had come with it."""
        if self.calls and heard.at_s - self.last_s < REST_S:
            self.hurried += 1
        self.first_s = min(self.first_s, heard.at_s)
        self.last_s = max(self.last_s, heard.at_s)
        self.calls += 1
        self.lines |= 1 << crc32(heard.line.encode()) % LINE_BITS
        self.sites = _with(self.sites, heard.site)
        if heard.label == SUSPECT:
            self.suspects += 1
            self.pool_calls += heard.is_pool
            self.best_score = max(self.best_score, heard.score)
            self.suspect_sites = _with(self.suspect_sites, heard.site)

    def is_roving(self) -> bool:
        """Whether it goes from line to line without coming back, and rests between its calls, as a card does and people seldom do."""
        return self.lines.bit_count() * 10 >= self.calls * 7 and self.hurried * 8 <= self.calls

    def is_somebodys(self) -> bool:
        """Whether a trunk has called it, or it comes back to the same lines again and again."""
        return self.is_dialled or (self.calls >= 8 and 2 * max(self.lines.bit_count(), self.suspects) < self.calls)


FIELDS = Caller.__slots__
Row = tuple[Any, ...]


class Callers:
    """All numbers heard of late."""

    def __init__(self, most: int = MAX_CALLERS) -> None:
        self._most = most
        self._found: dict[str, Caller] = {}

    def __len__(self) -> int:
        return len(self._found)

    def get(self, number: str) -> Caller | None:
        """What is known of a number."""
        return self._found.get(number)

    def took(self, heard: Heard) -> Caller:
        """Takes a call in and returns its caller."""
        caller = self._at_end(heard.number, heard.at_s)
        caller.took(heard)
        return caller

    def dialled(self, number: str, at_s: int) -> None:
        """A trunk has called the number: somebody knows it."""
        self._at_end(number, at_s).is_dialled = True

    def rows(self, since_s: int) -> list[Row]:
        """All that were heard then or later, the longest silent first, as plain values: a number and what `Caller` has, by name."""
        values = attrgetter(*FIELDS)
        return [(number, *values(caller)) for number, caller in self._found.items() if caller.last_s >= since_s]

    def put_back(self, rows: Iterable[Row]) -> None:
        """Takes over rows that `rows` gave."""
        for number, *values in rows:
            caller = self._found[str(number)] = Caller(0)
            for name, value in zip(FIELDS, values, strict=True):
                setattr(caller, name, value)

    def _at_end(self, number: str, at_s: int) -> Caller:
        caller = self._found.pop(number, None)
        if caller is None or at_s - caller.last_s > FORGOTTEN_S:
            caller = Caller(at_s)
        if len(self._found) >= self._most:
            del self._found[next(iter(self._found))]
        self._found[number] = caller
        return caller


def _with(sites: tuple[str, ...], site: str) -> tuple[str, ...]:
    return sites if site in sites or len(sites) >= MAX_SITES else (*sites, site)
