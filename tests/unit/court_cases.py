"""Small made-up trunks for the court's tests: calls of which every number can be counted by hand, recordings written by hand."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from catflap_models.court.case import Alarm, Calls, Ruling
from catflap_models.court.labelled import LABEL_HEADER
from catflap_probe.call import LABELS

START = "2026-03-02T00:00:00+08:00"

Told = tuple[float, str, str, str, str]
"""Second, calling, label, family, campaign."""


def calls_of(told: Sequence[Told], trunk: str = "t", days: float = 28.0, out: Sequence[int] = ()) -> Calls:
    """The calls of a trunk of one line, in order of time; those at the places in `out` are outgoing."""
    before, place = [], []
    for index, (_, calling, _, _, campaign) in enumerate(told):
        earlier = told[:index]
        before.append(sum(call[1] == calling for call in earlier))
        place.append(1 + sum(call[4] == campaign for call in earlier) if campaign else 0)
    return Calls(
        trunk,
        0.0,
        days,
        1,
        np.zeros(len(told), np.int64),
        np.array([call[0] for call in told], np.float64),
        np.array([call[1] for call in told], np.str_),
        np.array([LABELS.index(call[2]) for call in told], np.int64),
        np.array([call[3] for call in told], np.str_),
        np.array([call[4] for call in told], np.str_),
        np.array(before, np.int64),
        np.array(place, np.int64),
        np.array(["" for _ in told], np.str_),
        np.array([index in out for index in range(len(told))], np.bool_),
    )


def ruling_of(said: Sequence[tuple[str, float, int]], alarms: Sequence[Alarm] = ()) -> Ruling:
    """A ruling from (label, score, action) of each call."""
    label = np.array([LABELS.index(name) for name, _, _ in said], np.int64)
    score = np.array([value for _, value, _ in said], np.float64)
    return Ruling(label, score, np.array([action for _, _, action in said], np.int64), label, tuple(alarms))


def write_recording(
    folder: Path,
    events: Mapping[str, Sequence[tuple[float, str]]],
    labels: Sequence[Sequence[str]] = (),
    trunk: str = "beijing-7",
    start: str = START,
) -> Path:
    """A recording with what each line's modem wrote, and the rows of labels.csv; returns its folder."""
    folder.mkdir(parents=True)
    lines = [{"id": line, "file": f"{line}.cast", "dialect": "v253"} for line in events]
    tree = {"catflap_trunk": 1, "id": trunk, "start": start, "country": "CN", "area_code": "010", "lines": lines}
    (folder / "trunk.json").write_text(json.dumps(tree))
    for line, texts in events.items():
        cast = [json.dumps({"version": 2, "width": 80, "height": 24}), *(json.dumps([t_s, "o", text]) for t_s, text in texts)]
        (folder / f"{line}.cast").write_text("\n".join(cast) + "\n")
    rows = [",".join(LABEL_HEADER), *(",".join(row) for row in labels)]
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    return folder


def ring(t_s: float, number: str) -> list[tuple[float, str]]:
    """A call on an analogue line: ring, caller ID, ring."""
    return [(t_s, "\r\nRING\r\n"), (t_s + 1.8, f"\r\nNMBR = {number}\r\n"), (t_s + 5, "\r\nRING\r\n")]
