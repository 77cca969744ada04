"""The inner loop of the number table where it is no bytes object or there is no viper emitter. Twin of number_walk_viper.py."""

from .number_layout import ENTRY_BYTES, FIRST_NODE, LAST, VALUE_HIGH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .number_pages import Pages


def walk_in(table: "bytes | Pages", place: int, digits: bytes, end: int, at: int) -> int:
    """The number of the leaf that ASCII `digits` from `at` to `end` lead to from a node at `place`, 0 if they lead nowhere.

    Where the digits end before a leaf, zeros follow.
    """
    if not place:
        return 0
    while True:
        bit = 1 << digits[at] - 48 if at < end else 1
        at += 1
        while True:
            head = table[place] | table[place + 1] << 8
            if head & bit:
                value = (head & VALUE_HIGH) >> 2 | table[place + 2]
                if value < FIRST_NODE:
                    return value
                place -= ENTRY_BYTES * (value - FIRST_NODE + 1)
                break
            if head & LAST:
                return 0
            place += ENTRY_BYTES
