"""A section of the report: whether scores mean what they say."""

from collections.abc import Mapping, Sequence

import numpy as np

from catflap_models.court.case import Calls, Ruling
from catflap_models.court.figures import Figure
from catflap_models.court.metrics import Floats, Mask, Pooled, auc, pooled
from catflap_models.court.plots import Line, diagonal
from catflap_models.court.reliability import Bin, brier, expected_calibration_error, forecast, reliability
from catflap_models.court.report import Plot, Section, Table
from catflap_models.court.words import number, percent, span
from catflap_probe.call import LABELS, LEGIT

Cases = Sequence[tuple[Calls, Ruling]]
_WHAT = (
    "Calls are put together by the score that they were given, and the part of them that truly were nuisances is held against it. "
    "For a label the forecast is the score where that label was given, and 0 elsewhere."
)
_GOOD = (
    "Points on the dashed line: of the calls scored 0.8, eight in ten are nuisances. ECE is the mean distance from it, Brier the squared "
    "error of each call; 0 is best for both."
)


def scores_section(pool: Pooled, baselines: Mapping[str, Cases]) -> Section:
    """Reliability, ECE, Brier score and AUC of nuisance against honest; ECE and Brier score of each label."""
    incoming = ~pool.is_out
    nuisance = pool.label[incoming] != LEGIT
    scores = pool.score[incoming]
    bins = reliability(scores, nuisance)
    error, area = expected_calibration_error(bins), auc(scores, nuisance)
    figures = [
        Figure("court.ece", error, "", None, "lower", f"mean distance of score and truth over {len(scores)} incoming calls"),
        Figure("court.brier", brier(scores, nuisance), "", None, "lower", "mean squared distance of score and truth"),
    ]
    if area is not None:
        figures.append(Figure("court.auc", area, "", None, "higher", "chance that a nuisance outscores an honest call"))
    return Section(
        None,
        "What a score means",
        _WHAT,
        _GOOD,
        _words(error, area, bins),
        tuple(figures),
        (_by_label(pool, incoming), _bins(bins), *_areas(area, baselines)),
        (_diagram(bins),),
    )


def _words(error: float | None, area: float | None, bins: Sequence[Bin]) -> str:
    words = f"The mean distance between score and truth is {number(error)}."
    sure = [part for part in bins if part.low >= 0.9]
    if sure:
        came_true = sure[0].came_true
        words += f" Of the {number(came_true.total)} calls scored 0.9 and more, {percent(came_true.value)} were nuisances."
    if area is not None:
        words += f" A nuisance call outscores an honest one in {percent(area)} of pairs."
    return words


def _by_label(pool: Pooled, incoming: Mask) -> Table:
    rows = []
    for label in range(len(LABELS)):
        forecasts: Floats = forecast(pool, label)[incoming]
        came_true = np.equal(pool.label[incoming], label)
        if came_true.any() or (forecasts > 0).any():
            error = expected_calibration_error(reliability(forecasts, came_true))
            rows.append((LABELS[label], number(int(came_true.sum())), number(error), number(brier(forecasts, came_true))))
    return Table("Calibration of each label", ("label", "calls", "ECE", "Brier"), tuple(rows))


def _bins(bins: Sequence[Bin]) -> Table:
    rows = [
        (
            f"{part.low:.1f} to {part.high:.1f}",
            number(part.came_true.total),
            f"{part.mean:.3f}",
            percent(part.came_true.value),
            span(part.came_true),
        )
        for part in bins
    ]
    return Table("Scores and what came true", ("score", "calls", "mean score", "nuisances", "95 % bounds"), tuple(rows))


def _areas(area: float | None, baselines: Mapping[str, Cases]) -> tuple[Table, ...]:
    rows = [("this detector", number(area))]
    for name, cases in baselines.items():
        other = pooled(cases)
        rows.append((name, number(auc(other.score[~other.is_out], other.label[~other.is_out] != LEGIT))))
    note = "AUC: the chance that a nuisance call outscores an honest one; 0.5 is a coin."
    return (Table("Order of scores: AUC", ("detector", "AUC"), tuple(rows), note),) if area is not None else ()


def _diagram(bins: Sequence[Bin]) -> Plot:
    points = tuple((part.mean, part.came_true.value or 0.0) for part in bins)
    bounds = tuple(part.came_true.bounds for part in bins)
    return diagonal(
        "reliability",
        "Reliability diagram: mean score against the share of nuisances, in ten parts of the score.",
        "Scores in ten equal parts, those without a call left out; thin lines are 95 % bounds.",
        [Line("this detector", points, bounds)],
        "mean score",
        "truly nuisances",
    )
