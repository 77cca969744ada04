"""Runs on MicroPython: `lists_on_board.py FILE AT WORDS NUMBERS [ROUNDS]` looks a number a line up, prints the lists, then us a look-up."""

# ruff: noqa: PTH123, SIM115 - MicroPython has no pathlib
import gc
import sys
import time

from catflap_probe.rules.lists import PagedLists

if __name__ == "__main__":
    lists = PagedLists(open(sys.argv[1], "rb"), int(sys.argv[2]), int(sys.argv[3]))
    with open(sys.argv[4], "rb") as file:
        numbers = [line[:-1] for line in file]
    found = [0] * len(numbers)
    gc.collect()
    before = gc.mem_alloc()  # type: ignore[attr-defined]
    started_us = time.ticks_us()  # type: ignore[attr-defined]
    for place in range(len(numbers)):
        found[place] = lists.find(numbers[place])
    took_us = time.ticks_diff(time.ticks_us(), started_us)  # type: ignore[attr-defined]
    grown = gc.mem_alloc() - before  # type: ignore[attr-defined]
    print(" ".join([str(value) for value in found]))
    print(took_us / max(len(numbers), 1))
    print(grown)
