"""The roving strangers: young numbers that have called two lines or more and belong to nobody here, in a table of fixed size."""

from .numbers import YOUNG_S

ROVERS = 64


class Rover:
    """One roving number: its key, when it was first and last heard."""

    __slots__ = ("first_s", "key", "last_s")

    def __init__(self, key: str, first_s: int, last_s: int) -> None:
        self.key = key
        self.first_s = first_s
        self.last_s = last_s


class Rovers:
    """At most ROVERS of them; the longest idle one gives way."""

    def __init__(self) -> None:
        self.rovers: list[Rover] = []
        self.last_s = 0  # last call of any of them

    def find(self, key: str) -> "Rover | None":
        """The rover of that key, or None."""
        for rover in self.rovers:
            if rover.key == key:
                return rover
        return None

    def idle_rank(self, key: str) -> int:
        """How many rovers have been idle longer than this one, in 1/255 of all others; -1 if it is none of them.

        A SIM bank that takes its longest idle card next keeps calling from low ranks.
        """
        me = self.find(key)
        others = len(self.rovers) - 1
        if me is None or others < 1:
            return -1
        longer = 0
        for rover in self.rovers:
            if rover.last_s < me.last_s:
                longer += 1
        return longer * 255 // others

    def saw(self, key: str, first_s: int, now_s: int) -> None:
        """Takes a call of a roving number in."""
        self.last_s = now_s
        rover = self.find(key)
        if rover is not None:
            rover.last_s = now_s
            return
        if len(self.rovers) >= ROVERS:
            idlest = 0
            for index in range(1, len(self.rovers)):
                if self.rovers[index].last_s < self.rovers[idlest].last_s:
                    idlest = index
            self.rovers.pop(idlest)
        self.rovers.append(Rover(key, first_s, now_s))

    def drop_old(self, now_s: int) -> None:
        """Lets go of those that are young no longer."""
        oldest_s = now_s - YOUNG_S
        for index in range(len(self.rovers) - 1, -1, -1):
            if self.rovers[index].first_s < oldest_s:
                self.rovers.pop(index)
