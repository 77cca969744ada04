"""Bounded tables keyed by a digest of the number: eight places a key may be in, the least useful entry gives way."""

from array import array
from hashlib import sha256

WAYS = 8
DAY_S = 86400

_BYTES = {"B": 1, "H": 2, "I": 4}

# a table keeps a number that called n times as if it had called n times this much later, so that one-call strangers go first; where
# a few days fill it they must not go at once, or a pool's cards are new with every call
_LOYALTY_S, _SMALL_LOYALTY_S = 14 * DAY_S, DAY_S
_SMALL = 2048


class Table:
    """Rows of integer columns, found by digest in O(1); `last_s` 0 marks a free row.

    `entries` is a power of two, at least WAYS. Subclasses add columns in a fixed order: it is the order on flash.
    """

    def __init__(self, entries: int) -> None:
        self.entries = entries
        self.columns: list[array[int]] = []
        self._loyalty_s = _SMALL_LOYALTY_S if entries <= _SMALL else _LOYALTY_S
        self._sets_mask = entries // WAYS - 1
        self._tag_low = self.column("H")
        self._tag_high = self.column("H")
        self.first_s = self.column("I")
        self.last_s = self.column("I")
        self.calls = self.column("H")
        self.lines = self.column("I")

    def column(self, code: str, width: int = 1) -> "array[int]":
        """A new column of `width` cells a row, zeroed; codes are those of the array module."""
        cells = array(code, bytes(self.entries * width * _BYTES[code]))
        self.columns.append(cells)
        return cells

    def find(self, digest: bytes) -> int:
        """The row of the key, or -1."""
        low = digest[2] | digest[3] << 8
        high = digest[4] | digest[5] << 8
        start = ((digest[0] | digest[1] << 8) & self._sets_mask) * WAYS
        tags = self._tag_low
        for row in range(start, start + WAYS):
            if tags[row] == low and self._tag_high[row] == high and self.last_s[row]:
                return row
        return -1

    def take(self, digest: bytes, now_s: int) -> int:
        """A row for a key that is not there: a free one, or the least useful one emptied for it."""
        start = ((digest[0] | digest[1] << 8) & self._sets_mask) * WAYS
        best = start
        least = -1
        for row in range(start, start + WAYS):
            last_s = self.last_s[row]
            if not last_s:
                best = row
                break
            calls = self.calls[row]
            worth = last_s + (calls if calls < 4 else 4) * self._loyalty_s
            if least < 0 or worth < least:
                least = worth
                best = row
        self.clear(best)
        self._tag_low[best] = digest[2] | digest[3] << 8
        self._tag_high[best] = digest[4] | digest[5] << 8
        self.first_s[best] = now_s
        self.last_s[best] = now_s
        return best

    def clear(self, row: int) -> None:
        """Empties a row in every column."""
        for cells in self.columns:
            width = len(cells) // self.entries
            for cell in range(row * width, (row + 1) * width):
                cells[cell] = 0

    def touch(self, row: int, line: int, now_s: int) -> None:
        """Counts a call on line index `line` at `now_s`."""
        self.last_s[row] = now_s
        if self.calls[row] < 65535:
            self.calls[row] += 1
        self.lines[row] |= 1 << (line & 31)


def digest(salt: str, key: str) -> bytes:
    """32 bytes that stand for `key`; `salt` keeps the tables of two trunks apart."""
    return sha256((salt + "\n" + key).encode()).digest()


def count_bits(mask: int) -> int:
    """How many bits of a 32-bit mask are set."""
    bits = 0
    while mask:
        mask &= mask - 1
        bits += 1
    return bits
