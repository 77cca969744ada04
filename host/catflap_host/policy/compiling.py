"""A policy's document compiled to the bytes that probes read (firmware/PROTOCOL.md section 11)."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from types import MappingProxyType
from zoneinfo import ZoneInfo

from catflap_host.number_form import plan_of
from catflap_host.policy.document import REGISTER_RULES, Document, Tree
from catflap_host.policy.holders import holders
from catflap_host.policy.lists import ListEntry, compile_lists, words_in
from catflap_probe.call import ACTIONS, ALLOW, LABELS
from catflap_probe.rules.layout import ALLOWED, DENIED, FORMAT
from catflap_probe.trunk import EPOCH_S
from catflap_probe.verdict.kinds import KINDS
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import SUBSCRIBER, TrunkPlan

ZONE_DAYS = 3 * 366
"""So far ahead a probe knows when its clocks are changed."""

_FIRST_DAY = date(2010, 1, 1)
_CHINESE_MOBILE = 14
_CHINESE_SERVICE = re.compile(r"\+86(400|800|9[56])")

Members = Callable[[str], Sequence[str]]
"""The numbers of a pool by its name, in international form; none of one that is not known."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled policy but for the serial number in its first line."""

    head: Tree
    lists: bytes

    def with_serial(self, serial: int) -> bytes:
        """The bytes that a probe takes: first line, lists, SHA-256."""
        head = {"catflap_policy": FORMAT, "serial": serial, **self.head}
        body = json.dumps(head, separators=(",", ":")).encode() + b"\n" + self.lists
        return body + hashlib.sha256(body).digest()


def no_pools(_name: str) -> Sequence[str]:
    """No pool is known."""
    return ()


NO_DAYS: Mapping[date, bool] = MappingProxyType({})


def compile_policy(
    document: Document,
    version: str,
    members: Members,
    more: Iterable[ListEntry],
    now: datetime,
    days: Mapping[date, bool] = NO_DAYS,
    trunks: Sequence[str] = (),
) -> Compiled:
    """Compile a document; `more` are entries of registers, `days` those off (or worked, False), `trunks` those under contract.

    Raises ListError.
    """
    named = ((document.allow, ALLOWED), (document.deny, DENIED))
    plan = plan_of(document.country, "", SUBSCRIBER)
    entries = chain.from_iterable(_entries(found, lists, plan, members) for found, lists in named)
    lists = compile_lists(chain(entries, more))
    off = {day: is_off for day, is_off in days.items() if day >= now.date() - timedelta(1)} if document.hours else {}
    head: Tree = {
        "version": document.version or version,
        "shadow": document.shadow,
        "stop": list(document.stop),
        "emergency": list(document.emergency),
        "kinds": [sum({1 << KINDS.index(entry["kind"]) for entry in found if "kind" in entry}) for found, _ in named],
        "countries": ["".join(sorted({entry["country"] for entry in found if "country" in entry})) for found, _ in named],
        "hours": [
            [
                LABELS.index(rule.label) if rule.label else -1,
                KINDS.index(rule.kind) if rule.kind else -1,
                [list(span) for span in rule.workday],
                [list(span) for span in rule.rest],
                ACTIONS.index(rule.action),
            ]
            for rule in document.hours
        ],
        "calendar": {
            "offsets": list(_offsets(ZoneInfo(document.time_zone), now)) if document.hours else [],
            "rest": _since_first(off, True),
            "work": _since_first(off, False),
        },
        "actions": [[LABELS.index(rule.label), rule.score, ACTIONS.index(rule.action)] for rule in document.actions],
        "budget": [document.budget[0], document.budget[1] * 60] if document.budget else [],
        "registers": [*(ACTIONS.index(document.registers.get(rule, ACTIONS[ALLOW])) for rule in REGISTER_RULES), list(trunks)]
        if document.registers
        else [],
        "mark": [document.mark[0], _shown(document.mark[1], document.country)] if document.mark else [],
        "words": words_in(lists),
    }
    return Compiled(head, lists)


def entries_of(number: str, lists: int, country: str, last: str = "") -> Iterator[ListEntry]:
    """The entries of one number, or of all up to a last one, in every form in which trunks of a country name them."""
    plan = plan_of(country, "", SUBSCRIBER)
    yield ListEntry(number, last or number, lists)
    if number[0] == "+":
        yield from _at_home(number, last or number, lists, plan, OwnNumbers([], plan))


def _shown(senders: Iterable[str], country: str) -> list[str]:
    """Senders of messages in every form in which lines show them."""
    return sorted({entry.first for sender in senders for entry in entries_of(sender, ALLOWED, country)})


def pools_of(document: Document) -> list[str]:
    """The pools that a document names."""
    return sorted({entry["pool"] for entry in (*document.allow, *document.deny) if "pool" in entry})


def _since_first(days: Mapping[date, bool], is_off: bool) -> list[int]:
    return sorted((day - _FIRST_DAY).days for day, found in days.items() if found is is_off)


def _entries(found: tuple[Tree, ...], lists: int, plan: TrunkPlan, members: Members) -> Iterator[ListEntry]:
    own = OwnNumbers([], plan)
    for entry in found:
        if "number" in entry:
            number = entry["number"]
            yield ListEntry(number, number, lists)
            if number[0] == "+":
                yield from _at_home(number, number, lists, plan, own)
        elif "range" in entry:
            first, last = entry["range"]
            yield ListEntry(first, last, lists)
            if first[0] == "+":
                yield from _at_home(first, last, lists, plan, own)
        elif "prefix" in entry:
            yield ListEntry(entry["prefix"], "", lists)
        elif "holder" in entry:
            for prefix in holders()[entry["holder"]]:
                yield ListEntry(prefix, "", lists)
        elif "pool" in entry:
            for number in members(entry["pool"]):
                yield ListEntry(number, number, lists)
                yield from _at_home(number, number, lists, plan, own)


def _at_home(first: str, last: str, lists: int, plan: TrunkPlan, own: OwnNumbers) -> Iterator[ListEntry]:
    """Numbers in international form as trunks of their own country name them, where that is another form."""
    # most are these, and a million of them must not take long
    if plan.letters == "CN" and first == last and len(first) == _CHINESE_MOBILE and first.startswith("+861") and first[4] > "2":
        yield ListEntry(first[3:], first[3:], lists)
        return
    if plan.letters == "CN" and _CHINESE_SERVICE.match(first):
        # no network shows these with a country in front, and whoever does has forged them
        yield ListEntry(first[3:], last[3:], lists)
        return
    home, end = check(first, plan, own).key, check(last, plan, own).key
    if home != first and len(home) == len(end) and home <= end:
        yield ListEntry(home, end, lists)


def _offsets(zone: ZoneInfo, now: datetime) -> Iterator[list[int]]:
    """From which second since 2010 on a zone's clocks are so many seconds ahead, from yesterday on."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(1)
    ahead_s = _ahead_s(zone, day)
    yield [0, ahead_s]
    for _ in range(ZONE_DAYS):
        following = day + timedelta(1)
        if _ahead_s(zone, following) != ahead_s:
            moment = next(m for m in (day + timedelta(minutes=minute) for minute in range(1441)) if _ahead_s(zone, m) != ahead_s)
            ahead_s = _ahead_s(zone, moment)
            yield [int(moment.timestamp()) - EPOCH_S, ahead_s]
        day = following


def _ahead_s(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
