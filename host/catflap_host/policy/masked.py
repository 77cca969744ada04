"""A policy's text for who may not see whole numbers: those in it are masked, prefixes are nobody's."""

import json
from typing import Any

from catflap_host.api.masking import mask, mask_text


def masked(text: str) -> str:
    """The document with its numbers masked, also in notes; no policy any more that could be published."""
    tree = json.loads(text)
    for name in ("allow", "deny"):
        tree[name] = [masked_entry(entry) for entry in tree.get(name, [])]
    if "note" in tree:
        tree["note"] = mask_text(tree["note"])
    if "sms" in tree.get("mark", {}):
        tree["mark"] = tree["mark"] | {"sms": masked_senders(tree)}
    return json.dumps(tree, ensure_ascii=False, indent=1)


def masked_senders(tree: dict[str, Any]) -> list[str]:
    """Whose messages mark a call."""
    return [mask(number) for number in tree.get("mark", {}).get("sms", [])]


def masked_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of a list, or a rule, with the numbers in it masked."""
    shown = dict(entry)
    if "number" in entry:
        shown["number"] = mask(entry["number"])
    if "range" in entry:
        shown["range"] = [mask(number) for number in entry["range"]]
    if "note" in entry:
        shown["note"] = mask_text(entry["note"])
    return shown
