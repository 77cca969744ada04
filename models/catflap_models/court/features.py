"""The probe's own feature vector of every labelled call, through the same replay that decides."""

import csv
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catflap_models.court.case import Calls
from catflap_models.court.labelled import calls_of, join
from catflap_models.court.metrics import Mask
from catflap_models.court.trunks import open_trunk
from catflap_models.court.verdicts import Taker, verdict
from catflap_probe.call import SIMBANK
from catflap_probe.features import NAMES
from catflap_probe.replay import replay
from catflap_probe.verdict.bundle import TOP, Bundle
from catflap_probe.verdict.pool import NEIGHBOURS

_ROUND = TOP - 1


@dataclass(frozen=True, slots=True)
class Heard:
    """The labelled calls of one trunk and what the probe's memory made of them; every array has one entry a call."""

    calls: Calls
    features: NDArray[np.int16]
    """(calls, features) in the order of features.NAMES; zeros where the classifier was not asked"""
    is_asked: Mask
    """False where the numbering check alone decided, or no call was seen"""
    is_returned: Mask
    """the trunk had called that number before"""
    has_neighbours: Mask
    """its block is a pool's (catflap_probe.verdict.pool)"""


class _Recorder(Bundle):
    """Stands where the classifier would and keeps all that it is asked."""

    def __init__(self) -> None:
        self.label_threshold = 0
        self.block_threshold = TOP + 1
        self.asked = bytearray()
        self.count = 0

    def classify(self, features: "array[int]") -> tuple[int, int]:
        """Keeps the vector; says `simbank`, so that pool evidence is looked for, and in the score which vector it was: the row has both."""
        self.asked += features.tobytes()
        self.count += 1
        return SIMBANK, 1 + (self.count - 1) % _ROUND


class _Taker(Taker):
    """Notes with each row which vector it was decided by."""

    def __init__(self, recorder: _Recorder) -> None:
        super().__init__()
        self.recorder = recorder
        self.vectors: list[int] = []
        self.has_neighbours: list[bool] = []

    def take(self, kind: str, key: tuple[int, int], text: str) -> None:
        """See Taker. A call ends long before _ROUND others have been decided, so the latest vector of that remainder is its own."""
        super().take(kind, key, text)
        if kind == "row":
            row = verdict(next(csv.reader([text])), 0)
            told = round(row.score * TOP)
            last = self.recorder.count - 1
            is_asked = row.label == SIMBANK and told > 0
            self.vectors.append(last - (last - (told - 1)) % _ROUND if is_asked else -1)
            self.has_neighbours.append(NEIGHBOURS in row.reasons)


def hear(folders: Sequence[Path], tables: str = "linux") -> Heard:
    """Replays the recordings of one trunk; raises LabelError."""
    recordings = open_trunk(folders)
    calls = calls_of(recordings)
    recorder = _Recorder()
    taker = _Taker(recorder)
    replay([str(folder) for folder in recordings.folders], tables, "", recorder, taker.take)
    row = join(recordings, calls, taker.rows).row
    place = np.where(row >= 0, np.array([*taker.vectors, -1], np.int64)[row], -1)
    has_neighbours = np.where(row >= 0, np.array([*taker.has_neighbours, False], np.bool_)[row], False)
    vectors = np.frombuffer(bytes(recorder.asked), np.int16).reshape(-1, len(NAMES))
    features = np.zeros((len(place), len(NAMES)), np.int16)
    features[place >= 0] = vectors[place[place >= 0]]
    returned_s: dict[str, float] = {}
    for out in taker.rows:
        if out.is_out:
            returned_s.setdefault(recordings.one_form(out.called), recordings.offsets_s[out.folder] + out.t_s)
    is_returned = [
        returned_s.get(number, np.inf) < t_s if number else False
        for number, t_s in zip(calls.calling.tolist(), calls.t_s.tolist(), strict=True)
    ]
    return Heard(calls, features, place >= 0, np.array(is_returned, np.bool_), has_neighbours)
