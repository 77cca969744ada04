"""The calls of many numbers in a window, read in one go, as little of each as a picture needs; and how they are counted."""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from catflap_host.portrait.numbers import Portrayed
from catflap_host.store.database import Database
from catflap_host.store.tables import boots, calls

PIECE = 500
MOST_CALLS = 6_000
"""More make a picture no clearer, and each lies in another place on disk."""

LATE_MS = 3_600_000
"""How much later than it was received a call may have got its place in the table, beside what clocks are out."""


class Fate(IntEnum):
    """What came of a call, as far as it shows in a picture."""

    RANG = 0
    ANSWERED = 1
    BLOCKED = 2


@dataclass(frozen=True, slots=True)
class Window:
    """A time of Unix milliseconds by the probes' clocks, `until_ms` not included."""

    since_ms: int
    until_ms: int


class Sighting(NamedTuple):
    """A call; `number` is its caller's place in the list asked for, `ended_ms` 0 while it goes on, `reasons` codes joined by `;`."""

    at_ms: int
    number: int
    ended_ms: int
    fate: int
    probe: str
    trunk: str
    line: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Sightings:
    """Calls in order; `is_cut` where there were more, of which the newest were looked at."""

    calls: list[Sighting]
    is_cut: bool


class Route(NamedTuple):
    """A line that a number called."""

    number: int
    probe: str
    trunk: str
    line: str


_FATE = case((calls.c.outcome == "stopped", Fate.BLOCKED.value), (calls.c.answered_ms >= 0, Fate.ANSWERED.value), else_=Fate.RANG.value)
_COLUMNS = (calls.c.at_ms, calls.c.calling_party, calls.c.ended_ms, _FATE, calls.c.probe, calls.c.trunk, calls.c.line, calls.c.reasons)


def sightings(database: Database, numbers: Sequence[Portrayed], window: Window, most: int = MOST_CALLS) -> Sightings:
    """Incoming calls of the numbers that began in the window, among the `most` newest of theirs since its beginning."""
    place_of = {party: place for place, number in enumerate(numbers) for party in number.parties}
    parties = sorted(place_of)
    pieces = [parties[at : at + PIECE] for at in range(0, len(parties), PIECE)]
    found: list[Sighting] = []
    with database.read() as connection:
        earliest = _last_id_before(connection, window.since_ms)
        after = _newest_after(connection, pieces, earliest, most)
        is_in = (
            calls.c.id > after,
            calls.c.at_ms >= window.since_ms,
            calls.c.at_ms < window.until_ms,
            calls.c.direction != "out",
        )
        for piece in pieces:
            rows = connection.execute(select(*_COLUMNS).where(calls.c.calling_party.in_(piece), *is_in)).all()
            found += [Sighting(row[0], place_of[row[1]], *row[2:]) for row in rows]
    found.sort()
    return Sightings(found, after > earliest)


def last_call_ms(database: Database, numbers: Sequence[Portrayed]) -> int:
    """When the newest stored call of the numbers began by its probe's clock, 0 where there is none."""
    parties = sorted(party for number in numbers for party in number.parties)
    newest = [0]
    with database.read() as connection:
        for at in range(0, len(parties), PIECE):
            # each by the end of its own part of the index
            last = select(func.max(calls.c.id)).where(calls.c.calling_party.in_(parties[at : at + PIECE])).group_by(calls.c.calling_party)
            newest += connection.execute(select(calls.c.at_ms).where(calls.c.id.in_(last))).scalars()
    return max(newest)


def cells(found: Sequence[Sighting], window: Window, step_ms: int) -> Counter[tuple[int, int, Fate]]:
    """How many calls of a number, in each step of the window, counted from 0, had which fate."""
    since_ms, fates = window.since_ms, list(Fate)
    return Counter([(seen.number, (seen.at_ms - since_ms) // step_ms, fates[seen.fate]) for seen in found])


def routes(found: Sequence[Sighting]) -> Counter[Route]:
    """How often each number called each line."""
    counted = Counter([(seen.number, seen.probe, seen.trunk, seen.line) for seen in found])
    return Counter({Route(*route): count for route, count in counted.items()})


def reasons(found: Sequence[Sighting]) -> Counter[str]:
    """How many calls were decided for each reason, a stable code."""
    counted: Counter[str] = Counter()
    for joined, count in Counter(seen.reasons for seen in found).items():
        counted.update(dict.fromkeys(filter(None, joined.split(";")), count))
    return counted


def _newest_after(connection: Connection, pieces: Sequence[Sequence[int]], after: int, most: int) -> int:
    """An id past `after`, above which the numbers have no more calls than `most`: told by their index alone."""
    is_past = [(calls.c.calling_party.in_(piece), calls.c.id > after) for piece in pieces]
    stored = sum(connection.execute(select(func.count()).select_from(calls).where(*past)).scalar_one() for past in is_past)
    if stored <= most:
        return after
    ids: list[int] = [call for past in is_past for call in connection.execute(select(calls.c.id).where(*past)).scalars().all()]
    return min(heapq.nlargest(most, ids)) - 1


def _last_id_before(connection: Connection, since_ms: int) -> int:
    """An id that every call that began since then lies above: they grow with the time of receiving, to which a fast clock is added."""
    ahead_ms = connection.execute(select(func.max(boots.c.wall_ms - boots.c.received_ms))).scalar() or 0
    earliest_ms = since_ms - LATE_MS - max(ahead_ms, 0)
    last = select(calls.c.id).where(calls.c.received_ms < earliest_ms).order_by(calls.c.received_ms.desc()).limit(1)
    return connection.execute(last).scalar() or 0
