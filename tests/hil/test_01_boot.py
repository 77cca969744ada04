"""01: from power to ready; what a board without a configuration says; a crash and a hang are told by the next run."""

from collections.abc import Mapping

import pytest

from catflap_models.court.figures import Figure
from tests.exchange.analogue import USR
from tests.exchange.cellular import SIMCOM
from tests.exchange.trunk import Trunk, TrunkLine
from tests.hil.board import Board
from tests.hil.conftest import Record
from tests.hil.desk import Desk
from tests.hil.emulated import EmulatedBoard
from tests.hil.trunk import BAUDS, START_MS, board_files
from tests.replay.recorded import START

TRUNK = Trunk("beijing-7", "CN", "010", START, (TrunkLine("L01", USR), TrunkLine("L02", SIMCOM)))
ANSWER_US = 20_000
BAR_S = 3.0
LATE_SHOWS = 8
"""The probe shows its state four times a second: it runs for two seconds before it breaks."""

BREAKS_ONCE = """
import os
from boards.rp2.board import Rp2Board
try:
    os.stat("/broke")
except OSError:
    open("/broke", "w").close()
    count = 0
    def show(self, state):
        global count
        count += 1
        while count > %d:
            %s
    Rp2Board.show = show
"""


def started(board: Board, extra: Mapping[str, bytes] | None = None) -> Desk:
    """The board, switched on with its two modems and a gateway."""
    board.put(board_files(TRUNK) | dict(extra or {}))
    for uart, line in enumerate(TRUNK.lines):
        board.modem(uart, BAUDS[line.family.dialect], ANSWER_US)
    board.power()
    return Desk(board, START_MS)


def crashes(desk: Desk) -> list[str]:
    """What the board said it died of."""
    return [record["detail"] for record in desk.records if record["k"] == "health" and record["what"] == "crash"]


def test_both_lines_are_ready_in_time(board: Board, record: Record) -> None:
    desk = started(board)
    desk.run(10_000_000)
    ready_ms = {report["line"]: report["at_ms"] - START_MS for report in desk.records if report.get("what") == "modem-ready"}
    assert set(ready_ms) == {"L01", "L02"}
    ready_s = max(ready_ms.values()) / 1000
    record(Figure("boot.ready", ready_s, "s", BAR_S, "lower", f"power to both modems set up, each answering within {ANSWER_US // 1000} ms"))


def test_a_board_without_configuration_says_so_and_gives_a_prompt(emulated: EmulatedBoard) -> None:
    emulated.power()
    emulated.run(10_000_000)
    emulated.write(b"\r")
    assert emulated.run(1_000_000, b">>> ")
    assert b"config.json" in emulated.usb


def test_what_a_run_died_of_is_told_by_the_next(emulated: EmulatedBoard) -> None:
    desk = started(emulated, {"/boot.py": (BREAKS_ONCE % (LATE_SHOWS, 'raise ValueError("boom")')).encode()})
    desk.run(20_000_000)
    assert len(emulated.resets) == 1
    assert len(crashes(desk)) == 1
    assert "ValueError: boom" in crashes(desk)[0]


def test_a_board_that_hangs_is_reset_by_its_watchdog_and_says_so(emulated: EmulatedBoard, is_long: bool) -> None:
    if not is_long:
        pytest.skip("eight seconds of a spinning core: make hil")
    desk = started(emulated, {"/boot.py": (BREAKS_ONCE % (LATE_SHOWS, "pass")).encode()})
    desk.run(30_000_000)
    assert [why for _, why in emulated.resets] == ["watchdog"]
    assert len(crashes(desk)) == 1
    assert "watchdog" in crashes(desk)[0]
