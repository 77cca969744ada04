"""Calling hours: what is read, what is refused, and days of rest by China's calendar."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from catflap_host.registers.holidays_cn import announced
from catflap_host.registers.hours import Calendar, HoursError, read_hours, write_hours

CHINA = timezone(timedelta(hours=8))
CALENDAR = Calendar(announced())
HOURS = read_hours("workday 09:00-12:00,14:00-20:00; restday 10:00-18:00")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "is_allowed"),
    [
        ("2026-03-02T08:59:59", False),
        ("2026-03-02T09:00:00", True),
        ("2026-03-02T11:59:59", True),
        ("2026-03-02T12:00:00", False),
        ("2026-03-02T19:59:59", True),
        ("2026-03-02T20:00:00", False),
        ("2026-03-01T09:30:00", False),  # a Sunday
        ("2026-03-01T13:00:00", True),
        ("2026-02-28T09:30:00", True),  # a Saturday that makes up for the Spring Festival
        ("2026-02-28T13:00:00", False),
        ("2026-02-16T09:30:00", False),  # a Monday within it
        ("2026-10-07T13:00:00", True),
        ("2026-10-08T13:00:00", False),
    ],
)
def test_a_call_is_in_hours_by_the_calendar(moment: str, is_allowed: bool) -> None:
    assert HOURS.allow(at(moment), CHINA, CALENDAR) is is_allowed


def test_hours_are_those_of_the_zone_asked_for() -> None:
    noon = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp() * 1000)
    assert not HOURS.allow(noon, UTC, CALENDAR)
    assert HOURS.allow(noon, timezone(timedelta(hours=3)), CALENDAR)


def test_hours_are_written_as_they_are_read() -> None:
    for text in ("workday 09:00-12:00,14:00-20:00; restday 10:00-18:00", "workday none; restday 00:00-24:00"):
        assert write_hours(read_hours(text)) == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "does not begin with workday"),
        ("workday 09:00-18:00", "both workday and restday"),
        ("workday 09:00-18:00; workday none", "each once"),
        ("workday 9-18; restday none", "'9-18' is no time"),
        ("workday 18:00-09:00; restday none", "ends before it begins"),
        ("workday 20:00-24:01; restday none", "after 24:00"),
        ("workday 20:00-25:00; restday none", "is no time"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(text: str, fault: str) -> None:
    with pytest.raises(HoursError, match=fault):
        read_hours(text)


def test_the_calendar_has_as_many_days_as_were_announced() -> None:
    by_year = {year: [is_rest for day, is_rest in announced().items() if day.year == year] for year in (2025, 2026)}
    assert {year: (days.count(True), days.count(False)) for year, days in by_year.items()} == {2025: (28, 5), 2026: (33, 6)}
    assert all(day.weekday() >= 5 for day, is_rest in announced().items() if not is_rest), "only a weekend makes up for a holiday"
    assert CALENDAR.knows(2026)
    assert not CALENDAR.knows(2027)


def test_working_days_pass_over_a_holiday() -> None:
    asked = at("2026-09-30T15:00:00")
    due = CALENDAR.working_days_later(asked, 3, CHINA)
    # 8 and 9 October, and the Saturday that makes up
    assert datetime.fromtimestamp(due / 1000, CHINA).date() == date(2026, 10, 11)
    assert due == at("2026-10-11T00:00:00")
