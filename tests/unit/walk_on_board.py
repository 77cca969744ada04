"""Runs on MicroPython: `walk_on_board.py TABLE` walks digits by machine code and by its twin; prints how many, and how many differ."""

# ruff: noqa: PTH123 - MicroPython has no pathlib
import sys

from catflap_probe.verdict import number_table, number_walk_plain, number_walk_viper

if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        table = file.read()
    walked = different = 0
    state = 1
    for place in (0, number_table.CODES, number_table.CHINA, number_table.TEXT_TRIE):
        for count in range(4000):
            # a linear congruential generator: the same digits everywhere
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            digits = str(state)[: 1 + count % 11].encode()
            at = count % 3
            here = number_walk_viper.walk_in(table, place, digits, len(digits), at)
            there = number_walk_plain.walk_in(table, place, digits, len(digits), at)
            kind = number_walk_viper.kind_in(table, place, digits, len(digits), at)
            walked += 1
            different += here != there or kind != number_walk_plain.kind_in(table, place, digits, len(digits), at)
    print(walked, different)
