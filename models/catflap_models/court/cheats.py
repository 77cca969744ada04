"""Detectors that cheat, each in one way, to show that the court catches it: what it must catch, no more.

Each of the learning ones is shown labelled recordings first, as somebody's training would be, and is then judged on others.
"""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catflap_models.court.case import ALLOW, BLOCK, Calls, Ruling
from catflap_models.court.labelled import read_calls
from catflap_probe.call import LABELS, LEGIT, SIMBANK
from catflap_probe.recording import CastReader

_CLEAR = 0.5
"""Share of nuisances among the calls of a kind, from which on a cheat calls all of the kind nuisances."""


@dataclass(frozen=True, slots=True)
class LabelReader:
    """Reads labels.csv of the recording that it is to rule on. Point 10 deals the labels out anew."""

    name: str = "cheat.labels"

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector."""
        labels: list[tuple[str, float, str]] = []
        for folder in folders:
            with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
                labels += [(row["line"], float(row["t"]), row["label"]) for row in csv.DictReader(file)]
        labels.sort(key=lambda row: (row[1], row[0]))
        label = np.array([LABELS.index(name) for _, _, name in labels], np.int64)
        return _ruling(label)


@dataclass(frozen=True, slots=True)
class QuirkReader:
    """Calls a nuisance whatever comes over a line whose modem rings at the period that nuisances came over. Point 9 changes the modems."""

    periods: frozenset[float]
    name: str = "cheat.quirks"

    @classmethod
    def taught(cls, folders: Sequence[Path]) -> "QuirkReader":
        """Learns from one trunk's labelled recordings: the periods with an over-average share of nuisances, or the commonest one."""
        calls = read_calls(folders)
        period = ring_periods(folders)[calls.line]
        bad = calls.label != LEGIT
        shares = {float(value): bad[period == value].mean() for value in np.unique(period)}
        return cls(frozenset(value for value, share in shares.items() if share >= bad.mean()))

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector."""
        calls = read_calls(folders)
        hit = np.isin(ring_periods(folders)[calls.line], sorted(self.periods))
        return _ruling(np.where(hit, SIMBANK, LEGIT))


@dataclass(frozen=True, slots=True)
class PrefixReader:
    """Calls a nuisance whatever comes from a range that nuisances came from. Point 10 renumbers."""

    prefixes: frozenset[str]
    digits: int = 3
    name: str = "cheat.prefixes"

    @classmethod
    def taught(cls, folders: Sequence[Path], digits: int = 3) -> "PrefixReader":
        """Learns from one trunk's labelled recordings the heads of so many digits of which most calls were nuisances."""
        calls = read_calls(folders)
        all_of, bad_of = Counter(_heads(calls, digits)), Counter(_heads(calls, digits, only_bad=True))
        return cls(frozenset(head for head, count in bad_of.items() if head and count > _CLEAR * all_of[head]), digits)

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector."""
        heads = _heads(read_calls(folders), self.digits)
        return _ruling(np.array([SIMBANK if head in self.prefixes else LEGIT for head in heads], np.int64))


@dataclass(frozen=True, slots=True)
class ClockReader:
    """Calls a nuisance whatever comes at an hour of the week, or from a day of the recording on, in which nuisances came.

    Point 10 moves the date, and plays the same trunk without its campaign.
    """

    hours: frozenset[int]
    """hours of the week in UTC, of which most calls were nuisances"""
    first_day: int
    """day of the recording from which on it takes those hours for a campaign's"""
    name: str = "cheat.clock"

    @classmethod
    def taught(cls, folders: Sequence[Path]) -> "ClockReader":
        """Learns from one trunk's labelled recordings."""
        calls = read_calls(folders)
        bad = calls.label == SIMBANK
        first_day = int(calls.t_s[bad].min() // 86400.0)
        later = calls.t_s >= first_day * 86400.0
        hours = _week_hours(calls)
        busy = frozenset(int(hour) for hour in np.unique(hours[bad]) if bad[later & (hours == hour)].mean() > _CLEAR / 2)
        return cls(busy, first_day)

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector."""
        calls = read_calls(folders)
        hit = np.isin(_week_hours(calls), sorted(self.hours)) & (calls.t_s >= self.first_day * 86400.0)
        return _ruling(np.where(hit, SIMBANK, LEGIT))


def ring_periods(folders: Sequence[Path]) -> NDArray[np.float64]:
    """Of each line, the commonest time between two RINGs, in whole half seconds; 0 where it never rang twice."""
    folder = Path(folders[0])
    lines = json.loads((folder / "trunk.json").read_text(encoding="utf-8"))["lines"]
    return np.array([_ring_period(folder / line["file"]) for line in lines])


def _ring_period(path: Path) -> float:
    reader = CastReader(str(path), path.name)
    gaps: Counter[float] = Counter()
    last_s = None
    while reader.next():
        if reader.code == "o" and b"RING" in reader.data:
            t_s = reader.t_ms / 1000
            if last_s is not None and t_s - last_s < 10.0:
                gaps[round(2 * (t_s - last_s)) / 2] += 1
            last_s = t_s
    return max(gaps, key=lambda gap: (gaps[gap], gap)) if gaps else 0.0


def _heads(calls: Calls, digits: int, only_bad: bool = False) -> list[str]:
    return [str(calling)[:digits] for calling, label in zip(calls.calling, calls.label, strict=True) if label != LEGIT or not only_bad]


def _week_hours(calls: Calls) -> NDArray[np.int64]:
    start = datetime.fromtimestamp(calls.start_s, UTC)
    first = start.weekday() * 24 + start.hour
    return ((first + calls.t_s // 3600) % 168).astype(np.int64)


def _ruling(label: NDArray[np.int64]) -> Ruling:
    hit = label != LEGIT
    return Ruling(label, hit.astype(np.float64), np.where(hit, BLOCK, ALLOW), label, ())
