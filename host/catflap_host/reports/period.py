"""Weeks (ISO 8601, from Monday) and months, as the clocks of a place count them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catflap_host.errors import UserError

DEFAULT_ZONE = "Asia/Shanghai"
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class Every(StrEnum):
    """How long a report's time is."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """A week (`2026-W09`) or a month (`2026-02`) by its first day and the first day after it."""

    every: Every
    name: str
    first: date
    end: date

    def bounds_ms(self, zone: ZoneInfo) -> tuple[int, int]:
        """Its beginning and its end, not included, in Unix milliseconds."""
        return midnight_ms(self.first, zone), midnight_ms(self.end, zone)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises UserError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(f"'{name}' is no time zone that this machine knows; write for instance Asia/Shanghai, and install tzdata") from None


def midnight_ms(day: date, zone: ZoneInfo) -> int:
    """When a day begins, in Unix milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def around(every: Every, day: date) -> Period:
    """The week or month that a day lies in."""
    if every is Every.WEEKLY:
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
        return Period(every, f"{year}-W{week:02}", first, first + timedelta(days=7))
    first = day.replace(day=1)
    return Period(every, f"{first:%Y-%m}", first, (first + timedelta(days=31)).replace(day=1))


def last_over(every: Every, now_ms: int, zone: ZoneInfo) -> Period:
    """The last week or month that has ended by a Unix time."""
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    return before(around(every, today))


def before(period: Period) -> Period:
    """The period that ends where this one begins."""
    return around(period.every, period.first - timedelta(days=1))


def named(every: Every, name: str) -> Period:
    """The week 2026-W09 or the month 2026-02. Raises UserError."""
    found = (_WEEK if every is Every.WEEKLY else _MONTH).fullmatch(name)
    try:
        if found and every is Every.WEEKLY:
            return around(every, date.fromisocalendar(int(found[1]), int(found[2]), 1))
        if found:
            return around(every, date(int(found[1]), int(found[2]), 1))
    except (ValueError, OverflowError):
        pass
    example = "2026-W09" if every is Every.WEEKLY else "2026-02"
    raise UserError(f"'{name}' names no period of a {every} report; write it like {example}")


def days(period: Period) -> list[date]:
    """Its days."""
    return [period.first + timedelta(days=day) for day in range((period.end - period.first).days)]
