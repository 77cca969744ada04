"""When people call: hours of the day, days of the week, and the chance in both."""

from itertools import accumulate
from math import exp
from random import Random

from catflap_models.simulate.scenario import DAY_S

Hours = tuple[float, ...]
"""How much of a day's traffic has come by each full hour, 0 to 24; the last is the whole, of any size."""


def _hours(*weights: int) -> Hours:
    return tuple(accumulate(weights, initial=0.0))


# relative calls in each hour from midnight on; wide priors but for the office, which a bank's call centre resembles
OFFICE = _hours(0, 0, 0, 0, 0, 0, 1, 4, 18, 30, 31, 28, 15, 20, 29, 30, 28, 20, 8, 4, 3, 2, 1, 0)
HOME = _hours(1, 0, 0, 0, 0, 0, 1, 4, 9, 12, 13, 13, 12, 10, 10, 11, 12, 15, 18, 20, 18, 13, 6, 2)
DELIVERY = _hours(0, 0, 0, 0, 0, 0, 0, 2, 8, 18, 24, 20, 12, 12, 16, 20, 24, 18, 10, 5, 2, 1, 0, 0)
MEALS = _hours(0, 0, 0, 0, 0, 0, 2, 4, 3, 2, 6, 30, 26, 8, 3, 3, 8, 24, 28, 14, 8, 5, 3, 1)
RIDES = _hours(2, 1, 1, 1, 2, 4, 9, 16, 18, 12, 10, 10, 11, 11, 10, 11, 14, 20, 20, 16, 14, 13, 10, 5)
SITE = _hours(0, 0, 0, 0, 0, 1, 10, 20, 18, 16, 15, 12, 6, 14, 16, 15, 14, 10, 4, 1, 0, 0, 0, 0)
DAYTIME = _hours(0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 16, 14, 6, 8, 14, 16, 16, 14, 10, 8, 2, 0, 0, 0)
EVENING = _hours(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 10, 22, 30, 22, 6, 0, 0)


def arrivals(rng: Random, day: int, mean: float, hours: Hours) -> list[float]:
    """Seconds of that day in order, `mean` of them on average, at random as telephone calls are.

    Poisson arrivals (timing_params: arrivals, bank 09-17, CV 0.97 within an hour) at the rate that `hours` gives each hour.
    """
    found = []
    whole = hours[24]
    hour = 0
    passed = rng.expovariate(1.0)
    while passed < mean:
        share = min(passed / mean, 0.999999) * whole
        while hours[hour + 1] <= share:
            hour += 1
        found.append(day * DAY_S + (hour + (share - hours[hour]) / (hours[hour + 1] - hours[hour])) * 3600.0)
        passed += rng.expovariate(1.0)
    return found


def one_of(rng: Random, day: int, hours: Hours) -> float:
    """One second of that day, as `hours` has them."""
    share = rng.random() * hours[24]
    hour = 0
    while hours[hour + 1] <= share:
        hour += 1
    return day * DAY_S + (hour + (share - hours[hour]) / (hours[hour + 1] - hours[hour])) * 3600.0


def count(rng: Random, mean: float) -> int:
    """How many of what happens `mean` times on average (Poisson)."""
    found = 0
    passed = rng.expovariate(1.0)
    while passed < mean:
        found += 1
        passed += rng.expovariate(1.0)
    return found


def is_weekend(day: int) -> bool:
    """True for Saturdays and Sundays: day 0 is a Monday."""
    return day % 7 > 4


def occasions(rng: Random, days: int, per_four_weeks: float) -> list[int]:
    """Working days on which something rare happens, in order: at least one, as it was asked for."""
    working = [day for day in range(days) if not is_weekend(day)]
    wanted = max(1, round(per_four_weeks * days / 28.0 * rng.uniform(0.7, 1.3)))
    return sorted(rng.sample(working, min(len(working), wanted)))


def traffic(rng: Random, days: int) -> tuple[float, ...]:
    """How busy each day is; an average working day is 1.

    Good and bad weeks come and go slowly, Mondays are busier, weekends and the odd holiday quiet. All wide priors.
    """
    weekend = rng.uniform(0.08, 0.4)
    week = (1.12, 1.04, 1.0, 0.98, 0.92, weekend, 0.7 * weekend)
    mood = 0.0
    found = []
    for day in range(days):
        mood = 0.75 * mood + rng.normalvariate(0.0, 0.1)
        is_holiday = rng.random() < 0.015
        found.append(min(week[day % 7], weekend if is_holiday else 9.0) * exp(mood))
    return tuple(found)
