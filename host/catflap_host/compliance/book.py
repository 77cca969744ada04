"""The registers that say whose a call is and what it may present, read into memory: contracts, ranges, resources and the calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from typing import Generic, TypeVar

from catflap_host.registers import entries
from catflap_host.registers.entries import Entry
from catflap_host.registers.holidays_cn import announced
from catflap_host.registers.hours import Calendar, Hours, read_hours
from catflap_host.registers.kinds import DEFAULT_HOURS, REST, Register
from catflap_host.store.database import Database

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Contract:
    """A customer's trunk; `lines` empty: all of them. `seats` and `calls_per_day` 0: not agreed."""

    entry: Entry
    name: str
    customer: str
    access_party: str
    probe: str
    trunk: str
    lines: frozenset[str]
    direction: str
    industry: str
    purpose: str
    seats: int
    calls_per_day: int
    hours: Hours | None
    """None: those usual for the purpose of the call."""
    zone: timezone

    def hours_for(self, purpose: str) -> Hours:
        """When it may call for that purpose."""
        return self.hours or read_hours(DEFAULT_HOURS[purpose])


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers that a contract's calls may present, in the register's form; empty fields are the contract's."""

    entry: Entry
    text: str
    contract: str
    campaign: str
    industry: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A 95, 96 or 400 number, or several."""

    entry: Entry
    text: str
    holder: str
    uses: tuple[str, ...]


class RangeIndex(Generic[_Item]):
    """Finds which of many ranges hold a number, without walking through them."""

    def __init__(self) -> None:
        self._by_head: dict[str, list[tuple[str, str, _Item]]] = {}
        self._lengths: list[int] = []
        """Of the heads there are: few, however many ranges."""

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not self._by_head

    def add(self, text: str, item: _Item) -> None:
        """A range as the registers keep it."""
        if text.endswith("*"):
            first = last = text[:-1]
            head = first
        else:
            first, _, last = text.partition("-")
            last = last or first
            same = [one == other for one, other in zip(first, last, strict=True)]
            head = first[: same.index(False) if False in same else len(first)]
        if len(head) not in self._lengths:
            self._lengths = sorted([*self._lengths, len(head)])
        self._by_head.setdefault(head, []).append((first, "" if text.endswith("*") else last, item))

    def holding(self, number: str) -> Iterator[_Item]:
        """Items whose range holds a number."""
        for length in self._lengths:
            if length > len(number):
                return
            for first, last, item in self._by_head.get(number[:length], ()):
                if not last or (len(number) == len(first) and first <= number <= last):
                    yield item


@dataclass(frozen=True, slots=True)
class Book:
    """All of it; `ranges_of` has those of each contract."""

    contracts: dict[str, list[Contract]]
    trunks: dict[tuple[str, str, str], list[Contract]]
    """By probe, trunk and direction; those that name lines come first."""
    ranges: RangeIndex[Range]
    ranges_of: dict[str, list[Range]]
    resources: RangeIndex[Resource]
    calendar: Calendar
    _seen: dict[str, tuple[Range, ...]] = field(default_factory=dict)

    def contract_of(self, probe: str, trunk: str, line: str, direction: str, at_ms: int) -> Contract | None:
        """The contract under which a call was made."""
        for contract in self.trunks.get((probe, trunk, direction), ()):
            if contract.entry.holds(at_ms) and (not contract.lines or line in contract.lines):
                return contract
        return None

    def named(self, name: str, at_ms: int) -> Contract | None:
        """A contract by its name."""
        return next((contract for contract in self.contracts.get(name, ()) if contract.entry.holds(at_ms)), None)

    def ranges_with(self, number: str, at_ms: int) -> list[Range]:
        """Ranges of any contract that held a number at a moment."""
        if number not in self._seen:
            self._seen[number] = tuple(self.ranges.holding(number))
        return [one for one in self._seen[number] if one.entry.holds(at_ms)]


def load(database: Database) -> Book:
    """As the registers are now."""
    contracts = [_contract(entry) for entry in entries.everything(database, Register.CONTRACT)]
    ranges = [_range(entry) for entry in entries.everything(database, Register.RANGE)]
    resources = [_resource(entry) for entry in entries.everything(database, Register.RESOURCE)]
    calendar = Calendar(announced() | dict(_days(entries.everything(database, Register.HOLIDAY))))
    book = Book({}, {}, RangeIndex(), {}, RangeIndex(), calendar)
    for contract in contracts:
        book.contracts.setdefault(contract.name, []).append(contract)
        book.trunks.setdefault((contract.probe, contract.trunk, contract.direction), []).append(contract)
    for there in book.trunks.values():
        there.sort(key=lambda contract: (not contract.lines, contract.entry.id))
    for one in ranges:
        book.ranges.add(one.text, one)
        book.ranges_of.setdefault(one.contract, []).append(one)
    for resource in resources:
        book.resources.add(resource.text, resource)
    return book


def _contract(entry: Entry) -> Contract:
    cells = entry.fields
    hours, minutes = map(int, cells["utc_offset"][1:].split(":"))
    ahead = timedelta(hours=hours, minutes=minutes)
    return Contract(
        entry=entry,
        name=cells["contract"],
        customer=cells["customer"],
        access_party=cells["access_party"],
        probe=cells["probe"],
        trunk=cells["trunk"],
        lines=frozenset(cells["lines"].split()),
        direction=cells["direction"],
        industry=cells["industry"],
        purpose=cells["purpose"],
        seats=int(cells["seats"]),
        calls_per_day=int(cells["calls_per_day"]),
        hours=read_hours(cells["hours"]) if cells["hours"] else None,
        zone=timezone(-ahead if cells["utc_offset"].startswith("-") else ahead),
    )


def _range(entry: Entry) -> Range:
    cells = entry.fields
    return Range(entry, *(cells[name] for name in ("range", "contract", "campaign", "industry", "purpose")))


def _resource(entry: Entry) -> Resource:
    return Resource(entry, entry.fields["range"], entry.fields["holder"], tuple(entry.fields["uses"].split()))


def _days(found: Iterable[Entry]) -> Iterator[tuple[date, bool]]:
    for entry in found:
        if entry.ends_ms == 0:
            yield date.fromisoformat(entry.fields["day"]), entry.fields["kind"] == REST
