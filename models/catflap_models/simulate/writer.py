"""Writes a scenario as a recording, as the modems of its lines would have written it: the same scenario gives the same bytes."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import IO

from catflap_models.plan import PlannedCall
from catflap_models.simulate.line_file import LineFile
from catflap_models.simulate.modems import draw_modem
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.said import Modem, Said, line
from catflap_models.simulate.scenario import DAY_S, Scenario
from catflap_models.simulate.world import planned_calls

LABEL_COLUMNS = ("line", "t", "channel", "direction", "calling", "label", "family", "campaign")
READY_S = 1.0
"""Within the recording's first second the modems are set up; no call comes before."""


def write_recording(scenario: Scenario, folder: Path) -> int:
    """Writes a scenario into a folder, which is made if need be, and returns how many of its calls are labelled.

    A call of which a modem wrote neither ring nor number has no label: it was too short, or found its line busy. Raises OSError.
    """
    return sum(write_calls(scenario, planned_calls(scenario), folder).values())


def write_calls(scenario: Scenario, calls: Iterable[PlannedCall], folder: Path) -> Counter[str]:
    """Does the same with calls in order of time that come from elsewhere; counts the labelled ones by label."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"L{index + 1:02d}" for index in range(scenario.trunk.lines)]
    modems = [draw_modem(scenario, index) for index in range(scenario.trunk.lines)]
    _write_trunk(scenario, names, modems, folder)
    start = datetime.fromisoformat(scenario.trunk.start)
    # the exchange's clock is right from the beginning
    wall = start + timedelta(seconds=scenario.modems.clock_step_s)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        labels = csv.writer(stack.enter_context((folder / "labels.csv").open("w", newline="", encoding="utf-8")), lineterminator="\n")
        labels.writerow(LABEL_COLUMNS)
        files = [stack.enter_context((folder / f"{name}.cast").open("w", encoding="ascii", newline="\n")) for name in names]
        lines = [_begin(scenario, index, file, modems[index]) for index, file in enumerate(files)]
        for call in calls:
            place = lines[call.line]
            if call.t_s < place.free_s:
                continue
            modem = modems[call.line]
            said, place.free_s = modem.said(call, wall + timedelta(seconds=call.t_s))
            t_s, is_shown = place.write(said)
            if t_s is None:
                continue
            # what an outgoing call presents cannot be seen on such lines
            calling = modem.shown(call) if is_shown and call.direction == "in" else ""
            labels.writerow((names[call.line], f"{t_s:.6f}", "", call.direction, calling, call.label, call.family, call.campaign))
            counts[call.label] += 1
        for place in lines:
            place.close(scenario.days * DAY_S)
    return counts


def _begin(scenario: Scenario, index: int, file: IO[str], modem: Modem) -> LineFile:
    """A line's file with its header, the setting up of its modem and, if need be, the mark of the wall clock being put right."""
    modems = scenario.modems
    start = datetime.fromisoformat(scenario.trunk.start)
    rng = Random(f"{scenario.seed}:wire:{index}")  # noqa: S311 - a world, not a secret
    found = LineFile(file, int(start.timestamp()), modems.lost_share, modems.split_share, rng)
    for place, command in enumerate(modem.setup, 1):
        t_s = READY_S * place / (len(modem.setup) + 1)
        found.write([Said(t_s, (command + "\r",), "i"), Said(t_s + 0.02, (line("OK"),))])
    found.free_s = READY_S
    if modems.clock_step_s:
        middle_s = scenario.days * DAY_S / 2
        found.plan_mark(middle_s, f"wall={(start + timedelta(seconds=middle_s + modems.clock_step_s)).isoformat()}")
    return found


def _write_trunk(scenario: Scenario, names: Sequence[str], modems: Sequence[Modem], folder: Path) -> None:
    trunk = scenario.trunk
    lines = [
        {
            "id": name,
            "file": f"{name}.cast",
            "dialect": modem.dialect,
            "profile": modem.profile,
            "channels": 1,
            "numbers": [own_number(trunk, index)],
        }
        for index, (name, modem) in enumerate(zip(names, modems, strict=True))
    ]
    tree = {
        "catflap_trunk": 1,
        "id": trunk.id,
        "start": trunk.start,
        "country": trunk.country,
        "area_code": trunk.area_code,
        "role": trunk.role,
        "title": "simulated",
        "lines": lines,
    }
    (folder / "trunk.json").write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
