"""Who calls again: redials after a miss, calls after the called side rang back in vain, and second thoughts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import exp, log
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.office import Office, call
from catflap_models.simulate.scenario import DAY_S

Quantiles = tuple[tuple[float, float], ...]
"""Pairs of a share and the seconds within which it has happened, from 0 to 1."""

# timing_params: redial, CNS redial after a missed call; the ends are wide priors
REDIAL: Quantiles = ((0.0, 5.0), (0.2, 60.0), (0.49, 300.0), (0.5, 322.0), (0.68, 3600.0), (1.0, 86400.0))
# timing_params: redial, CNS call-back by other side; the ends are wide priors
CALL_BACK: Quantiles = ((0.0, 10.0), (0.2, 60.0), (0.39, 300.0), (0.5, 617.0), (0.75, 3600.0), (1.0, 86400.0))
# nobody measured when one who was answered calls again
_AGAIN: Quantiles = ((0.0, 20.0), (0.5, 3600.0), (1.0, 86400.0))

_MORNING_S, _EVENING_S = 8.0 * 3600.0, 21.5 * 3600.0


@dataclass(frozen=True, slots=True)
class Habit:
    """What part of the callers does what after a call."""

    redial: float
    """Of those who were missed: they try again."""
    call_back: float
    """Of those who were missed: they were rung back, missed that in their turn and call back."""
    again: float
    """Of those who were answered: they call again for the same matter."""


def draw_habit(rng: Random) -> Habit:
    """A trunk's callers; wide priors around CNS, where 167 and 161 of some 400 missed calls were redialled and called back."""
    return Habit(rng.uniform(0.25, 0.5), rng.uniform(0.05, 0.25), rng.uniform(0.03, 0.15))


def calling_again(office: Office, habit: Habit) -> float:
    """About what part of all calls in working hours is made by those who call again."""
    return (1.0 - office.answered_share) * (habit.redial + habit.call_back) + office.answered_share * habit.again


def wait_s(rng: Random, quantiles: Quantiles) -> float:
    """A time of that spread: on a logarithmic scale, even between the known points."""
    share = rng.random()
    place = 1
    while quantiles[place][0] < share:
        place += 1
    (low, low_s), (high, high_s) = quantiles[place - 1], quantiles[place]
    return low_s * exp(log(high_s / low_s) * (share - low) / (high - low))


def waking_s(rng: Random, before_s: float, t_s: float) -> float:
    """`t_s`, or the next morning if that is a night which the call at `before_s` wasn't made in."""
    within_s = t_s % DAY_S
    if _MORNING_S <= within_s < _EVENING_S or t_s - before_s < 3600.0:
        return t_s
    morning_s = (t_s // DAY_S + (within_s >= _EVENING_S)) * DAY_S + _MORNING_S
    return morning_s + rng.expovariate(1.0 / 3600.0)


def in_order(days: Iterable[list[PlannedCall]], office: Office, habit: Habit | None, rng: Random) -> Iterator[PlannedCall]:
    """The calls of one day after another, in time order, with the further calls that `habit` makes of them; None: of machines.

    A day's list may be in any order and run into the next days, but begins no earlier than its day.
    """
    waiting: list[tuple[float, int, PlannedCall]] = []
    told = 0
    for day, calls in enumerate(days):
        for planned in calls:
            told += 1
            heappush(waiting, (planned.t_s, told, planned))
        while waiting and waiting[0][0] < (day + 1) * DAY_S:
            planned = heappop(waiting)[2]
            yield planned
            another = None if habit is None else _another(planned, office, habit, rng)
            if another is not None:
                told += 1
                heappush(waiting, (another.t_s, told, another))


def _another(done: PlannedCall, office: Office, habit: Habit, rng: Random) -> PlannedCall | None:
    """The next call that comes of `done`, if any; who shows no number calls again like others."""
    chance = rng.random()
    if done.answer_s is not None and done.answer_s < done.patience_s:
        if chance >= habit.again:
            return None
        end_s = done.t_s + done.answer_s + done.talk_s
        t_s = waking_s(rng, end_s, end_s + wait_s(rng, _AGAIN))
        return call(office, rng, t_s, done.line, done.calling, done.family, presentation=done.presentation)
    end_s = done.t_s + done.patience_s
    if chance < habit.redial:
        rest_s = wait_s(rng, REDIAL)
    elif chance < habit.redial + habit.call_back:
        # the called side rings back, in vain, and that is called back
        rest_s = wait_s(rng, CALL_BACK) + wait_s(rng, CALL_BACK)
    else:
        return None
    t_s = waking_s(rng, end_s, end_s + rest_s)
    return replace(call(office, rng, t_s, done.line, done.calling, done.family, presentation=done.presentation), talk_s=done.talk_s)
