"""The honest callers of a trunk: who they are, when they call, and the families that are easily taken for a nuisance."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall

DAY_S = 86400.0

# calls of an office by hour of the day, relative
_OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 1, 4, 18, 30, 30, 28, 16, 20, 28, 30, 28, 20, 8, 4, 3, 2, 1, 0)
_WEEKEND = 0.25

# redial after a miss: a fifth within a minute, median 322 s
_REDIAL_SHARE = 0.35
_REDIAL_MU, _REDIAL_SIGMA = 5.77, 2.0


@dataclass(frozen=True, slots=True)
class Trunk:
    """The called side: `lines` lines in one area of one country."""

    lines: int
    country: str
    area_code: str


@dataclass(frozen=True, slots=True)
class _Caller:
    """A number and the family that it belongs to; `line` is the one it mostly calls, None: any."""

    calling: str
    family: str
    line: int | None
    presentation: str = "shown"


def honest_calls(trunk: Trunk, days: int, calls_per_day: float, rng: Random) -> Iterator[PlannedCall]:
    """Every honest call of `days` days, in no order; day 0 is a Monday. Calls may overlap on a line.

    `calls_per_day`: those of people who know the trunk and of strangers, on a working day; firms, couriers and others come on top.
    """
    office = _Office(trunk, calls_per_day, rng)
    for day in range(days):
        weight = _WEEKEND if day % 7 > 4 else 1.0
        for call in office.day(day, weight):
            yield call
            yield from _redials(call, rng)


def planned(rng: Random, t_s: float, line: int, caller: str, family: str, presentation: str = "shown") -> PlannedCall:
    """An honest call with its ringing, answer and talk drawn: three in four are answered."""
    answer_s = min(max(rng.lognormvariate(2.1, 0.6), 1.5), 45.0) if rng.random() < 0.75 else None
    return PlannedCall(
        t_s=round(t_s, 3),
        line=line,
        calling=caller,
        presentation=presentation,
        name="",
        patience_s=round(min(max(rng.lognormvariate(3.3, 0.45), 4.0), 90.0), 3),
        answer_s=None if answer_s is None else round(answer_s, 3),
        talk_s=round(min(rng.lognormvariate(4.2, 1.2), 1800.0), 3),
        label="legit",
        family=family,
        campaign="",
    )


def office_time(rng: Random, day: int) -> float:
    """A second of that day, spread as an office's calls are."""
    hour = rng.choices(range(24), _OFFICE_HOURS)[0]
    return day * DAY_S + (hour + rng.random()) * 3600.0


class _Office:
    """Who calls one trunk; drawn once, then asked for one day after another."""

    def __init__(self, trunk: Trunk, calls_per_day: float, rng: Random) -> None:
        self.trunk = trunk
        self.rng = rng
        self.rate = calls_per_day
        self.stranger_share = rng.uniform(0.08, 0.25)
        self.courier_rate = rng.uniform(0.0, 1.5) * trunk.lines
        self.contacts = [self._contact() for _ in range(20 + 25 * trunk.lines)]
        self.weights = [1.0 / (rank + 3) ** 0.9 for rank in range(len(self.contacts))]
        self.riders = [self._anyone("rider", 0.3) for _ in range(rng.randrange(4))]
        self.sales = [self._anyone("sales", 0.1) for _ in range(rng.randrange(3))]
        self.hospital = _Caller(numbers.landline(rng, trunk.area_code, 1.0), "hospital", None)
        self.firms = [self._firm() for _ in range(rng.randrange(4))]
        self.crews = [self._crew() for _ in range(rng.choice((0, 0, 1, 1, 2)))]
        self.crew_days = [rng.randrange(1, 18) for _ in self.crews]
        self.alert_days = [rng.randrange(28) for _ in range(rng.randrange(3))]

    def day(self, day: int, weight: float) -> Iterator[PlannedCall]:
        """That day's calls but for redials; `weight` scales the day's traffic."""
        for caller in self._callers(weight):
            line = caller.line
            if line is None or self.rng.random() < 0.2:
                line = self.rng.randrange(self.trunk.lines)
            yield planned(self.rng, office_time(self.rng, day), line, caller.calling, caller.family, caller.presentation)
        for crew, first_day in zip(self.crews, self.crew_days, strict=True):
            if first_day <= day < first_day + 6:
                yield from self._crew_day(crew, day)
        if day in self.alert_days:
            yield from self._alert(day)

    def _callers(self, weight: float) -> Iterator[_Caller]:
        rng = self.rng
        for _ in range(self._count(self.rate * weight)):
            if rng.random() < self.stranger_share:
                yield from self._stranger()
            else:
                yield rng.choices(self.contacts, self.weights)[0]
        for _ in range(self._count(self.courier_rate)):
            yield _Caller(numbers.mobile(rng, 0.5), "courier", None)
        for roving in (self.riders, self.sales):
            for caller in roving:
                yield from [caller] * self._count(2.0 * weight)
        yield from [self.hospital] * self._count(1.5 * weight)
        for firm in self.firms:
            yield from rng.choices(firm, k=self._count(4.0 * weight))
        for _ in range(self._count(0.03 * self.rate * weight)):
            yield _Caller(numbers.service(rng), "service", None)
        for _ in range(self._count(0.02 * self.rate * weight)):
            yield _Caller("", "withheld", None, rng.choice(("withheld", "unavailable")))

    def _count(self, mean: float) -> int:
        """A whole number of events with that mean: the fraction is a chance."""
        spread = mean * self.rng.uniform(0.7, 1.3)
        return int(spread) + (self.rng.random() < spread % 1.0)

    def _contact(self) -> _Caller:
        rng = self.rng
        kind = rng.random()
        line = rng.randrange(self.trunk.lines) if rng.random() < 0.8 else None
        if kind < 0.68:
            return _Caller(numbers.mobile(rng), "contact", line)
        if kind < 0.98:
            return _Caller(numbers.landline(rng, self.trunk.area_code), "contact", line)
        return _Caller(numbers.abroad(rng), "foreign", line)

    def _stranger(self) -> Iterator[_Caller]:
        rng = self.rng
        drawn = rng.random()
        if drawn < 0.75:
            calling, family = numbers.mobile(rng, 0.08), "stranger"
        elif drawn < 0.97:
            calling, family = numbers.landline(rng, self.trunk.area_code, 0.7), "stranger"
        else:
            calling, family = numbers.abroad(rng), "foreign"
        caller = _Caller(calling, family, rng.randrange(self.trunk.lines))
        yield from [caller] * rng.choice((1, 1, 1, 1, 1, 2, 3))

    def _anyone(self, family: str, virtual_share: float) -> _Caller:
        return _Caller(numbers.mobile(self.rng, virtual_share), family, None)

    def _firm(self) -> list[_Caller]:
        rng = self.rng
        count = rng.randrange(4, 30)
        if rng.random() < 0.5:
            calling = numbers.neighbours(rng, numbers.mobile(rng)[:7], count, 100)
        else:
            head = numbers.landline(rng, self.trunk.area_code, 1.0)[:-2]
            calling = [head + str(number).zfill(2) for number in rng.sample(range(100), count)]
        return [_Caller(number, "firm", None) for number in calling]

    def _crew(self) -> list[_Caller]:
        rng = self.rng
        head = numbers.mobile(rng, 0.4)[:7]
        return [_Caller(number, "crew", None) for number in numbers.neighbours(rng, head, rng.randrange(3, 8), rng.choice((20, 200, 2000)))]

    def _crew_day(self, crew: list[_Caller], day: int) -> Iterator[PlannedCall]:
        wanted = self.rng.sample(range(self.trunk.lines), min(self.trunk.lines, 3))
        for caller in self.rng.choices(crew, k=self._count(7.0)):
            yield planned(self.rng, office_time(self.rng, day), self.rng.choice(wanted), caller.calling, caller.family)

    def _alert(self, day: int) -> Iterator[PlannedCall]:
        """A school's or a city's warning: every line in order, paced by a machine."""
        start_s = day * DAY_S + self.rng.uniform(9.0, 17.0) * 3600.0
        for line in range(self.trunk.lines):
            yield planned(self.rng, start_s + 12.0 * line, line, self.hospital.calling, "alert")


def _redials(call: PlannedCall, rng: Random) -> Iterator[PlannedCall]:
    while (call.answer_s is None or call.answer_s >= call.patience_s) and rng.random() < _REDIAL_SHARE and call.calling:
        wait_s = min(rng.lognormvariate(_REDIAL_MU, _REDIAL_SIGMA), 6 * 3600.0)
        call = planned(rng, call.t_s + call.patience_s + max(wait_s, 5.0), call.line, call.calling, call.family)
        yield call
