"""The called line's own numbers, and how near a calling number is to them."""

from . import china, world
from .trunk_plan import SUBSCRIBER, TrunkPlan

NEIGHBOUR_DIGITS = 4
_LEAST_NEIGHBOUR = 7


class OwnNumbers:
    """Single numbers and ranges `first-last`, with or without the area code.

    heads: how those begin whose last four digits alone differ within their range; wide: the other ranges. A number that fits
    neither is far from them all.
    """

    def __init__(self, numbers: "list[str]", plan: TrunkPlan) -> None:
        """Raises ValueError, naming the entry, for one that is neither digits nor a range of equally long digits."""
        self.ranges: list[tuple[str, str]] = []
        self.heads: set[bytes] = set()
        self.wide: list[tuple[str, str]] = []
        home = TrunkPlan(plan.letters, plan.area_code, SUBSCRIBER)
        for entry in numbers:
            first, dash, last = entry.partition("-")
            if not dash:
                last = first
            if not (_are_digits(first) and _are_digits(last) and len(first) == len(last) and first <= last):
                raise ValueError("own number %r is neither digits nor FIRST-LAST of equally many digits" % entry)
            self._add(first, last)
            first = _key_of(first, home)
            last = _key_of(last, home)
            self._add(first, last)
            if plan.area_code and first.startswith(plan.area_code) and last.startswith(plan.area_code):
                self._add(first[len(plan.area_code) :], last[len(plan.area_code) :])

    def _add(self, first: str, last: str) -> None:
        if first and len(first) == len(last) and (first, last) not in self.ranges:
            self.ranges.append((first, last))
            head = first[:-NEIGHBOUR_DIGITS]
            if head == last[:-NEIGHBOUR_DIGITS]:
                self.heads.add(head.encode())
            else:
                self.wide.append((first, last))

    def has(self, key: str) -> bool:
        """True if the number of that key is one of them."""
        return self.is_near(key) and self._has(key)

    def is_neighbour(self, key: str) -> bool:
        """True if a number differs from one of them in its last digits only, and is none of them."""
        return len(key) >= _LEAST_NEIGHBOUR and self.is_near(key) and not self._has(key)

    def is_near(self, key: str) -> bool:
        """Whether one of them is as long as this number and begins as it does, up to its last four digits: seldom True."""
        head = key[:-NEIGHBOUR_DIGITS]
        if head.encode() in self.heads:
            for first, _ in self.ranges:
                if len(first) == len(key) and first[:-NEIGHBOUR_DIGITS] == head:
                    return True
        if not self.wide:
            return False
        length = len(key)
        return any([len(a) == length and a[:-NEIGHBOUR_DIGITS] <= head <= b[:-NEIGHBOUR_DIGITS] for a, b in self.wide])

    def _has(self, key: str) -> bool:
        return any(len(key) == len(first) and first <= key <= last for first, last in self.ranges)


def _are_digits(text: str) -> bool:
    try:
        return text.encode().isdigit()
    except ValueError:
        return False


def _key_of(number: str, plan: TrunkPlan) -> str:
    judge = china.check if plan.letters == "CN" else world.check
    return judge(number, number.encode(), plan).key
