"""The same calls heard twice: which belong together, and what was said differently."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catflap_models.court.case import Calls, Ruling
from catflap_models.court.metrics import Share

NEAR_S = 12.0
"""Another modem may tell of a call two rings later; the next call of a line comes later still."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places of calls that are the same one, among the first calls and among the second."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]


def paired(first: Calls, second: Calls) -> Pairs:
    """Calls of two recordings of one plan: same line, at most NEAR_S apart, each once, in order of the first."""
    places: list[tuple[int, int]] = []
    for line in range(first.lines):
        mine = np.flatnonzero((first.line == line) & ~first.is_out)
        other = np.flatnonzero((second.line == line) & ~second.is_out)
        place = 0
        for index in mine:
            while place < len(other) and second.t_s[other[place]] < first.t_s[index] - NEAR_S:
                place += 1
            if place < len(other) and abs(second.t_s[other[place]] - first.t_s[index]) <= NEAR_S:
                places.append((int(index), int(other[place])))
                place += 1
    places.sort()
    found = np.array(places, np.int64).reshape(-1, 2)
    return Pairs(found[:, 0], found[:, 1])


def changed(pairs: Pairs, first: Ruling, second: Ruling) -> Share:
    """How many of the calls were marked or stopped once and not the other time, or under another label."""
    differ = (first.label[pairs.first] != second.label[pairs.second]) | (first.action[pairs.first] != second.action[pairs.second])
    return Share(int(differ.sum()), len(differ))
