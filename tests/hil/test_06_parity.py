"""06: recorded calls on the wires of the board: its verdicts are those of `catflap replay` on CPython, byte for byte."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.bench.figures import Figure
from tests.exchange.analogue import USR
from tests.exchange.cellular import SIMCOM
from tests.exchange.recording import record as make_recording
from tests.exchange.trunk import Trunk, TrunkLine
from tests.hil.conftest import Record
from tests.hil.desk import Desk
from tests.hil.emulated import EmulatedBoard
from tests.hil.rows import Call, Reported, clock_zero, read_verdicts
from tests.hil.trunk import BAUDS, START_MS, Said, board_files, read_recording, wire_bytes, write_wire_recording
from tests.replay.recorded import START, planned_calls, replayed

TRUNK = Trunk("beijing-7", "CN", "010", START, (TrunkLine("L01", USR), TrunkLine("L02", SIMCOM)))
SHADOW = {"catflap_policy": 1, "version": "hil", "shadow": True}
"""Recorded calls go on whatever is decided, so nothing must be done to them."""

ENDS = "\r\n"
READY_US = 10_000_000
END_US = 30_000_000
ANSWER_US = 20_000
CALLS = {False: 12, True: 1000}
DAYS = 60


@pytest.mark.parametrize("seed", [7, 8])
def test_verdicts_are_those_of_cpython(board: EmulatedBoard, seed: int, is_long: bool, tmp_path: Path, record: Record) -> None:
    if seed != 7 and not is_long:
        pytest.skip("one recording is enough here; make hil has them all")
    make_recording(TRUNK, planned_calls(len(TRUNK.lines), DAYS, seed, CALLS[is_long]), tmp_path / "recording", seed)
    said = read_recording(tmp_path / "recording")
    reported = Reported(play(board, said).records)
    first = replay(tmp_path, said, 0, tmp_path / "first")[2]
    zero_us, zero_ms = clock_zero(moments(said, first, reported))
    header, expected, _ = replay(tmp_path, said, zero_us - READY_US, tmp_path / "second")
    alarms = (tmp_path / "second" / "out" / "alarms.csv").read_text().splitlines()[1:]
    found = reported.rows([line.id for line in TRUNK.lines], zero_ms)
    assert header.count(",") == found[0].count(",")
    (tmp_path / "board.csv").write_text("\n".join([header, *found]) + "\n")
    differ = sum(one != other for one, other in zip(found, expected, strict=True))
    how = f"{len(found)} recorded calls on two lines, byte for byte against catflap replay --tables board; seed {seed}"
    assert reported.alarm_rows(zero_ms) == alarms
    record(Figure(f"parity.board.rows-that-differ.{seed}", differ, "rows", 0, "lower", how))


def play(board: EmulatedBoard, said: Sequence[Said]) -> Desk:
    """Plays a recording to a board from power-on."""
    board.put(board_files(TRUNK, SHADOW))
    for uart, line in enumerate(TRUNK.lines):
        board.modem(uart, BAUDS[line.family.dialect], ANSWER_US)
        board.feed(uart, [(event.us + READY_US, event.text) for event in said if event.line == uart])
    board.power()
    desk = Desk(board, START_MS)
    desk.run(said[-1].us + READY_US + END_US)
    return desk


def replay(folder: Path, said: list[Said], zero_us: int, into: Path) -> tuple[str, list[str], dict[Call, dict[str, str]]]:
    """What CPython says of what the wires carried."""
    write_wire_recording(folder / "recording", said, zero_us, into / "wires")
    (into / "wires" / "policy.json").write_text(json.dumps(SHADOW))
    return read_verdicts(replayed([into / "wires"], into / "out", "--tables", "board")[0])


def moments(said: list[Said], rows: Mapping[Call, Mapping[str, str]], reported: Reported) -> Iterator[tuple[int, int]]:
    """(microsecond since power-on, what the board says of it) of each call's first byte and of the end of the text that decided it.

    Taken are bytes that alone on their line began or ended a text in the millisecond that CPython's row names.
    """
    edges: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for index, line in enumerate(TRUNK.lines):
        before = "\n"
        for us, byte in wire_bytes([event for event in said if event.line == index], BAUDS[line.family.dialect]):
            if (byte in ENDS) != (before in ENDS):
                edges[line.id, us // 1000].append(us + READY_US)
            before = byte
    for call, row in rows.items():
        for column, name in (("t", "at_ms"), ("decided_at", "decided_ms")):
            found = edges[call[0], round(float(row[column]) * 1000)]
            if len(found) == 1 and call in reported.decisions:
                yield found[0], reported.decisions[call][name]
