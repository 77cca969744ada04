"""The recordings of one trunk as one stretch of time: their order, their lines, and the one form of a number there."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from catflap_probe.recording import RecordingError
from catflap_probe.replay import Folder
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan

DAY_S = 86400.0
_TAIL_BYTES = 1 << 16
_APART_S = 60.0
"""No verdict of one recording is near a label of the next."""


class LabelError(ValueError):
    """Recordings that cannot be judged by: the text says which file, which line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """Recordings of one trunk in order of start. Times of the trunk count from the start of the first."""

    trunk: str
    folders: tuple[Path, ...]
    offsets_s: tuple[float, ...]
    """start of each folder in the trunk's time; one that begins before the last one has ended is set behind it"""
    start_s: float
    """Unix time of second 0"""
    lines: tuple[str, ...]
    files: tuple[dict[str, str], ...]
    """of each folder: line, file name"""
    days: float
    """length of all recordings together, each to its last event"""
    plan: TrunkPlan

    def one_form(self, number: str) -> str:
        """A number in its one form, that the same caller has the same on every line; empty stays empty."""
        return check(number, self.plan, OwnNumbers([], self.plan)).key or number


def open_trunk(paths: Sequence[Path]) -> Recordings:
    """Reads the trunk.json of all recordings of one trunk; LabelError where there are none, or of two trunks, or damaged ones."""
    if not paths:
        raise LabelError("no recording given")
    folders = sorted((_folder(path) for path in paths), key=lambda folder: (folder.start_ms, folder.path))
    first = folders[0]
    lines: dict[str, None] = {}
    for folder in folders:
        if folder.settings.id != first.settings.id:
            raise LabelError(f"{folder.path} is of trunk {folder.settings.id}, {first.path} of {first.settings.id}")
        lines.update(dict.fromkeys(line.id for line in folder.settings.lines))
    files = tuple({line.id: name for line, name in zip(folder.settings.lines, folder.files, strict=True)} for folder in folders)
    lengths_s = [max(_last_s(Path(folder.path) / name) for name in names.values()) for folder, names in zip(folders, files, strict=True)]
    offsets_s: list[float] = []
    free_s = 0.0
    for folder, length_s in zip(folders, lengths_s, strict=True):
        offsets_s.append(max((folder.start_ms - first.start_ms) / 1000, free_s))
        free_s = offsets_s[-1] + length_s + _APART_S
    settings = first.settings
    return Recordings(
        settings.id,
        tuple(Path(folder.path) for folder in folders),
        tuple(offsets_s),
        first.start_ms / 1000,
        tuple(lines),
        files,
        sum(lengths_s) / DAY_S,
        TrunkPlan(settings.country, settings.area_code, settings.role),
    )


def by_trunk(paths: Iterable[Path]) -> list[tuple[Path, ...]]:
    """The recordings at or below `paths`, those of one trunk together in order of start, the trunks in order of id."""
    groups: dict[str, list[Folder]] = {}
    for path in paths:
        found = [path] if (path / "trunk.json").is_file() else sorted(place.parent for place in path.rglob("trunk.json"))
        if not found:
            raise LabelError(f"{path}: no recording in it (a folder with trunk.json)")
        for place in found:
            folder = _folder(place)
            groups.setdefault(folder.settings.id, []).append(folder)
    for group in groups.values():
        group.sort(key=lambda folder: (folder.start_ms, folder.path))
    return [tuple(Path(folder.path) for folder in groups[trunk]) for trunk in sorted(groups)]


def _folder(path: Path) -> Folder:
    try:
        return Folder(str(path))
    except RecordingError as fault:
        raise LabelError(str(fault)) from fault


def _last_s(path: Path) -> float:
    """Time of the last whole event of a line's file; 0 where it has none."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            lines = file.read().split(b"\n")
    except OSError as fault:
        raise LabelError(f"{path}: the line's file cannot be read: {fault.strerror}") from fault
    for line in reversed(lines):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, list) and event and isinstance(event[0], int | float) and 0 <= event[0] < math.inf:
            return float(event[0])
    return 0.0
