"""When calls of a kind may be made: hours of the day, other ones on days of rest, by a calendar that knows holidays and their make-up days.

workday 09:00-12:00,14:00-20:00; restday 10:00-18:00
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from catflap_host.errors import UserError
from catflap_host.language.marking import N_

MINUTES_A_DAY = 1_440
_NO_DAY = N_("'%(part)s' does not begin with workday or restday, each once; write workday 09:00-18:00; restday none")
_WINDOW = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_SATURDAY = 5
_NONE = "none"
_DAYS = ("workday", "restday")

Windows = tuple[tuple[int, int], ...]
"""From and to, in minutes of the day; the second does not belong to it."""


class HoursError(UserError):
    """Hours that cannot be read; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of rest: Saturday and Sunday, but for what `days` says otherwise (True: rest)."""

    days: Mapping[date, bool]

    def is_rest(self, day: date) -> bool:
        """Whether it is a day of rest."""
        return self.days.get(day, day.weekday() >= _SATURDAY)

    def knows(self, year: int) -> bool:
        """Whether any day of that year was entered: without one only weekends are days of rest."""
        return any(day.year == year for day in self.days)

    def working_days_later(self, moment_ms: int, count: int, zone: timezone) -> int:
        """The Unix ms at which the `count`th working day after a moment's own day ends there."""
        day = datetime.fromtimestamp(moment_ms / 1000, zone).date()
        while count:
            day += timedelta(days=1)
            count -= not self.is_rest(day)
        ends = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        return int(ends.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Hours:
    """When calls may be made on working days and on days of rest."""

    workday: Windows
    restday: Windows

    def allow(self, moment_ms: int, zone: timezone, calendar: Calendar) -> bool:
        """Whether a call may begin at a Unix time, as the clocks stand in that zone."""
        moment = datetime.fromtimestamp(moment_ms / 1000, zone)
        windows = self.restday if calendar.is_rest(moment.date()) else self.workday
        minute = moment.hour * 60 + moment.minute
        return any(first <= minute < end for first, end in windows)


def read_hours(text: str) -> Hours:
    """Hours as the head of this module writes them; `none` for a kind of day means no call at all. Raises HoursError."""
    found: dict[str, Windows] = {}
    for part in text.split(";"):
        day, _, windows = part.strip().partition(" ")
        if day not in _DAYS or day in found:
            raise HoursError(_NO_DAY, part=part.strip())
        found[day] = () if windows.strip() == _NONE else tuple(_window(window.strip()) for window in windows.split(","))
    if len(found) != len(_DAYS):
        raise HoursError(N_("both workday and restday are wanted; write workday 09:00-18:00; restday none"))
    return Hours(found["workday"], found["restday"])


def write_hours(hours: Hours) -> str:
    """The text that `read_hours` reads."""
    return f"workday {_written(hours.workday)}; restday {_written(hours.restday)}"


def _window(text: str) -> tuple[int, int]:
    match = _WINDOW.fullmatch(text)
    if not match:
        raise HoursError(N_("'%(text)s' is no time of the day; write 09:00-12:00"), text=text)
    first, end = (int(match[at]) * 60 + int(match[at + 1]) for at in (1, 3))
    if not first < end <= MINUTES_A_DAY:
        raise HoursError(N_("'%(text)s' ends before it begins, or after 24:00; hours past midnight are written as two windows"), text=text)
    return first, end


def _written(windows: Windows) -> str:
    return ",".join(f"{first // 60:02}:{first % 60:02}-{end // 60:02}:{end % 60:02}" for first, end in windows) or _NONE
