"""What the classifier was asked about a call, each feature held against the range of honest calls."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from catflap_host.bundles import released_bundle
from catflap_host.explain.units import told
from catflap_host.explain.what_if import Range, honest_ranges
from catflap_host.language.catalogue import Language
from catflap_host.language.features import COUNTED, FEATURES, VALUES
from catflap_host.store.rows import Original
from catflap_probe.features import NAMES, YES

WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A feature: this call's value and the bounds of 98 in 100 honest calls in words, and places for the drawing in per cent."""

    code: str
    name: str
    value: str
    low: str
    usual: str
    high: str
    is_outside: bool
    left: float
    band: tuple[float, float]


def measured(originals: Sequence[Original], model: str, language: Language) -> list[Measured]:
    """All features of a decided call, those outside the honest range first; none where they were not sent, or another model was asked."""
    version, ranges = _released()
    values = _sent(originals)
    if model != version or len(values) != len(NAMES):
        return []
    found = [_measured(name, value, ranges[name], language) for name, value in zip(NAMES, values, strict=True)]
    return sorted(found, key=lambda one: not one.is_outside)


def is_sent(value: object) -> bool:
    """Whether a record's `features` are nothing but features: a byte each, in hex."""
    return isinstance(value, str) and len(value) == 2 * len(NAMES) and not set(value) - set("0123456789abcdef")


@cache
def _released() -> tuple[str, dict[str, Range]]:
    folder = released_bundle()
    return str(json.loads((folder / "bundle.json").read_text(encoding="utf-8"))["version"]), honest_ranges(folder)


def _sent(originals: Sequence[Original]) -> bytes:
    """The features of the last decision; empty without any."""
    for original in reversed(originals):
        fields = json.loads(original.body)
        if isinstance(fields, dict) and is_sent(fields.get("features")):
            return bytes.fromhex(fields["features"])
    return b""


def _measured(name: str, value: int, bounds: Range, language: Language) -> Measured:
    here, low, usual, high = (_spoken(told(name, one), language) for one in (value, bounds.low, bounds.usual, bounds.high))
    band = WIDTH * bounds.low / YES, max(WIDTH * (bounds.high - bounds.low) / YES, 1.0)
    is_outside = not bounds.low <= value <= bounds.high
    return Measured(name, language.gettext(FEATURES[name]), here, low, usual, high, is_outside, round(WIDTH * value / YES, 1), band)


def _spoken(text: str, language: Language) -> str:
    if text in VALUES:
        return language.gettext(VALUES[text])
    count, _, unit = text.partition(" ")
    return language.gettext(COUNTED[unit], n=count) if unit in COUNTED else text
