"""02: a line of text is stamped when its first byte comes, while flash is written without a pause and garbage is collected."""

import json
import random

import pytest

from catflap_models.court.figures import Figure
from tests.hil.conftest import Record
from tests.hil.emulated import EmulatedBoard
from tests.hil.repl import Repl

BAR_MS = 1.0
LINES = {False: 60, True: 400}
TEXT = "\r\nRING\r\n"
ENDS = 2
"""Bytes of TEXT before its first letter, which stamps it."""

SCRIPT = """
import asyncio, gc
from boards.rp2.board import Rp2Board
port = Rp2Board().open_port("uart%d", %d)
found = []
async def hear():
    while len(found) < %d:
        data = await port.read()
        if data[:1] == b"R":
            found.append(port.read_us)
async def disturb():
    number = 0
    while True:
        with open("/noise%%d" %% (number & 3), "wb") as file:
            file.write(bytes(3000))
        number += 1
        gc.collect()
        await asyncio.sleep_ms(0)
async def main():
    task = asyncio.create_task(disturb())
    await hear()
    task.cancel()
print("ready")
asyncio.run(main())
print(found)
"""


@pytest.mark.parametrize(("uart", "baud"), [(0, 9600), (1, 115200)])
def test_stamps_hold_while_flash_is_written(emulated: EmulatedBoard, uart: int, baud: int, is_long: bool, record: Record) -> None:
    board = emulated
    count = LINES[is_long]
    board.put({})
    board.stalls(worst_every=10)
    board.modem(uart, baud)
    board.power()
    board.run(2_000_000)
    repl = Repl(board)
    rng = random.Random(baud)
    fed, at_us = [], board.now_us + 2_000_000
    for _ in range(count):
        at_us += rng.randrange(60_000, 400_000)
        fed.append(at_us)
    board.feed(uart, [(us, TEXT) for us in fed])
    printed = repl.run(SCRIPT % (uart, baud, count), at_us - board.now_us + 10_000_000)
    stamped = json.loads(printed.removeprefix("ready"))
    byte_us = 10e6 / baud
    errors_us = [abs(stamp - us - ENDS * byte_us) for stamp, us in zip(stamped, fed, strict=True)]
    flash = board.stats()["flash"]
    assert flash["longest_us"] >= 400_000, "the worst was not among it"
    how = f"{count} lines of text; flash erased {flash['erased']} times for {flash['stalled_us'] / 1e6:.1f} s in all, at most 0.4 s at once"
    record(Figure(f"stamps.error.{baud}", round(max(errors_us) / 1000, 4), "ms", BAR_MS, "lower", how))
