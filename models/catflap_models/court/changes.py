"""What the court changes about a trunk that must change no verdict: labels, numbers, the date. A cheat gives itself away by it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from catflap_models.court.labelled import LABEL_HEADER
from catflap_models.plan import PlannedCall
from catflap_models.simulate.scenario import Scenario

NONE, LABELS_SHUFFLED, RENUMBERED, REDATED = "none", "labels-shuffled", "renumbered", "redated"

_SWAPS = ("162", "165", "167", "170", "171")
"""Heads of virtual operators, and of carriers that take their place; all are allocated mobile ranges."""
_WITH = ("135", "150", "158", "186", "139")
_HEADS = dict(zip(_SWAPS + _WITH, _WITH + _SWAPS, strict=True))
_LATER = timedelta(days=101, hours=5)
"""Another weekday, another month, another hour."""


def redated(scenario: Scenario) -> Scenario:
    """The same calls, begun at another date and hour of the clock."""
    start = datetime.fromisoformat(scenario.trunk.start) + _LATER
    return replace(scenario, trunk=replace(scenario.trunk, start=start.isoformat()))


def renumbered(calls: Iterable[PlannedCall]) -> Iterator[PlannedCall]:
    """The same calls from mobile numbers of other ranges: neighbours stay neighbours, a mobile stays a mobile."""
    for call in calls:
        yield replace(call, calling=_other_mobile(call.calling)) if call.direction == "in" else call


def _other_mobile(calling: str) -> str:
    """Another head, and the next four digits reversed; the last four, by which neighbours are told, as they were."""
    head = calling[:3]
    # 134, 154 and 184 are left alone: what follows them decides whether a number can be at all
    if len(calling) != 11 or not (head in _HEADS or (calling[:2] in ("13", "15", "18") and head[2] != "4")):
        return calling
    return _HEADS.get(head, head) + calling[6:2:-1] + calling[7:]


def shuffle_labels(folder: Path) -> None:
    """Deals the labels, families and campaigns of labels.csv out anew; what the lines showed stays with its call."""
    path = folder / "labels.csv"
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == LABEL_HEADER
    dealt = [row[5:] for row in rows]
    Random(f"court:{len(rows)}").shuffle(dealt)  # noqa: S311 - a deal, not a secret
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(row[:5] + labels for row, labels in zip(rows, dealt, strict=True))
