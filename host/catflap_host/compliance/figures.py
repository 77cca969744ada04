"""The daily figures of a contract: calls, answers, talk and violations by campaign and number, calls a seat, against what was agreed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Boolean, ColumnElement, func, literal_column, select

from catflap_host.api.masking import mask
from catflap_host.compliance.book import Book
from catflap_host.compliance.rules import Unchecked, Violation
from catflap_host.compliance.tables import outgoing_checks
from catflap_host.export.files import csv_line
from catflap_host.store import parties, queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Call
from catflap_host.store.tables import calls

_CHECKS = outgoing_checks.c


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A contract's day under one campaign and one presented number (masked; empty where the line did not show it).

    `violations` and `unchecked`: calls by what was broken, or could not be looked at. A call that broke two rules is in both.
    """

    day: str
    contract: str
    campaign: str
    calling: str
    calling_id: str
    calls: int
    answered: int
    talk_ms: int
    violating: int
    violations: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayTotal:
    """A contract's whole day beside what was agreed (0: nothing); `calls_per_seat` is None where no seats were."""

    day: str
    contract: str
    customer: str
    calls: int
    answered: int
    talk_ms: int
    violating: int
    seats: int
    calls_per_seat: float | None
    agreed_calls: int


@dataclass(frozen=True, slots=True)
class Violating:
    """A call in which something was found."""

    call: Call
    contract: str
    campaign: str
    violations: list[str]


def days(database: Database, since: str, until: str, contract: str = "") -> list[DayFigures]:
    """The figures from a day to another one, both included, in order."""
    within = [_CHECKS.day >= since, _CHECKS.day <= until]
    if contract:
        within.append(_CHECKS.contract == contract)
    key = (_CHECKS.day, _CHECKS.contract, _CHECKS.campaign, calls.c.calling_party)
    sums = (func.count(), func.sum(_CHECKS.is_answered), func.sum(_CHECKS.talk_ms))
    joined = outgoing_checks.join(calls, calls.c.id == _CHECKS.id)
    with database.read() as connection:
        rows = connection.execute(select(*key, *sums).select_from(joined).where(*within).group_by(*key).order_by(*key)).all()
        kinds: dict[tuple[object, ...], tuple[Counter[str], Counter[str], int]] = {}
        found = select(*key, _CHECKS.violations, _CHECKS.unchecked, func.count()).select_from(joined)
        is_odd = (_CHECKS.violations != "") | (_CHECKS.unchecked != "")
        for *place, broken, unseen, count in connection.execute(
            found.where(*within, is_odd).group_by(*key, _CHECKS.violations, _CHECKS.unchecked)
        ):
            violations, unchecked, total = kinds.get(tuple(place), (Counter(), Counter(), 0))
            violations.update(dict.fromkeys(_listed(broken), count))
            unchecked.update(dict.fromkeys(_listed(unseen), count))
            kinds[tuple(place)] = violations, unchecked, total + (count if broken else 0)
        met = parties.read(connection, database.vault, {row[3] for row in rows})
    made = []
    for day, name, campaign, party, count, answered, talk_ms in rows:
        violations, unchecked, violating = kinds.get((day, name, campaign, party), (Counter(), Counter(), 0))
        shown = met[party]
        totals = (int(count), int(answered), int(talk_ms), violating)
        made.append(DayFigures(day, name, campaign, mask(shown.text), shown.pseudonym, *totals, dict(violations), dict(unchecked)))
    return made


def totals(book: Book, figures: Iterable[DayFigures]) -> list[DayTotal]:
    """A row a day and contract, of figures in order."""
    by_day: dict[tuple[str, str], list[DayFigures]] = {}
    for one in figures:
        by_day.setdefault((one.day, one.contract), []).append(one)
    made = []
    for (day, name), parts in by_day.items():
        # as it was agreed last
        contract = book.contracts[name][-1] if name in book.contracts else None
        calls_made = sum(part.calls for part in parts)
        seats = contract.seats if contract else 0
        made.append(
            DayTotal(
                day,
                name,
                contract.customer if contract else "",
                calls_made,
                sum(part.answered for part in parts),
                sum(part.talk_ms for part in parts),
                sum(part.violating for part in parts),
                seats,
                round(calls_made / seats, 2) if seats else None,
                contract.calls_per_day if contract else 0,
            )
        )
    return made


def violating(
    database: Database, since: str, until: str, after: int, limit: int, contract: str = "", violation: str = ""
) -> list[Violating]:
    """Calls from a day to another one, both included, that broke something, past the id `after`, in the order of their ids."""
    # in just these words, since a partial index serves no bound value
    wanted: list[ColumnElement[bool]] = [literal_column("violations != ''", Boolean)]
    wanted += [_CHECKS.day >= since, _CHECKS.day <= until, _CHECKS.id > after]
    if contract:
        wanted.append(_CHECKS.contract == contract)
    if violation:
        wanted.append((";" + _CHECKS.violations + ";").contains(f";{violation};", autoescape=True))
    with database.read() as connection:
        rows = connection.execute(select(outgoing_checks).where(*wanted).order_by(_CHECKS.id).limit(limit)).all()
    found = {call.id: call for call in queries.selected_calls(database, select(calls).where(calls.c.id.in_([row.id for row in rows])))}
    return [Violating(found[row.id], row.contract, row.campaign, _listed(row.violations)) for row in rows if row.id in found]


def written(figures: Iterable[DayFigures]) -> Iterator[str]:
    """The figures as lines of CSV, a column a kind of violation."""
    fields = ("day", "contract", "campaign", "calling", "calling_id", "calls", "answered", "talk_ms", "violating")
    yield csv_line([*fields, *Violation, *(f"unchecked:{one}" for one in Unchecked)])
    for one in figures:
        kinds: Sequence[object] = [one.violations.get(kind, 0) for kind in Violation]
        unseen = [one.unchecked.get(kind, 0) for kind in Unchecked]
        yield csv_line([*(getattr(one, name) for name in fields), *kinds, *unseen])


def _listed(joined: str) -> list[str]:
    return joined.split(";") if joined else []
