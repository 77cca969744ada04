"""The lists of a compiled policy whole in memory, for CPython: a million entries are searched by `bisect`. Twin of lists.py."""

import sys
from array import array
from bisect import bisect_right

from .layout import MAX_DIGITS, SPANS, WORD_BYTES
from .lists import PagedLists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedIOBase

_FLAGS = 2 * SPANS - 1


class WholeLists(PagedLists):
    """See PagedLists."""

    def __init__(self, file: "BufferedIOBase", at: int, words: int) -> None:
        """See PagedLists; the file is closed."""
        super().__init__(file, at, words)
        file.seek(self._pages_at)
        whole = file.read(words * WORD_BYTES)
        file.close()
        self._all = array("Q", whole)
        if sys.byteorder == "little":
            self._all.byteswap()

    def find(self, number: bytes) -> int:
        """See PagedLists."""
        is_plus = number[:1] == b"+"
        count = len(number) - is_plus
        if not 0 < count <= MAX_DIGITS or not number[is_plus:].isdigit():
            return 0
        key = word_of(int(number), count, is_plus) | _FLAGS
        place = bisect_right(self._all, key) - 1
        if place < 0:
            return 0
        word = self._all[place]
        return word & SPANS - 1 if word & SPANS or word | _FLAGS == key else 0


def word_of(number: int, count: int, is_plus: bool) -> int:
    """The word, without its last nine bits, of a number of `count` digits."""
    high, low = divmod(number, 1000000000)
    a, b = divmod(high, 1000)
    c, rest = divmod(low, 1000000)
    d, e = divmod(rest, 1000)
    return (is_plus << 4 | count) << 59 | a << 49 | b << 39 | c << 29 | d << 19 | e << 9
