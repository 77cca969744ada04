"""A month of recorded calls played to a board, and what both it and CPython say of them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.exchange.analogue import USR
from tests.exchange.cellular import SIMCOM
from tests.exchange.recording import record
from tests.exchange.trunk import Trunk, TrunkLine
from tests.hil.desk import Desk
from tests.hil.emulated import EmulatedBoard
from tests.hil.rows import Call, Reported, clock_zero, read_verdicts
from tests.hil.trunk import BAUDS, START_MS, Said, board_files, read_recording, wire_bytes, write_wire_recording
from tests.replay.recorded import START, planned_calls, replayed

TRUNK = Trunk("beijing-7", "CN", "010", START, (TrunkLine("L01", USR), TrunkLine("L02", SIMCOM)))
SHADOW = {"catflap_policy": 1, "version": "hil", "shadow": True}
"""Recorded calls go on whatever is decided, so nothing must be done to them."""

DAYS = 60
READY_US = 10_000_000
END_US = 30_000_000
ANSWER_US = 20_000
ENDS = "\r\n"


@dataclass
class Month:
    """What came of it."""

    records: list[dict[str, Any]]
    said: list[str]
    stats: dict[str, Any]
    resets: int
    seconds: float
    rows: list[str]
    expected: list[str]
    alarms: list[str]
    expected_alarms: list[str]


def play(board: EmulatedBoard, calls: int, seed: int, folder: Path) -> Month:
    """Plays the first calls of a planned world to a board that is switched on for it."""
    record(TRUNK, planned_calls(len(TRUNK.lines), DAYS, seed, calls), folder / "recording", seed)
    said = read_recording(folder / "recording")
    board.put(board_files(TRUNK, SHADOW))
    for uart, line in enumerate(TRUNK.lines):
        board.modem(uart, BAUDS[line.family.dialect], ANSWER_US)
        board.feed(uart, [(int(event.us) + READY_US, event.text) for event in said if event.line == uart])
    board.power()
    desk = Desk(board, START_MS)
    desk.run(int(said[-1].us) + READY_US + END_US)
    # what had to wait for the answer to a command of the board came later than recorded
    planned = [(event, int(event.us) + READY_US) for event in said]
    said = [replace(event, us=board.late.get((event.line, us, event.text), us) - READY_US) for event, us in planned]
    reported = Reported(desk.records)
    first = _replay(folder, said, 0, folder / "first")[0]
    zero_us, zero_ms = clock_zero(_moments(said, read_verdicts(first)[2], reported))
    verdicts, alarms = _replay(folder, said, zero_us - READY_US, folder / "second")
    return Month(
        desk.records,
        desk.said,
        board.stats(),
        len(board.resets),
        board.now_us / 1e6,
        reported.rows([line.id for line in TRUNK.lines], zero_ms),
        read_verdicts(verdicts)[1],
        reported.alarm_rows(zero_ms),
        alarms.decode().splitlines()[1:],
    )


def _replay(folder: Path, said: list[Said], zero_us: int, into: Path) -> tuple[bytes, bytes]:
    """What CPython says of what the wires carried: the bytes of both files."""
    write_wire_recording(folder / "recording", said, zero_us, into / "wires")
    (into / "wires" / "policy.json").write_text(json.dumps(SHADOW))
    return replayed([into / "wires"], into / "out", "--tables", "board")


def _moments(said: list[Said], rows: Mapping[Call, Mapping[str, str]], reported: Reported) -> Iterator[tuple[int, int]]:
    """(microsecond since power-on, what the board says of it) of each call's first byte and of the end of the text that decided it.

    Taken are bytes that alone on their line did so in the millisecond that CPython's row names.
    """
    starts: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    ends: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for index, line in enumerate(TRUNK.lines):
        before = "\n"
        for us, byte in wire_bytes([event for event in said if event.line == index], BAUDS[line.family.dialect]):
            if (byte in ENDS) != (before in ENDS):
                (ends if byte in ENDS else starts)[line.id, us // 1000].append(us + READY_US)
            before = byte
    for call, row in rows.items():
        for edges, column, name in ((starts, "t", "at_ms"), (ends, "decided_at", "decided_ms")):
            found = edges[call[0], round(float(row[column]) * 1000)]
            if len(found) == 1 and call in reported.decisions:
                yield found[0], reported.decisions[call][name]
