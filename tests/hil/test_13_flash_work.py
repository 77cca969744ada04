"""13: a call that comes while the memory is being saved, or the spool makes room, is stopped in time."""

from pathlib import Path
from typing import BinaryIO

import pytest

from boards.linux.board import LinuxBoard
from catflap_models.court.figures import Figure
from catflap_probe.probe import SPOOL_BYTES
from catflap_probe.spool import Spool
from tests.exchange.cellular import SIMCOM
from tests.exchange.trunk import Trunk, TrunkLine
from tests.hil.conftest import Record
from tests.hil.desk import Desk
from tests.hil.emulated import EmulatedBoard
from tests.hil.full import full_memory
from tests.hil.trunk import BAUDS, BITS, START_MS, board_files
from tests.replay.recorded import START

BAR_MS = 200.0
EVERY_US = 600_000_000
"""From the end of one saving to the beginning of the next."""

LOOK_US = 5_000
QUIET_US = 300_000
AFTER_US = 60_000
"""From a saving's first bytes on flash to the number's last byte."""

LATER_US = (50_000, 200_000, 400_000, 700_000, 1_100_000, 1_600_000)
"""From the number of a call, whose records want room, to that of a call on the other line."""

RECORD_BYTES = 200
FIRST_US = 15_000_000
APART_US = 25_000_000
ANSWER_US = 30_000
DENIED = {"catflap_policy": 1, "version": "hil", "deny": [{"prefix": "1"}]}
RING = "\r\nRING\r\n"
NUMBER = '\r\n+CLIP: "13912345678'
REST = '",129,"",0,"",0\r\n'
BAUD = BAUDS[SIMCOM.dialect]
TO_NUMBER_US = round((len(RING + NUMBER) - 1) * BITS * 1e6 / BAUD)


def test_a_call_is_stopped_in_time_while_the_memory_is_saved(emulated: EmulatedBoard, is_long: bool, record: Record) -> None:
    if not is_long:
        pytest.skip("twenty minutes of a board's time: make hil")
    trunk = trunk_of(1)
    emulated.put(board_files(trunk, DENIED) | {"/state/memory": full_memory(trunk.id, 1, START_MS // 1000)})
    emulated.modem(0, BAUD, ANSWER_US)
    emulated.power()
    desk = Desk(emulated, START_MS)
    desk.run(EVERY_US)
    _, ended_us = one_saving(emulated, desk)
    desk.run(ended_us + EVERY_US - QUIET_US - emulated.now_us)
    number_us = ended_us + EVERY_US + AFTER_US
    emulated.feed(0, [(number_us - TO_NUMBER_US, RING + NUMBER + REST)])
    saved_us, _ = one_saving(emulated, desk)
    desk.run(EVERY_US // 100)
    assert saved_us < number_us, "the saving began later than the call"
    stopped_us = next(command.began_us for command in emulated.commands if command.text == "AT+CHUP")
    how = f"number complete {(number_us - saved_us) / 1000:.0f} ms after the saving of a full memory began"
    record(Figure("latency.while-saving", round((stopped_us - number_us) / 1000, 1), "ms", BAR_MS, "lower", how))


def test_calls_are_stopped_in_time_while_the_spool_makes_room(
    emulated: EmulatedBoard, is_long: bool, tmp_path: Path, record: Record
) -> None:
    if not is_long:
        pytest.skip("three minutes of a board's time: make hil")
    trunk = trunk_of(2)
    emulated.put(board_files(trunk, DENIED) | full_spool(tmp_path))
    numbers_us = [[FIRST_US + place * APART_US + line * later_us for place, later_us in enumerate(LATER_US)] for line in (0, 1)]
    for uart, moments_us in enumerate(numbers_us):
        emulated.modem(uart, BAUD, ANSWER_US)
        emulated.feed(uart, [(number_us - TO_NUMBER_US, RING + NUMBER + REST) for number_us in moments_us])
    emulated.power()
    before = on_flash(emulated)
    emulated.run(FIRST_US + len(LATER_US) * APART_US)
    waited_ms: list[float] = []
    for uart, moments_us in enumerate(numbers_us):
        stops_us = [command.began_us for command in emulated.commands if command.uart == uart and command.text == "AT+CHUP"]
        waited_ms += [(min(us for us in stops_us if us > number_us) - number_us) / 1000 for number_us in moments_us]
    how = f"the longest of {len(waited_ms)} calls on two lines, no gateway and the spool full; {on_flash(emulated) - before} pages written"
    record(Figure("latency.spool-full", round(max(waited_ms), 1), "ms", BAR_MS, "lower", how))


def trunk_of(lines: int) -> Trunk:
    """A trunk whose lines have cellular modems."""
    return Trunk("beijing-7", "CN", "010", START, tuple(TrunkLine(f"L{line:02d}", SIMCOM) for line in range(1, lines + 1)))


class Files(LinuxBoard):
    """Keeps the files that it opened for appending, to close them."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[BinaryIO] = []

    def append_to(self, path: str) -> BinaryIO:
        self.opened.append(super().append_to(path))
        return self.opened[-1]


def full_spool(folder: Path) -> dict[str, bytes]:
    """The files of a board's spool that has hardly room for another record."""
    limit_bytes, file_bytes = SPOOL_BYTES["board"]
    board = Files()
    spool = Spool(board, str(folder / "spool"), "9f0c41d2a7b3e658", limit_bytes, file_bytes)
    number = 0
    while sum(path.stat().st_size for path in Path(spool.folder).iterdir()) < limit_bytes - RECORD_BYTES:
        number += 1
        kind = ("alert", "end", "call")[number % 3]
        spool.append({"k": kind, "line": "L01", "call": number, "at_ms": START_MS, "calling": "13912345678", "detail": "x" * RECORD_BYTES})
    for file in board.opened:
        file.close()
    return {f"/state/spool/{path.name}": path.read_bytes() for path in Path(spool.folder).iterdir()}


def one_saving(board: EmulatedBoard, desk: Desk) -> tuple[int, int]:
    """Waits for one; when its first bytes went to flash and when its last, to LOOK_US."""
    began_us = 0
    written = on_flash(board)
    last_us = board.now_us
    while not began_us or board.now_us - last_us < QUIET_US:
        desk.run(LOOK_US)
        before, written = written, on_flash(board)
        if written != before:
            last_us = board.now_us
            began_us = began_us or last_us
    return began_us, last_us


def on_flash(board: EmulatedBoard) -> int:
    """How many pages were ever written."""
    pages: int = board.stats()["flash"]["programmed"]
    return pages
