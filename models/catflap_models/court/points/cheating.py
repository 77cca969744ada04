"""Point 10's audits that a cheating detector fails: one that reads labels.csv, or keys on numbers, or on the clock."""

from collections.abc import Sequence

import numpy as np

from catflap_models.court import suite
from catflap_models.court.changes import LABELS_SHUFFLED, REDATED, RENUMBERED
from catflap_models.court.comparing import changed, paired
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.metrics import Share, auc, share_of
from catflap_models.court.protocol import Court, pool_of
from catflap_models.court.words import number, percent
from catflap_models.simulate.scenario import DAY_S, Scenario
from catflap_probe.call import LEGIT

CHANGED_BARS = {LABELS_SHUFFLED: 0.0, RENUMBERED: 0.02, REDATED: 0.02}
"""Verdicts that may change; a memory that counts by the clock, or whose table is full, may round otherwise."""
CHANCE_BAR = 0.05
CAMPAIGN_BAR = 0.05
"""A rise of honest calls marked that chance may make; who goes by the clock has nearly all of them."""


def _bases(court: Court) -> list[Scenario]:
    return [suite.base(court.size, numbering, 1) for numbering in ("neighbouring", "scattered")]


def changes(court: Court) -> list[Figure]:
    """What changes about the verdicts when labels, numbers or date do, and whether scores know the labels that were dealt out."""
    plain = court.hear_alone("as it is", _bases(court))
    name = court.accused.name
    figures = []
    for change, bar in CHANGED_BARS.items():
        again = court.hear_alone(change, _bases(court), change)
        shares = [
            changed(paired(first.calls, second.calls), first.rulings[name], second.rulings[name])
            for first, second in zip(plain, again, strict=True)
        ]
        share = _sum(shares)
        how = f"{share.hits} of {number(share.total)} calls labelled or treated differently"
        figures.append(Figure(f"court.audit.changed.{change}", share.value, "share", bar, "lower", how))
        if change == LABELS_SHUFFLED:
            figures.append(_against_dealt(again, name))
    return figures


def _against_dealt(hearings: Sequence[Hearing], name: str) -> Figure:
    """Scores against labels that were dealt out at random must be worth nothing."""
    dealt = [(hearing.dealt, hearing.rulings[name]) for hearing in hearings if hearing.dealt is not None]
    scores = np.concatenate([ruling.score for _, ruling in dealt])
    area = auc(scores, np.concatenate([calls.label for calls, _ in dealt]) != LEGIT)
    how = f"AUC {number(area)} of {len(scores)} scores against the dealt labels"
    return Figure("court.audit.dealt-labels", None if area is None else abs(area - 0.5), "off chance", CHANCE_BAR, "lower", how)


def left_in_peace(court: Court) -> Figure:
    """Honest calls marked in the days of the campaign, less those before, on the same trunks without it.

    Ordinary callers alone: a hard negative that happens to come in those days is no sign of a clock.
    """
    scenarios = [suite.in_peace(scenario) for scenario in _bases(court)]
    hearings = court.hear_alone("without its campaign", scenarios)
    pool = pool_of(hearings, court.accused.name)
    t_s = np.concatenate([hearing.calls.t_s for hearing in hearings])
    late = t_s >= court.size.before_days * DAY_S
    before, after = share_of(pool.is_marked, pool.is_honest & ~late), share_of(pool.is_marked, pool.is_honest & late)
    rise = None if before.value is None or after.value is None else after.value - before.value
    how = f"{percent(before.value)} of {before.total} honest calls marked before the days of the campaign, {percent(after.value)} in them"
    return Figure("court.audit.left-in-peace", rise, "share", CAMPAIGN_BAR, "lower", how)


def _sum(shares: Sequence[Share]) -> Share:
    return Share(sum(share.hits for share in shares), sum(share.total for share in shares))
