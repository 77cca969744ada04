"""How numbers behave as one, in figures that a person can check call by call."""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from catflap_host.portrait.sightings import Route, Sighting


@dataclass(frozen=True, slots=True)
class Conduct:
    """`lines` called by `numbers`, which came back to a line that they knew in `returns` of `calls`.

    `shortest_gap_ms` lies between two calls of one number, -1 where none called twice; `at_once` is the most calls that went on together.
    """

    numbers: int
    lines: int
    calls: int
    returns: int
    shortest_gap_ms: int
    at_once: int


def conduct_of(routes: Counter[Route], found: Sequence[Sighting]) -> Conduct:
    """Figures of calls counted by route, and of the same calls in order."""
    calls = routes.total()
    lines = {(route.probe, route.trunk, route.line) for route in routes}
    gap_ms = min((later.at_ms - earlier.at_ms for earlier, later in _pairs(found)), default=-1)
    return Conduct(len({route.number for route in routes}), len(lines), calls, calls - len(routes), gap_ms, _at_once(found))


def _pairs(found: Sequence[Sighting]) -> list[tuple[Sighting, Sighting]]:
    """Each call of a number with its next."""
    last: dict[int, Sighting] = {}
    pairs = []
    for seen in found:
        if seen.number in last:
            pairs.append((last[seen.number], seen))
        last[seen.number] = seen
    return pairs


def _at_once(found: Sequence[Sighting]) -> int:
    """One that has no end yet, or none that was told, counts for its moment alone."""
    going_on: list[int] = []
    most = 0
    for seen in found:
        while going_on and going_on[0] <= seen.at_ms:
            heapq.heappop(going_on)
        heapq.heappush(going_on, max(seen.ended_ms, seen.at_ms + 1))
        most = max(most, len(going_on))
    return most
