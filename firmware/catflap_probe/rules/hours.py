"""Calling hours: when calls of a kind may come, by the clock on the wall and a calendar of days off and of weekends that are worked.

telemarketing   Mon-Fri  09:00-12:00 14:00-18:00     days off  10:00-12:00     otherwise: label
call-centre     Mon-Fri  08:30-20:00                 days off  never           otherwise: block
"""

DAY_S = 86400
_FIRST_WEEKDAY = 4
"""Day 0 of the trunk's clock, 2010-01-01, was a Friday; Monday is 0."""

CLOCK_SET_S = 473385600
"""A clock that is before 2025 has not been set: nobody knows the hour."""


class Calendar:
    """The clock on the wall, and which days people work."""

    def __init__(self, offsets: "list[list[int]]", rest: "list[int]", work: "list[int]") -> None:
        """`offsets`: from which second on the wall's clock is so many seconds ahead, oldest first; the others are days since 2010-01-01."""
        self.offsets = offsets
        self.rest = rest
        self.work = work

    def wall_s(self, now_s: int) -> int:
        """The wall's clock at a second of the trunk's, both since 2010."""
        ahead_s = 0
        for since_s, offset_s in self.offsets:
            if since_s <= now_s:
                ahead_s = offset_s
        return now_s + ahead_s

    def is_workday(self, day: int) -> bool:
        """Whether people work on a day: from Monday to Friday but for days off, and on the weekends named."""
        if (day + _FIRST_WEEKDAY) % 7 < 5:
            return day not in self.rest
        return day in self.work


class Hours:
    """When calls of a label, or of a kind of number, may come, and what is done to them at other times.

    label, kind: indices of LABELS and KINDS, -1 for none; workday, rest: pairs of minutes of the day, the second not included.
    """

    def __init__(self, label: int, kind: int, workday: "list[list[int]]", rest: "list[list[int]]", action: int) -> None:
        self.label = label
        self.kind = kind
        self.workday = workday
        self.rest = rest
        self.action = action

    def are_open(self, calendar: Calendar, now_s: int) -> bool:
        """Whether such calls may come now; yes where the clock was never set."""
        if now_s < CLOCK_SET_S:
            return True
        wall_s = calendar.wall_s(now_s)
        minute = wall_s % DAY_S // 60
        spans = self.workday if calendar.is_workday(wall_s // DAY_S) else self.rest
        return any(opens <= minute < closes for opens, closes in spans)
