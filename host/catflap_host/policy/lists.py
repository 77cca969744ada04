"""Entries of lists compiled into the words that a probe searches (catflap_probe/rules/layout.py): disjoint, sorted, in one sweep.

allow 0755...            ######################
deny  07550000-07559999       ####                       sorted edges, and between any two of them the lists that hold there
words                    A    AD  A            0
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catflap_probe.rules.layout import MAX_DIGITS, PAGE_WORDS, SPANS, WORD_BYTES

MOST_PREFIXES = 100_000
"""A prefix takes up to thirty words, a number one."""

_ROOM: int = 10**MAX_DIGITS
_END = 32 * _ROOM
_LISTS = 8
_Whole = NDArray[np.int64]


class ListEntry(NamedTuple):
    """Numbers that belong to lists (bits): from `first` to `last`, of as many digits; or all that begin with `first`.

    Of a prefix `last` is empty. 1 to 15 digits, a + in front or not; a prefix may be + alone.
    """

    first: str
    last: str
    lists: int


class ListError(ValueError):
    """An entry that cannot be compiled."""


def compile_lists(entries: Iterable[ListEntry]) -> bytes:
    """The words of all entries, as a compiled policy has them behind its first line. Raises ListError."""
    firsts: list[int] = []
    lasts: list[int] = []
    lists: list[int] = []
    prefixes = 0
    for entry in entries:
        first = entry.first
        if entry.last:
            firsts.append(_place(first))
            lasts.append(firsts[-1] if entry.last == first else _place(entry.last))
            lists.append(entry.lists)
            continue
        prefixes += 1
        if prefixes > MOST_PREFIXES:
            raise ListError(f"more than {MOST_PREFIXES} prefixes; write ranges or numbers")
        for low, high in _lengths(first):
            firsts.append(low)
            lasts.append(high)
            lists.append(entry.lists)
    words = _words(np.array(firsts, np.int64), np.array(lasts, np.int64), np.array(lists, np.uint8))
    return words[::PAGE_WORDS].tobytes() + words.tobytes()


def words_in(lists: bytes) -> int:
    """How many words compiled lists have."""
    words = len(lists) // WORD_BYTES
    return words - (words + PAGE_WORDS) // (PAGE_WORDS + 1)


def _place(number: str) -> int:
    """A number's place among all: without a + before with one, fewer digits before more."""
    count = len(number)
    if number[0] == "+":
        return (15 + count) * _ROOM + int(number[1:])
    return count * _ROOM + int(number)


def _lengths(prefix: str) -> Iterable[tuple[int, int]]:
    """What a prefix covers, for each count of digits."""
    plus = "+" if prefix[0] == "+" else ""
    digits = prefix[len(plus) :]
    for count in range(max(len(digits), 1), MAX_DIGITS + 1):
        more = count - len(digits)
        yield _place(f"{plus}{digits}{'0' * more}"), _place(f"{plus}{digits}{'9' * more}")


def _words(firsts: _Whole, lasts: _Whole, lists: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Where any list begins or ends, and which hold from there on."""
    edges = np.unique(np.concatenate([firsts, lasts + 1]))
    held = np.zeros(len(edges), np.uint8)
    begins, ends = np.searchsorted(edges, firsts), np.searchsorted(edges, lasts + 1)
    for bit in range(_LISTS):
        of_bit = lists >> bit & 1 == 1
        if of_bit.any():
            count = np.bincount(begins[of_bit], minlength=len(edges)) - np.bincount(ends[of_bit], minlength=len(edges))
            held |= ((np.cumsum(count) > 0).astype(np.uint8) << bit).astype(np.uint8)
    is_new = np.ones(len(edges), bool)
    is_new[1:] = held[1:] != held[:-1]
    edges, held = edges[is_new], held[is_new]
    spans = np.ones(len(edges), bool)
    spans[:-1] = np.diff(edges) > 1
    spans |= held == 0
    # behind a single number nothing holds anyway
    is_needed = held != 0
    is_needed[1:] |= spans[:-1]
    is_needed &= edges < _END
    return _written(edges[is_needed], held[is_needed], spans[is_needed])


def _written(places: _Whole, lists: NDArray[np.uint8], spans: NDArray[np.bool_]) -> NDArray[np.uint64]:
    words = (places // _ROOM).astype(np.uint64)
    number = places % _ROOM
    for power in (10**12, 10**9, 10**6, 10**3, 1):
        words = words << np.uint64(10) | (number // power % 1000).astype(np.uint64)
    words = words << np.uint64(9) | np.where(spans, np.uint64(SPANS), np.uint64(0)) | lists.astype(np.uint64)
    big_endian: NDArray[np.uint64] = words.astype(">u8")
    return big_endian
