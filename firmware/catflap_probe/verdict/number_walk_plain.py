"""The inner loops of the number table where it is no bytes object or there is no viper emitter. Twin of number_walk_viper.py."""

from .number_layout import ENTRY_BYTES, FIRST_NODE, LAST, LEAF_BYTES, LEAVES_AT, MAX_LENGTH, MORE, VALUE_HIGH

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


def kind_in(table: "bytes | Pages", place: int, digits: bytes, end: int, at: int) -> int:
    """The kind of a number, the digits from `at` to `end`, in the plan at `place`; 0 if that has none such."""
    leaf = walk_in(table, place, digits, end, at)
    length = end - at
    if not leaf or not 0 < length <= MAX_LENGTH:
        return 0
    bit = 1 << length - 1
    place = (table[LEAVES_AT] | table[LEAVES_AT + 1] << 8) + LEAF_BYTES * leaf
    while True:
        kind = table[place]
        if (table[place + 1] | table[place + 2] << 8) & bit:
            return kind & ~MORE
        if not kind & MORE:
            return 0
        place += LEAF_BYTES
