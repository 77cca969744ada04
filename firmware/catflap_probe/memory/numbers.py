"""What is remembered of a calling number and of the block of ten thousand numbers around it."""

from .scale import log8
from .table import DAY_S, Table

MEMBERS = 12
"""Latest new numbers of a block that are kept by their last four digits."""

REGULAR_CALLS = 4
REGULAR_AGE_S = 5 * DAY_S
YOUNG_S = 3 * DAY_S


class Numbers(Table):
    """A row a calling number."""

    def __init__(self, entries: int) -> None:
        Table.__init__(self, entries)
        self.last_line = self.column("B")
        self.ring_ds = self.column("H")  # length of the last ringing, tenths of a second
        self.answered = self.column("B")
        self.least_gap = self.column("B")  # log8 of the shortest time between two calls, 0 before the second
        self.talk = self.column("B")  # log8 of the longest talk's seconds
        self.suspicion = self.column("B")

    def waited(self, row: int, now_s: int) -> None:
        """Takes in that a number that has called before calls again, before `last_s` is set."""
        gap = log8(now_s - self.last_s[row] + 1)
        if not self.least_gap[row] or gap < self.least_gap[row]:
            self.least_gap[row] = gap

    def is_regular(self, row: int, now_s: int) -> bool:
        """True for a number that has come back over days: whoever knew us before is no rotating card."""
        return self.calls[row] >= REGULAR_CALLS and now_s - self.first_s[row] >= REGULAR_AGE_S


class Blocks(Table):
    """A row a block: a number without its last four digits."""

    def __init__(self, entries: int) -> None:
        Table.__init__(self, entries)
        self.suffix = self.column("H")  # of the last caller
        self.other_s = self.column("I")  # last call of a number other than `suffix`
        self.regular_s = self.column("I")  # last call of a regular of this block
        self.next_member = self.column("B")
        self.member_suffix = self.column("H", MEMBERS)
        self.member_s = self.column("I", MEMBERS)  # first call of that member; 0: none
        self.suspicion = self.column("B")

    def add_member(self, row: int, suffix: int, now_s: int) -> None:
        """Keeps a new number of the block; the oldest kept one gives way."""
        slot = self.next_member[row]
        self.member_suffix[row * MEMBERS + slot] = suffix
        self.member_s[row * MEMBERS + slot] = now_s
        self.next_member[row] = (slot + 1) % MEMBERS

    def young_members(self, row: int, suffix: int, now_s: int) -> int:
        """How many numbers other than `suffix` first called within YOUNG_S; at most MEMBERS."""
        count = 0
        for cell in range(row * MEMBERS, (row + 1) * MEMBERS):
            first_s = self.member_s[cell]
            if first_s and now_s - first_s <= YOUNG_S and self.member_suffix[cell] != suffix:
                count += 1
        return count

    def nearest(self, row: int, suffix: int) -> int:
        """Distance from `suffix` to the closest other kept number; 10000 where there is none."""
        least = 10000
        for cell in range(row * MEMBERS, (row + 1) * MEMBERS):
            if self.member_s[cell]:
                distance = self.member_suffix[cell] - suffix
                if distance < 0:
                    distance = -distance
                if 0 < distance < least:
                    least = distance
        return least

    def since_other_s(self, row: int, suffix: int, now_s: int) -> int:
        """Seconds since a number other than `suffix` called from this block; -1: never."""
        last_s = self.last_s[row] if self.suffix[row] != suffix else self.other_s[row]
        return now_s - last_s if last_s else -1


def block_of(calling: str) -> str:
    """The block of a number: all but its last four digits; empty for numbers too short to have neighbours."""
    return calling[:-4] if len(calling) >= 9 and calling[-4:].isdigit() else ""
