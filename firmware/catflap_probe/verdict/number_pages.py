"""The number table read in place from its file, a page at a time: for a MicroPython that has not got it frozen, to spare the heap."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedReader

PAGE_BYTES = 256
_PAGE_BITS = 8
_SLOTS = 16


class Pages:
    """Bytes of a file by index, as of a bytes object; the latest pages are kept."""

    def __init__(self, file: "BufferedReader") -> None:
        """Takes an open file, which must stay open."""
        self._file = file
        self._pages = [bytearray(PAGE_BYTES) for _ in range(_SLOTS)]
        self._numbers = [-1] * _SLOTS

    def __getitem__(self, index: int) -> int:
        """The byte at an index, which must be within the file."""
        number = index >> _PAGE_BITS
        slot = number & _SLOTS - 1
        page = self._pages[slot]
        if self._numbers[slot] != number:
            self._file.seek(number << _PAGE_BITS)
            self._file.readinto(page)
            self._numbers[slot] = number
        return page[index & PAGE_BYTES - 1]
