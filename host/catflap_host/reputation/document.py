"""The list as it goes from house to house: what it holds, and how another house's is read with suspicion.

    {"catflap_list": 2, "issuer": "...", "sequence": 1772380812345, "issued_ms": ..., "expires_ms": ...,
     "entries": [{"number": "+8613812345678", "kind": "simbank", "confidence": 8700, "first_ms": ..., "last_ms": ..., "expires_ms": ...,
                  "appeal": "none", "evidence": [{"class": "pool", "count": 12, "model": "m7"}]}, ...],
     "withdrawals": [{"number": "+8613900000000", "withdrawn_ms": ...}, ...]}

signed as `catflap-list+json`. An entry is its issuer's own finding, never one that he was told.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

VERSION = 2
KIND = "catflap-list+json"
DAY_MS = 86_400_000
LIFE_MS = 7 * DAY_MS
MAX_LIFE_MS = 90 * DAY_MS
"""For so long after its issue may a list count, and an entry of it."""
MAX_ENTRIES = 20_000
MAX_CONFIDENCE = 10_000
MAX_WHOLE = 2**53
CLOCK_MS = 3_600_000
"""So much may another house's clock be ahead of ours."""
KINDS = ("simbank", "spoof", "wangiri", "tdos", "telemarketing")
MAX_EVIDENCE = 8
MAX_MODEL_CHARS = 100
NUMBER = re.compile(r"\+[0-9]{5,15}")
_Item = TypeVar("_Item")


class ListError(Exception):
    """The list is not taken; the text says why."""


class Class(StrEnum):
    """What an entry rests on: numbers that act as one, a trunk audit that a person has followed up, complaints that a person has upheld."""

    POOL = "pool"
    AUDIT = "audit"
    COMPLAINT = "complaint"


class Appeal(StrEnum):
    """What was said against an entry, and found of it: an entry that was appealed with success is withdrawn, and is none."""

    NONE = "none"
    OPEN = "open"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Evidence:
    """So many calls or complaints of a class, found by the models of that name, empty where none was asked."""

    what: Class
    count: int
    model: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A number in its international form, what it is thought to be (KINDS), how surely (0 ... 10000), when it was heard, until when that
    counts, and why it is thought so; `first_ms` is 0 where it is not known.
    """

    number: str
    kind: str
    confidence: int
    first_ms: int
    last_ms: int
    expires_ms: int
    appeal: Appeal
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A number that an earlier list held, and that is withdrawn since its owner was right to appeal."""

    number: str
    withdrawn_ms: int


@dataclass(frozen=True, slots=True)
class Document:
    """A list: everything that its issuer holds now. A later one has a greater sequence number and takes its place."""

    issuer: str
    sequence: int
    issued_ms: int
    expires_ms: int
    entries: list[Entry]
    withdrawals: list[Withdrawal]


def fields(document: Document) -> dict[str, object]:
    """The list as JSON's fields."""
    head = {name: getattr(document, name) for name in ("issuer", "sequence", "issued_ms", "expires_ms")}
    withdrawals = [{"number": gone.number, "withdrawn_ms": gone.withdrawn_ms} for gone in document.withdrawals]
    return {"catflap_list": VERSION, **head, "entries": [_fields(entry) for entry in document.entries], "withdrawals": withdrawals}


def evidence_fields(evidence: tuple[Evidence, ...]) -> list[dict[str, object]]:
    """What an entry rests on as JSON's fields."""
    return [{"class": one.what.value, "count": one.count, "model": one.model} for one in evidence]


def read_evidence(value: object) -> tuple[Evidence, ...]:
    """The reverse. Raises ListError."""
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_EVIDENCE:
        raise ListError(f"evidence is no list of 1 to {MAX_EVIDENCE}: it does not say why")
    return tuple(_evidence(one) for one in value)


def read(payload: dict[str, object], now_ms: int) -> Document:
    """A list out of a payload whose signature is good. Raises ListError for one that is not to be taken as a whole."""
    if payload.get("catflap_list") != VERSION:
        raise ListError(f"it is of version {str(payload.get('catflap_list'))[:20]}; this program reads {VERSION}")
    issuer = payload.get("issuer")
    if not isinstance(issuer, str) or not issuer or len(issuer) > 100 or not issuer.isprintable():
        raise ListError("it does not say who issued it")
    sequence, issued_ms, expires_ms = (_whole(payload, name, 1, MAX_WHOLE) for name in ("sequence", "issued_ms", "expires_ms"))
    if issued_ms > now_ms + CLOCK_MS:
        raise ListError("it is issued in the future; one of the two clocks is wrong")
    if expires_ms <= now_ms:
        raise ListError("it is over; fetch a newer one")
    last_ms = issued_ms + MAX_LIFE_MS
    if expires_ms > last_ms:
        raise ListError("it is to count for over 90 days, which no number's reputation does")
    entries = _items(payload, "entries", "entry", lambda entry: _entry(entry, last_ms))
    withdrawals = _items(payload, "withdrawals", "withdrawal", _withdrawal)
    gone = {withdrawal.number for withdrawal in withdrawals}
    return Document(issuer, sequence, issued_ms, expires_ms, [entry for entry in entries if entry.number not in gone], withdrawals)


def _items(payload: dict[str, object], name: str, called: str, read_one: Callable[[dict[str, object]], _Item]) -> list[_Item]:
    items = payload.get(name)
    if not isinstance(items, list) or len(items) > MAX_ENTRIES:
        raise ListError(f"its {name} are no list of at most {MAX_ENTRIES}")
    found = []
    for place, item in enumerate(items):
        if not isinstance(item, dict):
            raise ListError(f"{called} {place} is no object")
        try:
            found.append(read_one(item))
        except ListError as error:
            raise ListError(f"{called} {place}: {error}") from None
    return found


def _entry(entry: dict[str, object], last_ms: int) -> Entry:
    number, kind = _number(entry), entry.get("kind")
    if kind not in KINDS:
        raise ListError(f"it is of none of the kinds {', '.join(KINDS)}")
    assert isinstance(kind, str)
    confidence = _whole(entry, "confidence", 0, MAX_CONFIDENCE)
    first_ms, heard_ms = (_whole(entry, name, 0, MAX_WHOLE) for name in ("first_ms", "last_ms"))
    expires_ms = _whole(entry, "expires_ms", 1, last_ms)
    try:
        appeal = Appeal(str(entry.get("appeal")))
    except ValueError:
        raise ListError(f"appeal is none of {', '.join(Appeal)}") from None
    return Entry(number, kind, confidence, first_ms, heard_ms, expires_ms, appeal, read_evidence(entry.get("evidence")))


def _withdrawal(gone: dict[str, object]) -> Withdrawal:
    return Withdrawal(_number(gone), _whole(gone, "withdrawn_ms", 1, MAX_WHOLE))


def _evidence(value: object) -> Evidence:
    if not isinstance(value, dict):
        raise ListError("evidence is no list of objects")
    model = value.get("model")
    if not isinstance(model, str) or len(model) > MAX_MODEL_CHARS or not model.isprintable():
        raise ListError(f"model is no text of up to {MAX_MODEL_CHARS} characters")
    try:
        return Evidence(Class(str(value.get("class"))), _whole(value, "count", 1, MAX_WHOLE), model)
    except ValueError:
        raise ListError(f"class is none of {', '.join(Class)}") from None


def _number(item: dict[str, object]) -> str:
    number = item.get("number")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise ListError("it has no number of the form +8613812345678")
    return number


def _whole(mapping: dict[str, object], name: str, least: int, most: int) -> int:
    value = mapping.get(name)
    if type(value) is not int or not least <= value <= most:
        raise ListError(f"{name} is no whole number from {least} to {most}")
    return value


def _fields(entry: Entry) -> dict[str, object]:
    names = ("number", "kind", "confidence", "first_ms", "last_ms", "expires_ms")
    return {**{name: getattr(entry, name) for name in names}, "appeal": entry.appeal.value, "evidence": evidence_fields(entry.evidence)}
