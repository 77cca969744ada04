"""Point 4: errors in operators' units."""

from dataclasses import replace

import numpy as np

from catflap_models.court.figures import Figure
from catflap_models.court.metrics import Mask, Pooled, precision_at, share_of
from catflap_models.court.protocol import Court, cases, pool_of
from catflap_models.court.report import Section
from catflap_models.court.sections_alarms import units_section
from catflap_models.court.words import number, one_in
from catflap_probe.call import LEGIT, SPOOF


def budget(court: Court) -> Section:
    """False alarms a trunk and four weeks where there is no nuisance, stopped honest calls in a million, precision by prevalence."""
    name = court.accused.name
    hearings = court.quiet()
    rate, *_ = units_section(cases(hearings, name), {}).figures
    everywhere = [*hearings, *court.mixed()]
    told = units_section(cases(everywhere, name), {rival: cases(everywhere, rival) for rival in court.names[1:]})
    pool = pool_of(everywhere, name)
    figures = [
        replace(rate, name="court.budget.false-alarms", how=rate.how + "; trunks without nuisance"),
        *(replace(figure, name="court.budget.false-blocks") for figure in told.figures[1:2]),
        *_precisions(pool),
        _lone_first_calls(pool),
    ]
    return replace(
        told,
        number=4,
        what="False alarms are counted on trunks without nuisance, stopped calls and precision on these and on trunks with every label. "
        "An alarm is true when more than half of its members that carry a label belong to one campaign of its kind. "
        "A lone first call, of a number never heard and of a campaign never heard, must stay advisory unless its number is impossible.",
        figures=tuple(figures),
    )


def _precisions(pool: Pooled) -> list[Figure]:
    nuisance = (pool.label != LEGIT) & ~pool.is_out
    figures = []
    for action, hit in (("marked", pool.is_marked), ("blocked", pool.is_blocked)):
        recall, wrong = share_of(hit, nuisance), share_of(hit, pool.is_honest)
        for part in (0.001, 0.005, 0.04):
            value = precision_at(recall.value or 0.0, wrong.value or 0.0, part)
            how = f"where {100 * part:g} % of calls are nuisances; recall {number(recall.value)}, honest {one_in(wrong.value)}"
            figures.append(Figure(f"court.budget.precision.{action}.{100 * part:g}", value, "share", None, "higher", how))
    return [figure for figure in figures if figure.value is not None]


def _lone_first_calls(pool: Pooled) -> Figure:
    lone: Mask = np.logical_and(pool.before == 0, pool.place <= 1) & (pool.label != SPOOF) & ~pool.is_out
    share = share_of(pool.is_blocked, lone)
    how = f"{share.hits} of {number(share.total)} first calls of honest numbers, or first of their campaign, stopped"
    return Figure("court.budget.lone-first-calls-blocked", share.value, "share", 1e-4, "lower", how)
