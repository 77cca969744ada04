"""The bars of the other labels: false numbers, one-ring callers, call bombing, diallers; part of point 7."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.metrics import Mask, Pooled, by_family, share_of, worst
from catflap_models.court.protocol import pool_of
from catflap_models.court.words import percent, span
from catflap_probe.call import SPOOF, TDOS, TELEMARKETING, WANGIRI


@dataclass(frozen=True, slots=True)
class _Question:
    name: str
    label: int
    after: int
    """the campaign's calls on the trunk that are not asked about"""
    bar: float
    is_final: bool = False
    """asked once the call is over, not while it rings"""


_QUESTIONS = (
    _Question("spoof", SPOOF, 0, 1.0),
    _Question("one-ring.final", WANGIRI, 0, 0.95, True),
    _Question("one-ring", WANGIRI, 3, 0.80),
    _Question("bombing", TDOS, 5, 0.95),
    _Question("diallers", TELEMARKETING, 20, 0.90),
)


def other_nuisances(hearings: Sequence[Hearing], name: str) -> list[Figure]:
    """The share of each label's calls that are given that label; the worst family is named beside it."""
    pool = pool_of(hearings, name)
    return [_figure(question, pool) for question in _QUESTIONS]


def _figure(question: _Question, pool: Pooled) -> Figure:
    among: Mask = np.logical_and(pool.label == question.label, ~pool.is_out) & ((pool.place > question.after) | (pool.place == 0))
    given: Mask = pool.final_label == question.label if question.is_final else pool.is_marked & (pool.ruled == question.label)
    share = share_of(given, among)
    how = f"{share.hits} of {share.total} calls after the campaign's {question.after}th given their label; 95 % bounds {span(share)}"
    families = by_family(pool.label, pool.family, given, among)
    if families:
        (_, family), least = worst(families)
        how += f"; worst: {family} with {percent(least.value)}"
    return Figure(f"court.labels.{question.name}", share.value, "share", question.bar, "higher", how if share.total else "no such call")
