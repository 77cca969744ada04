"""Labelled recordings as calls, and what a detector said as a ruling on them (contract: recording, Calls and Verdicts)."""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catflap_models.court.case import ALLOW, Calls, Ruling
from catflap_models.court.in_time import late
from catflap_models.court.trunks import LabelError, Recordings, open_trunk
from catflap_models.court.verdicts import AlarmRow, Row, alarms_of
from catflap_probe.call import LABELS, LEGIT

JOIN_S = 2.0
LABEL_HEADER = ["line", "t", "channel", "direction", "calling", "label", "family", "campaign"]
_ALONE = ("legit", "spoof")
"""Labels that need no campaign."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A ruling, and how well it fitted the labels."""

    ruling: Ruling
    row: NDArray[np.int64]
    """of each call, the place of its verdict among the rows; -1 where it has none"""
    invented: int
    """rows that belong to no labelled call"""
    missed: int
    """labelled calls without a row"""
    late: int
    """decisions that came too late and count as `allow`"""


@dataclass(frozen=True, slots=True)
class _Label:
    t_s: float
    line: int
    channel: str
    is_out: bool
    calling: str
    label: int
    family: str
    campaign: str


def read_calls(folders: Sequence[Path]) -> Calls:
    """The labelled calls of the recordings of one trunk. A campaign that goes on in a later recording keeps its name.

    LabelError, with file, line and fault, where a recording or its labels.csv is missing or damaged.
    """
    recordings = open_trunk(folders)
    return calls_of(recordings)


def calls_of(recordings: Recordings) -> Calls:
    """See read_calls."""
    forms: dict[str, str] = {}
    labels: list[_Label] = []
    for place in range(len(recordings.folders)):
        labels.extend(_labels(recordings, place, forms))
    labels.sort(key=lambda label: (label.t_s, label.line))
    before: Counter[str] = Counter()
    met: Counter[str] = Counter()
    earlier = np.zeros(len(labels), np.int64)
    place_of = np.zeros(len(labels), np.int64)
    for index, label in enumerate(labels):
        if label.calling and not label.is_out:
            earlier[index] = before[label.calling]
            before[label.calling] += 1
        if label.campaign:
            met[label.campaign] += 1
            place_of[index] = met[label.campaign]
    return Calls(
        recordings.trunk,
        recordings.start_s,
        recordings.days,
        len(recordings.lines),
        np.array([label.line for label in labels], np.int64),
        np.array([label.t_s for label in labels], np.float64),
        np.array([label.calling for label in labels], np.str_),
        np.array([label.label for label in labels], np.int64),
        np.array([label.family for label in labels], np.str_),
        np.array([label.campaign for label in labels], np.str_),
        earlier,
        place_of,
        np.array([label.channel for label in labels], np.str_),
        np.array([label.is_out for label in labels], np.bool_),
    )


def join(recordings: Recordings, calls: Calls, rows: Sequence[Row], alarms: Iterable[AlarmRow] = ()) -> Joined:
    """The ruling that verdict and alarm rows make: line and channel alike, nearest t within 2 s, each row and each label once.

    A decision that came too late is as if there had been none: `legit`, 0, ALLOW; its final label stands.
    """
    row_of = _matched(recordings, calls, rows)
    label = np.zeros(len(row_of), np.int64)
    score = np.zeros(len(row_of))
    action = np.full(len(row_of), ALLOW, np.int64)
    final = np.full(len(row_of), LEGIT, np.int64)
    is_late = late(recordings, rows)
    for index, place in enumerate(row_of):
        if place >= 0:
            row = rows[place]
            final[index] = row.final_label
            if not is_late[place]:
                label[index], score[index], action[index] = row.label, row.score, row.action
    found = row_of >= 0
    ruling = Ruling(label, score, action, final, alarms_of(alarms, recordings))
    return Joined(ruling, row_of, len(rows) - int(found.sum()), int((~found).sum()), int(is_late[row_of[found]].sum()))


def _matched(recordings: Recordings, calls: Calls, rows: Sequence[Row]) -> NDArray[np.int64]:
    """For each call the place of its row; nearest pairs first, so that no call takes another's."""
    lines = {line: index for index, line in enumerate(recordings.lines)}
    rung: defaultdict[tuple[int, str, bool], list[tuple[float, int]]] = defaultdict(list)
    for place, row in enumerate(rows):
        t_s = recordings.offsets_s[row.folder] + row.t_s
        rung[lines.get(row.line, -1), row.channel, row.is_out].append((t_s, place))
    wanted: defaultdict[tuple[int, str, bool], list[tuple[float, int]]] = defaultdict(list)
    for index in range(len(calls.t_s)):
        key = (int(calls.line[index]), str(calls.channel[index]), bool(calls.is_out[index]))
        wanted[key].append((float(calls.t_s[index]), index))
    row_of = np.full(len(calls.t_s), -1, np.int64)
    for key, labels in wanted.items():
        taken: set[int] = set()
        for _, index, place in sorted(_pairs(labels, sorted(rung[key]))):
            if row_of[index] < 0 and place not in taken:
                row_of[index] = place
                taken.add(place)
    return row_of


def _pairs(labels: Sequence[tuple[float, int]], rows: Sequence[tuple[float, int]]) -> Iterator[tuple[float, int, int]]:
    """(distance, label, row) of all pairs near enough; both in order of time."""
    first = 0
    for t_s, index in labels:
        while first < len(rows) and rows[first][0] < t_s - JOIN_S:
            first += 1
        for row_t_s, place in rows[first:]:
            if row_t_s > t_s + JOIN_S:
                break
            yield abs(row_t_s - t_s), index, place


def _labels(recordings: Recordings, place: int, forms: dict[str, str]) -> Iterator[_Label]:
    path = recordings.folders[place] / "labels.csv"
    lines = {line: recordings.lines.index(line) for line in recordings.files[place]}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            header = next(rows, [])
            if header != LABEL_HEADER:
                raise LabelError(f"{path}, line 1: not the header {','.join(LABEL_HEADER)}")
            for fields in rows:
                fault = _fault(fields, lines)
                if fault:
                    raise LabelError(f"{path}, line {rows.line_num}: {fault}")
                line, t, channel, direction, calling, label, family, campaign = fields
                if calling not in forms:
                    forms[calling] = recordings.one_form(calling)
                yield _Label(
                    recordings.offsets_s[place] + float(t),
                    lines[line],
                    channel,
                    direction == "out",
                    forms[calling],
                    LABELS.index(label),
                    family,
                    campaign,
                )
    except OSError as fault:
        raise LabelError(f"{path}: cannot be read: {fault.strerror}; only labelled recordings can be judged by") from fault
    except UnicodeDecodeError as fault:
        raise LabelError(f"{path}: not UTF-8") from fault


def _fault(fields: Sequence[str], lines: dict[str, int]) -> str:
    """What is wrong with a row of labels.csv, or nothing."""
    if len(fields) != len(LABEL_HEADER):
        return f"{len(fields)} fields, not {len(LABEL_HEADER)}"
    line, t, _, direction, _, label, _, campaign = fields
    if line not in lines:
        return f"line {line!r} is not in trunk.json"
    try:
        t_s = float(t)
    except ValueError:
        t_s = math.nan
    if not 0 <= t_s < math.inf:
        return f"{t!r} is no time in seconds"
    if direction not in ("in", "out"):
        return f"direction {direction!r}: `in` or `out`"
    if label not in LABELS:
        return f"label {label!r}: one of {' '.join(LABELS)}"
    if not campaign and label not in _ALONE:
        return f"a {label} call without campaign"
    return ""
