"""04: from the number's last byte to the first byte of the command that stops the call, the memory full, records on their way to flash."""

import random
from dataclasses import dataclass

import pytest

from catflap_models.court.figures import Figure
from tests.exchange.analogue import USR
from tests.exchange.cellular import SIMCOM
from tests.exchange.family import Family
from tests.exchange.trunk import Trunk, TrunkLine
from tests.hil.board import Board
from tests.hil.conftest import Record
from tests.hil.desk import Desk
from tests.hil.emulated import EmulatedBoard
from tests.hil.full import full_memory
from tests.hil.trunk import BAUDS, BITS, START_MS, board_files
from tests.replay.recorded import START

BAR_MS = 200.0
CALLS = {False: 4, True: 150}
EVERY_US = 25_000_000
ANSWER_US = 30_000
DENIED = {"catflap_policy": 1, "version": "hil", "deny": [{"prefix": "1"}]}


@dataclass(frozen=True, slots=True)
class Wording:
    """How a modem tells of a call: its ring, how much later the number follows, and how; and the command that stops the call."""

    family: Family
    ring: str
    later_us: int
    shown: str
    stop: str


WORDINGS = (
    Wording(USR, "\r\nRING\r\n", 900_000, "\r\nDATE = 0302\r\nTIME = 0812\r\nNMBR = {}\r\n", "ATH1"),
    Wording(SIMCOM, "\r\nRING\r\n", 5_000, '\r\n+CLIP: "{}",129,"",0,"",0\r\n', "AT+CHUP"),
)


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.family.dialect)
def test_the_command_follows_the_number_in_time(board: Board, wording: Wording, is_long: bool, record: Record) -> None:
    family = wording.family
    trunk = Trunk("beijing-7", "CN", "010", START, (TrunkLine("L01", family),))
    board.put(board_files(trunk, DENIED) | {"/state/memory": full_memory(trunk.id, 1, START_MS // 1000)})
    if isinstance(board, EmulatedBoard):
        board.stalls(worst_every=100)
    baud = BAUDS[family.dialect]
    board.modem(0, baud, ANSWER_US)
    rng = random.Random(3)
    byte_us = BITS * 1e6 / baud
    last_bytes = []
    at_us = 10_000_000
    for _ in range(CALLS[is_long]):
        at_us += EVERY_US + rng.randrange(1_000_000)
        number = f"139{rng.randrange(10**8):08d}"
        before, after = wording.shown.split("{}")
        board.feed(0, [(at_us, wording.ring), (at_us + wording.later_us, before + number + after)])
        began_us = max(at_us + wording.later_us, at_us + len(wording.ring) * byte_us)
        last_bytes.append(began_us + (len(before) + len(number) - 1) * byte_us)
    board.power()
    desk = Desk(board, START_MS)
    desk.run(at_us + EVERY_US)
    stops = [command.began_us for command in board.commands if command.text == wording.stop]
    waited_ms = sorted((min(us for us in stops if us > last_us) - last_us) / 1000 for last_us in last_bytes)
    assert len([report for report in desk.records if report["k"] == "end"]) == CALLS[is_long]
    how = f"{len(waited_ms)} calls at {baud} baud, median {waited_ms[len(waited_ms) // 2]:.1f} ms; flash erases 45 ms, every 100th 400 ms"
    worst = waited_ms[min(len(waited_ms) - 1, len(waited_ms) * 99 // 100)]
    record(Figure(f"latency.{family.dialect}.p99", round(worst, 1), "ms", BAR_MS, "lower", how))
