"""What the court judges: the calls of a trunk with their true labels, what a detector said of each, and the detectors' one interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ALLOW, LABEL, CHALLENGE, BLOCK = range(4)
"""Actions, in the order of catflap_probe.call."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The labelled calls of one trunk in order of time; every array has one entry a call."""

    trunk: str
    start_s: float
    """Unix time of second 0."""
    days: float
    lines: int
    line: NDArray[np.int64]
    """index of the line"""
    t_s: NDArray[np.float64]
    calling: NDArray[np.str_]
    """the number in its one form (catflap_probe.verdict.numbering), however the line showed it; empty where none is shown"""
    label: NDArray[np.int64]
    """indices of catflap_probe.call.LABELS"""
    family: NDArray[np.str_]
    campaign: NDArray[np.str_]
    before: NDArray[np.int64]
    """how often that number has called the trunk before; 0 where none is shown"""
    place: NDArray[np.int64]
    """how manieth call of its campaign on the trunk, from 1; 0 without one"""
    channel: NDArray[np.str_]
    is_out: NDArray[np.bool_]
    """an outgoing call of the trunk's own: no honest caller who could be stopped"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """The last row of one alarm, when it was first raised, and how it grew."""

    id: str
    t_s: float
    kind: str
    members: tuple[str, ...]
    first_members: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    growth: tuple[tuple[float, tuple[str, ...]], ...] = ()
    """(second, members) of every row, the first one first"""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a detector said of a trunk's calls, in the order of Calls; a call that it never saw is `legit`, 0, ALLOW."""

    label: NDArray[np.int64]
    """at the moment of decision"""
    score: NDArray[np.float64]
    """calibrated probability of a nuisance, 0 ... 1"""
    action: NDArray[np.int64]
    """a decision that came too late counts as ALLOW (contract: recording, Verdicts)"""
    final_label: NDArray[np.int64]
    alarms: tuple[Alarm, ...]


class Detector(Protocol):
    """Whatever is to be judged."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """Rules on the recordings of one trunk, in order of start, knowing nothing but what lies in them but for labels.csv."""
        ...
