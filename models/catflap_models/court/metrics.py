"""What is counted: shares with their bounds, recall at a fixed honest budget, rates in operators' units, AUC.

Everything here is plain arithmetic on arrays; alarms and time to detect are in alarms.py, calibration in reliability.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, chi2, rankdata

from catflap_models.court.case import BLOCK, LABEL, Calls, Ruling
from catflap_probe.call import LEGIT

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

FOUR_WEEKS_DAYS = 28.0
PREVALENCES = (0.001, 0.005, 0.04)
_CONFIDENCE = 0.95
"""Two-sided: each end is passed in 2.5 % of cases."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Clopper-Pearson, 95 % two-sided: the upper end is the 97.5 % upper bound."""
        return clopper_pearson(self.hits, self.total)


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` events in `exposure` units."""

    count: int
    exposure: float

    @property
    def value(self) -> float | None:
        """Events a unit; None without exposure."""
        return self.count / self.exposure if self.exposure else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Exact Poisson bounds (Garwood), 95 % two-sided."""
        tail = (1 - _CONFIDENCE) / 2
        low = float(chi2.ppf(tail, 2 * self.count)) / 2 if self.count else 0.0
        high = float(chi2.ppf(1 - tail, 2 * self.count + 2)) / 2
        return (low / self.exposure, high / self.exposure) if self.exposure else (0.0, math.inf)


@dataclass(frozen=True, slots=True)
class Pooled:
    """The calls of several trunks and what was said of them, one entry a call."""

    trunk: NDArray[np.int64]
    """index of the trunk"""
    label: NDArray[np.int64]
    family: NDArray[np.str_]
    campaign: NDArray[np.str_]
    """with the trunk's id in front; empty without one"""
    before: NDArray[np.int64]
    place: NDArray[np.int64]
    is_out: Mask
    ruled: NDArray[np.int64]
    """label of the decision"""
    score: Floats
    action: NDArray[np.int64]
    final_label: NDArray[np.int64]
    days: float
    """of all trunks together"""

    @property
    def is_honest(self) -> Mask:
        """Honest incoming calls: those that nobody should stop."""
        honest: Mask = (self.label == LEGIT) & ~self.is_out
        return honest

    @property
    def is_blocked(self) -> Mask:
        """Stopped in time."""
        blocked: Mask = self.action == BLOCK
        return blocked

    @property
    def is_marked(self) -> Mask:
        """Labelled, challenged or stopped in time: told apart from the calls that just ring."""
        marked: Mask = self.action >= LABEL
        return marked


def pooled(cases: Sequence[tuple[Calls, Ruling]]) -> Pooled:
    """All calls of all trunks, trunk after trunk; ValueError where there is none, or a ruling is not aligned to its calls."""
    if not cases:
        raise ValueError("no trunk to judge by")
    for calls, ruling in cases:
        if not len(calls.label) == len(ruling.label) == len(ruling.score) == len(ruling.action) == len(ruling.final_label):
            raise ValueError(f"{calls.trunk}: {len(calls.label)} calls, but {len(ruling.label)} rulings")
    campaigns = [np.array([f"{calls.trunk}/{name}" if name else "" for name in calls.campaign], np.str_) for calls, _ in cases]
    return Pooled(
        np.concatenate([np.full(len(calls.label), index, np.int64) for index, (calls, _) in enumerate(cases)]),
        np.concatenate([calls.label for calls, _ in cases]),
        np.concatenate([calls.family for calls, _ in cases]),
        np.concatenate(campaigns),
        np.concatenate([calls.before for calls, _ in cases]),
        np.concatenate([calls.place for calls, _ in cases]),
        np.concatenate([calls.is_out for calls, _ in cases]),
        np.concatenate([ruling.label for _, ruling in cases]),
        np.concatenate([ruling.score for _, ruling in cases]),
        np.concatenate([ruling.action for _, ruling in cases]),
        np.concatenate([ruling.final_label for _, ruling in cases]),
        sum(calls.days for calls, _ in cases),
    )


def clopper_pearson(hits: int, total: int, confidence: float = _CONFIDENCE) -> tuple[float, float]:
    """Exact bounds of a share (Clopper and Pearson 1934), two-sided; 0 and 1 of nothing."""
    if not total:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, hits, total - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, total - hits)) if hits < total else 1.0
    return low, high


def share_of(hit: Mask, among: Mask) -> Share:
    """How many of the calls in `among` are a hit."""
    return Share(int((hit & among).sum()), int(among.sum()))


def by_family(label: NDArray[np.int64], family: NDArray[np.str_], hit: Mask, among: Mask) -> dict[tuple[int, str], Share]:
    """The share of hits of each (label, family) among the calls in `among`, in order of label, then of family."""
    keys = sorted(set(zip(label[among].tolist(), family[among].tolist(), strict=True)))
    return {(kind, name): share_of(hit, among & (label == kind) & (family == name)) for kind, name in keys}


def worst(shares: dict[tuple[int, str], Share]) -> tuple[tuple[int, str], Share]:
    """The family of least recall; the larger of two equals, since it says more. ValueError of nothing."""
    return min(shares.items(), key=lambda item: (item[1].value or 0.0, -item[1].total, item[0]))


def threshold_at(honest_scores: Floats, budget: float) -> float:
    """The least threshold that at most `budget` of the honest calls reach (`score >= threshold`); ValueError without honest calls.

    Set it on other trunks than those that are judged.
    """
    if not len(honest_scores):
        raise ValueError("no honest call to set a threshold by")
    # what a float makes of 0.29 * 100 must not cost a call
    allowed = math.floor(budget * len(honest_scores) + 1e-9)
    if allowed >= len(honest_scores):
        return -math.inf
    return float(np.nextafter(np.sort(honest_scores)[::-1][allowed], math.inf))


def precision_at(recall: float, false_positive_rate: float, prevalence: float) -> float | None:
    """Part of what is found that is right where `prevalence` of the calls are nuisances; None where nothing is found."""
    right, wrong = recall * prevalence, false_positive_rate * (1 - prevalence)
    return right / (right + wrong) if right + wrong else None


def auc(scores: Floats, is_positive: Mask) -> float | None:
    """Probability that a positive outscores a negative, ties half (Mann-Whitney); None where one of both is missing."""
    positives, negatives = int(is_positive.sum()), int((~is_positive).sum())
    if not positives or not negatives:
        return None
    ranks = rankdata(scores)
    return float((ranks[is_positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def per_four_weeks(count: int, trunk_days: float) -> Rate:
    """Events a trunk and four weeks."""
    return Rate(count, trunk_days / FOUR_WEEKS_DAYS)
