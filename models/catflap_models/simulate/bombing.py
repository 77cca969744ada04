"""Call bombing: one or two lines called again and again, seconds apart, for hours."""

from collections.abc import Iterator
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.answering import given_up
from catflap_models.simulate.bank_numbers import any_mobile
from catflap_models.simulate.scenario import DAY_S, Bombing, CalledTrunk

NUMBERINGS = ("single", "rotating", "fresh", "withheld")
GAP_S = (1.0, 60.0)
"""From one call to the next (timing_params: tdos, repeat gap)."""
RINGS_S = (0.4, 2.0)
"""timing_params: tdos, abandon."""
_VIRTUAL_SHARE = 0.4


def bombing_calls(campaign: Bombing, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """The calls within the plan's `days` in time order; ValueError for an unknown numbering. It begins in working hours."""
    if campaign.numbering not in NUMBERINGS:
        raise ValueError(f"numbering {campaign.numbering!r} is none of {', '.join(NUMBERINGS)}")
    return _calls(campaign, trunk, days, rng)


def _calls(campaign: Bombing, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    lines = rng.sample(range(trunk.lines), min(trunk.lines, rng.randrange(1, 3)))
    # some show landlines of anywhere; wide prior
    landline_share = rng.choice((0.0, 0.0, 0.3, 1.0))
    few = [_caller(trunk, landline_share, rng) for _ in range(1 if campaign.numbering == "single" else rng.randrange(2, 20))]
    kind = ("tdos", campaign.numbering, campaign.name)
    mean_s = rng.uniform(2.0, 40.0)
    t_s = campaign.first_day * DAY_S + rng.uniform(8.5, 17.0) * 3600.0
    end_s = min(t_s + campaign.hours * 3600.0, days * DAY_S)
    while t_s < end_s:
        if campaign.numbering == "withheld":
            calling = ""
        elif campaign.numbering == "fresh":
            calling = _caller(trunk, landline_share, rng)
        else:
            calling = rng.choice(few)
        rings_s = rng.uniform(*RINGS_S)
        yield given_up(t_s, rng.choice(lines), calling, rings_s, kind)
        t_s += min(max(rng.expovariate(1.0 / mean_s), GAP_S[0]), GAP_S[1])


def _caller(trunk: CalledTrunk, landline_share: float, rng: Random) -> str:
    if rng.random() < landline_share:
        return numbers.landline(rng, trunk.area_code, 0.3)
    return any_mobile(rng, trunk.area_code, 0.4, _VIRTUAL_SHARE)
