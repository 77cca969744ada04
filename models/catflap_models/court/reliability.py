"""Calibration: does a score of 0.8 mean eight in ten?"""

from dataclasses import dataclass

import numpy as np

from catflap_models.court.metrics import Floats, Mask, Pooled, Share
from catflap_probe.call import LEGIT

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Calls whose forecast lies between `low` and `high`."""

    low: float
    high: float
    mean: float
    """mean forecast"""
    came_true: Share


def forecast(pool: Pooled, label: int) -> Floats:
    """The probability of `label` that a ruling amounts to: its score, all of it on the label that it gave; 1 - score for `legit`."""
    if label == LEGIT:
        return 1 - pool.score
    return np.where(pool.ruled == label, pool.score, 0.0)


def reliability(forecasts: Floats, came_true: Mask, bins: int = BINS) -> list[Bin]:
    """Equal parts of 0 ... 1, those without a call left out; the last holds 1 itself."""
    place = np.minimum((forecasts * bins).astype(np.int64), bins - 1)
    found = []
    for index in range(bins):
        inside = place == index
        if inside.any():
            hits = Share(int((inside & came_true).sum()), int(inside.sum()))
            found.append(Bin(index / bins, (index + 1) / bins, float(forecasts[inside].mean()), hits))
    return found


def expected_calibration_error(bins: list[Bin]) -> float | None:
    """Mean distance between forecast and what came true, bins weighted by their calls; None without calls."""
    total = sum(part.came_true.total for part in bins)
    if not total:
        return None
    return sum(abs(part.mean * part.came_true.total - part.came_true.hits) for part in bins) / total


def brier(forecasts: Floats, came_true: Mask) -> float | None:
    """Mean squared distance between forecast and what came true (Brier 1950); None without calls."""
    return float(((forecasts - came_true) ** 2).mean()) if len(forecasts) else None
