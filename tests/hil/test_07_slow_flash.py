"""07: a worn flash that takes the longest that its maker allows, every time: calls are heard, decided and told all the same."""

from pathlib import Path

from tests.hil.emulated import EmulatedBoard
from tests.hil.month import play

CALLS = {False: 3, True: 8}


def test_every_call_is_told_however_slow_the_flash(emulated: EmulatedBoard, is_long: bool, tmp_path: Path) -> None:
    emulated.stalls(worst_every=1)
    month = play(emulated, CALLS[is_long], 9, tmp_path)
    assert month.stats["flash"]["erased"] >= CALLS[is_long]
    assert month.stats["flash"]["longest_us"] >= 400_000
    assert month.rows == month.expected
    assert month.stats["overruns"] == [0, 0]
    assert month.resets == 0
