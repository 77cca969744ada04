"""China's days off and the weekend days that make up for them, as the State Council's General Office announces them each November.

Of a year that is not here only weekends are days of rest, until its days are entered into the register `holiday`.
"""

from collections.abc import Iterator
from datetime import date, timedelta

_REST = {
    2025: ("01-01 01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"),
    2026: ("01-01 01-03", "02-15 02-23", "04-04 04-06", "05-01 05-05", "06-19 06-21", "09-25 09-27", "10-01 10-07"),
}
"""First and last day of each holiday."""
_WORK = {
    2025: ("01-26", "02-08", "04-27", "09-28", "10-11"),
    2026: ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
}


def announced() -> dict[date, bool]:
    """Every day that is not what its weekday says, True for a day of rest; days of rest at a weekend are among them."""
    rest = {day: True for year, spans in _REST.items() for span in spans for day in _span(year, span)}
    return rest | {_day(year, text): False for year, texts in _WORK.items() for text in texts}


def _span(year: int, text: str) -> Iterator[date]:
    first, last = (_day(year, part) for part in text.split())
    for days in range((last - first).days + 1):
        yield first + timedelta(days=days)


def _day(year: int, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")
