"""Calls counted in one pass over the database, by what their rows say and by calling number; earlier spans by the database."""

import gc
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, literal, literal_column, select

from catflap_host.reports.counts import HONEST, NUISANCE, SHADOW, STOPPED, UNSTOPPED, WRONGLY, summed
from catflap_host.reports.figures import Span
from catflap_host.store.parties import DAY_MS, MAX_ASKED, NOBODY
from catflap_host.store.tables import calls

READ = 10_000
_MARKS_END = 32
_c = calls.c
MOMENT = case((_c.at_ms > 0, _c.at_ms), else_=_c.received_ms)
LABEL = case((_c.final_label != "", _c.final_label), else_=_c.label)
_MARKS = (
    case((LABEL.not_in(HONEST), NUISANCE), else_=0)
    + case((_c.outcome == "stopped", STOPPED), else_=0)
    + case((and_(_c.action == "block", _c.shadow == 0, _c.ended_ms > 0, _c.outcome != "stopped"), UNSTOPPED), else_=0)
    + case((and_(_c.action == "block", _c.shadow == 1), SHADOW), else_=0)
)
_REGION = case((_c.place != "", _c.place), else_=_c.country)

Whole = NDArray[np.int64]
Plan = tuple[str, str, str]
"""What the numbering plan says of a number: kind, country, holder."""
_Thing = TypeVar("_Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Wronged:
    """Whose stopped calls were stopped wrongly: all of these parties, and these calls."""

    parties: frozenset[int]
    calls: frozenset[int]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Calls by number, a place of all arrays each: the row of `parties`, the places of its plan and label, marks, and how many."""

    party: Whole
    plan: Whole
    label: Whole
    marks: Whole
    calls: Whole


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a period's calls by item and marks; `numbers`: of those that have to be read, `plain` of all others.

    A trunk goes with its probe; `plain` has whether the number was shown.
    """

    days: Counter[tuple[tuple[int, str], int]]
    regions: Counter[tuple[str, int]]
    trunks: Counter[tuple[tuple[str, str], int]]
    plain: Counter[tuple[tuple[Plan, bool], int]]
    numbers: Numbers
    plans: list[Plan]
    labels: list[str]


class _Places(dict[_Thing, int]):
    """Things by their place, in the order in which they come."""

    def __missing__(self, thing: _Thing) -> int:
        self[thing] = place = len(self)
        return place

    def of(self, things: Iterable[_Thing], count: int) -> Whole:
        """The places of so many things."""
        return np.fromiter(map(self.__getitem__, things), np.int64, count)


class _Sums:
    """How often each place came with each mark."""

    def __init__(self) -> None:
        self._counts = np.zeros(0, np.int64)

    def add(self, places: Whole, marks: Whole) -> None:
        """Count calls, a place and marks each."""
        more = np.bincount(places * _MARKS_END + marks, minlength=len(self._counts))
        more[: len(self._counts)] += self._counts
        self._counts = more

    def by(self, things: Sequence[_Thing]) -> Counter[tuple[_Thing, int]]:
        """The counts that are not zero, by thing and marks."""
        found = np.flatnonzero(self._counts)
        placed = zip(found.tolist(), self._counts[found].tolist(), strict=True)
        return Counter({(things[at // _MARKS_END], at % _MARKS_END): n for at, n in placed})


def tally(
    connection: Connection, starts_ms: Sequence[int], end_ms: int, wronged: Wronged, is_read: Callable[[Whole], NDArray[np.bool_]]
) -> Tally:
    """Count the incoming calls of a period, whose days begin at `starts_ms`; `is_read`: of honest numbers those to be read."""
    labels, plans, regions, trunks = _Places[str](), _Places[Plan](), _Places[str](), _Places[tuple[str, str]]()
    of_days, of_regions, of_trunks, of_plain = _Sums(), _Sums(), _Sums(), _Sums()
    read: list[Whole] = []
    parties, ids = (np.array(sorted(found), np.int64) for found in (wronged.parties, wronged.calls))
    query = select(
        _c.id, _place(starts_ms), _MARKS, _c.calling_party, LABEL, _c.number_kind, _c.country, _c.holder, _REGION, _c.probe, _c.trunk
    ).where(*within(starts_ms[0], end_ms))
    for rows in _streamed(connection, query):
        columns, count = tuple(zip(*rows, strict=True)), len(rows)
        call, day, marks, party = (np.fromiter(column, np.int64, count) for column in columns[:4])
        marks[(marks & STOPPED > 0) & (np.isin(party, parties) | np.isin(call, ids))] |= WRONGLY
        label, plan = labels.of(columns[4], count), plans.of(zip(*columns[5:8], strict=True), count)
        of_days.add(label * len(starts_ms) + day, marks)
        of_regions.add(regions.of(columns[8], count), marks)
        of_trunks.add(trunks.of(zip(*columns[9:], strict=True), count), marks)
        # of the others the range follows from the kind alone
        services = np.array([kind == "service" for kind, _, _ in plans])
        is_wanted = (party != NOBODY) & ((marks & (NUISANCE | STOPPED) > 0) | services[plan] | is_read(party))
        of_plain.add((plan * 2 + (party != NOBODY))[~is_wanted], marks[~is_wanted])
        read.append(np.stack((party, plan, label, marks))[:, is_wanted])
    every = np.concatenate(read, axis=1) if read else np.zeros((4, 0), np.int64)
    return Tally(
        days=of_days.by([(day, label) for label in labels for day in range(len(starts_ms))]),
        regions=of_regions.by(list(regions)),
        trunks=of_trunks.by(list(trunks)),
        plain=of_plain.by([(plan, is_shown) for plan in plans for is_shown in (False, True)]),
        numbers=_numbers(every, len(plans), len(labels)),
        plans=list(plans),
        labels=list(labels),
    )


def spans(connection: Connection, names: Sequence[str], starts_ms: Sequence[int], end_ms: int, wronged: Wronged) -> list[Span]:
    """Counts of spans that follow one another, by the moments at which each begins and the last one's end."""
    if not names:
        return []
    counted: list[Counter[int]] = [Counter() for _ in names]
    labels: list[Counter[str]] = [Counter() for _ in names]
    columns = (_place(starts_ms).label("span"), LABEL.label("kind"), _MARKS.label("marks"), func.count())
    query = select(*columns).where(*within(starts_ms[0], end_ms))
    for span, label, marks, n in connection.execute(query.group_by(*(literal_column(name) for name in ("span", "kind", "marks")))):
        counted[span][marks] += int(n)
        if label not in HONEST:
            labels[span][label] += int(n)
    for span in _wrongly(connection, starts_ms, end_ms, wronged):
        counted[span][WRONGLY] += 1
    return [Span(name, summed(marks, extra=WRONGLY), dict(known)) for name, marks, known in zip(names, counted, labels, strict=True)]


def within(since_ms: int, until_ms: int) -> tuple[ColumnElement[bool], ...]:
    """Of incoming calls those that began in a time."""
    # no call is told of before it begins, but by a clock that is a day out; the index is over the time of telling
    return _c.received_ms >= since_ms - DAY_MS, MOMENT.between(since_ms, until_ms - 1), _c.direction != "out"


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    """Rows, some thousands at a time; the collector of cycles, which would take a third of the time and find none, rests meanwhile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield from connection.execute(query.execution_options(yield_per=READ)).partitions()
    finally:
        if was_on:
            gc.enable()


def _place(starts_ms: Sequence[int]) -> ColumnElement[int]:
    """Which of the spans that begin then a call lies in."""
    if len(starts_ms) == 1:
        return literal(0)
    return case(*((start_ms > MOMENT, number) for number, start_ms in enumerate(starts_ms[1:])), else_=len(starts_ms) - 1)


def _numbers(every: Whole, plans: int, labels: int) -> Numbers:
    """Calls, a column each, united where all is the same."""
    party, plan, label, marks = every
    sizes = (max(plans, 1), max(labels, 1), _MARKS_END)
    keys, n = np.unique(((party * sizes[0] + plan) * sizes[1] + label) * sizes[2] + marks, return_counts=True)
    found = []
    for size in reversed(sizes):
        keys, rest = np.divmod(keys, size)
        found.append(rest)
    return Numbers(keys, found[2], found[1], found[0], n)


def _wrongly(connection: Connection, starts_ms: Sequence[int], end_ms: int, wronged: Wronged) -> Iterator[int]:
    """The span of each call in them that was stopped wrongly."""
    query = select(_c.id, _place(starts_ms)).where(*within(starts_ms[0], end_ms), _c.outcome == "stopped")
    found: dict[int, int] = {}
    for column, wanted in ((_c.calling_party, sorted(wronged.parties)), (_c.id, sorted(wronged.calls))):
        for at in range(0, len(wanted), MAX_ASKED):
            found.update(connection.execute(query.where(column.in_(wanted[at : at + MAX_ASKED]))).all())
    yield from found.values()
