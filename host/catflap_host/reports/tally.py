"""Calls counted in one pass over the database, by what their rows say and by the calling number's range; earlier spans by the database."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, literal_column, select

from catflap_host.reports.figures import Caller, Counts, Row, Span
from catflap_host.reports.ranges import NOT_KEPT, NOT_SHOWN, class_of, range_of
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS, NOBODY, open_text
from catflap_host.store.tables import calls, parties

HONEST = ("", "legit")
"""Labels of calls that are no nuisance; a call of which only the end was told has none."""
MOST_CALLERS = 20
READ = 50_000
PIECE = 500
DAYS, LABELS, HOLDERS, REGIONS, SITES, TRUNKS = "days", "labels", "holders", "regions", "sites", "trunks"
"""What calls are counted by; ranges come beside them."""

_NUISANCE, _STOPPED, _WRONGLY, _NOT_STOPPED, _SHADOW = 1, 2, 4, 8, 16
_c = calls.c
MOMENT = case((_c.at_ms > 0, _c.at_ms), else_=_c.received_ms)
LABEL = case((_c.final_label != "", _c.final_label), else_=_c.label)
_MARKS = (
    case((LABEL.not_in(HONEST), _NUISANCE), else_=0)
    + case((_c.outcome == "stopped", _STOPPED), else_=0)
    + case((and_(_c.action == "block", _c.shadow == 0, _c.ended_ms > 0, _c.outcome != "stopped"), _NOT_STOPPED), else_=0)
    + case((and_(_c.action == "block", _c.shadow == 1), _SHADOW), else_=0)
)
_REGION = case((_c.place != "", _c.place), else_=_c.country)

Key = tuple[int, str, str]
"""A calling number by its row of `parties`, with its kind and country."""


@dataclass(frozen=True, slots=True)
class Wronged:
    """Whose stopped calls were stopped wrongly: all of these parties, and these calls."""

    parties: frozenset[int]
    calls: frozenset[int]


@dataclass(slots=True)
class Tally:
    """Counts of one period: by dimension and item, and by calling number where it has to be read."""

    by: dict[str, Counter[tuple[str, int]]] = field(default_factory=lambda: defaultdict(Counter))
    plain: Counter[tuple[str, str, bool, int]] = field(default_factory=Counter)
    read: Counter[tuple[int, str, str, int]] = field(default_factory=Counter)
    labels_by_day: Counter[tuple[int, str]] = field(default_factory=Counter)
    labels_by_party: Counter[tuple[int, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Ranges:
    """Counts by kind of range and by block, and the busiest callers."""

    ranges: list[Row]
    blocks: list[Row]
    callers: list[Caller]


def tally(connection: Connection, starts_ms: Sequence[int], end_ms: int, wronged: Wronged) -> Tally:
    """Count the incoming calls of a period, whose days begin at `starts_ms`."""
    found = Tally()
    columns = (
        _c.id,
        _place(starts_ms),
        LABEL,
        _MARKS,
        _c.calling_party,
        _c.number_kind,
        _c.country,
        _c.holder,
        _REGION,
        _c.probe,
        _c.trunk,
    )
    query = select(*columns).where(*within(starts_ms[0], end_ms))
    for rows in connection.execute(query.execution_options(yield_per=READ)).partitions():
        ids, days, labels, marks, party, kinds, countries, holders, regions, probes, trunks = zip(*rows, strict=True)
        if wronged.parties or wronged.calls:
            marks = tuple(_marked(wronged, *each) for each in zip(ids, party, marks, strict=True))
        sites = [f"{probe}/{trunk}" for probe, trunk in zip(probes, trunks, strict=True)]
        items = {DAYS: days, LABELS: labels, HOLDERS: holders, REGIONS: regions, SITES: probes, TRUNKS: sites}
        for dimension, values in items.items():
            found.by[dimension].update(zip(values, marks, strict=True))
        numbers = list(zip(party, kinds, countries, marks, strict=True))
        # nuisance, what was stopped, and service numbers, whose kind of range is in their digits
        found.read.update(each for each in numbers if each[3] & (_NUISANCE | _STOPPED) or each[1] == "service")
        found.plain.update(
            (kind, country, party == NOBODY, mark)
            for party, kind, country, mark in numbers
            if not mark & (_NUISANCE | _STOPPED) and kind != "service"
        )
        found.labels_by_day.update(each for each in zip(days, labels, strict=True) if each[1] not in HONEST)
        found.labels_by_party.update(each for each in zip(party, labels, strict=True) if each[1] not in HONEST)
    return found


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
        counted[span][_WRONGLY] += 1
    return [Span(name, _sum(marks, extra=_WRONGLY), dict(known)) for name, marks, known in zip(names, counted, labels, strict=True)]


def days(found: Tally, names: Sequence[str]) -> list[Span]:
    """A tally by its days."""
    spans = [Span(name, Counts(), {}) for name in names]
    counted: list[Counter[int]] = [Counter() for _ in names]
    for (day, marks), n in found.by[DAYS].items():
        counted[int(day)][marks] += n
    for (at, label), n in found.labels_by_day.items():
        spans[at].labels[label] = n
    return [Span(span.name, _sum(marks), span.labels) for span, marks in zip(spans, counted, strict=True)]


def rows(found: Tally, dimension: str) -> list[Row]:
    """A tally by one of its dimensions, the most nuisance first."""
    return _rows(found.by[dimension])


def by_range(database: Database, connection: Connection, found: Tally) -> Ranges:
    """A tally by the calling numbers' ranges. Raises SealError."""
    ranges: Counter[tuple[str, int]] = Counter()
    blocks: Counter[tuple[str, int]] = Counter()
    for (kind, country, is_hidden, marks), n in found.plain.items():
        ranges[NOT_SHOWN if is_hidden else class_of(kind, country), marks] += n
    counted: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for (party, kind, country, marks), n in found.read.items():
        counted[party, kind, country].append((marks, n))
    busiest: list[tuple[int, Caller]] = []
    for key, pseudonym, text in _texts(database, connection, counted):
        party, kind, country = key
        name, block = range_of(text, kind, country) if party != NOBODY else (NOT_SHOWN, NOT_SHOWN)
        nuisance = sum(n for marks, n in counted[key] if marks & _NUISANCE)
        for marks, n in counted[key]:
            ranges[name, marks] += n
            if nuisance:
                blocks[block or NOT_KEPT, marks] += n
        if nuisance and party != NOBODY:
            stopped = sum(n for marks, n in counted[key] if marks & _STOPPED)
            busiest.append((party, Caller(text, pseudonym, name, "", nuisance, stopped)))
    busiest.sort(key=lambda each: (-each[1].nuisance, each[0]))
    return Ranges(_rows(ranges), _rows(blocks), _labelled(found, busiest[:MOST_CALLERS]))


def within(since_ms: int, until_ms: int) -> tuple[ColumnElement[bool], ...]:
    """Of incoming calls those that began in a time."""
    # no call is told of before it begins, but by a clock that is a day out; the index is over the time of telling
    return _c.received_ms >= since_ms - DAY_MS, MOMENT.between(since_ms, until_ms - 1), _c.direction != "out"


def _place(starts_ms: Sequence[int]) -> ColumnElement[int]:
    """Which of the spans that begin then a call lies in."""
    if len(starts_ms) == 1:
        return literal(0)
    return case(*((start_ms > MOMENT, number) for number, start_ms in enumerate(starts_ms[1:])), else_=len(starts_ms) - 1)


def _marked(wronged: Wronged, call: int, party: int, marks: int) -> int:
    is_wrong = marks & _STOPPED and (party in wronged.parties or call in wronged.calls)
    return marks | _WRONGLY if is_wrong else marks


def _texts(database: Database, connection: Connection, wanted: Mapping[Key, object]) -> Iterator[tuple[Key, str, str]]:
    """Pseudonym and text of each, empty where it is no longer kept."""
    keys = sorted(wanted)
    for at in range(0, len(keys), PIECE):
        piece = keys[at : at + PIECE]
        query = select(parties.c.id, parties.c.pseudonym, parties.c.sealed).where(parties.c.id.in_([party for party, _, _ in piece]))
        known = {party: (pseudonym, sealed) for party, pseudonym, sealed in connection.execute(query)}
        for key in piece:
            pseudonym, sealed = known.get(key[0], ("", None))
            yield key, pseudonym, "" if sealed is None else open_text(database.vault, pseudonym, sealed)


def _labelled(found: Tally, busiest: list[tuple[int, Caller]]) -> list[Caller]:
    """The callers with what each mostly was taken for."""
    labels: dict[int, list[tuple[int, str]]] = {party: [] for party, _ in busiest}
    for (party, label), n in found.labels_by_party.items():
        if party in labels:
            labels[party].append((n, label))
    return [replace(caller, label=max(labels[party])[1]) for party, caller in busiest]


def _wrongly(connection: Connection, starts_ms: Sequence[int], end_ms: int, wronged: Wronged) -> Iterator[int]:
    """The span of each call in them that was stopped wrongly."""
    query = select(_c.id, _place(starts_ms)).where(*within(starts_ms[0], end_ms), _c.outcome == "stopped")
    found: dict[int, int] = {}
    for column, wanted in ((_c.calling_party, sorted(wronged.parties)), (_c.id, sorted(wronged.calls))):
        for at in range(0, len(wanted), PIECE):
            found.update(connection.execute(query.where(column.in_(wanted[at : at + PIECE]))).all())
    yield from found.values()


def _sum(counted: Mapping[int, int], extra: int = 0) -> Counts:
    """Counts out of calls by their marks; `extra` are marks that stand for no call of their own."""

    def of(mark: int) -> int:
        return sum(n for marks, n in counted.items() if marks & mark)

    total = sum(n for marks, n in counted.items() if not extra or marks != extra)
    return Counts(total, of(_NUISANCE), of(_STOPPED), of(_WRONGLY), of(_NOT_STOPPED), of(_SHADOW))


def _rows(counted: Mapping[tuple[str, int], int]) -> list[Row]:
    """Rows of calls counted by item and marks, the most nuisance first."""
    by_item: dict[str, Counter[int]] = defaultdict(Counter)
    for (item, marks), n in counted.items():
        by_item[item][marks] += n
    rows = [Row(item, _sum(each)) for item, each in by_item.items()]
    return sorted(rows, key=lambda row: (-row.counts.nuisance, -row.counts.calls, row.item))
