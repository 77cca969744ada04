"""One-ring callers: sweeps over the lines, each call over before anybody can answer, in the hope of being called back."""

from collections.abc import Iterator
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.answering import given_up
from catflap_models.simulate.scenario import DAY_S, CalledTrunk, OneRing

RINGS_S = (0.6, 2.9)
"""timing_params: ring, wangiri ring: under about three seconds."""
_FOREIGN = (
    *(("+23276", 6), ("+37126", 6), ("+6757", 7), ("+2207", 6), ("+4477", 8), ("+96079", 5), ("+187655", 5), ("+180928", 5)),
    *(("+216982", 5), ("+253776", 5), ("+2693", 6), ("+37369", 6), ("+994502", 6), ("+381641", 6), ("+852901", 5), ("+22177", 7)),
    *(("+24206", 7), ("+6281212", 6), ("+393331", 6), ("+447911", 6), ("+67720", 3), ("+5345", 6), ("+260977", 6), ("+224620", 6)),
)
"""Prefixes and further digits of foreign mobiles: countries with dear calls, and some that honest people call from."""
_PREMIUM = (("168", 5), ("160", 5), ("+979", 9), ("+882160", 7), ("+8816", 8), ("+870773", 6), ("+1900555", 4), ("+44909", 7))
"""Of numbers that cost whoever calls them: information services, the world's and countries' premium rate, satellites."""


def one_ring_calls(campaign: OneRing, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """The calls within the plan's `days` in time order; ValueError for an unknown numbering.

    One to four sweeps on each day, at any hour of the day and evening, up or down the lines in sequence, now and then leaving one out. How
    many callers there are and how fast they go are wide priors.
    """
    if campaign.numbering not in ("foreign", "premium"):
        raise ValueError(f"numbering {campaign.numbering!r} is neither foreign nor premium")
    callers = [_caller(campaign.numbering, rng) for _ in range(rng.randrange(1, 9))]
    kind = ("wangiri", campaign.numbering, campaign.name)
    pace_s = rng.uniform(3.0, 60.0)
    left_out = rng.choice((0.0, 0.0, 0.1))
    found = []
    for day in range(campaign.first_day, min(campaign.first_day + campaign.days, days)):
        for _ in range(rng.randrange(1, 5)):
            t_s = day * DAY_S + rng.uniform(7.0, 22.5) * 3600.0
            is_one_caller = rng.random() < 0.6
            calling = rng.choice(callers)
            for line in range(trunk.lines) if rng.random() < 0.8 else reversed(range(trunk.lines)):
                t_s += pace_s * rng.uniform(0.7, 1.3)
                if rng.random() >= left_out:
                    calling = calling if is_one_caller else rng.choice(callers)
                    found.append(given_up(t_s, line, calling, rng.uniform(*RINGS_S), kind))
    found.sort(key=lambda call: call.t_s)
    return (call for call in found if call.t_s < days * DAY_S)


def _caller(numbering: str, rng: Random) -> str:
    prefix, count = rng.choice(_FOREIGN if numbering == "foreign" else _PREMIUM)
    return prefix + numbers.digits(rng, count)
