"""05: a month of recorded calls on two lines: verdicts byte for byte those of CPython, heap flat, stack in its bounds, nothing broken."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catflap_models.court.figures import Figure
from tests.hil.conftest import Record
from tests.hil.emulated import EmulatedBoard
from tests.hil.month import Month, play
from tests.hil.prepare import Prepared

CALLS = {False: 6, True: 1000}
SEEDS = [pytest.param(seed, marks=pytest.mark.xdist_group(f"month-{seed}")) for seed in (7, 8)]
HEAP_BAR_KB = 150.0
FLAT_KB = 4.0
"""What a call under way adds."""

ONE_PIECE_KB = 32.0
"""Eight times the rings of a port, the largest piece that a probe wants."""

STACK_ROOM_KB = 1.0
"""An interrupt's handler in Python takes half of it."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_month_of_calls(
    emulated: EmulatedBoard, prepared: Callable[[], Prepared], seed: int, is_long: bool, tmp_path: Path, record: Record
) -> None:
    if seed != SEEDS[0].values[0] and not is_long:
        pytest.skip("one short recording is enough here: make hil")
    month = play(emulated, CALLS[is_long], seed, tmp_path)
    differ = sum(one != other for one, other in zip(month.rows, month.expected, strict=True))
    how = f"{len(month.rows)} recorded calls on two lines, against catflap replay --tables board on what the wires carried"
    record(Figure(f"parity.{seed}", differ, "rows that differ", 0, "lower", how))
    assert month.alarms == month.expected_alarms
    assert_nothing_broke(month)
    room_kb = (month.stats["stack_low"] - heap_end(prepared().firmware.with_suffix(".elf"))) / 1000
    record(Figure(f"stack.room.{seed}", room_kb, "kB", STACK_ROOM_KB, "higher", "between the heap and the deepest that the stack reached"))
    assert room_kb >= STACK_ROOM_KB
    if is_long:
        for figure in measured(month, seed):
            record(figure)


def heap_end(elf: Path) -> int:
    """The address at which MicroPython's heap ends and its stack may not reach."""
    words = ["arm-none-eabi-nm", str(elf)]
    symbols = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return next(int(line.split()[0], 16) for line in symbols.splitlines() if line.endswith(" __GcHeapEnd"))


def assert_nothing_broke(month: Month) -> None:
    """No reset, no byte lost, nothing that would crash a real part, and no complaint of the board's."""
    assert month.resets == 0
    assert month.stats["overruns"] == [0, 0]
    assert month.stats["errors"] == []
    assert month.stats["flash"]["unmasked"] == 0
    told = [
        record for record in month.records if record["k"] in ("health", "drop") and record.get("what") not in ("modem-ready", "condition")
    ]
    assert told == []
    assert not [line for line in month.said if "MemoryError" in line]


def measured(month: Month, seed: int) -> Iterator[Figure]:
    """What only a long run shows."""
    conditions = [record["detail"] for record in month.records if record.get("what") == "condition"]
    in_use_kb = [int(text.split(" bytes of heap in use")[0].split()[-1]) / 1000 for text in conditions]
    half = len(in_use_kb) // 2
    how = f"after {len(month.rows)} calls and {month.seconds / 3600:.1f} h, told by the board {len(in_use_kb)} times"
    yield Figure(f"heap.in-use.{seed}", in_use_kb[-1], "kB", HEAP_BAR_KB, "lower", how)
    grown_kb = round(max(in_use_kb[half:]) - max(in_use_kb[:half]), 1)
    yield Figure(f"heap.growth.{seed}", grown_kb, "kB", FLAT_KB, "lower", "most in the second half over most in the first")
    in_one_piece_kb = [int(text.split(" free, ")[1].split()[0]) / 1000 for text in conditions]
    yield Figure(f"heap.one-piece.{seed}", min(in_one_piece_kb), "kB", ONE_PIECE_KB, "higher", "the least that could be had at once")
    yield Figure(
        f"core.busy.{seed}", round(month.stats["busy_us"] / 1e4 / month.seconds, 2), "%", None, "lower", "of the time, on two lines"
    )
    flash = month.stats["flash"]
    how = f"{flash['erased']} erases; the block used most, {flash['wear']} times"
    yield Figure(f"flash.erases-a-call.{seed}", round(flash["erased"] / len(month.rows), 2), "erases", None, "lower", how)
