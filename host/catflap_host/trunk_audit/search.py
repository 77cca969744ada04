"""What trunks presented in a time, held against contracts, ranges and number resources; counted by the database, a number at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, text

from catflap_host.compliance.book import Book, Contract, Range
from catflap_host.compliance.checking import Plans
from catflap_host.number_form import international
from catflap_host.registers.entries import Entry
from catflap_host.registers.kinds import INBOUND, OUT
from catflap_host.store import parties
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS
from catflap_host.store.tables import calls
from catflap_probe.verdict.numbering import check_dialled
from catflap_probe.verdict.trunk_plan import TrunkPlan

EVIDENCE_CALLS = 20
"""So many of a finding's calls are named, its latest."""
MOST_CALLS = 100_000
"""Calls of one number, where a range held for a part of the time only."""
_RESOURCE_KINDS = ("service", "call-centre", "shared-cost", "toll-free")
_HEADS = ("+8695", "+8696", "+86400")
_CALLS = calls.c


class Kind(StrEnum):
    """What was found."""

    OUTSIDE_RANGE = "outside-range"
    RESOLD = "resold-range"
    WITHHELD = "withheld"
    UNUSED = "unused-range"
    VOLUME = "volume"
    RESOURCE_UNLISTED = "resource-unlisted"
    RESOURCE_HOLDER = "resource-holder"
    RESOURCE_USE = "resource-use"


@dataclass(frozen=True, slots=True)
class Seen:
    """Something found about a contract; `subject` is a number, range or day, `call_ids` the latest calls that show it."""

    kind: Kind
    contract: Contract
    subject: str
    calls: int
    first_ms: int
    last_ms: int
    call_ids: tuple[int, ...] = ()
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Presented:
    """A number as a trunk's calls presented it in a time; in international form, empty where it was not shown."""

    parties: tuple[int, ...]
    presentation: str
    number: str
    is_resource: bool
    calls: int
    first_ms: int
    last_ms: int


def search(database: Database, book: Book, since_ms: int, until_ms: int) -> Iterator[Seen]:
    """Everything that calls of a time (`until_ms` not included) show against contracts in force then."""
    plans = Plans(database)
    for contract in (one for there in book.trunks.values() for one in there):
        begins_ms, ends_ms = max(since_ms, contract.entry.begins_ms), min(until_ms, contract.entry.ends_ms or until_ms)
        if begins_ms < ends_ms:
            within = _of_contract(book, contract, begins_ms, ends_ms)
            plan = plans.of_trunk(contract.probe, contract.trunk)
            presented = _presented(database, within, plan)
            for one in presented:
                yield from _about(database, book, contract, one, within)
            yield from _unused(book, contract, presented, since_ms, until_ms)
            yield from _volume(database, contract, within)


def without_contract(database: Database, book: Book, since_ms: int, until_ms: int) -> list[tuple[str, str, int]]:
    """Probe and trunk of outgoing calls under no contract at all, and how many there were."""
    query = select(_CALLS.probe, _CALLS.trunk, func.count()).where(
        text("direction = 'out'"), _CALLS.at_ms >= since_ms, _CALLS.at_ms < until_ms
    )
    with database.read() as connection:
        rows = connection.execute(query.group_by(_CALLS.probe, _CALLS.trunk).order_by(_CALLS.probe, _CALLS.trunk)).all()
    return [(probe, trunk, int(count)) for probe, trunk, count in rows if (probe, trunk, OUT) not in book.trunks]


def _of_contract(book: Book, contract: Contract, begins_ms: int, ends_ms: int) -> list[ColumnElement[bool]]:
    within = [_CALLS.probe == contract.probe, _CALLS.trunk == contract.trunk, _CALLS.at_ms >= begins_ms, _CALLS.at_ms < ends_ms]
    if contract.direction == OUT:
        # in just these words, since a partial index serves no bound value
        within.append(text("direction = 'out'"))  # type: ignore[arg-type]
    else:
        within += [_CALLS.direction == contract.direction, _CALLS.received_ms >= begins_ms - DAY_MS]
    if contract.lines:
        return [*within, _CALLS.line.in_(sorted(contract.lines))]
    beside = book.trunks[contract.probe, contract.trunk, contract.direction]
    others = sorted({line for other in beside if _overlap(other.entry, begins_ms, ends_ms) for line in other.lines})
    return [*within, _CALLS.line.not_in(others)] if others else within


def _presented(database: Database, within: Sequence[ColumnElement[bool]], plan: TrunkPlan) -> list[_Presented]:
    key = (_CALLS.calling_party, _CALLS.presentation)
    query = select(*key, func.count(), func.min(_CALLS.at_ms), func.max(_CALLS.at_ms)).where(*within).group_by(*key).order_by(*key)
    with database.read() as connection:
        rows = connection.execute(query).all()
        met = parties.read(connection, database.vault, {row[0] for row in rows})
    found: dict[tuple[str, str], _Presented] = {}
    for party, presentation, count, first_ms, last_ms in rows:
        shown = met[party].text
        number = international(shown, plan) if shown else ""
        is_resource = number.startswith(_HEADS) and check_dialled(shown, plan).kind_word() in _RESOURCE_KINDS
        one = _Presented((party,), presentation, number, is_resource, int(count), int(first_ms), int(last_ms))
        # a number is one in whatever form it was shown
        place = presentation, number or f"party {party}"
        found[place] = _both(found[place], one) if place in found else one
    return list(found.values())


def _both(one: _Presented, other: _Presented) -> _Presented:
    return replace(
        one,
        parties=one.parties + other.parties,
        is_resource=one.is_resource or other.is_resource,
        calls=one.calls + other.calls,
        first_ms=min(one.first_ms, other.first_ms),
        last_ms=max(one.last_ms, other.last_ms),
    )


def _about(database: Database, book: Book, contract: Contract, one: _Presented, within: Sequence[ColumnElement[bool]]) -> Iterator[Seen]:
    if one.presentation == "withheld":
        yield _seen(database, Kind.WITHHELD, contract, "", one, within)
    if not one.number:
        return
    with_number = list(book.ranges.holding(one.number))
    own = [each for each in with_number if each.contract == contract.name]
    if book.ranges_of.get(contract.name):
        outside = _outside(database, own, one, within)
        if outside:
            owners = sorted(
                {other.customer for each in with_number for other in book.contracts.get(each.contract, ())} - {contract.customer}
            )
            kind = Kind.RESOLD if owners else Kind.OUTSIDE_RANGE
            yield _seen(database, kind, contract, one.number, outside, within, belongs_to=", ".join(owners))
    if one.is_resource:
        yield from _resource(database, book, contract, own, one, within)


def _resource(
    database: Database, book: Book, contract: Contract, own: list[Range], one: _Presented, within: Sequence[ColumnElement[bool]]
) -> Iterator[Seen]:
    listed = [each for each in book.resources.holding(one.number) if each.entry.holds(one.last_ms)]
    if not listed:
        yield _seen(database, Kind.RESOURCE_UNLISTED, contract, one.number, one, within)
        return
    # the narrowest says most
    resource = max(listed, key=lambda each: len(each.text.partition("-")[0]))
    if resource.holder != contract.customer:
        yield _seen(database, Kind.RESOURCE_HOLDER, contract, one.number, one, within, holder=resource.holder)
    purpose = next((each.purpose for each in own if each.purpose and each.entry.holds(one.last_ms)), contract.purpose)
    if purpose not in resource.uses:
        told = " ".join(resource.uses) or INBOUND
        yield _seen(database, Kind.RESOURCE_USE, contract, one.number, one, within, used_for=purpose, permitted=told)


def _outside(database: Database, own: list[Range], one: _Presented, within: Sequence[ColumnElement[bool]]) -> _Presented | None:
    """That part of a number's calls which no range of the contract held at the time."""
    if any(each.entry.holds(one.first_ms) and each.entry.holds(one.last_ms) for each in own):
        return None
    if not own:
        return one
    query = select(_CALLS.at_ms).where(*within, _CALLS.calling_party.in_(one.parties)).order_by(_CALLS.at_ms).limit(MOST_CALLS)
    with database.read() as connection:
        times = [at_ms for at_ms in connection.execute(query).scalars() if not any(each.entry.holds(at_ms) for each in own)]
    if not times:
        return None
    return replace(one, calls=len(times), first_ms=times[0], last_ms=times[-1])


def _unused(book: Book, contract: Contract, presented: list[_Presented], since_ms: int, until_ms: int) -> Iterator[Seen]:
    """Ranges that were there all the time and were never presented; nothing is said of a trunk that does not show what it presents."""
    if any(not one.number for one in presented):
        return
    shown = {each.text for one in presented for each in book.ranges.holding(one.number) if each.contract == contract.name}
    for each in book.ranges_of.get(contract.name, ()):
        if each.entry.holds(since_ms) and each.entry.holds(until_ms) and each.text not in shown:
            yield Seen(
                Kind.UNUSED, contract, each.text, 0, since_ms, until_ms, details={"campaign": each.campaign} if each.campaign else {}
            )


def _volume(database: Database, contract: Contract, within: Sequence[ColumnElement[bool]]) -> Iterator[Seen]:
    if not contract.calls_per_day:
        return
    ahead_ms = int((contract.zone.utcoffset(None)).total_seconds()) * 1_000
    day = (_CALLS.at_ms + ahead_ms) // DAY_MS
    query = select(day, func.count(), func.min(_CALLS.at_ms), func.max(_CALLS.at_ms)).where(*within).group_by(day).order_by(day)
    with database.read() as connection:
        rows = connection.execute(query.having(func.count() > contract.calls_per_day)).all()
    for number, count, first_ms, last_ms in rows:
        subject = (date(1970, 1, 1) + timedelta(days=int(number))).isoformat()
        agreed = {"agreed": str(contract.calls_per_day)}
        yield Seen(Kind.VOLUME, contract, subject, int(count), int(first_ms), int(last_ms), details=agreed)


def _seen(
    database: Database, kind: Kind, contract: Contract, subject: str, one: _Presented, within: Sequence[ColumnElement[bool]], **details: str
) -> Seen:
    mine = (_CALLS.calling_party.in_(one.parties), _CALLS.at_ms >= one.first_ms, _CALLS.at_ms <= one.last_ms)
    query = select(_CALLS.id).where(*within, *mine).order_by(_CALLS.at_ms.desc(), _CALLS.id.desc()).limit(EVIDENCE_CALLS)
    with database.read() as connection:
        ids = tuple(connection.execute(query).scalars())
    told = {name: word for name, word in details.items() if word}
    return Seen(kind, contract, subject, one.calls, one.first_ms, one.last_ms, ids, told)


def _overlap(entry: Entry, begins_ms: int, ends_ms: int) -> bool:
    return entry.begins_ms < ends_ms and (not entry.ends_ms or entry.ends_ms > begins_ms)
