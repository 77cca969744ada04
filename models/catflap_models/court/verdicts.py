"""What a probe said of one trunk: rows and alarms as `replay` emits them, or as `catflap replay` wrote them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from catflap_models.court.case import Alarm
from catflap_models.court.trunks import LabelError, Recordings
from catflap_probe.call import ACTIONS, ALARM_KINDS, LABELS
from catflap_probe.replay import ALARM_HEADER, VERDICT_HEADER

_VERDICT_FIELDS = VERDICT_HEADER.split(",")
_ALARM_FIELDS = ALARM_HEADER.split(",")


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict; times are seconds from the start of its folder."""

    folder: int
    line: str
    channel: str
    t_s: float
    is_out: bool
    calling: str
    """as shown"""
    called: str
    label: int
    score: float
    action: int
    decided_at_s: float
    final_label: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """A row of an alarm file; its time counts from the start of its folder."""

    folder: int
    id: str
    t_s: float
    kind: str
    members: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]


class Taker:
    """Takes what `replay` emits of the recordings of one trunk, folder after folder."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.alarms: list[AlarmRow] = []
        self.notes: list[str] = []
        """faults of the recordings, for a person"""
        self._folder = 0

    def take(self, kind: str, key: tuple[int, int], text: str) -> None:  # noqa: ARG002 - the key only sorts a file's rows
        """The `emit` of catflap_probe.replay."""
        if kind == "row":
            self.rows.append(verdict(next(csv.reader([text])), self._folder))
        elif kind == "alarm":
            self.alarms.append(_alarm(next(csv.reader([text])), self._folder))
        elif kind == "folder":
            self._folder += 1
        else:
            self.notes.append(text)


def verdict(fields: Sequence[str], folder: int) -> Row:
    """A row's fields; raises ValueError."""
    if len(fields) != len(_VERDICT_FIELDS):
        raise ValueError(f"{len(fields)} fields, not {len(_VERDICT_FIELDS)}")
    _, line, _, t, channel, direction, calling, _, called, label, score, action, decided_at, final_label, reasons = fields
    return Row(
        folder,
        line,
        channel,
        float(t),
        direction == "out",
        calling,
        called,
        LABELS.index(label),
        float(score),
        ACTIONS.index(action),
        float(decided_at),
        LABELS.index(final_label),
        tuple(reasons.split(";")) if reasons else (),
    )


def read_verdicts(path: Path, recordings: Recordings) -> list[Row]:
    """The rows of a verdict file about one trunk; where it has several recordings, each begins where `decided_at` runs back.

    LabelError where the file is none, a row is damaged, or there are not as many recordings in it as given.
    """
    rows: list[Row] = []
    folder, last_s = 0, 0.0
    for number, fields in _lines(path, VERDICT_HEADER):
        try:
            row = verdict(fields, folder)
        except ValueError as fault:
            raise LabelError(f"{path}, line {number}: {fault}") from fault
        if fields[0] != recordings.trunk:
            continue
        if row.decided_at_s < last_s:
            folder += 1
            row = verdict(fields, folder)
        last_s = row.decided_at_s
        rows.append(row)
    if rows and folder + 1 != len(recordings.folders):
        raise LabelError(f"{path}: verdicts on {folder + 1} recordings of {recordings.trunk}, {len(recordings.folders)} given")
    return rows


def read_alarms(path: Path, recordings: Recordings, rows: Iterable[Row]) -> list[AlarmRow]:
    """The rows of an alarm file about one trunk; its recordings are told apart by the verdict that came at the same moment."""
    moments = {(row.folder, round(row.decided_at_s * 1000)) for row in rows}
    alarms: list[AlarmRow] = []
    folder = 0
    for number, fields in _lines(path, ALARM_HEADER):
        try:
            alarm = _alarm(fields, folder)
        except ValueError as fault:
            raise LabelError(f"{path}, line {number}: {fault}") from fault
        if fields[0] != recordings.trunk:
            continue
        later = [place for place in range(folder, len(recordings.folders)) if (place, round(alarm.t_s * 1000)) in moments]
        folder = later[0] if later else folder
        alarms.append(_alarm(fields, folder))
    return alarms


def alarms_of(rows: Iterable[AlarmRow], recordings: Recordings) -> tuple[Alarm, ...]:
    """The alarms that the rows tell of, in order of their first; times are the trunk's, members in their one form."""
    grown: dict[str, list[AlarmRow]] = {}
    for row in rows:
        grown.setdefault(row.id, []).append(row)
    return tuple(_joined(rows_of_one, recordings) for rows_of_one in grown.values())


def _joined(rows: Sequence[AlarmRow], recordings: Recordings) -> Alarm:
    growth = tuple(
        (recordings.offsets_s[row.folder] + row.t_s, tuple(dict.fromkeys(map(recordings.one_form, row.members)))) for row in rows
    )
    last = rows[-1]
    return Alarm(last.id, growth[0][0], last.kind, growth[-1][1], growth[0][1], last.score, last.reasons, growth)


def _alarm(fields: Sequence[str], folder: int) -> AlarmRow:
    if len(fields) != len(_ALARM_FIELDS):
        raise ValueError(f"{len(fields)} fields, not {len(_ALARM_FIELDS)}")
    _, name, t, kind, members, score, reasons = fields
    if kind not in ALARM_KINDS:
        raise ValueError(f"{kind!r} is no kind of alarm")
    return AlarmRow(folder, name, float(t), kind, _list(members), float(score), _list(reasons))


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _lines(path: Path, header: str) -> Iterable[tuple[int, list[str]]]:
    """(line number, fields) of each row of a file that has that header; LabelError."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            if ",".join(next(rows, [])) != header:
                raise LabelError(f"{path}, line 1: not the header {header}")
            for fields in rows:
                yield rows.line_num, fields
    except OSError as fault:
        raise LabelError(f"{path}: cannot be read: {fault.strerror}") from fault
