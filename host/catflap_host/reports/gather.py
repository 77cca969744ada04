"""A report gathered out of the database."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from statistics import median
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from catflap_host.judged import tables
from catflap_host.judged.appeals import State, upheld_parties
from catflap_host.judged.verdicts import About, Said, false_members, last_ones
from catflap_host.reports import tally
from catflap_host.reports.complained import complained
from catflap_host.reports.counts import HONEST, rows, summed
from catflap_host.reports.figures import Appeals, Counts, Precision, Report, Span
from catflap_host.reports.numbers import by_number
from catflap_host.reports.period import Period, before, days, midnight_ms
from catflap_host.reports.tally import Tally, Wronged
from catflap_host.reports.whose import whose
from catflap_host.store.database import Database
from catflap_host.store.parties import MAX_ASKED
from catflap_host.store.tables import alarms, calls

BEFORE = {"weekly": 8, "monthly": 12}
"""So many periods before are shown as the trend."""
HOUR_MS = 3_600_000
_95_PER_CENT = 1.959964
_Key = TypeVar("_Key")
_NO_KIND = "line"
"""Alarms of a line are no finding about callers."""


def gather(database: Database, period: Period, zone: ZoneInfo, issuer: str) -> Report:
    """Count everything about a period; whole numbers in it are the caller's to mask. Raises SealError."""
    since_ms, until_ms = period.bounds_ms(zone)
    earlier: list[Period] = []
    for _ in range(BEFORE[period.every]):
        earlier.insert(0, before(earlier[0] if earlier else period))
    dates, now_ms = days(period), time.time_ns() // 1_000_000
    names = [each.name for each in (*earlier, period)]
    starts_ms = [midnight_ms(each.first, zone) for each in (*earlier, period)]
    # in a transaction, outside of which PostgreSQL streams nothing
    with database.engine.connect() as connection:
        judged = _judged_calls(connection)
        wrong = frozenset(call for call, said in judged.items() if said is Said.FALSE)
        wronged = Wronged(frozenset(upheld_parties(connection) | false_members(connection)), wrong)
        spans = tally.spans(connection, names[:-1], starts_ms[:-1], since_ms, wronged)
        known = whose(database, connection, until_ms - 1)
        found = tally.tally(connection, [midnight_ms(day, zone) for day in dates], until_ms, wronged, known.has_to_read)
        by_day = _days(found, [day.isoformat() for day in dates])
        labels = rows(_united(found.days, lambda key: key[1]))
        numbers = by_number(database, connection, found, known)
        nuisance = {row.item: row.counts.nuisance for row in labels if row.counts.nuisance}
        return Report(
            every=period.every.value,
            period=period.name,
            zone=zone.key,
            since_ms=since_ms,
            until_ms=until_ms,
            made_ms=now_ms,
            issuer=issuer,
            total=Span(period.name, sum((day.counts for day in by_day), Counts()), nuisance),
            before=spans,
            days=by_day,
            labels=labels,
            ranges=numbers.ranges,
            blocks=numbers.blocks,
            holders=numbers.holders,
            industries=numbers.industries,
            regions=rows(found.regions),
            sites=rows(_united(found.trunks, lambda key: key[0])),
            trunks=rows(_united(found.trunks, "/".join)),
            callers=numbers.callers,
            alarm_precision=_alarm_precision(connection, since_ms, until_ms),
            call_precision=_call_precision(connection, nuisance, judged, since_ms, until_ms),
            appeals=_appeals(connection, since_ms, until_ms),
            complaints=complained(database, connection, names, starts_ms, until_ms, now_ms, known),
        )


def _days(found: Tally, names: Sequence[str]) -> list[Span]:
    """A tally by its days."""
    counted: list[Counter[int]] = [Counter() for _ in names]
    labels: list[Counter[str]] = [Counter() for _ in names]
    for ((day, label), marks), n in found.days.items():
        counted[day][marks] += n
        if label not in HONEST:
            labels[day][label] += n
    return [Span(name, summed(marks), dict(known)) for name, marks, known in zip(names, counted, labels, strict=True)]


def _united(counted: Mapping[tuple[_Key, int], int], item: Callable[[_Key], str]) -> Counter[tuple[str, int]]:
    """Counts by marks of things that are one item."""
    found: Counter[tuple[str, int]] = Counter()
    for (key, marks), n in counted.items():
        found[item(key), marks] += n
    return found


def wilson(true: int, judged: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson's), for at least one that was judged."""
    share, spread = true / judged, _95_PER_CENT**2 / judged
    middle = (share + spread / 2) / (1 + spread)
    half = _95_PER_CENT * sqrt(share * (1 - share) / judged + spread / (4 * judged)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _judged_calls(connection: Connection) -> dict[int, Said]:
    return last_ones(connection, About.CALL, select(tables.verdicts.c.subject).where(tables.verdicts.c.about == About.CALL.value))


def _alarm_precision(connection: Connection, since_ms: int, until_ms: int) -> list[Precision]:
    columns = alarms.c
    raised = select(columns.id, columns.kind).where(columns.raised_ms >= since_ms, columns.raised_ms < until_ms, columns.kind != _NO_KIND)
    kinds = dict(connection.execute(raised).all())
    said = last_ones(connection, About.ALARM, raised.with_only_columns(columns.id))
    return _precision(Counter(kinds.values()), [(kinds[alarm], word) for alarm, word in said.items()])


def _call_precision(
    connection: Connection, nuisance: Mapping[str, int], judged: Mapping[int, Said], since_ms: int, until_ms: int
) -> list[Precision]:
    ids, said = sorted(judged), []
    for at in range(0, len(ids), MAX_ASKED):
        query = select(calls.c.id, tally.LABEL).where(*tally.within(since_ms, until_ms), calls.c.id.in_(ids[at : at + MAX_ASKED]))
        said += [(label, judged[call]) for call, label in connection.execute(query) if label not in HONEST]
    return _precision(nuisance, said)


def _precision(found: Mapping[str, int], said: list[tuple[str, Said]]) -> list[Precision]:
    """By label, most findings first, from their counts and the verdicts on some of them."""
    judged = Counter(label for label, _ in said)
    true = Counter(label for label, word in said if word is Said.TRUE)
    ordered = sorted(found, key=lambda label: (-found[label], label))
    bounds = {label: wilson(true[label], judged[label]) if judged[label] else (None, None) for label in ordered}
    return [Precision(label, found[label], judged[label], true[label], *bounds[label]) for label in ordered]


def _appeals(connection: Connection, since_ms: int, until_ms: int) -> Appeals:
    columns = tables.appeals.c
    is_in = (columns.received_ms >= since_ms) & (columns.received_ms < until_ms)
    counted = connection.execute(select(columns.state, func.count()).where(is_in).group_by(columns.state))
    states = {State(state): int(n) for state, n in counted}
    is_open = (columns.received_ms < until_ms) & ((columns.decided_ms == 0) | (columns.decided_ms >= until_ms))
    is_decided = (columns.decided_ms >= since_ms) & (columns.decided_ms < until_ms)
    took = connection.execute(select(columns.decided_ms - columns.received_ms).where(is_decided)).scalars().all()
    upheld, rejected, waiting = (states.get(state, 0) for state in (State.UPHELD, State.REJECTED, State.OPEN))
    open_at_end = connection.execute(select(func.count()).select_from(tables.appeals).where(is_open)).scalar_one()
    return Appeals(sum(states.values()), upheld, rejected, waiting, int(open_at_end), round(median(took) / HOUR_MS, 1) if took else None)
