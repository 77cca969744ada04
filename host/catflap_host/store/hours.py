"""Calls by the hour of the last day. An hour that is over is counted once: an overview reads only what came since."""

from dataclasses import dataclass

from sqlalchemy import func, select

from catflap_host.store.database import Database
from catflap_host.store.tables import calls

HOUR_MS = 3_600_000
DAY_HOURS = 24
SETTLED_MS = 600_000
"""Decisions on calls of an hour that has been over for so long change no more, but for a probe that had lost its way."""


@dataclass(frozen=True, slots=True)
class HourCount:
    """Calls that were first told of in the hour (or the part of one) that begins at `begin_ms`, Unix; `blocked` of them were."""

    begin_ms: int
    calls: int
    blocked: int


class Hours:
    """Counts of one database; for any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settled: dict[int, HourCount] = {}

    def last_day(self, now_ms: int) -> list[HourCount]:
        """25 parts in order: the end of an hour 24 hours ago, 23 whole hours, and the hour that goes on."""
        begin_ms = now_ms - DAY_HOURS * HOUR_MS
        first = begin_ms // HOUR_MS + 1
        hours = range(first, now_ms // HOUR_MS + 1)
        missing = [hour for hour in hours if hour not in self._settled]
        found = self._count(min(missing) * HOUR_MS, now_ms) if missing else {}
        result = {hour: self._settled.get(hour) or found.get(hour) or HourCount(hour * HOUR_MS, 0, 0) for hour in hours}
        is_settled = {hour: count for hour, count in result.items() if (hour + 1) * HOUR_MS + SETTLED_MS < now_ms}
        self._settled = is_settled
        before = self._count(begin_ms, first * HOUR_MS).get(first - 1, HourCount(begin_ms, 0, 0))
        return [HourCount(begin_ms, before.calls, before.blocked), *result.values()]

    def since(self, since_ms: int) -> HourCount:
        """One count of all that came from then on."""
        found = self._count(since_ms, since_ms + DAY_HOURS * HOUR_MS).values()
        return HourCount(since_ms, sum(count.calls for count in found), sum(count.blocked for count in found))

    def _count(self, since_ms: int, until_ms: int) -> dict[int, HourCount]:
        """Counts by hour of what came from `since_ms` on, `until_ms` not included."""
        columns = calls.c
        query = select((columns.received_ms // HOUR_MS).label("hour"), columns.action, func.count()).where(
            columns.received_ms >= since_ms, columns.received_ms < until_ms
        )
        found: dict[int, HourCount] = {}
        with self._database.read() as connection:
            for key, action, n in connection.execute(query.group_by("hour", columns.action)):
                before = found.get(int(key), HourCount(int(key) * HOUR_MS, 0, 0))
                found[int(key)] = HourCount(before.begin_ms, before.calls + n, before.blocked + (n if action == "block" else 0))
        return found
