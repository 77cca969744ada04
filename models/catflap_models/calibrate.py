"""Turns raw nuisance into a probability that held-out calls bear out, and finds the thresholds that they allow."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catflap_probe.call import LEGIT
from catflap_probe.verdict.bundle import TOP

Integers = NDArray[np.int64]

_EDGES = np.rint(TOP / (1 + np.exp(-np.linspace(-8, 8, 65))))
"""Bins of raw nuisance, a quarter of log odds each."""

_ECE_BINS = 10


# the worlds that set the thresholds have more nuisances and hard negatives than a real trunk: fewer honest calls reach them there
_HONEST_LABELLED = 2.2e-3
HONEST_BLOCKED = 1e-4


@dataclass(frozen=True, slots=True)
class Calibration:
    """What raw nuisance means, and from which score on it matters."""

    points: list[list[int]]
    """rising [raw, score] pairs from raw 0 to TOP, straight lines between them"""
    label: int
    """least score of a nuisance label"""
    block: int
    """least score of a block"""

    def scores(self, raw: Integers) -> Integers:
        """The scores of raw nuisances."""
        return np.interp(raw, [point[0] for point in self.points], [point[1] for point in self.points]).astype(np.int64)


def calibrate(raw: Integers, found: Integers, labels: Integers) -> Calibration:
    """The calibration that held-out rows ask for: their raw nuisance, the labels found and the true ones."""
    honest = labels == LEGIT
    calibration = Calibration(calibration_points(raw, ~honest), TOP, TOP)
    scores = calibration.scores(raw[honest])
    named = scores[found[honest] != LEGIT]
    most = len(scores)
    return replace(
        calibration, label=least_score(named, int(_HONEST_LABELLED * most)), block=least_score(named, int(HONEST_BLOCKED * most))
    )


def calibration_points(raw: Integers, is_nuisance: NDArray[np.bool_]) -> list[list[int]]:
    """Rising [raw, score] pairs: each bin's mean raw and share of nuisances, made monotone."""
    bins = np.searchsorted(_EDGES, raw, side="right")
    members = [bins == index for index in range(len(_EDGES) + 1)]
    filled = [rows for rows in members if rows.any()]
    counts = [int(rows.sum()) for rows in filled]
    # half a call of either kind keeps a bin of few rows from claiming certainty
    shares = _monotone([(int(is_nuisance[rows].sum()) + 0.5) / (count + 1) for rows, count in zip(filled, counts, strict=True)], counts)
    points = [[0, round(TOP * shares[0])]]
    for rows, share in zip(filled, shares, strict=True):
        place = round(float(raw[rows].mean()))
        if points[-1][0] < place < TOP:
            points.append([place, round(TOP * share)])
    return [*points, [TOP, round(TOP * shares[-1])]]


def least_score(scores: Integers, most: int) -> int:
    """The least threshold that at most `most` of the scores reach."""
    falling = np.sort(scores)[::-1]
    return int(falling[most]) + 1 if len(falling) > most else 0


def expected_calibration_error(scores: Integers, is_nuisance: NDArray[np.bool_]) -> float:
    """Mean distance between score and share of nuisances over ten bins of score, weighted by their rows."""
    bins = np.minimum(scores * _ECE_BINS // TOP, _ECE_BINS - 1)
    error = 0.0
    for index in range(_ECE_BINS):
        rows = bins == index
        if rows.any():
            error += rows.mean() * abs(scores[rows].mean() / TOP - is_nuisance[rows].mean())
    return float(error)


def _monotone(shares: list[float], weights: list[int]) -> list[float]:
    """The nearest rising sequence (pool adjacent violators)."""
    pools: list[tuple[float, int, int]] = []
    for share, weight in zip(shares, weights, strict=True):
        pools.append((share, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (share_a, weight_a, count_a), (share_b, weight_b, count_b) = pools[-2:]
            weight_ab = weight_a + weight_b
            pools[-2:] = [((share_a * weight_a + share_b * weight_b) / weight_ab, weight_ab, count_a + count_b)]
    return [share for share, _, count in pools for _ in range(count)]
