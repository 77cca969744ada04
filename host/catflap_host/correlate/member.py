"""A number of a pool, with what of its conduct can tell its bank from another: hours, pace and lines."""

import math
from collections.abc import Iterable

from catflap_host.correlate.callers import DAY_S, Caller

BLOCK_DIGITS = 3
"""A purchase of cards lies within a thousand; within ten thousand there are honest neighbours."""

SLOT_S = 1_800
SLOTS = DAY_S // SLOT_S
MOST_A_SLOT = 255
MOST_GAP_S = DAY_S // 2
"""A longer time between two calls is a night, or a day off."""


class Member:
    """One number; a core one has been a suspect at two sites itself.

    `slots` counts its calls by the half hour of the universal day; `days` those after its first one here on which it called, and
    `day_calls` its calls on them; `gaps` the times between two calls of one day, of which `log_gaps` is the sum of logarithms; `lines` has
    a bit for each line that it called.
    """

    __slots__ = ("day_calls", "days", "first_s", "gaps", "is_core", "last_s", "lines", "log_gaps", "sites", "slots", "ties")

    def __init__(self, caller: Caller, ties: Iterable[str], is_core: bool) -> None:
        self.first_s = caller.first_s
        self.last_s = caller.last_s
        self.sites = caller.sites
        self.lines = caller.lines
        self.ties = dict.fromkeys(ties)
        self.is_core = is_core
        self.slots = bytearray(SLOTS)
        self.days = 0
        self.day_calls = 0
        self.gaps = 0
        self.log_gaps = 0.0

    def took(self, caller: Caller, at_s: int) -> None:
        """It has called again."""
        gap_s = at_s - self.last_s
        if 0 < gap_s < MOST_GAP_S:
            self.gaps += 1
            self.log_gaps += math.log(gap_s)
        self.days += at_s // DAY_S > self.last_s // DAY_S
        # on the first day it had called before it was known
        self.day_calls += self.days > 0
        slot = at_s % DAY_S // SLOT_S
        self.slots[slot] = min(self.slots[slot] + 1, MOST_A_SLOT)
        self.last_s = caller.last_s
        self.sites = caller.sites
        self.lines = caller.lines


def block_of(number: str) -> str:
    """The tie of the thousand that a number lies in."""
    return f"block:{number[:-BLOCK_DIGITS]}"


def blocks_beside(number: str) -> list[str]:
    """Those of its thousand, and of the thousands before and after."""
    block = int(number[1:-BLOCK_DIGITS])
    return [f"block:+{beside}" for beside in (block, block - 1, block + 1)]
