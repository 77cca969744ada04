"""Complaints of a period counted: how far they are, what was found, what is late; by what they are about."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, func, select

from catflap_host.complaints import details, routing, tables
from catflap_host.complaints.cases import open_counts
from catflap_host.complaints.details import EMPTY, Details
from catflap_host.complaints.routing import ANY, HOUR_MS
from catflap_host.complaints.terms import Finding, State
from catflap_host.reports.figures import ComplaintCounts, ComplaintRow, Complaints, ComplaintSpan
from catflap_host.reports.ranges import NOT_KEPT, NOT_SHOWN, range_of
from catflap_host.reports.whose import Whose
from catflap_host.store.database import Database
from catflap_host.store.vault import Vault

READ = 1_000
_DAY_H = 24
_c = tables.complaints.c


@dataclass(frozen=True, slots=True)
class _Case:
    """A complaint: its row, what people wrote in it, and whose number it is about."""

    row: Row[Any]
    written: Details
    holder: str

    def range(self) -> str:
        """The kind of range of the number complained of."""
        if not self.row.number_id:
            return NOT_SHOWN
        return range_of(self.written.number, self.row.number_kind, self.row.country)[0]

    def company(self) -> str:
        """The company that it names, on one line."""
        return NOT_KEPT if self.row.sealed is None else " ".join(self.written.company.split())


_BY: Mapping[str, Callable[[_Case], str]] = {
    "kinds": lambda case: str(case.row.kind),
    "industries": lambda case: str(case.row.industry),
    "companies": _Case.company,
    "ranges": _Case.range,
    "holders": lambda case: case.holder,
    "regions": lambda case: str(case.row.place or case.row.country),
    "sites": lambda case: str(case.row.site),
    "sources": lambda case: str(case.row.source),
}


def complained(
    database: Database,
    connection: Connection,
    names: Sequence[str],
    starts_ms: Sequence[int],
    until_ms: int,
    now_ms: int,
    whose: Whose,
) -> Complaints:
    """Count the complaints received from the last of `starts_ms` on, as they stand `now_ms`, and what was done in each span.

    Raises SealError.
    """
    counted: dict[str, dict[str, ComplaintCounts]] = {name: defaultdict(ComplaintCounts) for name in _BY}
    total = ComplaintCounts()
    query = select(tables.complaints).where(_c.received_ms >= starts_ms[-1], _c.received_ms < until_ms).order_by(_c.id)
    for row in connection.execute(query.execution_options(yield_per=READ)):
        case, counts = _case(database.vault, row, whose), _counts(row, now_ms)
        total += counts
        for name, item in _BY.items():
            counted[name][item(case)] += counts
    bounds = [*starts_ms, until_ms]
    spans = [_span(connection, *each) for each in zip(names, bounds, bounds[1:], strict=False)]
    by_state, overdue = open_counts(connection, now_ms)
    took_h, late = _answers(connection, starts_ms[-1], until_ms)
    return Complaints(
        total=total,
        before=spans[:-1],
        period=spans[-1],
        answered_late=late,
        answered_median_days=round(median(took_h) / _DAY_H, 1) if took_h else None,
        open_in_all=sum(by_state.values()) - by_state[State.ANSWERED],
        overdue_in_all=overdue,
        **{name: _rows(found) for name, found in counted.items()},
    )


def _case(vault: Vault, row: Row[Any], whose: Whose) -> _Case:
    written = EMPTY if row.sealed is None else details.opened(vault, row.code, row.sealed)
    holder = whose.registered(written.number, row.holder)[0] if written.number.startswith("+") else row.holder
    return _Case(row, written, holder)


def _counts(row: Row[Any], now_ms: int) -> ComplaintCounts:
    """One complaint, counted. What was upheld is answered only after it was handled; other complaints may be answered without."""
    state = State(row.state)
    # what was reopened keeps its finding until it is verified anew
    finding = Finding.NONE if state is State.RECEIVED else Finding(row.finding)
    is_answered = state is State.ANSWERED
    return ComplaintCounts(
        received=1,
        verified=int(state is not State.RECEIVED),
        handled=int(state is State.HANDLED or (is_answered and finding is Finding.UPHELD)),
        answered=int(is_answered),
        overdue=int(0 < row.due_ms < now_ms),
        upheld=int(finding is Finding.UPHELD),
        unfounded=int(finding is Finding.UNFOUNDED),
        unclear=int(finding is Finding.UNCLEAR),
    )


def _span(connection: Connection, name: str, since_ms: int, until_ms: int) -> ComplaintSpan:
    """What came in, by kind, and how often each step was taken in a time."""
    step = tables.history.c
    received = select(_c.kind, func.count()).where(_c.received_ms >= since_ms, _c.received_ms < until_ms).group_by(_c.kind)
    kinds = {str(kind): int(n) for kind, n in connection.execute(received)}
    taken = select(step.what, func.count()).where(step.at_ms >= since_ms, step.at_ms < until_ms).group_by(step.what)
    steps = {str(what): int(n) for what, n in connection.execute(taken)}
    verified, handled, answered = (steps.get(state.value, 0) for state in (State.VERIFIED, State.HANDLED, State.ANSWERED))
    return ComplaintSpan(name, sum(kinds.values()), verified, handled, answered, kinds)


def _answers(connection: Connection, since_ms: int, until_ms: int) -> tuple[list[float], int]:
    """The hours that each answer given in a time took since the complaint came in, and how many were past the deadline of now."""
    step = tables.history.c
    query = select(_c.kind, step.at_ms - _c.received_ms).join(tables.history, step.complaint == _c.id)
    rows = connection.execute(query.where(step.what == State.ANSWERED.value, step.at_ms >= since_ms, step.at_ms < until_ms)).all()
    hours = {limit.kind: limit.hours for limit in routing.deadlines_of(connection) if limit.state is State.ANSWERED}
    took = [(hours.get(kind, hours[ANY]), took_ms / HOUR_MS) for kind, took_ms in rows]
    return [took_h for _, took_h in took], sum(took_h > most_h for most_h, took_h in took)


def _rows(counted: Mapping[str, ComplaintCounts]) -> list[ComplaintRow]:
    found = [ComplaintRow(item, counts) for item, counts in counted.items()]
    return sorted(found, key=lambda row: (-row.counts.received, row.item))
