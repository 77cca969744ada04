"""The inner loops of the number table for MicroPython: machine code made by its viper emitter. Twin of number_walk_plain.py.

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


@micropython.viper
def kind_in(table: ptr8, place: int, digits: ptr8, end: int, at: int) -> int:
    """See the twin; the table must be bytes."""
    leaf = int(walk_in(table, place, digits, end, at))
    length = end - at
    if leaf == 0 or length < 1 or length > 16:
        return 0
    bit = 1 << (length - 1)
    place = (int(table[4]) | (int(table[5]) << 8)) + 3 * leaf
    while True:
        kind = int(table[place])
        if (int(table[place + 1]) | (int(table[place + 2]) << 8)) & bit:
            return kind & 0x7F
        if kind & 0x80 == 0:
            return 0
        place += 3
    return 0
