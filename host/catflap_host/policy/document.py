"""The policy as its owner writes it: JSON, read and checked as a whole; every fault is named with its place (host/README.md, "Policy")."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catflap_host.language.marking import N_
from catflap_host.policy.holders import holders
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.mark import MOST_CODE, MOST_SENDERS
from catflap_probe.policy import BEST, NEVER
from catflap_probe.rules.budget import MOST_BLOCKS
from catflap_probe.rules.layout import MAX_DIGITS
from catflap_probe.verdict.kinds import KINDS

FORMAT = 1
MAX_FAULTS = 50
MAX_RULES = 100
MAX_MINUTES = 7 * 24 * 60
MAX_TEXT = 500
MAX_SCORE = 10_000
SELECTORS = ("number", "prefix", "range", "pool", "kind", "holder", "country")
"""What an entry of `allow` or `deny` may name, one of them."""
ACTIONS = ("allow", "label", "block")
REFUSALS_RULE, RANGES_RULE, INBOUND_RULE = REGISTER_RULES = ("refusals", "ranges", "inbound")
"""What may be done to calls that the registers say ought not to be."""
STOPS = {"ringing": (BEST, "reject", "answer", NEVER), "waiting": (BEST, "reject", NEVER)}

_KEYS = ("catflap_policy", "version", "note", "country", "time_zone", "shadow", "stop", "emergency", "mark", "registers")
_LISTS = ("allow", "deny", "hours", "actions", "budget")
_NUMBER = re.compile(rf"\+?[0-9]{{1,{MAX_DIGITS}}}", re.ASCII)
_CODE = re.compile(rf"\*[0-9]{{1,{MOST_CODE - 1}}}", re.ASCII)
_LETTERS = re.compile(r"[A-Z]{2}", re.ASCII)
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
_POOL = re.compile(r"[!-~]{1,100}", re.ASCII)
_ONE_OF = N_("one of %(words)s")
_OBJECT = N_("an object with %(keys)s")
_TWO_LETTERS = N_("two capital letters, as CN")
_NO_NUMBER = N_("a string of 1 to %(most)s digits, + in front or not")
_NO_CHALLENGE = N_("no line can challenge a caller yet: block, or let detection label")

Tree = dict[str, Any]
Span = tuple[int, int]
"""Minutes of the day, the second not included."""


Complaint = tuple[str, Mapping[str, object]] | None
"""What is wrong with a value, as a pattern and what fills it in; None: nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place (empty: the whole), as a pattern that its values fill in, so that it can be told in any language."""

    place: str
    pattern: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English, with its place in front."""
        text = self.pattern % self.values if self.values else self.pattern
        return f"{self.place}: {text}" if self.place else text


class DocumentError(ValueError):
    """A policy with faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class HoursRule:
    """When calls of a label or a kind of number may come; the other of the two is empty."""

    label: str
    kind: str
    workday: tuple[Span, ...]
    rest: tuple[Span, ...]
    action: str


@dataclass(frozen=True, slots=True)
class ActionRule:
    """What is done to calls of a label from a score on."""

    label: str
    score: int
    action: str


@dataclass(frozen=True, slots=True)
class Document:
    """A policy without fault; `allow` and `deny` are entries as they were written, one selector each."""

    version: str
    country: str
    time_zone: str
    shadow: bool
    stop: tuple[str, str]
    emergency: tuple[str, ...]
    allow: tuple[Tree, ...]
    deny: tuple[Tree, ...]
    hours: tuple[HoursRule, ...]
    actions: tuple[ActionRule, ...]
    budget: tuple[int, int] | None
    mark: tuple[str, tuple[str, ...]] | None
    """The code that is dialled or pressed, empty for none, and whose messages count."""

    registers: Mapping[str, str]
    """By rule of REGISTER_RULES what is done; nothing by those that are not there."""


class _Reader:
    """Collects faults, so that a person sees them all at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, pattern: str, /, **values: object) -> None:
        """Notes a fault; ends the reading at too many."""
        self.faults.append(Fault(place, pattern, values))
        if len(self.faults) >= MAX_FAULTS:
            raise DocumentError([*self.faults, Fault("", N_("and maybe more: only the first %(most)s are told"), {"most": MAX_FAULTS})])

    def only(self, tree: Tree, allowed: tuple[str, ...], place: str) -> None:
        """Refuses keys that nobody reads."""
        for key in tree:
            if key == "holidays":
                self.fault(f"{place}{key}", N_("days off are kept in the register of holidays: catflap host register add holiday"))
            elif key not in allowed:
                self.fault(f"{place}{str(key)[:40]}", N_("there is no such key; %(keys)s are"), keys=", ".join(allowed))

    def text(self, tree: Tree, key: str, otherwise: str, place: str) -> str:
        """A short text."""
        value = tree.get(key, otherwise)
        if isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable():
            return value
        self.fault(f"{place}{key}", N_("a text of at most %(most)s characters on one line"), most=MAX_TEXT)
        return otherwise

    def items(self, tree: Tree, key: str, most: int | None = None) -> list[Any]:
        """A list."""
        value = tree.get(key, [])
        if not isinstance(value, list):
            self.fault(key, N_("a list"))
            return []
        if most is not None and len(value) > most:
            self.fault(key, N_("at most %(most)s of them"), most=most)
            return []
        return value

    def one_of(self, value: object, allowed: tuple[str, ...], place: str) -> str:
        """A word out of some."""
        if isinstance(value, str) and value in allowed:
            return value
        if value == "challenge":
            self.fault(place, _NO_CHALLENGE)
        else:
            self.fault(place, _ONE_OF, words=", ".join(allowed))
        return allowed[0]

    def whole(self, value: object, least: int, most: int, place: str) -> int:
        """A whole number."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(place, N_("a whole number from %(least)s to %(most)s"), least=least, most=most)
        return least


def parse(text: str) -> Document:
    """The policy in a text. Raises DocumentError."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError([Fault("", N_("not JSON: %(error)s"), {"error": error})]) from None
    if not isinstance(tree, dict) or tree.get("catflap_policy") != FORMAT:
        words = N_('no "catflap_policy": %(format)s at the top: not a policy, or one of another version')
        raise DocumentError([Fault("", words, {"format": FORMAT})])
    read = _Reader()
    read.only(tree, _KEYS + _LISTS, "")
    read.text(tree, "note", "", "")
    country = read.text(tree, "country", "CN", "")
    if not _LETTERS.fullmatch(country):
        read.fault("country", _TWO_LETTERS)
    shadow = tree.get("shadow", False)
    if not isinstance(shadow, bool):
        read.fault("shadow", N_("true or false"))
    document = Document(
        read.text(tree, "version", "", ""),
        country,
        _time_zone(read, tree),
        shadow is True,
        _stop(read, tree.get("stop", {})),
        tuple(_number(read, value, f"emergency[{index}]") for index, value in enumerate(read.items(tree, "emergency", MAX_RULES))),
        _entries(read, tree, "allow"),
        _entries(read, tree, "deny"),
        tuple(_hours(read, rule, f"hours[{index}]") for index, rule in enumerate(read.items(tree, "hours", MAX_RULES))),
        tuple(_action(read, rule, f"actions[{index}]") for index, rule in enumerate(read.items(tree, "actions", MAX_RULES))),
        _budget(read, tree["budget"]) if "budget" in tree else None,
        _mark(read, tree["mark"]) if "mark" in tree else None,
        _registers(read, tree.get("registers", {})),
    )
    if read.faults:
        raise DocumentError(read.faults)
    return document


def _time_zone(read: _Reader, tree: Tree) -> str:
    name = read.text(tree, "time_zone", "Asia/Shanghai", "")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        read.fault("time_zone", N_("the name of a time zone, as Asia/Shanghai"))
    return name


def _stop(read: _Reader, stop: object) -> tuple[str, str]:
    if not isinstance(stop, dict):
        read.fault("stop", _OBJECT, keys="ringing, waiting")
        return BEST, BEST
    read.only(stop, tuple(STOPS), "stop.")
    ringing, waiting = (read.one_of(stop.get(state, BEST), STOPS[state], f"stop.{state}") for state in STOPS)
    return ringing, waiting


def _entries(read: _Reader, tree: Tree, name: str) -> tuple[Tree, ...]:
    found = read.items(tree, name)
    for index, entry in enumerate(found):
        # the names of places are made only where something is wrong: there may be a million entries
        if not isinstance(entry, dict):
            read.fault(f"{name}[{index}]", N_("an entry is an object with one of %(words)s"), words=", ".join(SELECTORS))
            continue
        kinds = [key for key in entry if key in _CHECKS]
        if len(kinds) != 1:
            read.fault(f"{name}[{index}]", N_("exactly one of %(words)s"), words=", ".join(SELECTORS))
        elif complaint := _CHECKS[kinds[0]](entry[kinds[0]]):
            read.fault(f"{name}[{index}].{kinds[0]}", complaint[0], **complaint[1])
        if len(entry) > len(kinds):
            if entry.get("action") == "challenge":
                read.fault(f"{name}[{index}].action", _NO_CHALLENGE)
            else:
                read.only(entry, (*SELECTORS, "note"), f"{name}[{index}].")
            read.text(entry, "note", "", f"{name}[{index}].")
    return tuple(found)


def _wrong_number(value: object) -> Complaint:
    return None if isinstance(value, str) and _NUMBER.fullmatch(value) else (_NO_NUMBER, {"most": MAX_DIGITS})


def _wrong_prefix(value: object) -> Complaint:
    return None if value == "+" else _wrong_number(value)


def _wrong_range(value: object) -> Complaint:
    if not isinstance(value, list) or len(value) != 2 or any(_wrong_number(end) for end in value):
        return N_("a list of its first and its last number"), {}
    if len(value[0]) != len(value[1]) or value[0][0].isdigit() != value[1][0].isdigit() or value[0] > value[1]:
        return N_("first and last have equally many digits, and the first is not above the last"), {}
    return None


def _wrong_pool(value: object) -> Complaint:
    fits = isinstance(value, str) and _POOL.fullmatch(value)
    return None if fits else (N_("the name of a pool, as the console shows it"), {})


def _wrong_kind(value: object) -> Complaint:
    return None if value in KINDS else (_ONE_OF, {"words": ", ".join(KINDS)})


def _wrong_holder(value: object) -> Complaint:
    fits = isinstance(value, str) and value in holders()
    return None if fits else (N_("no such holder; `catflap number` shows who holds a number"), {})


def _wrong_country(value: object) -> Complaint:
    return None if isinstance(value, str) and _LETTERS.fullmatch(value) else (_TWO_LETTERS, {})


_CHECKS: dict[str, Callable[[object], Complaint]] = {
    "number": _wrong_number,
    "prefix": _wrong_prefix,
    "range": _wrong_range,
    "pool": _wrong_pool,
    "kind": _wrong_kind,
    "holder": _wrong_holder,
    "country": _wrong_country,
}


def _number(read: _Reader, value: object, place: str) -> str:
    if complaint := _wrong_number(value):
        read.fault(place, complaint[0], **complaint[1])
        return ""
    return str(value)


def _hours(read: _Reader, rule: object, place: str) -> HoursRule:
    if not isinstance(rule, dict):
        read.fault(place, _OBJECT, keys="label, kind, workday, rest, action")
        rule = {}
    read.only(rule, ("label", "kind", "workday", "rest", "action", "note"), f"{place}.")
    if ("label" in rule) == ("kind" in rule):
        read.fault(place, N_("exactly one of label (what the call is) and kind (of its number)"))
    label = read.one_of(rule["label"], _NUISANCES, f"{place}.label") if "label" in rule else ""
    kind = read.one_of(rule["kind"], KINDS, f"{place}.kind") if "kind" in rule else ""
    workday, rest = (_spans(read, rule.get(day, []), f"{place}.{day}") for day in ("workday", "rest"))
    return HoursRule(label, kind, workday, rest, read.one_of(rule.get("action", "label"), ACTIONS[1:], f"{place}.action"))


def _spans(read: _Reader, spans: object, place: str) -> tuple[Span, ...]:
    if not isinstance(spans, list) or len(spans) > MAX_RULES:
        read.fault(place, N_('a list of spans of time, as ["09:00-12:00", "14:00-18:00"]'))
        return ()
    found = []
    for index, span in enumerate(spans):
        parts = _SPAN.fullmatch(span) if isinstance(span, str) else None
        opens, closes = (int(parts[1]) * 60 + int(parts[2]), int(parts[3]) * 60 + int(parts[4])) if parts else (0, 0)
        if not opens < closes <= 24 * 60:
            read.fault(f"{place}[{index}]", N_("a span as 09:00-18:00 that ends later on the same day, at 24:00 at the latest"))
        found.append((opens, closes))
    return tuple(found)


def _action(read: _Reader, rule: object, place: str) -> ActionRule:
    if not isinstance(rule, dict):
        read.fault(place, _OBJECT, keys="label, score, action")
        rule = {}
    read.only(rule, ("label", "score", "action", "note"), f"{place}.")
    return ActionRule(
        read.one_of(rule.get("label"), _NUISANCES, f"{place}.label"),
        read.whole(rule.get("score", 0), 0, MAX_SCORE, f"{place}.score"),
        read.one_of(rule.get("action"), ACTIONS, f"{place}.action"),
    )


def _budget(read: _Reader, budget: object) -> tuple[int, int]:
    if not isinstance(budget, dict):
        read.fault("budget", _OBJECT, keys="blocks, minutes")
        return 1, 1
    read.only(budget, ("blocks", "minutes"), "budget.")
    blocks = read.whole(budget.get("blocks"), 1, MOST_BLOCKS, "budget.blocks")
    return blocks, read.whole(budget.get("minutes"), 1, MAX_MINUTES, "budget.minutes")


def _mark(read: _Reader, mark: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(mark, dict):
        read.fault("mark", _OBJECT, keys="code, sms")
        return "", ()
    read.only(mark, ("code", "sms"), "mark.")
    code = mark.get("code", "")
    if not isinstance(code, str) or not (code == "" or _CODE.fullmatch(code)):
        read.fault("mark.code", N_("a star and one to %(most)s digits, as *39"), most=MOST_CODE - 1)
        code = ""
    senders = read.items({"mark.sms": mark.get("sms", [])}, "mark.sms", MOST_SENDERS // 2)
    return code, tuple(_number(read, value, f"mark.sms[{index}]") for index, value in enumerate(senders))


def _registers(read: _Reader, rules: object) -> Mapping[str, str]:
    if not isinstance(rules, dict):
        read.fault("registers", _OBJECT, keys=", ".join(REGISTER_RULES))
        return {}
    read.only(rules, REGISTER_RULES, "registers.")
    return {rule: read.one_of(rules[rule], ACTIONS[1:], f"registers.{rule}") for rule in REGISTER_RULES if rule in rules}


_NUISANCES = tuple(label for label in LABELS if label != LABELS[LEGIT])
