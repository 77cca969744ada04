"""Looks numbers up in the lists of a compiled policy: one search, whatever entries there are, and nothing allocated on a board."""

from .layout import DIGEST_BYTES, MAX_DIGITS, PAGE_BYTES, PAGE_WORDS, WORD_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedIOBase

_PLUS, _ZERO, _NINE = 43, 48, 57


class PagedLists:
    """The lists in their file, of which only the first word of each page is kept in memory."""

    def __init__(self, file: "BufferedIOBase", at: int, words: int) -> None:
        """`at`: where in the file the pages' first words begin; the file must stay open. Raises ValueError for a file that is too short."""
        pages = (words + PAGE_WORDS - 1) // PAGE_WORDS
        self.words = words
        self._file = file
        self._heads = bytearray(pages * WORD_BYTES)
        self._pages_at = at + pages * WORD_BYTES
        self._page = bytearray(PAGE_BYTES)
        self._number = -1
        file.seek(0, 2)
        if file.tell() != self._pages_at + words * WORD_BYTES + DIGEST_BYTES:
            raise ValueError("the lists are not as long as its head says")
        file.seek(at)
        file.readinto(self._heads)

    def close(self) -> None:
        """Lets the file go; nothing is found any more."""
        self._file.close()

    def find(self, number: bytes) -> int:
        """The lists (bits) that an ASCII number is in, 0 for none and for what is no number; raises OSError."""
        at = 1 if number and number[0] == _PLUS else 0
        count = len(number) - at
        if not 0 < count <= MAX_DIGITS:
            return 0
        # three digits to ten bits, in two halves that are small integers on a board
        high = at << 4 | count
        # of the zeros in front only these move anything
        if count <= 12:
            high <<= 10
        if count <= 9:
            high <<= 10
        low = group = 0
        left = count
        while left:
            digit = number[-left]
            if not _ZERO <= digit <= _NINE:
                return 0
            group = 10 * group + digit - _ZERO
            left -= 1
            if left % 3 == 0:
                if left >= 9:
                    high = high << 10 | group
                else:
                    low = low << 10 | group
                group = 0
        page = _last(self._heads, len(self._heads) // WORD_BYTES, high, low)
        if page < 0:
            return 0
        if page != self._number:
            self._number = -1
            self._file.seek(self._pages_at + page * PAGE_BYTES)
            self._file.readinto(self._page)
            self._number = page
        place = WORD_BYTES * _last(self._page, min(PAGE_WORDS, self.words - page * PAGE_WORDS), high, low)
        words = self._page
        if not words[place + 6] & 1:
            same = words[place] << 17 | words[place + 1] << 9 | words[place + 2] << 1 | words[place + 3] >> 7 == high
            if not same or (words[place + 3] & 127) << 23 | words[place + 4] << 15 | words[place + 5] << 7 | words[place + 6] >> 1 != low:
                return 0
        return words[place + 7]


def _last(words: bytearray, count: int, high: int, low: int) -> int:
    """The last of the first `count` words whose number is not above the one of these halves; -1 where all are."""
    first = 0
    while first < count:
        middle = (first + count) >> 1
        at = middle << 3
        found = words[at] << 17 | words[at + 1] << 9 | words[at + 2] << 1 | words[at + 3] >> 7
        if found == high:
            found = (words[at + 3] & 127) << 23 | words[at + 4] << 15 | words[at + 5] << 7 | words[at + 6] >> 1
            is_above = found > low
        else:
            is_above = found > high
        if is_above:
            count = middle
        else:
            first = middle + 1
    return first - 1


def open_lists(file: "BufferedIOBase", at: int, words: int) -> "PagedLists":
    """The lists of an open file on whichever way is fastest here; raises ValueError."""
    try:
        import micropython  # noqa: F401
    except ImportError:
        from .lists_whole import WholeLists

        return WholeLists(file, at, words)
    return PagedLists(file, at, words)
