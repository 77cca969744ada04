"""Call centres' diallers: they let it ring six or seven times, and drop a few of those who answer."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.answering import wanting_call
from catflap_models.simulate.bank_numbers import any_mobile
from catflap_models.simulate.hours import DAYTIME, arrivals, is_weekend
from catflap_models.simulate.office import draw_office
from catflap_models.simulate.scenario import CalledTrunk, Dialler

NUMBERINGS = ("call-centre", "landline", "mobile")
CYCLE_S = 5.0
"""A ring and the pause after it (ring cadences by country: China 1 s, 4 s)."""
RING_LIMITS = (6, 7)
"""timing_params: ring, dialler no-answer limit."""
MOST_ABANDONED = 0.03
"""Of answered calls (timing_params: pacing, abandon limit)."""
_ABANDONED_TALK_S = (0.5, 2.0)


def dialler_calls(campaign: Dialler, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """The calls within the plan's `days` in time order, on working days; ValueError for an unknown numbering."""
    if campaign.numbering not in NUMBERINGS:
        raise ValueError(f"numbering {campaign.numbering!r} is none of {', '.join(NUMBERINGS)}")
    return _calls(campaign, trunk, days, rng)


def _calls(campaign: Dialler, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    office = draw_office(trunk, days, rng)
    callers = [_caller(campaign.numbering, trunk.area_code, rng) for _ in range(rng.randrange(1, 7))]
    kind = ("telemarketing", campaign.numbering, campaign.name)
    rings = rng.choice(RING_LIMITS)
    abandoned = rng.uniform(0.0, MOST_ABANDONED)
    # most hang up soon; wide prior
    talk = (rng.uniform(2.2, 3.8), rng.uniform(0.7, 1.3))
    for day in range(campaign.first_day, min(campaign.first_day + campaign.days, days)):
        if is_weekend(day):
            continue
        for t_s in arrivals(rng, day, campaign.calls_per_line_day * trunk.lines, DAYTIME):
            # it hangs up in the pause after its last ring
            patience_s = CYCLE_S * (rings - 1) + rng.uniform(1.0, CYCLE_S - 0.1)
            call = wanting_call(office, rng, t_s, rng.randrange(trunk.lines), rng.choice(callers), patience_s, talk, kind)
            yield replace(call, talk_s=round(rng.uniform(*_ABANDONED_TALK_S), 3)) if rng.random() < abandoned else call


def _caller(numbering: str, area_code: str, rng: Random) -> str:
    if numbering == "call-centre":
        return numbers.dialler(rng)
    return numbers.landline(rng, area_code, 0.5) if numbering == "landline" else any_mobile(rng, area_code, 0.4, 0.5)
