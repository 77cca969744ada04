"""One-ring callers: sweeps over the lines, each call over before anybody can answer, in the hope of being called back."""

from collections.abc import Iterator
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.answering import given_up
from catflap_models.simulate.scenario import DAY_S, CalledTrunk, OneRing

RINGS_S = (0.6, 2.9)
"""timing_params: ring, wangiri ring: under about three seconds."""
_PREMIUM = (("168", 5), ("160", 5), ("+979", 9), ("+88213", 7))
"""Prefixes and further digits of numbers that cost whoever calls them: information services, the world's premium rate, satellites."""


def one_ring_calls(campaign: OneRing, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """The calls within the plan's `days` in time order; ValueError for an unknown numbering.

    One to four sweeps on each day, at any hour of the day and evening, up or down the lines in sequence, now and then leaving one out. How
    many callers there are and how fast they go are wide priors.
    """
    if campaign.numbering not in ("foreign", "premium"):
        raise ValueError(f"numbering {campaign.numbering!r} is neither foreign nor premium")
    callers = [numbers.one_ring(rng) if campaign.numbering == "foreign" else _premium(rng) for _ in range(rng.randrange(1, 9))]
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


def _premium(rng: Random) -> str:
    prefix, count = rng.choice(_PREMIUM)
    return prefix + numbers.digits(rng, count)
