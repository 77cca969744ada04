"""What the first opinion of earlier calls leaves with a number, a block and the trunk: fast to rise, slow to fall.

A suspicion is how likely a call was a SIM bank's by its own features alone, 0 ... 255 (Bundle.suspicion). The second opinion has the
suspicion of earlier calls beside those features.
"""

from .counter import ONE, Counter
from .scale import MOST, log8
from .suspects import Suspects
from .table import DAY_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

SUSPECT = 128
"""From this suspicion on a mobile is a suspect: hardly one honest call in 500 is (models: fitting)."""


def of_number(kept: int, suspicion: int) -> int:
    """What a number keeps, 0 ... 255, after a call of that suspicion."""
    return (kept + suspicion) >> 1 if kept > suspicion else (kept + 3 * suspicion) >> 2


def of_block(kept: int, suspicion: int) -> int:
    """What a block keeps, 0 ... 255, after a call of that suspicion from it."""
    return (7 * kept + suspicion) >> 3 if kept > suspicion else (kept + suspicion) >> 1


class TrunkSuspicion:
    """What the trunk keeps: the suspects of a day, and the sums of a day's and an hour's suspicions beside a day's calls."""

    __slots__ = ("calls", "day", "hour", "suspects")

    def __init__(self) -> None:
        self.day = Counter(DAY_S)
        self.hour = Counter(3600)
        self.calls = Counter(DAY_S)
        self.suspects = Suspects()

    def saw(self, key: str, is_mobile: bool, suspicion: int, now_s: int) -> None:
        """Takes a call of that suspicion in."""
        self.calls.add(now_s)
        amount = suspicion * ONE >> 8
        if amount:
            self.day.add(now_s, amount)
            self.hour.add(now_s, amount)
        if is_mobile and suspicion >= SUSPECT:
            self.suspects.saw(key, now_s)

    def fill(self, out: "array[int] | list[int]", place: int, key: str, now_s: int) -> None:
        """Writes five features of a call of the number `key`, from `place` on."""
        day, calls = self.day.at(now_s), self.calls.at(now_s)
        out[place] = log8(day)
        out[place + 1] = log8(self.hour.at(now_s))
        out[place + 2] = min(day * MOST // calls, MOST) if calls else 0
        others = self.suspects.others(key, now_s)
        out[place + 3] = min(others << 2, MOST)
        out[place + 4] = self.suspects.idle_rank(key)
