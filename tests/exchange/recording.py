"""Writes what the modems would have written straight to a recording, in virtual time: the same seed gives the same bytes."""

import csv
import json
import random
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from catflap_models.plan import PlannedCall
from tests.exchange.clock import VirtualClock
from tests.exchange.modem import T35, Modem
from tests.exchange.switch import Switch
from tests.exchange.trunk import Trunk, TrunkLine, connect, line_fields, trunk_fields
from tests.exchange.truth import CallTruth

LABEL_COLUMNS = ("line", "t", "channel", "direction", "calling", "label", "family", "campaign")
READY_S = 1.0
"""Caller ID is switched on in the recording's first second; no call should come sooner."""


def record(trunk: Trunk, plan: Iterable[PlannedCall], folder: Path, seed: int = 0, calls: list[CallTruth] | None = None) -> int:
    """Plays a plan into a recording (trunk.json, a .cast a line, labels.csv) and returns how many of its calls the modems wrote about.

    The truth about every call offered is added to `calls`, if one is given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_trunk(trunk, folder)
    clock = VirtualClock()
    with ExitStack() as files:
        labels = _Labels(files.enter_context((folder / "labels.csv").open("w", newline="", encoding="utf-8")))
        wires = []
        for index, line in enumerate(trunk.lines):
            cast = files.enter_context((folder / f"{line.id}.cast").open("w", encoding="ascii"))
            cast.write(json.dumps({"version": 2, "width": 80, "height": 24, "timestamp": _unix_s(trunk.start)}) + "\n")
            wire, modem = connect(trunk, line, clock, _writer(cast, clock, "o"), labels.add, random.Random(seed * 1000 + index))
            _set_up(line, trunk.country, clock, modem, _writer(cast, clock, "i"))
            wires.append(wire)
        Switch(clock, [line.id for line in trunk.lines], wires).play(plan, calls)
        clock.run()
    return labels.count


class _Labels:
    """labels.csv, a row a call in the order in which calls end."""

    def __init__(self, file: IO[str]) -> None:
        self._rows = csv.writer(file, lineterminator="\n")
        self._rows.writerow(LABEL_COLUMNS)
        self.count = 0

    def add(self, call: CallTruth) -> None:
        """Adds a call, unless its modem never wrote of it."""
        if call.reported_s is not None:
            planned = call.planned
            self._rows.writerow(
                (call.line, f"{call.reported_s:.6f}", "", "in", call.shown, planned.label, planned.family, planned.campaign)
            )
            self.count += 1


def _writer(cast: IO[str], clock: VirtualClock, kind: str) -> Callable[[bytes], None]:
    def write(data: bytes) -> None:
        cast.write(f'[{clock.now_s():.6f}, "{kind}", {json.dumps(data.decode("latin-1"))}]\n')

    return write


def _set_up(line: TrunkLine, country: str, clock: VirtualClock, modem: Modem, write: Callable[[bytes], None]) -> None:
    """Has the probe's part of the start said and recorded."""

    def send(command: bytes) -> None:
        write(command)
        modem.receive(command, 0)

    set_country = (f"AT+GCI={T35[country]}",) if country in T35 and "+GCI" in line.family.settings else ()
    commands = [f"{command}\r".encode() for command in (*set_country, *line.family.setup)]
    for place, command in enumerate(commands, 1):
        clock.at(READY_S * place / (len(commands) + 1), partial(send, command))


def write_trunk(trunk: Trunk, folder: Path) -> None:
    """Writes a recording's trunk.json."""
    lines = [line_fields(line) | {"file": f"{line.id}.cast", "channels": 2 if line.has_call_waiting else 1} for line in trunk.lines]
    tree = {"catflap_trunk": 1, **trunk_fields(trunk), "start": trunk.start, "title": "emulated exchange", "lines": lines}
    (folder / "trunk.json").write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def _unix_s(start: str) -> int:
    return int(datetime.fromisoformat(start).timestamp())
