"""The numbers of a holder, as the numbering plan of China has them: the prefixes under which its texts name it."""

from collections.abc import Iterator

from catflap_probe.verdict import number_table as table
from catflap_probe.verdict.number_layout import ENTRY_BYTES, FIRST_NODE, LAST, VALUE_HIGH

DIGITS = "0123456789"


def holders() -> dict[str, list[str]]:
    """By holder the prefixes of its numbers, as lines in China show them."""
    found: dict[str, list[str]] = {}
    for prefix, text in _leaves(table.TEXT_TRIE, ""):
        holder = table.text_at(text)[0]
        if holder:
            found.setdefault(holder, []).append(prefix)
    return found


def _leaves(place: int, prefix: str) -> Iterator[tuple[str, int]]:
    """Every shortest prefix below a node, with the number of its text."""
    seen = 0
    while True:
        head = table.TABLE[place] | table.TABLE[place + 1] << 8
        value = (head & VALUE_HIGH) >> 2 | table.TABLE[place + 2]
        for digit in DIGITS:
            bit = 1 << int(digit)
            if head & bit and not seen & bit:
                if value >= FIRST_NODE:
                    yield from _leaves(place - ENTRY_BYTES * (value - FIRST_NODE + 1), prefix + digit)
                elif value:
                    yield prefix + digit, value
        seen |= head & 1023
        if head & LAST:
            return
        place += ENTRY_BYTES
