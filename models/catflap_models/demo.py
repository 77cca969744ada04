"""The demo's trunk: two quiet weeks of an office in Beijing, then a day on which a SIM bank calls it."""

from dataclasses import dataclass, replace
from random import Random

from catflap_models.honest import DAY_S, Trunk, honest_calls
from catflap_models.nuisance import SimBank, sim_bank_calls
from catflap_models.plan import PlannedCall
from catflap_models.world import one_at_a_time

TRUNK = Trunk(lines=8, country="CN", area_code="010")
NUMBERS = tuple(f"0106234560{line}" for line in range(1, 9))
"""The number of each line."""

QUIET_START = "2026-02-16T08:00:00+08:00"
"""Second 0 of the quiet weeks, a Monday."""
DAY_START = "2026-03-02T08:00:00+08:00"
"""Second 0 of the day, the Monday after them."""

_OPEN_S = 8 * 3600.0
_CALLS_PER_DAY = 280.0
_QUIET_S = 14 * DAY_S

_BANK = SimBank(
    campaign="bank",
    selector="longest-idle",
    numbering="neighbouring",
    sims=32,
    calls_per_sim_day=190.0,
    gap_floor_s=40.0,
    share=0.10,
    life_days=10.0,
    is_sticky=False,
    lines=TRUNK.lines,
    virtual_share=1.0,
    open_s=_OPEN_S,
)


@dataclass(frozen=True, slots=True)
class Demo:
    """What happens on the trunk; times of `quiet` count from QUIET_START, those of `day` from DAY_START."""

    quiet: list[PlannedCall]
    day: list[PlannedCall]


def demo(seed: int) -> Demo:
    """The same office before and on the day; the bank's neighbouring numbers, longest idle first, begin some minutes after 08:05."""
    rng = Random(seed)  # noqa: S311 - a plan, not a secret
    calls = list(honest_calls(TRUNK, 15, _CALLS_PER_DAY, rng))
    calls += sim_bank_calls(_BANK, TRUNK, _QUIET_S + _OPEN_S + rng.uniform(5.0, 10.0) * 60.0, 1, rng)
    moved = [replace(call, t_s=round(call.t_s - _OPEN_S, 3)) for call in one_at_a_time(calls, _QUIET_S + DAY_S)]
    return Demo(
        quiet=[call for call in moved if 0.0 <= call.t_s < _QUIET_S],
        day=[replace(call, t_s=round(call.t_s - _QUIET_S, 3)) for call in moved if call.t_s >= _QUIET_S],
    )
