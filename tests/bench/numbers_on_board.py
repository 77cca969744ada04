"""Runs on MicroPython: `numbers_on_board.py FILE` checks a number a line and prints how many microseconds one takes."""

# mypy: ignore-errors
# ruff: noqa: PTH123 - MicroPython has no pathlib
import sys
import time

from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan

if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        numbers = [line.strip() for line in file]
    plan = TrunkPlan("CN", "010", "subscriber")
    own = OwnNumbers(["01062345601"], plan)
    started_us = time.ticks_us()
    for number in numbers:
        check(number, plan, own)
    print(time.ticks_diff(time.ticks_us(), started_us) / len(numbers))
