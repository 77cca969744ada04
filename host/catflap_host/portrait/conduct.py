"""How numbers behave as one, in figures that a person can check call by call."""

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
    return Conduct(
        len({route.number for route in routes}), len(lines), calls, calls - len(routes), _shortest_gap_ms(found), _at_once(found)
    )


def _shortest_gap_ms(found: Sequence[Sighting]) -> int:
    """Between a number's call and its next; -1 where there is none."""
    last_ms: dict[int, int] = {}
    gaps_ms = []
    for seen in found:
        number, at_ms = seen.number, seen.at_ms
        if number in last_ms:
            gaps_ms.append(at_ms - last_ms[number])
        last_ms[number] = at_ms
    return min(gaps_ms, default=-1)


def _at_once(found: Sequence[Sighting]) -> int:
    """One that has no end yet, or none that was told, counts for its moment alone."""
    ends_ms = sorted([max(seen.ended_ms, seen.at_ms + 1) for seen in found])
    over = most = 0
    for begun, seen in enumerate(found, 1):
        while ends_ms[over] <= seen.at_ms:
            over += 1
        most = max(most, begun - over)
    return most
