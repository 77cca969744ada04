"""The numbers whose calls of late were a SIM bank's by the first opinion, in a list of fixed size."""

from .table import DAY_S

SUSPECTS = 64


class Suspects:
    """At most SUSPECTS of them, the longest idle one first: it gives way."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.last_s: list[int] = []

    def saw(self, key: str, now_s: int) -> None:
        """Takes a call of a suspect in."""
        if key in self.keys:
            self._drop(self.keys.index(key))
        elif len(self.keys) >= SUSPECTS:
            self._drop(0)
        self.keys.append(key)
        self.last_s.append(now_s)

    def others(self, key: str, now_s: int) -> int:
        """How many numbers other than this one have been suspects within a day."""
        while self.last_s and now_s - self.last_s[0] > DAY_S:
            self._drop(0)
        return len(self.keys) - (key in self.keys)

    def idle_rank(self, key: str) -> int:
        """255 for the longest idle suspect, whose turn it is in a bank's common order, falling to 1 for the latest; 0 for none of them."""
        return 255 - self.keys.index(key) * 254 // len(self.keys) if key in self.keys else 0

    def _drop(self, place: int) -> None:
        self.keys.pop(place)
        self.last_s.pop(place)
