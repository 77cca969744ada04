"""Which decisions came too late to stop the call, as far as the recording itself shows (contract: recording, Verdicts).

What it does not see: that a call had ended before its second RING (then a decision up to 7 s after the first event still counts), and
any number that a line shows in an encoding unknown here (then the call is judged as one without a number).
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from catflap_models.court.trunks import LabelError, Recordings
from catflap_models.court.verdicts import Row
from catflap_probe.recording import CastReader, RecordingError

GRACE_S = 0.1
NO_NUMBER_S = 7.0
_CUT_S = 0.0015
"""Recordings tell microseconds, verdicts milliseconds cut off: a time read here may be off by one."""
_SHIELDS = re.compile(r"[\x10 ()-]")
"""What may stand between a number's digits: a modem's DLE before each character, separators."""
_CALLER_ID = re.compile(r"(?i)(NMBR|CLIP|CLCC|CLID|CALLER|MESG|NAME|DATE|TIME|REASON)")


@dataclass(slots=True)
class _Said:
    """What one line's modem wrote."""

    t_s: list[float] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def between(self, first_s: float, last_s: float) -> tuple[list[float], list[str]]:
        """Events from `first_s` to `last_s`."""
        first, last = bisect_left(self.t_s, first_s - _CUT_S), bisect_right(self.t_s, last_s + _CUT_S)
        return self.t_s[first:last], self.text[first:last]


def late(recordings: Recordings, rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Of each row, whether it was decided later than the contract allows; LabelError where a line's file is missing."""
    doubtful: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.decided_at_s - row.t_s > GRACE_S and not row.is_out:
            doubtful[row.folder, row.line].append(place)
    is_late = np.zeros(len(rows), np.bool_)
    for (folder, line), places in doubtful.items():
        name = recordings.files[folder].get(line)
        if name is None:
            continue
        said = _read(recordings, folder, name)
        for place in places:
            is_late[place] = _is_late(rows[place], said)
    return is_late


def _is_late(row: Row, said: _Said) -> bool:
    times_s, texts = said.between(row.t_s, row.decided_at_s)
    done_s = _number_done(row.calling.lstrip("+"), times_s, texts) if row.calling else None
    if done_s is not None:
        return row.decided_at_s - done_s > GRACE_S + _CUT_S
    if row.decided_at_s - row.t_s <= NO_NUMBER_S + _CUT_S and _second_ring(times_s, texts) > row.decided_at_s - GRACE_S - _CUT_S:
        return False
    # the word that no number is shown decides a call anew, as a number would
    just_now = (text for t_s, text in zip(times_s, texts, strict=True) if t_s >= row.decided_at_s - GRACE_S - _CUT_S)
    return row.calling != "" or not any(map(_CALLER_ID.search, just_now))


def _number_done(digits: str, times_s: Sequence[float], texts: Sequence[str]) -> float | None:
    """When the line of text with the number was complete: infinite where its end had not come; None where the number is not seen."""
    pieces = [_SHIELDS.sub("", text) for text in texts]
    whole = "".join(pieces)
    for form in (digits, "".join(f"3{digit}" for digit in digits), "".join(f"003{digit}" for digit in digits)):
        start = whole.find(form)
        if start >= 0:
            end = re.compile(r"[\r\n]").search(whole, start + len(form))
            return _time_of(end.start(), times_s, pieces) if end else float("inf")
    return None


def _second_ring(times_s: Sequence[float], texts: Sequence[str]) -> float:
    """When the second RING was complete; infinite where it had not come."""
    rings = list(re.finditer("RING", "".join(texts)))
    return _time_of(rings[1].end() - 1, times_s, texts) if len(rings) > 1 else float("inf")


def _time_of(place: int, times_s: Sequence[float], texts: Sequence[str]) -> float:
    """The time of the event that holds the character at `place` of all texts together."""
    for t_s, text in zip(times_s, texts, strict=True):
        place -= len(text)
        if place < 0:
            return t_s
    return times_s[-1]


def _read(recordings: Recordings, folder: int, name: str) -> _Said:
    path = recordings.folders[folder] / name
    try:
        reader = CastReader(str(path), name)
    except RecordingError as fault:
        raise LabelError(str(fault)) from fault
    said = _Said()
    while reader.next():
        if reader.code == "o":
            said.t_s.append(reader.t_ms / 1000)
            said.text.append(reader.data.decode("latin-1"))
    return said
