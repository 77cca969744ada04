"""Two banks that call the same sites on the same days, told apart by what one box has in common: its purchases, hours, pace and list.

    one box, two purchases         hours, pace and lines of both agree: one pool
    two boxes                      from 12 to 13 o'clock these never call, those as ever: two pools
    a purchase, and from all over  one box is seldom filled from both: two pools

Cards of one box are used alike whatever their numbers are, so that what differs between purchases by far more than between the cards
of each speaks of two. Where a stretch of hours or a set of lines is chosen because it differs most, every other card chooses and the
rest judge.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, variance

from catflap_host.correlate.callers import DAY_S
from catflap_host.correlate.member import BLOCK_DIGITS, SLOT_S, SLOTS, Member

LEAST_PURCHASE = 4
"""Fewer numbers side by side are chance, or too few to judge."""

LEAST_PART = 16
"""No part with fewer numbers is a bank of its own."""

LEAST_CALLS = 60
"""Nor is one with fewer calls."""

MOST_PURCHASES = 12
"""The largest; what comes after them is in none."""

MOST_JUDGED = 128
"""Numbers of a part."""

TOGETHER_S = 2 * DAY_S
"""Whoever worked together for less than that is not compared: one bank may have changed its ways."""

APART, STILL_APART = 4.5, 2.5
"""Standard errors by which parts differ that are told apart, and that were before."""

LEAST_RATIO, LEAST_SHARE = math.log(1.3), 0.05
"""What differs by less does not matter, however sure it is: days, outages and deaths are not spread evenly over purchases."""

BLOCKS, HOURS, PACE, DAILY, LINES = "blocks", "hours", "pace", "daily", "lines"

_MIN_GAPS = 2
_MIN_JUDGES = 6
_FLOOR = 0.01

Card = tuple[str, Member]
Sides = tuple[Sequence[Card], Sequence[Card]]


@dataclass(frozen=True, slots=True)
class Tell:
    """One thing that tells a pool (`mine`) from another (`theirs`).

    blocks   numbers that lie side by side, of so many
    hours    calls between `from_s` and `until_s` of the universal day, of so many
    pace     seconds after which a card usually calls again on the same day, of so many times measured
    daily    calls, over so many days on which a card called
    lines    lines reached, of so many that either has reached
    """

    kind: str
    mine: int
    mine_of: int
    theirs: int
    theirs_of: int
    from_s: int = 0
    until_s: int = 0

    def turned(self) -> "Tell":
        """The same as the other pool has it."""
        return Tell(self.kind, self.theirs, self.theirs_of, self.mine, self.mine_of, self.from_s, self.until_s)


@dataclass(frozen=True, slots=True)
class Part:
    """Numbers of one bank; `is_scattered` where they lie side by side nowhere."""

    cards: list[Card]
    is_scattered: bool

    def judged(self) -> list[Card]:
        """Those heard last, as many as are enough to judge it by."""
        return sorted(self.cards, key=lambda card: (-card[1].last_s, card[0]))[:MOST_JUDGED]


def parts_of(cards: Sequence[Card], were_apart: bool) -> list[Part]:
    """The banks that numbers belong to, the largest first; none, or one, where nothing tells two apart.

    What lies in no purchase that is large enough to be judged, and is too little to be judged by itself, is in none of them.
    """
    purchases, rest = _purchases(cards)
    parts = [Part(purchase, is_scattered=False) for purchase in purchases if len(purchase) >= LEAST_PART]
    if len(rest) >= LEAST_PART:
        parts.append(Part(rest, is_scattered=True))
    least = STILL_APART if were_apart else APART
    differences = {(one, other): _difference(parts[one], parts[other], least) for one, other in combinations(range(len(parts)), 2)}
    living = set(range(len(parts)))
    while differences:
        # the most alike first, so that purchases of one box gather before they are judged
        pair = min(differences, key=lambda pair: (differences[pair], pair))
        if differences[pair] >= least:
            break
        one, other = (parts[place] for place in pair)
        living -= set(pair)
        parts.append(Part(one.cards + other.cards, one.is_scattered and other.is_scattered))
        differences = {places: known for places, known in differences.items() if not set(pair) & set(places)}
        differences |= {(place, len(parts) - 1): _difference(parts[place], parts[-1], least) for place in living}
        living.add(len(parts) - 1)
    return sorted((parts[place] for place in living), key=lambda part: (-len(part.cards), part.cards[0][0]))


def tells(mine: Part, theirs: Part) -> list[Tell]:
    """What tells two parts apart, each with figures that a person can check."""
    found = []
    if mine.is_scattered != theirs.is_scattered:
        found.append(Tell(BLOCKS, _side_by_side(mine), len(mine.cards), _side_by_side(theirs), len(theirs.cards)))
    ours, others = mine.judged(), theirs.judged()
    if _hours(ours, others) >= STILL_APART:
        found.append(_hours_tell(mine, theirs))
    if _pace(ours, others) >= STILL_APART:
        found.append(Tell(PACE, *_usual_gap(mine), *_usual_gap(theirs)))
    if _daily(ours, others) >= STILL_APART:
        found.append(Tell(DAILY, *_usual_day(mine), *_usual_day(theirs)))
    if _lines(ours, others) >= STILL_APART:
        reached, reached_too = _reached(mine), _reached(theirs)
        either = (reached | reached_too).bit_count()
        found.append(Tell(LINES, reached.bit_count(), either, reached_too.bit_count(), either))
    return found


def _hours_tell(mine: Part, theirs: Part) -> Tell:
    from_slot, until_slot = _stretch(mine.cards, theirs.cards)
    called, called_too = (sum(sum(member.slots[from_slot:until_slot]) for _, member in part.cards) for part in (mine, theirs))
    return Tell(HOURS, called, _calls(mine), called_too, _calls(theirs), from_slot * SLOT_S, until_slot * SLOT_S)


def _difference(one: Part, other: Part, least: float) -> float:
    """Standard errors by which two parts differ in what they differ most; fewer than `least` where too little is known."""
    mine, theirs = one.judged(), other.judged()
    most = max(measure(mine, theirs) for measure in (_hours, _pace, _daily, _lines))
    if min(_calls(one), _calls(other)) < LEAST_CALLS or not _overlap(one, other):
        # not told apart, but still more alike to some than to others
        return min(most, math.nextafter(least, 0.0))
    return max(most, least) if one.is_scattered != other.is_scattered else most


def _purchases(cards: Sequence[Card]) -> tuple[list[list[Card]], list[Card]]:
    """Numbers whose thousands lie side by side, and all others."""
    by_block: dict[int, list[Card]] = {}
    for card in cards:
        by_block.setdefault(int(card[0][1:-BLOCK_DIGITS]), []).append(card)
    runs: list[list[Card]] = []
    before = -1
    for block in sorted(by_block):
        if block != before + 1 or not runs:
            runs.append([])
        runs[-1] += by_block[block]
        before = block
    runs.sort(key=len, reverse=True)
    bought = [run for run in runs if len(run) >= LEAST_PURCHASE]
    return bought[:MOST_PURCHASES], [card for run in runs[len(bought) :] for card in run]


def _hours(one: Sequence[Card], other: Sequence[Card]) -> float:
    """By how much the share of calls differs in the stretch of hours that differs most."""

    def excess(choosers: Sides, judges: Sides) -> float:
        from_slot, until_slot = _stretch(*choosers)

        def share(cards: Sequence[Card]) -> float:
            return sum(_profile(cards)[from_slot:until_slot])

        usual = fmean(map(share, judges))
        sign = 1 if share(choosers[0]) > share(choosers[1]) else -1
        if sign * (share(judges[0]) - share(judges[1])) < LEAST_SHARE:
            return 0.0
        samples = [
            [sign * (sum(member.slots[from_slot:until_slot]) - usual * sum(member.slots)) for _, member in cards if any(member.slots)]
            for cards in judges
        ]
        return _apart(samples, usual * (1 - usual), 0.0)

    return _judged(one, other, excess)


def _lines(one: Sequence[Card], other: Sequence[Card]) -> float:
    """By how much the share of lines differs that the cards of one reach more often."""
    width = max(member.lines.bit_length() for _, member in (*one, *other))

    def excess(choosers: Sides, judges: Sides) -> float:
        often = [_line_profile(cards, width) for cards in choosers]
        mine = sum(1 << line for line in range(width) if often[0][line] > often[1][line])
        shares = [[(member.lines & mine).bit_count() / member.lines.bit_count() for _, member in cards if member.lines] for cards in judges]
        return _apart(shares, _FLOOR, LEAST_SHARE)

    return _judged(one, other, excess)


def _pace(one: Sequence[Card], other: Sequence[Card]) -> float:
    """By how much the usual time differs after which a card calls again."""
    usual = [[member.log_gaps / member.gaps for _, member in cards if member.gaps >= _MIN_GAPS] for cards in (one, other)]
    return abs(_apart(usual, _FLOOR, LEAST_RATIO))


def _daily(one: Sequence[Card], other: Sequence[Card]) -> float:
    """By how much the calls differ that a card makes on a day on which it calls."""
    usual = [[math.log(member.day_calls / member.days) for _, member in cards if member.days] for cards in (one, other)]
    return abs(_apart(usual, _FLOOR, LEAST_RATIO))


def _judged(one: Sequence[Card], other: Sequence[Card], excess: Callable[[Sides, Sides], float]) -> float:
    """Every other card chooses what to compare, the rest judge it, and the other way about: the mean, since the two say much the same."""
    halves = [(cards[start::2], cards[1 - start :: 2]) for start in (0, 1) for cards in (one, other)]
    found = [excess((mine[0], theirs[0]), (mine[1], theirs[1])) for mine, theirs in (halves[:2], halves[2:])]
    return max(fmean(found), 0.0)


def _apart(samples: Sequence[Sequence[float]], floor: float, least: float) -> float:
    """Welch's statistic of two samples, the variance of neither below `floor`; 0 where one is too small or the means differ by less than
    `least`.
    """
    if min(map(len, samples)) < _MIN_JUDGES:
        return 0.0
    difference = fmean(samples[0]) - fmean(samples[1])
    error = math.sqrt(sum(max(variance(sample), floor) / len(sample) for sample in samples))
    return difference / error if error and abs(difference) >= least else 0.0


def _profile(cards: Sequence[Card]) -> list[float]:
    """The share of calls in each slot of the day."""
    counts = [0] * SLOTS
    for _, member in cards:
        for slot, count in enumerate(member.slots):
            if count:
                counts[slot] += count
    return [count / max(sum(counts), 1) for count in counts]


def _line_profile(cards: Sequence[Card], width: int) -> list[float]:
    """The share of the lines that cards reached, of each."""
    reached = [0] * width
    for _, member in cards:
        left = member.lines
        while left:
            reached[(left & -left).bit_length() - 1] += 1
            left &= left - 1
    return [count / max(sum(reached), 1) for count in reached]


def _stretch(one: Sequence[Card], other: Sequence[Card]) -> tuple[int, int]:
    """The run of slots over which the shares of calls differ most."""
    excess = [first - second for first, second in zip(_profile(one), _profile(other), strict=True)]
    best = (0.0, 0, 1)
    for sign in (1.0, -1.0):
        total, start = 0.0, 0
        for slot, value in enumerate(excess):
            if total <= 0.0:
                total, start = 0.0, slot
            total += sign * value
            best = max(best, (total, start, slot + 1))
    return best[1], best[2]


def _overlap(one: Part, other: Part) -> bool:
    """Whether both were at work at the same time for long enough to be compared."""
    begun_s = max(min(member.first_s for _, member in part.cards) for part in (one, other))
    ended_s = min(max(member.last_s for _, member in part.cards) for part in (one, other))
    return ended_s - begun_s >= TOGETHER_S


def _calls(part: Part) -> int:
    return sum(sum(member.slots) for _, member in part.cards)


def _usual_day(part: Part) -> tuple[int, int]:
    return sum(member.day_calls for _, member in part.cards), sum(member.days for _, member in part.cards)


def _side_by_side(part: Part) -> int:
    return sum(len(purchase) for purchase in _purchases(part.cards)[0])


def _usual_gap(part: Part) -> tuple[int, int]:
    gaps = sum(member.gaps for _, member in part.cards)
    return round(math.exp(sum(member.log_gaps for _, member in part.cards) / max(gaps, 1))), gaps


def _reached(part: Part) -> int:
    lines = 0
    for _, member in part.cards:
        lines |= member.lines
    return lines
