"""A modest world around one trunk: weeks of honest calls with nuisance campaigns among them, and the demo's day."""

from collections.abc import Iterable, Iterator
from random import Random

from catflap_models.honest import DAY_S, Trunk, honest_calls
from catflap_models.nuisance import call_bombing, dialler_calls, draw_sim_bank, false_numbers, one_ring_calls, sim_bank_calls
from catflap_models.plan import PlannedCall

# time that a line needs between two calls
_CLEAR_S = 2.0


def plan(trunk: Trunk, days: int, seed: int) -> Iterator[PlannedCall]:
    """The calls of `days` days in time order, second 0 being a Monday's midnight; campaigns begin after a third of the days.

    The same arguments give the same plan on every machine. ValueError for a country that the world knows no numbers of.
    """
    if trunk.country != "CN":
        raise ValueError(f"no numbers known for country {trunk.country!r}: only CN")
    rng = Random(seed)  # noqa: S311 - a plan, not a secret
    calls = list(honest_calls(trunk, days, rng.uniform(8.0, 32.0) * trunk.lines**0.9, rng))
    calls += false_numbers(trunk, days, rng)
    quiet_days = days // 3
    for number in range(rng.choice((0, 1, 1, 1, 2))):
        bank = draw_sim_bank(trunk, f"bank-{number}", rng)
        first_day = rng.randrange(quiet_days, days)
        calls += sim_bank_calls(bank, trunk, first_day * DAY_S + rng.uniform(8.5, 15.0) * 3600.0, rng.randrange(1, 8), rng)
    for number in range(rng.randrange(3)):
        calls += one_ring_calls(trunk, f"one-ring-{number}", rng.randrange(quiet_days, days), rng.randrange(1, 4), rng)
    for number in range(rng.randrange(3)):
        calls += call_bombing(trunk, f"bombing-{number}", rng.randrange(quiet_days, days), rng)
    for number in range(rng.randrange(4)):
        calls += dialler_calls(trunk, f"dialler-{number}", rng.randrange(quiet_days, days), rng.randrange(2, 10), rng)
    return one_at_a_time(calls, days * DAY_S)


def one_at_a_time(calls: Iterable[PlannedCall], end_s: float) -> Iterator[PlannedCall]:
    """The calls before `end_s` in time order, without those that would find their line busy."""
    free_s: dict[int, float] = {}
    for call in sorted(calls, key=lambda call: (call.t_s, call.line, call.calling)):
        if call.t_s >= end_s:
            return
        if call.t_s < free_s.get(call.line, 0.0):
            continue
        is_answered = call.answer_s is not None and call.answer_s < call.patience_s
        held_s = (call.answer_s or 0.0) + call.talk_s if is_answered else call.patience_s
        free_s[call.line] = call.t_s + held_s + _CLEAR_S
        yield call
