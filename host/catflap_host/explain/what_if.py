"""What would have changed a verdict: the model asked again with one feature, or one group of them, as honest calls usually have it."""

import csv
from array import array
from dataclasses import dataclass
from pathlib import Path

from catflap_host.errors import UserError
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Range:
    """98 in 100 honest calls lie between `low` and `high`; half of them reach `usual`."""

    low: int
    usual: int
    high: int


@dataclass(frozen=True, slots=True)
class Change:
    """The verdict of the model alone, were these features as they usually are."""

    features: tuple[str, ...]
    label: int
    score: int


def honest_ranges(bundle: Path) -> dict[str, Range]:
    """Of each feature, from ranges.csv of a bundle's folder; UserError."""
    path = bundle / "ranges.csv"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = {row["feature"]: Range(int(row["low"]), int(row["usual"]), int(row["high"])) for row in csv.DictReader(file)}
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise UserError(f"{path}: the honest ranges cannot be read ({fault}): `make train` writes them beside the model") from fault
    if set(rows) != set(NAMES):
        raise UserError(f"{path}: ranges of other features than this release has: copy the bundle again")
    return rows


def changes(bundle: Bundle, features: list[int], ranges: dict[str, Range]) -> list[Change]:
    """What the model would have said with each unusual feature, then each group with one, as it usually is; the greatest change first."""
    outside = [name for name, value in zip(NAMES, features, strict=True) if not ranges[name].low <= value <= ranges[name].high]
    groups = {name.partition(".")[0]: tuple(other for other in NAMES if other.split(".")[0] == name.partition(".")[0]) for name in NAMES}
    asked: list[tuple[str, ...]] = [(name,) for name in NAMES if name in outside or ranges[name].usual != features[NAMES.index(name)]]
    asked += [group for group in groups.values() if len(group) > 1]
    _, was = _ask(bundle, features)
    found = []
    for names in asked:
        other = [ranges[name].usual if name in names else value for name, value in zip(NAMES, features, strict=True)]
        label, score = _ask(bundle, other)
        found.append(Change(names, label, score))
    return sorted(found, key=lambda change: -abs(change.score - was))


def said(label: int, score: int, bundle: Bundle) -> str:
    """The verdict of the model alone, in a word."""
    if label == LEGIT or score < bundle.label_threshold:
        return "abstain" if score >= bundle.label_threshold >> 1 else LABELS[LEGIT]
    return LABELS[label]


def _ask(bundle: Bundle, features: list[int]) -> tuple[int, int]:
    return bundle.classify(array("h", features))
