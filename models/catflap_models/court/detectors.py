"""The detectors that need no training: a model bundle on the probe's own decision path, a constant one, a random one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from boards.linux.litert import open_classifier
from catflap_models.court.case import ALLOW, BLOCK, LABEL, Ruling
from catflap_models.court.labelled import Joined, calls_of, join, read_calls
from catflap_models.court.trunks import open_trunk
from catflap_models.court.verdicts import Taker
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.replay import replay
from catflap_probe.verdict.bundle import load


@dataclass(frozen=True, slots=True)
class BundleDetector:
    """The probe's decision path with a model bundle, in this process (see `catflap replay`)."""

    bundle: Path
    tables: str = "linux"
    name: str = "bundle"

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector; raises LabelError, BundleError and PolicyError."""
        return self.joined(folders).ruling

    def joined(self, folders: Sequence[Path]) -> Joined:
        """The ruling, and how well the calls that the probe saw fit the labels."""
        return self.joined_with_notes(folders)[0]

    def joined_with_notes(self, folders: Sequence[Path]) -> tuple[Joined, tuple[str, ...]]:
        """See `joined`; beside it the faults that the recordings have, for a person."""
        recordings = open_trunk(folders)
        taker = Taker()
        paths = [str(folder) for folder in recordings.folders]
        replay(paths, self.tables, "", load(str(self.bundle), open_classifier), taker.take)
        return join(recordings, calls_of(recordings), taker.rows, taker.alarms), tuple(taker.notes)


@dataclass(frozen=True, slots=True)
class ConstantDetector:
    """Says the same of every incoming call."""

    label: int
    """index of LABELS"""
    score: float
    action: int
    name: str = "constant"

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector; of labels.csv it reads how many calls there are, no more."""
        is_out = read_calls(folders).is_out
        label = np.where(is_out, LEGIT, self.label)
        return Ruling(label, np.where(is_out, 0.0, self.score), np.where(is_out, ALLOW, self.action), label, ())


@dataclass(frozen=True, slots=True)
class RandomDetector:
    """Draws a score and a label for every incoming call; labels at 0.5, blocks at 0.9."""

    seed: int
    name: str = "random"

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """See Detector; of labels.csv it reads how many calls there are, no more."""
        calls = read_calls(folders)
        rng = Random(f"{self.seed}:{calls.trunk}")  # noqa: S311 - a coin, not a secret
        drawn = [(rng.random(), rng.randrange(LEGIT + 1, len(LABELS))) for _ in calls.is_out]
        score = np.where(calls.is_out, 0.0, [drawn_score for drawn_score, _ in drawn])
        label = np.where(score >= 0.5, [drawn_label for _, drawn_label in drawn], LEGIT)
        action = np.where(score >= 0.9, BLOCK, np.where(score >= 0.5, LABEL, ALLOW))
        return Ruling(label, score, action, label, ())
