"""The order in which a pool's cards take turns: as many of its calls lie between two of one card's, again and again, where they rotate.

A B C D A B C D A ...    distances 4 4 4 4 4        in order
A C A B D D B A C ...    distances 2 4 1 5 6 ...    by chance: their deviation is about as large as their mean
"""

ENOUGH = 40
"""So many distances tell order from chance."""

MOST_CARDS = 4_096


class Turns:
    """Distances between calls of one card, counted in the pool's calls."""

    __slots__ = ("calls", "distances", "last", "squares", "total")

    def __init__(self) -> None:
        self.calls = 0
        self.distances = 0
        self.total = 0
        self.squares = 0
        self.last: dict[str, int] = {}

    def took(self, number: str) -> None:
        """A card of the pool has called."""
        self.calls += 1
        before = self.last.pop(number, 0)
        if before:
            distance = self.calls - before
            self.distances += 1
            self.total += distance
            self.squares += distance * distance
        elif len(self.last) >= MOST_CARDS:
            del self.last[next(iter(self.last))]
        self.last[number] = self.calls

    def forget(self, number: str) -> None:
        """A card has left the pool."""
        self.last.pop(number, None)

    def are_in_order(self) -> bool:
        """Whether the distances vary by less than half of their mean: of a pool that rotates, and most of whose calls are heard."""
        if self.distances < ENOUGH:
            return False
        # variance < (mean / 2)^2, in whole numbers
        return 4 * (self.squares * self.distances - self.total * self.total) < self.total * self.total
