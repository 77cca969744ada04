"""Trunks for a board: its configuration, and recordings as its wires carry them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from math import ceil
from pathlib import Path
from typing import Any

from tests.exchange.trunk import Trunk, line_fields, trunk_fields
from tests.hil.desk import KEY
from tests.replay.recorded import START

START_MS = int(datetime.fromisoformat(START).timestamp() * 1000)

PORTS = ("uart0", "uart1")
BAUDS = {"v253": 9600, "3gpp": 115200}
"""What such modems talk at on a serial port."""

BITS = 10
"""Of a byte on the wire."""

ENDS = "\r\n"
EDGE_US = 20
"""A byte that marks a moment comes no nearer to the turn of a millisecond: what takes it down needs some microseconds."""

LONGEST_GAP_S = 20.0
"""Idle time is cut down to this, which is longer than any ringing call is waited for."""

SET_UP_S = 1.5
"""Up to here a recording holds the set-up of its modems, which the board does itself."""


def board_files(trunk: Trunk, policy: dict[str, Any] | None = None, **changed: Any) -> dict[str, bytes]:
    """The files of a board on that trunk, its alerts going to a gateway on USB."""
    lines = [line_fields(line) | {"port": port, "baud": BAUDS[line.family.dialect]} for line, port in zip(trunk.lines, PORTS, strict=False)]
    config = {
        "catflap_probe": 1,
        "id": "pico-1",
        "state": "/state",
        "model": "frozen",
        "tables": "board",
        "trunk": trunk_fields(trunk) | {"lines": lines},
        "uplink": {"port": "usb", "key_file": "/key"},
    }
    files = {"/key": KEY.hex().encode()}
    if policy is not None:
        config["policy"] = "/policy.json"
        files["/policy.json"] = json.dumps(policy).encode()
    files["/config.json"] = json.dumps(config | changed).encode()
    return files


@dataclass(frozen=True, slots=True)
class Said:
    """A text that a line's modem says; its first byte is complete at `us`, microseconds of the recording or since power-on."""

    us: float
    line: int
    text: str


def read_recording(folder: Path) -> list[Said]:
    """What the modems of a recording say after their set-up, in order, with the idle time between calls cut down."""
    tree = json.loads((folder / "trunk.json").read_text())
    said = []
    for index, line in enumerate(tree["lines"]):
        for text in (folder / line["file"]).read_text().splitlines()[1:]:
            seconds, kind, data = json.loads(text)
            if kind == "o" and seconds > SET_UP_S:
                said.append(Said(round(seconds * 1_000_000), index, data))
    said.sort(key=lambda event: (event.us, event.line))
    return list(_without_idle(said))


def _without_idle(said: list[Said]) -> Iterator[Said]:
    cut_us = before_us = 0.0
    for event in said:
        cut_us += max(0, event.us - before_us - LONGEST_GAP_S * 1_000_000)
        before_us = event.us
        yield Said(round(event.us - cut_us), event.line, event.text)


def write_wire_recording(source: Path, said: list[Said], zero_us: int, folder: Path) -> None:
    """A recording of what the wires carried, every byte with the moment at which it was complete, `zero_us` being its second 0."""
    tree = json.loads((source / "trunk.json").read_text())
    folder.mkdir(parents=True)
    (folder / "trunk.json").write_text(json.dumps(tree))
    start = int(datetime.fromisoformat(tree["start"]).timestamp())
    for index, line in enumerate(tree["lines"]):
        rows = [json.dumps({"version": 2, "width": 80, "height": 24, "timestamp": start})]
        for us, byte in wire_bytes([event for event in said if event.line == index], BAUDS[line["dialect"]]):
            at_us = us - zero_us
            rows.append(f'[{at_us // 1_000_000}.{at_us % 1_000_000:06d}, "o", {json.dumps(byte)}]')
        (folder / line["file"]).write_text("\n".join(rows) + "\n")


def off_the_edges(said: Iterable[Said], bauds: Sequence[int]) -> Iterator[Said]:
    """The same texts, each moved on to when its wire is free and none of its bytes that mark a moment comes at the turn of a millisecond.

    Their times count from power-on, as the milliseconds of a board's clock do.
    """
    free_us = [0] * len(bauds)
    for event in said:
        byte_us = BITS * 1e6 / bauds[event.line]
        marks_us = [place * byte_us for place, byte in enumerate(event.text) if (byte in ENDS) != (event.text[place - 1 : place] in ENDS)]
        at_us = max(round(event.us), free_us[event.line])
        at_us = next(us for us in count(at_us) if all(EDGE_US <= (us + mark_us) % 1000 <= 1000 - EDGE_US for mark_us in marks_us))
        free_us[event.line] = ceil(at_us + len(event.text) * byte_us)
        yield Said(at_us, event.line, event.text)


def wire_bytes(said: list[Said], baud: int) -> Iterator[tuple[int, str]]:
    """When each byte of one line is complete, as the emulator's wire has it: whole microseconds, cut off."""
    byte_us = BITS * 1e6 / baud
    free_us = 0.0
    for event in said:
        at_us = max(float(event.us), free_us)
        for byte in event.text:
            yield int(at_us), byte
            at_us += byte_us
        free_us = at_us
