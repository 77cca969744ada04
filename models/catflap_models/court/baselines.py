"""What a detector has to beat: a volume cut, the two-ratio rule, logistic regression and boosted trees on the same features (item 7)."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from catflap_models.court.case import ALLOW, BLOCK, LABEL, Ruling
from catflap_models.court.features import Heard, hear
from catflap_models.court.metrics import Floats, Mask, threshold_at
from catflap_models.court.trunks import DAY_S
from catflap_probe.call import LEGIT, SIMBANK
from catflap_probe.features import NAMES

DISTINCT_LINES = 0.5
UNRETURNED = 0.7
"""The two ratios (research: detection, What separates)."""
LABEL_BUDGET = 1e-3
BLOCK_BUDGET = 1e-4
_ANSWERED = NAMES.index("number.answered_share")
_YES = 255


@dataclass(frozen=True, slots=True)
class Opinion:
    """A baseline's say of each call."""

    label: NDArray[np.int64]
    """what it would be if it were a nuisance"""
    score: Floats
    """the higher, the likelier a nuisance; 0 for what is not judged"""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A way to score calls that has no thresholds yet."""

    name: str
    opinion: Callable[[Heard], Opinion]

    def at_budget(self, others: Sequence[Heard], label_budget: float = LABEL_BUDGET, block_budget: float = BLOCK_BUDGET) -> "Thresholded":
        """With the thresholds that spare honest calls of `others`, which must be other trunks than those that are judged."""
        honest = np.concatenate([self.opinion(heard).score[is_honest(heard)] for heard in others])
        return Thresholded(self, threshold_at(honest, label_budget), threshold_at(honest, block_budget))


@dataclass(frozen=True, slots=True)
class Thresholded:
    """A baseline as a detector."""

    baseline: Baseline
    label_at: float
    block_at: float

    @property
    def name(self) -> str:
        """See Detector."""
        return self.baseline.name

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector."""
        return self.rule(hear(folders))

    def rule(self, heard: Heard) -> Ruling:
        """The ruling on calls that have been heard already; scores over 1 are squeezed below it, their order kept."""
        opinion = self.baseline.opinion(heard)
        open_to_doubt = ~heard.calls.is_out & (opinion.score > 0)
        marked = open_to_doubt & (opinion.score >= self.label_at)
        action = np.where(open_to_doubt & (opinion.score >= self.block_at), BLOCK, np.where(marked, LABEL, ALLOW))
        label = np.where(action != ALLOW, opinion.label, LEGIT)
        score = opinion.score if float(opinion.score.max(initial=0.0)) <= 1 else opinion.score / (1 + opinion.score)
        return Ruling(label, score, action, label, ())


def is_honest(heard: Heard) -> Mask:
    """Honest incoming calls."""
    honest: Mask = (heard.calls.label == LEGIT) & ~heard.calls.is_out
    return honest


def volume_cut() -> Baseline:
    """So many calls of one number on the trunk within a day."""
    return Baseline("volume cut", lambda heard: _all_simbank(_within_a_day(heard)[0]))


def line_cut() -> Baseline:
    """So many different lines called by one number within a day."""
    return Baseline("distinct lines", lambda heard: _all_simbank(_within_a_day(heard)[1]))


def two_ratio() -> Baseline:
    """More than half of a number's calls go to a line that it had not called, more than 70 % were neither answered nor returned.

    The score is how many calls the two ratios rest on: a threshold asks for so many before the rule is believed. Lines that do not
    tell an answer count as never answered.
    """
    return Baseline("two-ratio rule", lambda heard: _all_simbank(_two_ratio(heard)))


def fit_logistic(heard: Sequence[Heard]) -> Baseline:
    """Logistic regression on the probe's features; the same result each time on one machine."""
    return _fitted("logistic regression", LogisticRegression(max_iter=2000), heard)


def fit_boosting(heard: Sequence[Heard]) -> Baseline:
    """Boosted trees on the probe's features; the same result each time on one machine."""
    # held back, or honest calls by the thousand would share its top score
    model = HistGradientBoostingClassifier(
        max_iter=200,
        max_leaf_nodes=31,
        learning_rate=0.05,
        l2_regularization=1.0,
        min_samples_leaf=100,
        early_stopping=False,
        random_state=0,
    )
    return _fitted("boosted trees", model, heard)


def _fitted(name: str, model: Any, heard: Sequence[Heard]) -> Baseline:
    rows = [part.is_asked & ~part.calls.is_out for part in heard]
    features = np.concatenate([_inputs(part.features[keep]) for part, keep in zip(heard, rows, strict=True)])
    labels = np.concatenate([part.calls.label[keep] for part, keep in zip(heard, rows, strict=True)])
    if not (labels == LEGIT).any() or (labels == LEGIT).all():
        raise ValueError(f"{name}: nothing to learn from without both honest calls and nuisances")
    # sums in another order are other sums
    with threadpool_limits(1):
        model.fit(features, labels)
    return Baseline(name, lambda part: _answers(model, part))


def _answers(model: Any, heard: Heard) -> Opinion:
    score = np.zeros(len(heard.is_asked))
    label = np.full(len(heard.is_asked), SIMBANK, np.int64)
    asked = heard.is_asked & ~heard.calls.is_out
    if asked.any():
        with threadpool_limits(1):
            chances = model.predict_proba(_inputs(heard.features[asked]))
        classes = np.asarray(model.classes_)
        score[asked] = 1 - chances[:, classes == LEGIT][:, 0]
        nuisances = classes[classes != LEGIT]
        label[asked] = nuisances[chances[:, classes != LEGIT].argmax(axis=1)]
    return Opinion(label, score)


def _inputs(features: NDArray[np.int16]) -> Floats:
    return features.astype(np.float64) / _YES


def _all_simbank(score: Floats) -> Opinion:
    return Opinion(np.full(len(score), SIMBANK, np.int64), score)


def _within_a_day(heard: Heard) -> tuple[Floats, Floats]:
    """Of each call, how often its number has called within a day, itself counted, and how many lines."""
    recent: defaultdict[str, deque[tuple[float, int]]] = defaultdict(deque)
    calls = heard.calls
    count, lines = np.zeros(len(calls.t_s)), np.zeros(len(calls.t_s))
    for index, (number, t_s, line) in enumerate(zip(calls.calling.tolist(), calls.t_s.tolist(), calls.line.tolist(), strict=True)):
        if number and not calls.is_out[index]:
            own = recent[number]
            own.append((t_s, line))
            while own[0][0] <= t_s - DAY_S:
                own.popleft()
            count[index], lines[index] = len(own), len({line for _, line in own})
    return count, lines


def _two_ratio(heard: Heard) -> Floats:
    calls = heard.calls
    called: defaultdict[str, set[int]] = defaultdict(set)
    score = np.zeros(len(calls.t_s))
    for index, (number, line) in enumerate(zip(calls.calling.tolist(), calls.line.tolist(), strict=True)):
        if number and not calls.is_out[index]:
            called[number].add(line)
            so_far = int(calls.before[index]) + 1
            answered = 1.0 if heard.is_returned[index] else float(heard.features[index, _ANSWERED]) / _YES
            if len(called[number]) / so_far > DISTINCT_LINES and 1 - answered > UNRETURNED:
                score[index] = so_far
    return score
