"""Draws random trunks of the whole range that the world knows: for training, and for `catflap simulate`."""

import math
from random import Random

from catflap_models.simulate.banks import SELECTORS
from catflap_models.simulate.honest import FAMILIES
from catflap_models.simulate.scenario import (
    Bombing,
    CalledTrunk,
    Campaign,
    Dialler,
    FalseNumbers,
    Honest,
    Modems,
    OneRing,
    OutsideRange,
    Scenario,
    SimBank,
)

AREA_CODES = ("010", "020", "021", "022", "023", "025", "027", "028", "0571", "0755")
"""Areas whose own numbers have eight digits."""
BUSY = (3.0, 40.0)
"""Honest calls a line and working day; wide prior."""
BANK_BUSY = (3.0, 90.0)
"""Calls of a bank a line and day that reach the trunk; wide prior."""
ANSWERED_MINUTES = 0.8
"""Minutes of talk that a bank's call costs its card, unanswered ones counted (duration, SIM-box outgoing: mean 80 s)."""


def draw_scenario(seed: int, trunk_id: str, lines: int, days: int) -> Scenario:
    """A trunk of `lines` lines over `days` days; the same arguments draw the same one. The campaigns begin after a third of the days."""
    rng = Random(f"{seed}:draw:{trunk_id}")  # noqa: S311 - a world, not a secret
    families = tuple(family for family in FAMILIES if rng.random() < 0.6)
    calls_per_day = round(_spread(rng, *BUSY) * lines**0.9, 3)
    outgoing_per_day = rng.choice((0.0, round(calls_per_day * rng.uniform(0.1, 1.0), 3)))
    return Scenario(
        seed=rng.randrange(1 << 48),
        trunk=CalledTrunk(trunk_id, lines, area_code=rng.choice(AREA_CODES)),
        days=days,
        honest=Honest(calls_per_day, families, outgoing_per_day),
        campaigns=tuple(_campaigns(rng, lines, days)),
        modems=_modems(rng),
    )


def _campaigns(rng: Random, lines: int, days: int) -> list[Campaign]:
    found: list[Campaign] = [FalseNumbers("false", round(rng.uniform(0.0, 1.5), 3))]
    quiet = days // 3

    def begin(longest: int) -> tuple[int, int]:
        first_day = rng.randrange(quiet, days)
        return first_day, min(rng.randint(1, longest), days - first_day)

    for number in range(rng.choice((0, 1, 1, 1, 2))):
        found.append(_bank(rng, f"bank-{number}", lines, *begin(12)))
    for number in range(rng.randrange(3)):
        found.append(OneRing(f"one-ring-{number}", *begin(4), rng.choice(("foreign", "premium"))))
    for number in range(rng.randrange(3)):
        numbering = rng.choice(("single", "rotating", "fresh", "withheld"))
        found.append(Bombing(f"bombing-{number}", rng.randrange(quiet, days), round(_spread(rng, 0.3, 6.0), 2), numbering))
    for number in range(rng.randrange(4)):
        numbering = rng.choice(("call-centre", "call-centre", "landline", "mobile"))
        found.append(Dialler(f"dialler-{number}", *begin(10), round(_spread(rng, 0.5, 5.0), 3), numbering))
    if rng.random() < 0.3:
        found.append(OutsideRange("outside", *begin(6), round(_spread(rng, 1.0, 30.0), 2)))
    return found


def _bank(rng: Random, name: str, lines: int, first_day: int, days: int) -> SimBank:
    sims = round(_spread(rng, 8.0, 512.0))
    calls_per_sim_day = _spread(rng, 30.0, 250.0)
    # volume, dialling-card limit China
    limit_calls, limit_share = rng.choice((0, 100, 200, 300)), rng.choice((0.25, 0.5, 0.8, 0.95, 1.0))
    limit_talk_minutes = rng.choice((0, 0, 60, 120, 300))
    made = min(calls_per_sim_day, limit_calls * limit_share if limit_calls else math.inf, limit_talk_minutes / ANSWERED_MINUTES or math.inf)
    line_share = rng.choice((1.0, 1.0, rng.uniform(0.3, 1.0)))
    return SimBank(
        name=name,
        selector=rng.choice(SELECTORS),
        numbering=rng.choice(("neighbouring", "batch", "scattered")),
        first_day=first_day,
        days=days,
        sims=sims,
        # so that as much comes through as BANK_BUSY says
        share=round(min(max(_spread(rng, *BANK_BUSY) * lines * line_share / (sims * made), 0.001), 0.1), 5),
        calls_per_sim_day=round(calls_per_sim_day, 2),
        limit_calls=limit_calls,
        limit_share=limit_share,
        limit_talk_minutes=limit_talk_minutes,
        gap_floor_s=round(rng.uniform(8.0, 90.0), 1),  # gap, Chinese dialling-card advice: at least 8 s, random 10-60 s
        gap_jitter=round(rng.random(), 3),
        life_days=round(_spread(rng, 1.0, 10.0), 2),
        sticky=rng.choice((0.0, 0.0, round(rng.uniform(0.3, 0.95), 2))),
        fake_incoming=rng.choice((0.0, 0.0, round(rng.uniform(0.0, 0.5), 2))),
        channels=max(round(sims * rng.uniform(0.1, 0.5)), 4),
        open_h=round(rng.uniform(8.0, 10.0), 2),
        close_h=round(rng.uniform(17.5, 21.5), 2),
        virtual_share=round(rng.random(), 3),
        line_share=round(line_share, 3),
    )


def _modems(rng: Random) -> Modems:
    """Wide priors: mostly clean wires."""
    return Modems(
        cellular_share=rng.choice((0.0, 1.0, round(rng.random(), 3))),
        lost_share=rng.choice((0.0, 0.0, 0.0, round(_spread(rng, 0.001, 0.05), 5))),
        split_share=round(rng.uniform(0.0, 0.3), 3),
        is_dtmf=rng.random() < 0.15,
        withheld_share=rng.choice((0.0, 0.0, round(_spread(rng, 0.002, 0.1), 4))),
        clock_step_s=rng.choice((0.0,) * 9 + (round(rng.uniform(-3600.0, 3600.0), 3),)),
    )


def _spread(rng: Random, least: float, most: float) -> float:
    """A value between the two, its logarithm evenly spread."""
    return float(least * (most / least) ** rng.random())
