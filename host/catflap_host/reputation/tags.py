"""The tags of our list as partners get them: signed, in an order that tells nothing, and kept at hand since each costs a moment."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from catflap_host.reputation.document import CLOCK_MS, MAX_ENTRIES, Appeal, Entry
from catflap_host.reputation.match_key import MatchKey
from catflap_host.reputation.oprf import ELEMENT_CHARS, TAG_BYTES

KIND = "catflap-tags+json"
VERSION = 1
LIFE_MS = 86_400_000
_TAG = re.compile(f"[0-9a-f]{{{2 * TAG_BYTES}}}")
_POINT = re.compile(f"[0-9a-f]{{{ELEMENT_CHARS}}}")


class TagsError(Exception):
    """What came are no tags that count; the text says why."""


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags under a version of the key, good until then."""

    issuer: str
    key: int
    public_key: str
    expires_ms: int
    tags: frozenset[str]


class Tagger:
    """Makes tags, each once for a version of the key; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._known: dict[str, str] = {}

    def tags(self, key: MatchKey, entries: Iterable[Entry]) -> list[str]:
        """The tags of the entries that nobody disputes, in the order of the tags."""
        wanted = [entry.number for entry in entries if entry.appeal is not Appeal.OPEN]
        with self._lock:
            known = self._known if self._version == key.version else {}
            fresh = key.key.tags(number for number in wanted if number not in known)
            self._version, self._known = key.version, {number: known.get(number) or fresh[number] for number in wanted}
            return sorted(self._known.values())


def fields(issuer: str, key: MatchKey, tags: list[str], now_ms: int) -> dict[str, object]:
    """The tags as JSON's fields, to be signed as KIND."""
    head = {"catflap_tags": VERSION, "issuer": issuer, "issued_ms": now_ms, "expires_ms": now_ms + LIFE_MS}
    return {**head, "key": key.version, "public_key": key.key.public, "tags": tags}


def read(payload: dict[str, object], now_ms: int) -> Tags:
    """Tags out of a payload whose signature is good. Raises TagsError."""
    issuer, key, public_key, expires_ms, tags = (payload.get(name) for name in ("issuer", "key", "public_key", "expires_ms", "tags"))
    if payload.get("catflap_tags") != VERSION or not isinstance(issuer, str):
        raise TagsError(f"they are of another version than {VERSION}")
    if type(key) is not int or not isinstance(public_key, str) or not _POINT.fullmatch(public_key):
        raise TagsError("they do not say of which key they are")
    if type(expires_ms) is not int or not now_ms < expires_ms <= now_ms + LIFE_MS + CLOCK_MS:
        raise TagsError("they are over, or one of the two clocks is wrong")
    if not isinstance(tags, list) or len(tags) > MAX_ENTRIES or not all(isinstance(tag, str) and _TAG.fullmatch(tag) for tag in tags):
        raise TagsError(f"they are no list of at most {MAX_ENTRIES} tags")
    return Tags(issuer, key, public_key, expires_ms, frozenset(tags))
