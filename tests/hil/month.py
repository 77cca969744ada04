"""A month of recorded calls played to a board, and what both it and CPython say of them."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.exchange.analogue import USR
from tests.exchange.cellular import SIMCOM
from tests.exchange.recording import record
from tests.exchange.trunk import Trunk, TrunkLine
from tests.hil.desk import Desk
from tests.hil.emulated import EmulatedBoard
from tests.hil.rows import Reported, clock_ahead, read_verdicts
from tests.hil.trunk import BAUDS, START_MS, Said, board_files, off_the_edges, read_recording, write_wire_recording
from tests.replay.recorded import START, planned_calls, replayed

TRUNK = Trunk("beijing-7", "CN", "010", START, (TrunkLine("L01", USR), TrunkLine("L02", SIMCOM)))
SHADOW = {"catflap_policy": 1, "version": "hil", "shadow": True}
"""Recorded calls go on whatever is decided, so nothing must be done to them."""

DAYS = 60
READY_US = 10_000_000
END_US = 30_000_000
ANSWER_US = 20_000


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
    bauds = [BAUDS[line.family.dialect] for line in TRUNK.lines]
    said = list(off_the_edges((replace(event, us=event.us + READY_US) for event in read_recording(folder / "recording")), bauds))
    board.put(board_files(TRUNK, SHADOW))
    for uart, baud in enumerate(bauds):
        board.modem(uart, baud, ANSWER_US)
        board.feed(uart, [(int(event.us), event.text) for event in said if event.line == uart])
    board.power()
    desk = Desk(board, START_MS)
    desk.run(int(said[-1].us) + END_US)
    # what had to wait for the answer to a command of the board came later than recorded
    said = [replace(event, us=board.late.get((event.line, int(event.us), event.text), event.us)) for event in said]
    reported = Reported(desk.records)
    since_power = read_verdicts(_replay(folder, said, 0, folder / "since-power")[0])[2]
    zero_us = -1000 * clock_ahead(since_power, reported, START_MS)
    verdicts, alarms = _replay(folder, said, zero_us, folder / "of-the-day")
    return Month(
        desk.records,
        desk.said,
        board.stats(),
        len(board.resets),
        board.now_us / 1e6,
        reported.rows([line.id for line in TRUNK.lines], START_MS),
        read_verdicts(verdicts)[1],
        reported.alarm_rows(START_MS),
        alarms.decode().splitlines()[1:],
    )


def _replay(folder: Path, said: list[Said], zero_us: int, into: Path) -> tuple[bytes, bytes]:
    """What CPython says of what the wires carried: the bytes of both files."""
    write_wire_recording(folder / "recording", said, zero_us, into / "wires")
    (into / "wires" / "policy.json").write_text(json.dumps(SHADOW))
    return replayed([into / "wires"], into / "out", "--tables", "board")
