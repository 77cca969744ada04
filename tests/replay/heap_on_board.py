"""Runs on MicroPython: `heap_on_board.py BUNDLE DIR` replays with a board's tables and prints the heap in use after every 50 calls."""

# mypy: ignore-errors
import gc
import sys

from catflap_probe.replay import replay
from catflap_probe.verdict.bundle import load
from catflap_probe.verdict.int8 import Classifier

calls = 0


def emit(kind, key, text):
    global calls  # noqa: PLW0603
    if kind == "row":
        calls += 1
        if calls % 50 == 0:
            gc.collect()
            print(calls, gc.mem_alloc())


replay([sys.argv[2]], "board", "", load(sys.argv[1], Classifier), emit)
print(calls, 0)
