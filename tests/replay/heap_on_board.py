"""Runs on MicroPython: `heap_on_board.py BUNDLE DIR` replays with a board's tables and prints the heap in use after every 50 calls."""

# ruff: noqa: E402 - as in boards/unix/replay.py
import gc
import sys

import micropython

micropython.opt_level(3)
# what compiling leaves behind goes at once, so that the heap stays in one piece for the tables
gc.threshold(16384)  # type: ignore[attr-defined]

from catflap_probe.replay import replay
from catflap_probe.verdict.bundle import load
from catflap_probe.verdict.int8 import Classifier


class Gauge:
    """Counts calls and looks at the heap."""

    def __init__(self) -> None:
        self.calls = 0

    def emit(self, kind: str, key: "tuple[int, int]", text: str) -> None:
        """Takes what replay emits."""
        if kind == "row":
            self.calls += 1
            if self.calls % 50 == 0:
                gc.collect()
                print(self.calls, gc.mem_alloc())  # type: ignore[attr-defined]


if __name__ == "__main__":
    gauge = Gauge()
    replay([sys.argv[2]], "board", "", load(sys.argv[1], Classifier), gauge.emit)
    print(gauge.calls, 0)
