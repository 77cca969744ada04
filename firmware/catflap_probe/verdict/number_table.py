"""Reads the compiled numbering plans in place (number_layout.py): frozen into a board's firmware, or numbers.bin beside this module."""

from .number_layout import (
    COUNTRY_BYTES,
    LEAF_BYTES,
    LEAVES_AT,
    LENGTHS_BYTES,
    MAGIC,
    MORE,
    NATIONAL_BYTES,
    PREFIXES_BYTES,
    REGION_BYTES,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .number_pages import Pages

    _Loop = Callable[[bytes | Pages, int, bytes, int, int], int]


def _load() -> "bytes | Pages":
    try:
        # a frozen bytes object stays in flash
        from ._numbers_frozen import TABLE as frozen  # type: ignore[import-not-found,unused-ignore]

        return frozen  # type: ignore[no-any-return,unused-ignore]
    except ImportError:
        path = __file__[: __file__.rfind("/") + 1] + "numbers.bin"
    try:
        import micropython  # noqa: F401

        from .number_pages import Pages

        return Pages(open(path, "rb"))
    except ImportError:
        with open(path, "rb") as file:
            return file.read()


def _loops() -> "tuple[_Loop, _Loop]":
    if isinstance(TABLE, bytes):
        try:
            from .number_walk_viper import kind_in as fast_kind
            from .number_walk_viper import walk_in as fast_walk

            return fast_walk, fast_kind
        except (ImportError, SyntaxError):  # CPython; a MicroPython without machine code
            pass
    from .number_walk_plain import kind_in as plain_kind
    from .number_walk_plain import walk_in

    return walk_in, plain_kind


TABLE = _load()
_walk_in, _kind_in = _loops()


def _two(place: int) -> int:
    return TABLE[place] | TABLE[place + 1] << 8


def _bytes(place: int, count: int) -> bytes:
    return bytes([TABLE[place + index] for index in range(count)])


assert _bytes(0, 4) == MAGIC, "numbers.bin is not a number table of this version"


LEAVES = _two(LEAVES_AT)
CODES = _two(6)
COUNTRIES = _two(8)
LENGTHS = _two(10)
REGIONS = _two(12)
REGIONS_END = _two(14)
PREFIXES = _two(16)
CHINA = _two(18)
TEXT_TRIE = _two(20)
TEXTS = _two(22)
# the letters of all regions in a row, blanks for none
_LETTERS = bytes((TABLE[place + at] or 32) for place in range(REGIONS, REGIONS_END, REGION_BYTES) for at in (0, 1)).decode()


def walk(place: int, digits: bytes, at: int) -> int:
    """The number of the leaf that ASCII `digits` from `at` on lead to, 0 if they lead nowhere; where they end before it, zeros follow."""
    return _walk_in(TABLE, place, digits, len(digits), at)


def kind_of(place: int, digits: bytes, at: int) -> int:
    """The kind of a number, the digits from `at` on, in the plan at `place`; 0 if that has none such."""
    return _kind_in(TABLE, place, digits, len(digits), at)


def lengths_at(leaf: int, kind: int) -> int:
    """The lengths that numbers of a kind have at a leaf, 0 for none."""
    if leaf:
        place = LEAVES + LEAF_BYTES * leaf
        while True:
            found = TABLE[place]
            if found & ~MORE == kind:
                return _two(place + 1)
            if not found & MORE:
                return 0
            place += LEAF_BYTES
    return 0


def code_of(digits: bytes, at: int) -> int:
    """The calling code that the digits from `at` on begin with: 256 x its length + the number of its country; 0: nobody has it."""
    code = walk(CODES, digits, at)
    return code if code >> 8 <= len(digits) - at else 0


def kind_in(country: int, digits: bytes, at: int) -> int:
    """The kind of a national number of a country by its number, 0 if its plan has none such."""
    return kind_of(_two(COUNTRIES + COUNTRY_BYTES * country), digits, at)


def lengths_of(country: int) -> int:
    """The lengths of a country's national numbers."""
    return _two(LENGTHS + LENGTHS_BYTES * TABLE[COUNTRIES + COUNTRY_BYTES * country + 4])


def local_lengths_of(country: int) -> int:
    """The lengths of its numbers without area code."""
    return _two(LENGTHS + LENGTHS_BYTES * TABLE[COUNTRIES + COUNTRY_BYTES * country + 4] + 2)


def region_in(country: int, digits: bytes, at: int) -> int:
    """The region that a national number from `at` on belongs to, 0 for calling codes of no region."""
    place = COUNTRIES + COUNTRY_BYTES * country
    trie = _two(place + 2)
    return (trie and walk(trie, digits, at)) or TABLE[place + 5]


def region_of(letters: str) -> int:
    """The number of a region, 0 if the table has none of these letters."""
    if len(letters) == 2:
        first = ord(letters[0])
        second = ord(letters[1])
        for place in range(REGIONS + REGION_BYTES, REGIONS_END, REGION_BYTES):
            if TABLE[place] == first and TABLE[place + 1] == second:
                return (place - REGIONS) // REGION_BYTES
    return 0


def letters_of(region: int) -> str:
    """The two letters of a region, empty for none."""
    return _LETTERS[2 * region : 2 * region + 2].strip()


def country_of(region: int) -> int:
    """The number of a region's country."""
    return TABLE[REGIONS + REGION_BYTES * region + 2]


def prefixes_of(region: int) -> "tuple[bytes, bytes]":
    """What a region dials in front of national and of foreign numbers; the former may be empty."""
    place = PREFIXES + PREFIXES_BYTES * TABLE[REGIONS + REGION_BYTES * region + 3]
    return _bytes(place, NATIONAL_BYTES).strip(), _bytes(place + NATIONAL_BYTES, PREFIXES_BYTES - NATIONAL_BYTES).strip()


def texts_of(digits: bytes, at: int) -> "tuple[str, str]":
    """Holder and place of a Chinese number as it is shown at home, from `at` on. Slow: goes through all texts before them."""
    number = walk(TEXT_TRIE, digits, at)
    return text_at(number) if number else ("", "")


def text_at(number: int) -> "tuple[str, str]":
    """A text by its number: 0 tells what the table was made of."""
    place = TEXTS
    for _ in range(2 * number):
        place += 1 + TABLE[place]
    middle = place + 1 + TABLE[place]
    return _bytes(place + 1, TABLE[place]).decode(), _bytes(middle + 1, TABLE[middle]).decode()
