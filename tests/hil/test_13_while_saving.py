"""13: a call that comes while the memory is being saved is stopped in time."""

import pytest

from tests.bench.figures import Figure
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

ANSWER_US = 30_000
DENIED = {"catflap_policy": 1, "version": "hil", "deny": [{"prefix": "1"}]}
RING = "\r\nRING\r\n"
NUMBER = '\r\n+CLIP: "13912345678'
REST = '",129,"",0,"",0\r\n'


def test_a_call_is_stopped_in_time_while_the_memory_is_saved(emulated: EmulatedBoard, is_long: bool, record: Record) -> None:
    if not is_long:
        pytest.skip("twenty minutes of a board's time: make hil")
    trunk = Trunk("beijing-7", "CN", "010", START, (TrunkLine("L01", SIMCOM),))
    baud = BAUDS[SIMCOM.dialect]
    emulated.put(board_files(trunk, DENIED) | {"/state/memory": full_memory(trunk.id, 1, START_MS // 1000)})
    emulated.modem(0, baud, ANSWER_US)
    emulated.power()
    desk = Desk(emulated, START_MS)
    desk.run(EVERY_US)
    _, ended_us = one_saving(desk)
    desk.run(ended_us + EVERY_US - QUIET_US - emulated.now_us)
    number_us = ended_us + EVERY_US + AFTER_US
    began_us = number_us - round((len(RING + NUMBER) - 1) * BITS * 1e6 / baud)
    emulated.feed(0, [(began_us, RING + NUMBER + REST)])
    saved_us, _ = one_saving(desk)
    desk.run(EVERY_US // 100)
    assert saved_us < number_us, "the saving began later than the call"
    stopped_us = next(command.began_us for command in emulated.commands if command.text == "AT+CHUP")
    how = f"number complete {(number_us - saved_us) / 1000:.0f} ms after the saving of a full memory began"
    record(Figure("latency.while-saving", round((stopped_us - number_us) / 1000, 1), "ms", BAR_MS, "lower", how))


def one_saving(desk: Desk) -> tuple[int, int]:
    """Waits for one; when its first bytes went to flash and when its last, to LOOK_US."""
    began_us = 0
    written = on_flash(desk)
    last_us = desk.board.now_us
    while not began_us or desk.board.now_us - last_us < QUIET_US:
        desk.run(LOOK_US)
        before, written = written, on_flash(desk)
        if written != before:
            last_us = desk.board.now_us
            began_us = began_us or last_us
    return began_us, last_us


def on_flash(desk: Desk) -> int:
    """How many pages were ever written."""
    assert isinstance(desk.board, EmulatedBoard)
    pages: int = desk.board.stats()["flash"]["programmed"]
    return pages
