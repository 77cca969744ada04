"""When people are up: daily humps and days of the week, and the spells between what they do."""

from dataclasses import dataclass
from random import Random

from .steps import DAY_S, HOUR_S


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Two humps a day and how much of the weekend is left."""

    first_h: float
    second_h: float
    width_h: float
    second_part: float
    saturday: float = 0.6
    sunday: float = 0.4
    opens_h: float = 0.0
    closes_h: float = 24.0

    def weekday_part(self, day: int, first_weekday: int) -> float:
        """How much of a working day's doings happen on this day, 0-1; weekday 0 is a Monday."""
        weekday = (day + first_weekday) % 7
        return self.saturday if weekday == 5 else self.sunday if weekday == 6 else 1.0

    def moment(self, day: int, rng: Random) -> float:
        """A second of the recording on this day."""
        peak_h = self.second_h if rng.random() < self.second_part else self.first_h
        while True:
            hour = rng.gauss(peak_h, self.width_h)
            if self.opens_h <= hour < self.closes_h:
                return day * DAY_S + hour * HOUR_S


OFFICE = Rhythm(9.9, 14.9, 1.25, 0.46, saturday=0.12, sunday=0.05, opens_h=7.3, closes_h=19.6)
PRIVATE = Rhythm(11.5, 18.8, 1.9, 0.63, saturday=0.95, sunday=0.8)
SHOPS = Rhythm(10.6, 16.2, 1.8, 0.52, saturday=0.85, sunday=0.5, opens_h=7.9, closes_h=21.1)
ROUND = Rhythm(10.2, 15.4, 1.5, 0.45, saturday=0.9, sunday=0.6, opens_h=6.8, closes_h=21.4)


def by_day(t_s: float, rng: Random) -> float:
    """That moment, or in the night some time in the next morning."""
    hour = t_s % DAY_S / HOUR_S
    if 7.5 <= hour < 22.5:
        return t_s
    morning_s = t_s - t_s % DAY_S + (DAY_S if hour >= 22.5 else 0.0) + 8.0 * HOUR_S
    return morning_s + rng.gammavariate(2.0, 0.9 * HOUR_S)


def patience_s(rng: Random) -> float:
    """How long a person lets it ring: most for half a minute, some hang up soon."""
    return rng.uniform(3.0, 12.0) if rng.random() < 0.17 else rng.gammavariate(6.0, 5.2)


def talk_s(rng: Random, mean_s: float) -> float:
    """How long people talk: many short calls and few long ones."""
    return 2.0 + rng.weibullvariate(mean_s * 0.82, 0.78)


def events(rng: Random, rhythm: Rhythm, per_day: float, days: int, first_weekday: int) -> list[float]:
    """Moments at which something begins, in order; `per_day` on a working day."""
    moments = []
    for day in range(days):
        expected = per_day * rhythm.weekday_part(day, first_weekday)
        left = rng.expovariate(1.0)
        while left < expected:
            moments.append(rhythm.moment(day, rng))
            left += rng.expovariate(1.0)
    return sorted(moments)
