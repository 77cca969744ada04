"""A country's national numbers as a trie: exact where that costs little, else its first digits and the lengths behind them."""

from functools import cache

from catflap_models.numbering.automaton import Mask
from catflap_models.numbering.pack import DIGITS, NOWHERE, Entries, Packer, Target
from catflap_models.numbering.regions import Country, Range
from catflap_probe.verdict import kinds

LEAST_DEPTH, MOST_DEPTH = 4, 9
"""Digits that are looked at; behind them every number of a length that can come passes."""

REGION_DEPTH = 5

UNNAMED = ""
"""The region of numbers that belong to several alike: toll-free ones of North America and of zone 7."""

_ZONES = ("1", "7")
_GEOGRAPHIC = (kinds.MOBILE, kinds.LANDLINE, kinds.LANDLINE_OR_MOBILE)

_Live = tuple[tuple[int, frozenset[int]], ...]
"""Ranges that the digits so far may lead into, each with the states of its pattern."""


def put_plan(packer: Packer, country: Country, most_bytes: int) -> int:
    """The place of a country's plan, looked at one digit deeper as long as it takes no more than `most_bytes`."""
    depth = LEAST_DEPTH
    while depth < MOST_DEPTH:
        trial = Packer()
        _plan(trial, country.ranges, depth + 1)
        if len(trial.nodes) > most_bytes:
            break
        depth += 1
    return packer.place(_plan(packer, country.ranges, depth))


def put_regions(packer: Packer, country: Country, numbers: dict[str, int]) -> int:
    """The place of the trie that tells the regions of one calling code apart; 0 where there is nothing to tell."""
    if len(country.regions) < 2:
        return 0

    @cache
    def target(live: _Live, depth: int) -> Target:
        names = {country.ranges[index].region for index, _ in live}
        if len(names) == 1 or (names and depth == REGION_DEPTH):
            if len(names) > 1 and country.code in _ZONES and not any(country.ranges[index].kind in _GEOGRAPHIC for index, _ in live):
                return True, numbers[UNNAMED]
            # the main region has most numbers
            return True, numbers[min(names, key=country.regions.index)]
        if not names:
            return NOWHERE
        targets = [target(_after(country.ranges, live, digit), depth + 1) for digit in DIGITS]
        known = {found for found in targets if found != NOWHERE}
        if len(known) == 1:
            (only,) = known
            if only[0]:
                return only
        return packer.node(targets)

    return packer.place(target(_start(country.ranges), 0))


def lengths_of(country: Country) -> Mask:
    """The lengths of a country's national numbers."""
    return _union(country.ranges, _start(country.ranges)) >> 1 & 0xFFFF


def _plan(packer: Packer, ranges: list[Range], most: int) -> Target:
    @cache
    def target(live: _Live, depth: int) -> Target:
        if not live:
            return NOWHERE
        if depth == most or _union(ranges, live) & 1:
            # a number may end here: what is longer is not looked at either
            return packer.leaf(_entries(ranges, live, depth))
        targets = [target(_after(ranges, live, digit), depth + 1) for digit in DIGITS]
        if targets[0][0] and targets == targets[:1] * len(DIGITS):
            # one answer whatever the digit: no need to look
            return targets[0]
        return packer.node(targets)

    return target(_start(ranges), 0)


def _entries(ranges: list[Range], live: _Live, depth: int) -> Entries:
    """What can still come, whole lengths; of two kinds with one length the one with more numbers has it."""
    found: dict[int, Mask] = {}
    taken = 0
    counts = {index: ranges[index].pattern.count(states) for index, states in live}
    for index, states in sorted(live, key=lambda item: (-counts[item[0]], item[0])):
        new = (ranges[index].pattern.lengths(states) << depth >> 1) & 0xFFFF & ~taken
        if new:
            taken |= new
            kind = ranges[index].kind
            rivals = {ranges[other].kind for other, count in counts.items() if count == counts[index]}
            if rivals >= {kinds.MOBILE, kinds.LANDLINE}:
                kind = kinds.LANDLINE_OR_MOBILE
            found[kind] = found.get(kind, 0) | new
    return tuple(sorted(found.items()))


def _start(ranges: list[Range]) -> _Live:
    return tuple((index, item.pattern.start) for index, item in enumerate(ranges))


def _after(ranges: list[Range], live: _Live, digit: str) -> _Live:
    moved = ((index, ranges[index].pattern.after(states, digit)) for index, states in live)
    return tuple((index, states) for index, states in moved if states)


def _union(ranges: list[Range], live: _Live) -> Mask:
    """Counts of digits that can follow, as bits: bit n for n digits."""
    found = 0
    for index, states in live:
        found |= ranges[index].pattern.lengths(states)
    return found
