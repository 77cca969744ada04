"""The inner loop of the number table for MicroPython: machine code made by its viper emitter. Twin of number_walk_plain.py.

The numbers in it are those of number_layout.py, which viper would have to look up at every step.
"""

# mypy: ignore-errors
# ruff: noqa: F821 - names and casts of the viper emitter
import micropython


@micropython.viper
def walk_in(table: ptr8, place: int, digits: ptr8, end: int, at: int) -> int:
    """See the twin; the table must be bytes."""
    if place == 0:
        return 0
    while True:
        bit = 1
        if at < end:
            bit = 1 << (int(digits[at]) - 48)
        at += 1
        while True:
            head = int(table[place]) | (int(table[place + 1]) << 8)
            if head & bit:
                value = ((head & 0x7C00) >> 2) | int(table[place + 2])
                if value < 1024:
                    return value
                place -= 3 * (value - 1023)
                break
            if head & 0x8000:
                return 0
            place += 3
    return 0
