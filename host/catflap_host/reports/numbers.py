"""A tally's calling numbers read, for what only their digits tell: range, block, holder and industry; the busiest of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, select

from catflap_host.reports.counts import HONEST, NUISANCE, STOPPED, rows
from catflap_host.reports.figures import Caller, Row
from catflap_host.reports.ranges import NOT_KEPT, NOT_SHOWN, class_of, range_of
from catflap_host.reports.tally import Numbers, Plan, Tally, Whole
from catflap_host.reports.whose import UNTOLD, Whose
from catflap_host.store.database import Database
from catflap_host.store.parties import MAX_ASKED, open_text
from catflap_host.store.tables import parties

MOST_CALLERS = 20


@dataclass(frozen=True, slots=True)
class ByNumber:
    """Counts by kind of range, block, holder and industry, and the busiest callers."""

    ranges: list[Row]
    blocks: list[Row]
    holders: list[Row]
    industries: list[Row]
    callers: list[Caller]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a number."""

    text: str
    pseudonym: str
    range: str
    block: str
    holder: str
    industry: str


def by_number(database: Database, connection: Connection, found: Tally, whose: Whose) -> ByNumber:
    """A tally by what its numbers are. Raises SealError."""
    numbers = found.numbers
    # of a number as of one plan, which are in order
    keys, place = np.unique(numbers.party * max(len(found.plans), 1) + numbers.plan, return_inverse=True)
    pairs = [(key // len(found.plans), found.plans[key % len(found.plans)]) for key in keys.tolist()]
    read = list(_read(database, connection, pairs, whose))
    ranges = _summed([one.range for one in read], place, numbers)
    holders = _summed([one.holder for one in read], place, numbers)
    industries = _summed([one.industry for one in read], place, numbers)
    for ((kind, country, holder), is_shown), marks, n in ((*key, n) for key, n in found.plain.items()):
        ranges[class_of(kind, country) if is_shown else NOT_SHOWN, marks] += n
        holders[holder, marks] += n
        industries[UNTOLD, marks] += n
    nuisance = np.bincount(place, numbers.calls * (numbers.marks & NUISANCE > 0), minlength=len(read)).astype(np.int64)
    # blocks are counted where a nuisance came from
    is_bad = numbers.marks & NUISANCE > 0
    bad = Numbers(*(getattr(numbers, name)[is_bad] for name in Numbers.__slots__))
    blocks = _summed([one.block for one in read], place[is_bad], bad)
    for (_, is_shown), marks, n in ((*key, n) for key, n in found.plain.items()):
        if not is_shown and marks & NUISANCE:
            blocks[NOT_SHOWN, marks] += n
    busiest = sorted(np.flatnonzero(nuisance).tolist(), key=lambda at: (-int(nuisance[at]), pairs[at][0]))[:MOST_CALLERS]
    callers = [_caller(read[at], found, np.flatnonzero(place == at)) for at in busiest]
    return ByNumber(rows(ranges), rows(blocks), rows(holders), rows(industries), callers)


def _read(database: Database, connection: Connection, pairs: Sequence[tuple[int, Plan]], whose: Whose) -> Iterator[_Read]:
    """What there is to know of each number, its text empty where it is no longer kept."""
    for at in range(0, len(pairs), MAX_ASKED):
        piece = pairs[at : at + MAX_ASKED]
        query = select(parties.c.id, parties.c.pseudonym, parties.c.sealed).where(parties.c.id.in_([party for party, _ in piece]))
        known = {party: (pseudonym, sealed) for party, pseudonym, sealed in connection.execute(query)}
        for party, (kind, country, holder) in piece:
            pseudonym, sealed = known.get(party, ("", None))
            text = "" if sealed is None else open_text(database.vault, pseudonym, sealed)
            name, block = range_of(text, kind, country)
            yield _Read(text, pseudonym, name, block or NOT_KEPT, *whose.of(party, text, country, kind, holder))


def _summed(items: Sequence[str], place: Whole, numbers: Numbers) -> Counter[tuple[str, int]]:
    """Calls by item and marks, where `items` has the one of each number."""
    names = {name: at for at, name in enumerate(dict.fromkeys(items))}
    item = np.array([names[name] for name in items], np.int64)[place] if len(place) else place
    width = int(numbers.marks.max(initial=0)) + 1
    sums = np.bincount(item * width + numbers.marks, numbers.calls).astype(np.int64)
    known = list(names)
    return Counter({(known[at // width], at % width): int(sums[at]) for at in np.flatnonzero(sums).tolist()})


def _caller(read: _Read, found: Tally, places: Whole) -> Caller:
    """A number with what it mostly was taken for."""
    labels: Counter[str] = Counter()
    stopped = 0
    for at in places.tolist():
        label, n = found.labels[found.numbers.label[at]], int(found.numbers.calls[at])
        labels[label] += n if label not in HONEST else 0
        stopped += n if found.numbers.marks[at] & STOPPED else 0
    most = max(labels, key=lambda label: (labels[label], label))
    return Caller(read.text, read.pseudonym, read.range, most, sum(labels.values()), stopped)
