"""The feed to the probes: which numbers are a pool's, piece by piece, so that a probe is told each once and never much at a time.

place 17: +8613812345678 is one for a week     18: another     21: the first no more
a probe that says `"feed":[17,64]` is told 18 to 21, and that the feed is at 21 now
"""

import threading
from bisect import bisect_right

LIFE_S = 7 * 86_400
"""A number is a pool's for so long after it was told; while it goes on calling it is told again at half of that."""

MOST_NUMBERS = 4_096
"""As many as a Linux probe has room for; the one told longest ago gives way."""

MOST_AT_ONCE = 24
"""Numbers of one answer, which a board must get in one frame of its serial link (PROTOCOL.md section 9)."""

LEAST_POLL_MS, MOST_POLL_MS = 2_000, 10_000
POLLS_A_SECOND = 1_000
"""However many probes there are, they ask no more often than this together, within the bounds above."""

MAX_PROBES = 65_536


class Feed:
    """What probes are told. Written in one thread and read in another; places only rise, also over a restart, since they are a clock's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until_s: dict[str, tuple[int, int]] = {}  # by number: its place and its end, 0 for one that left
        self._places: list[int] = []
        self._numbers: list[str] = []
        self._now_s = 0
        self._probes: dict[str, None] = {}

    def tell(self, number: str, now_s: int, now_ms: int) -> None:
        """A number is a pool's at `now_s` by the probes' clocks; `now_ms` is our own, in Unix milliseconds."""
        with self._lock:
            self._now_s = max(self._now_s, now_s)
            self._add(number, now_s + LIFE_S, now_ms)

    def untell(self, number: str, now_ms: int) -> None:
        """A number is no pool's after all; only those are told who were told of it."""
        with self._lock:
            if number in self._until_s:
                self._add(number, 0, now_ms)

    def is_due(self, number: str, now_s: int) -> bool:
        """Whether a number that goes on calling is to be told again."""
        with self._lock:
            _, until_s = self._until_s.get(number, (0, 0))
            return until_s - now_s < LIFE_S // 2

    def newest(self) -> int:
        """The place of the last word, 0 before the first."""
        with self._lock:
            return self._places[-1] if self._places else 0

    def answer(self, probe: str, asked: tuple[int, int] | None) -> dict[str, object]:
        """What an answer to a probe says of the feed; `asked` is the place that it has and its room, None of one that takes no feed."""
        if asked is None:
            return {}
        with self._lock:
            if len(self._probes) < MAX_PROBES:
                self._probes[probe] = None
            poll_ms = min(max(LEAST_POLL_MS, len(self._probes) * 1_000 // POLLS_A_SECOND), MOST_POLL_MS)
            place, text = self._after(*asked)
        fields: dict[str, object] = {"poll_ms": poll_ms}
        if text:
            fields["feed"] = {"at": place, "pool": text}
        return fields

    def _add(self, number: str, until_s: int, now_ms: int) -> None:
        place = max(now_ms, self._places[-1] + 1 if self._places else 0)
        self._until_s.pop(number, None)
        if len(self._until_s) >= MOST_NUMBERS:
            del self._until_s[next(iter(self._until_s))]
        self._until_s[number] = place, until_s
        self._places.append(place)
        self._numbers.append(number)
        if len(self._places) > 2 * MOST_NUMBERS:
            self._numbers = list(self._until_s)
            self._places = [place for place, _ in self._until_s.values()]

    def _after(self, place: int, room: int) -> tuple[int, str]:
        """The next piece past a place, oldest first; more than a probe has room for is left out from the beginning."""
        start = max(bisect_right(self._places, place), len(self._places) - max(room, 1))
        words: list[str] = []
        for at in range(start, len(self._places)):
            number = self._numbers[at]
            told_at, until_s = self._until_s.get(number, (0, 0))
            if told_at != self._places[at] or (not until_s and not place):
                continue
            place_now = told_at
            words += [number, str(max(until_s - self._now_s, 0))]
            if len(words) == 2 * MOST_AT_ONCE:
                break
        return (place_now, " ".join(words)) if words else (place, "")
