"""Calls, alarms and health of a probe out of its records, the newest of each, in tables of fixed size."""

from dataclasses import dataclass, field
from typing import Any

from catflap_host.language.conditions import GOOD
from catflap_host.store.projection import clean_text, texts

MOST_CALLS = 2_000
MOST_ALARMS = 100
MOST_MEMBERS = 64
_CHARS = 64

Key = tuple[str, str, int]
"""Boot, line and number of a call."""


@dataclass(slots=True)
class SeenCall:
    """A call as far as the probe has told; times are Unix ms, `ended_ms` 0 while it goes on. Texts are on one line and hold no control."""

    line: str
    at_ms: int
    direction: str = "in"
    number: str = ""
    presentation: str = ""
    name: str = ""
    label: str = ""
    score: int = 0
    action: str = ""
    shadow: bool = False
    reasons: list[str] = field(default_factory=list)
    outcome: str = ""
    ended_ms: int = 0
    answered_ms: int = -1


@dataclass(frozen=True, slots=True)
class SeenAlarm:
    """An alarm as it was told last."""

    at_ms: int
    kind: str
    members: int
    reasons: list[str]


class Seen:
    """What was read so far; what is oldest gives way."""

    def __init__(self) -> None:
        self.calls: dict[Key, SeenCall] = {}
        self.alarms: dict[tuple[str, str], SeenAlarm] = {}
        self.health: dict[str, tuple[str, str]] = {}

    def take(self, boot: str, fields: dict[str, object]) -> Key | None:
        """Takes a record in; returns the call that it is about, if any."""
        kind = fields.get("k")
        if kind in ("alert", "call"):
            return self._decided(boot, fields)
        if kind == "end":
            return self._ended(boot, fields)
        if kind == "alarm":
            members = len(texts(fields, "members", MOST_MEMBERS))
            told = SeenAlarm(_whole(fields, "at_ms"), clean_text(fields, "kind", _CHARS), members, _reasons(fields))
            self.alarms[boot, clean_text(fields, "alarm", _CHARS)] = told
            _shorten(self.alarms, MOST_ALARMS)
        elif kind == "health":
            self.health[clean_text(fields, "line", _CHARS)] = clean_text(fields, "what", _CHARS), clean_text(fields, "detail", 200)
        return None

    def worries(self) -> list[tuple[str, str, str]]:
        """Line, code and detail of what a person should look at, by line; the empty line is the probe."""
        return [(line, what, detail) for line, (what, detail) in sorted(self.health.items()) if what not in GOOD]

    def _decided(self, boot: str, fields: dict[str, object]) -> Key:
        call = self._of(boot, fields)
        direction = clean_text(fields, "direction", _CHARS)
        call.direction = direction
        call.number = clean_text(fields, "called" if direction == "out" else "calling", _CHARS)
        for name in ("presentation", "name", "label", "action"):
            setattr(call, name, clean_text(fields, name, _CHARS))
        call.score = _whole(fields, "score")
        call.shadow = fields.get("shadow") is True
        call.reasons = _reasons(fields)
        return _key(boot, fields)

    def _ended(self, boot: str, fields: dict[str, object]) -> Key:
        call = self._of(boot, fields)
        call.ended_ms = _whole(fields, "ended_ms")
        call.label = clean_text(fields, "final_label", _CHARS) or call.label
        call.name = clean_text(fields, "name", _CHARS) or call.name
        call.outcome = clean_text(fields, "outcome", _CHARS)
        answered_ms = fields.get("answered_ms")
        call.answered_ms = answered_ms if type(answered_ms) is int else -1
        return _key(boot, fields)

    def _of(self, boot: str, fields: dict[str, object]) -> SeenCall:
        key = _key(boot, fields)
        if key not in self.calls:
            self.calls[key] = SeenCall(key[1], _whole(fields, "at_ms"))
            _shorten(self.calls, MOST_CALLS)
        return self.calls[key]


def _key(boot: str, fields: dict[str, object]) -> Key:
    return boot, clean_text(fields, "line", _CHARS), _whole(fields, "call")


def _whole(fields: dict[str, object], name: str) -> int:
    value = fields.get(name)
    return value if type(value) is int else 0


def _reasons(fields: dict[str, object]) -> list[str]:
    return texts(fields, "reasons", 16)


def _shorten(table: dict[Any, Any], most: int) -> None:
    while len(table) > most:
        del table[next(iter(table))]
