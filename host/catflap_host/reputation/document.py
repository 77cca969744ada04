"""The feed as it goes from house to house: what it holds, made of pools, and read with suspicion.

    {"catflap_feed": 1, "issuer": "...", "serial": 1772380812345, "issued_ms": ..., "expires_ms": ...,
     "entries": [{"number": "+8613812345678", "kind": "simbank", "score": 8700, "first_ms": ..., "last_ms": ...}, ...]}

signed as `catflap-feed+json`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catflap_host.correlate.views import Group

VERSION = 1
KIND = "catflap-feed+json"
LIFE_MS = 7 * 86_400_000
MAX_LIFE_MS = 90 * 86_400_000
MAX_ENTRIES = 20_000
MAX_SCORE = 10_000
MAX_SERIAL = 2**53
CLOCK_MS = 3_600_000
"""So much may another house's clock be ahead of ours."""
KINDS = ("simbank", "spoof", "wangiri", "tdos", "telemarketing")
_NUMBER = re.compile(r"\+[0-9]{5,15}")


class FeedError(Exception):
    """The feed is not taken; the text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A number in its international form, what it is thought to be (KINDS), how surely (0 ... 10000), and when it was heard."""

    number: str
    kind: str
    score: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class Document:
    """A feed: everything that its issuer thinks now. A later one has a greater serial and takes its place."""

    issuer: str
    serial: int
    issued_ms: int
    expires_ms: int
    entries: list[Entry]


def document(groups: Iterable[Group], issuer: str, now_ms: int) -> Document:
    """The groups' members, each number once, under the group that is surest of it."""
    found: dict[str, Entry] = {}
    for group in groups:
        for member in group.members:
            entry = Entry(member.number, group.kind, group.confidence, member.first_ms, member.last_ms)
            known = found.get(member.number)
            if _NUMBER.fullmatch(member.number) and (known is None or known.score < entry.score):
                found[member.number] = entry
    surest = sorted(found.values(), key=lambda entry: (-entry.score, -entry.last_ms, entry.number))[:MAX_ENTRIES]
    return Document(issuer, now_ms, now_ms, now_ms + LIFE_MS, surest)


def fields(feed: Document) -> dict[str, object]:
    """The feed as JSON's fields."""
    entries = [{name: getattr(entry, name) for name in Entry.__slots__} for entry in feed.entries]
    head = {"issuer": feed.issuer, "serial": feed.serial, "issued_ms": feed.issued_ms, "expires_ms": feed.expires_ms}
    return {"catflap_feed": VERSION, **head, "entries": entries}


def read(payload: dict[str, object], now_ms: int) -> Document:
    """A feed out of a payload whose signature is good. Raises FeedError for one that is not to be taken as a whole."""
    if payload.get("catflap_feed") != VERSION:
        raise FeedError(f"it is of version {str(payload.get('catflap_feed'))[:20]}; this program reads {VERSION}")
    issuer, entries = payload.get("issuer"), payload.get("entries")
    if not isinstance(issuer, str) or not issuer or len(issuer) > 100 or not issuer.isprintable():
        raise FeedError("it does not say who issued it")
    serial, issued_ms, expires_ms = (_whole(payload, name, 1, MAX_SERIAL) for name in ("serial", "issued_ms", "expires_ms"))
    if issued_ms > now_ms + CLOCK_MS:
        raise FeedError("it is issued in the future; one of the two clocks is wrong")
    if expires_ms <= now_ms:
        raise FeedError("it is over; fetch a newer one")
    if expires_ms - issued_ms > MAX_LIFE_MS:
        raise FeedError("it is to count for over 90 days, which no number's reputation does")
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise FeedError(f"its entries are no list of at most {MAX_ENTRIES}")
    return Document(issuer, serial, issued_ms, expires_ms, [_entry(entry, place) for place, entry in enumerate(entries)])


def _entry(entry: object, place: int) -> Entry:
    if not isinstance(entry, dict):
        raise FeedError(f"entry {place} is no object")
    number, kind = entry.get("number"), entry.get("kind")
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise FeedError(f"entry {place} has no number of the form +8613812345678")
    if kind not in KINDS:
        raise FeedError(f"entry {place} is of none of the kinds {', '.join(KINDS)}")
    try:
        score, first_ms, last_ms = (
            _whole(entry, name, 0, most) for name, most in (("score", MAX_SCORE), ("first_ms", MAX_SERIAL), ("last_ms", MAX_SERIAL))
        )
    except FeedError as error:
        raise FeedError(f"entry {place}: {error}") from None
    return Entry(number, kind, score, first_ms, last_ms)


def _whole(mapping: dict[str, object], name: str, least: int, most: int) -> int:
    value = mapping.get(name)
    if type(value) is not int or not least <= value <= most:
        raise FeedError(f"{name} is no whole number from {least} to {most}")
    return value
