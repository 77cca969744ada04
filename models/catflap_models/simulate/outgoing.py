"""What the trunk itself calls: outgoing calls under its own numbers, and those who call back because they missed one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import OFFICE, arrivals
from catflap_models.simulate.office import Office, any_line, awaiting, call, mobile
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.redials import CALL_BACK, REDIAL, wait_s, waking_s


def outgoing(office: Office, calls_per_day: float, rng: Random) -> Iterator[list[PlannedCall]]:
    """A day's outgoing calls to people known and unknown; who misses one calls back, or is tried again. All shares are wide priors."""
    known = [mobile(office, rng, 0.05) for _ in range(20 + 20 * office.trunk.lines)]
    weights = tuple(accumulate(1.0 / (rank + 1.0) for rank in range(len(known))))
    reached_share = rng.uniform(0.6, 0.9)
    back_share, again_share = rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.4)
    waiting = awaiting(office)
    other_side = replace(office, answered_share=reached_share, away_share=reached_share)
    for day, busy in enumerate(office.traffic):
        found = []
        for t_s in arrivals(rng, day, calls_per_day * busy, OFFICE):
            line = any_line(office, rng)
            called = rng.choices(known, cum_weights=weights)[0] if rng.random() < 0.7 else mobile(office, rng, 0.05)
            first = _out(other_side, rng, t_s, line, called)
            found.append(first)
            if first.answer_s is not None and first.answer_s < first.patience_s:
                continue
            end_s = t_s + first.patience_s
            chance = rng.random()
            if chance < back_share:
                back_s = waking_s(rng, end_s, end_s + wait_s(rng, CALL_BACK))
                found.append(call(waiting, rng, back_s, line, called, "call-back"))
            elif chance < back_share + again_share:
                found.append(_out(other_side, rng, waking_s(rng, end_s, end_s + wait_s(rng, REDIAL)), line, called))
        yield found


def _out(other_side: Office, rng: Random, t_s: float, line: int, called: str) -> PlannedCall:
    presented = own_number(other_side.trunk, line)
    return replace(call(other_side, rng, t_s, line, presented, "outgoing"), direction="out", called=called)
