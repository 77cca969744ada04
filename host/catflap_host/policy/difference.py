"""In what two policies differ, entry by entry and setting by setting, as somebody reads it who is to approve the second."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catflap_host.policy.document import REGISTER_RULES, Tree
from catflap_probe.policy import BEST

LISTS = ("allow", "deny", "actions", "hours")
SETTINGS = ("version", "note", "country", "time_zone", "shadow", "emergency")


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry of a list (`place`) that is only in one of the two, or a setting that they have differently; None: not there."""

    place: str
    before: Any
    after: Any


def differences(before: Tree, after: Tree) -> Iterator[Difference]:
    """Settings first, then what each list has lost and what it has gained."""
    for name in SETTINGS:
        yield from _setting(name, before.get(name), after.get(name))
    for name, keys in (
        ("stop", ("ringing", "waiting")),
        ("budget", ("blocks", "minutes")),
        ("mark", ("code", "sms")),
        ("registers", REGISTER_RULES),
    ):
        old, new = before.get(name, {}), after.get(name, {})
        for key in keys:
            yield from _setting(f"{name}.{key}", old.get(key), new.get(key))
    for name in LISTS:
        if before.get(name) == after.get(name):
            continue
        old_entries, new_entries = ([_text(name, entry) for entry in tree.get(name, [])] for tree in (before, after))
        lost, gained = Counter(old_entries) - Counter(new_entries), Counter(new_entries) - Counter(old_entries)
        yield from (Difference(name, json.loads(text), None) for text in lost.elements())
        yield from (Difference(name, None, json.loads(text)) for text in gained.elements())
        if not lost and not gained and old_entries != new_entries:
            # the first rule of a label counts, so that their order says something
            yield Difference(name, len(old_entries), len(new_entries))


def _setting(name: str, old: Any, new: Any) -> Iterator[Difference]:
    old, new = (_USUAL.get(name) if value in _NOTHING else value for value in (old, new))
    if old != new:
        yield Difference(name, old, new)


_NOTHING: tuple[object, ...] = (None, "", [], False)
_USUAL = {"country": "CN", "time_zone": "Asia/Shanghai", "stop.ringing": BEST, "stop.waiting": BEST}
_USUAL_IN = {"actions": {"score": 0}, "hours": {"action": "label"}}
"""What a key that is left out stands for."""


def _text(name: str, entry: Any) -> str:
    return json.dumps(_USUAL_IN.get(name, {}) | entry, sort_keys=True, ensure_ascii=False)
