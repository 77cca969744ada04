"""Outgoing calls of the trunk's own that present numbers outside its authorised range: somebody sells its lines on, or broke in."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.answering import FRAUD_TALK, persons_patience_s, wanting_call
from catflap_models.simulate.hours import HOME, arrivals
from catflap_models.simulate.office import draw_office
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.scenario import CalledTrunk, OutsideRange

_PATIENCE = (3.4, 0.4)


def outside_range_calls(campaign: OutsideRange, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """The calls within the plan's `days` in time order.

    Some presented numbers are far from the trunk's own and some differ in the last digits only; a few come back, others are new every
    time. All of that is a wide prior. Those who are called answer as those of the trunk do.
    """
    office = draw_office(trunk, days, rng)
    few = [_presented(trunk, rng) for _ in range(rng.randrange(1, 6))]
    fresh_share = rng.choice((0.0, 0.3, 1.0))
    kind = ("spoof", "outside-range", campaign.name)
    for day in range(campaign.first_day, min(campaign.first_day + campaign.days, days)):
        for t_s in arrivals(rng, day, campaign.calls_per_day, HOME):
            calling = _presented(trunk, rng) if rng.random() < fresh_share else rng.choice(few)
            call = wanting_call(
                office, rng, t_s, rng.randrange(trunk.lines), calling, persons_patience_s(office, rng, _PATIENCE), FRAUD_TALK, kind
            )
            yield replace(call, direction="out", called=numbers.mobile(rng))


def _presented(trunk: CalledTrunk, rng: Random) -> str:
    kind = rng.random()
    if kind < 0.3:
        # near the trunk's own numbers, and none of them
        return own_number(trunk, trunk.lines + rng.randrange(1, 300))
    if kind < 0.6:
        return trunk.area_code + numbers.landline(rng, trunk.area_code, 1.0)
    return numbers.mobile(rng) if kind < 0.9 else numbers.service(rng)
