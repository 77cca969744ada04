"""Point 8: whether scores are probabilities, also where nuisances are rarer, and what lies in between."""

from dataclasses import replace

import numpy as np

from catflap_models.court.figures import Figure
from catflap_models.court.metrics import Mask, Share
from catflap_models.court.protocol import Court, cases, pool_of
from catflap_models.court.reliability import expected_calibration_error, reliability
from catflap_models.court.report import Section, Table
from catflap_models.court.sections_scores import scores_section
from catflap_models.court.words import number, percent, span
from catflap_probe.call import LEGIT

ECE_BAR = 0.03
PREVALENCES = (0.04, 0.005)
DOUBT = (0.2, 0.8)
"""Scores that a person would call undecided."""


def calibration(court: Court) -> Section:
    """Scores against truth on trunks of every policy and label, and with the nuisances thinned out."""
    hearings = [*court.quiet(), *court.mixed(), *court.policies()]
    pool = pool_of(hearings, court.accused.name)
    told = scores_section(pool, {name: cases(hearings, name) for name in court.names[1:]})
    scores, nuisance = pool.score[~pool.is_out], pool.label[~pool.is_out] != LEGIT
    figures, rows = [], []
    for figure in told.figures:
        figures.append(
            replace(figure, name=figure.name.replace("court.", "court.calibration."), bar=ECE_BAR if "ece" in figure.name else None)
        )
    for part in PREVALENCES:
        kept = _thinned(nuisance, part)
        error = expected_calibration_error(reliability(scores[kept], nuisance[kept]))
        how = f"nuisances thinned to {percent(part)} of {number(int(kept.sum()))} calls, the scores unchanged"
        figures.append(Figure(f"court.calibration.ece.at-{100 * part:g}", error, "", None, "lower", how))
    low, high = DOUBT
    doubtful: Mask = np.logical_and(scores >= low, scores < high)
    for title, among in (("under " + str(low), scores < low), ("in doubt", doubtful), (str(high) + " and over", scores >= high)):
        share = Share(int((nuisance & among).sum()), int(among.sum()))
        rows.append((title, number(share.total), percent(share.total / len(scores)), percent(share.value), span(share)))
    share = Share(int(doubtful.sum()), len(scores))
    figures.append(Figure("court.calibration.in-doubt", share.value, "share of calls", None, "lower", f"scored {low} to {high}"))
    note = "A detector that abstains in doubt gives up the nuisances of the middle row to spare its honest calls."
    table = Table("The region of doubt", ("score", "calls", "of all", "nuisances", "95 % bounds"), tuple(rows), note)
    return replace(told, number=8, figures=tuple(figures), tables=(*told.tables, table))


def _thinned(nuisance: Mask, prevalence: float) -> Mask:
    """All honest calls, and of the nuisances every so manieth, so that they are `prevalence` of what is kept."""
    kept: Mask = ~nuisance
    wanted = round(prevalence / (1 - prevalence) * int(kept.sum()))
    places = np.flatnonzero(nuisance)
    if len(places) and wanted:
        kept[places[np.linspace(0, len(places) - 1, min(wanted, len(places))).astype(np.int64)]] = True
    return kept
