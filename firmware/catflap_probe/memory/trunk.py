"""The memory of one trunk: what every call on it is compared with, and how it is kept over a restart."""

from .counter import Counter
from .feed import ROWS, Feed
from .numbers import YOUNG_S, Blocks, Numbers, block_of
from .recent import Recent
from .rovers import Rovers
from .scale import log8
from .suspicion import TrunkSuspicion, of_block, of_number
from .table import DAY_S, count_bits, digest

TABLES = {"linux": (16384, 4096), "board": (512, 128)}
"""Rows of the number and the block table, by name; verdicts agree at equal sizes only."""

MAX_LINES = 64
ONE_RING_MS = 3000

RANG_ON, GIVEN_UP = -1, -2
"""Instead of seconds of talk: nobody answered, as far as the line told; and: it was gone before anybody could, by its caller's will."""


class Sight:
    """What the memory says of one call at one moment; rows are -1 where the number or block is new or there is none."""

    __slots__ = ("block_digest", "block_row", "digest", "key", "now_s", "row", "suffix", "suspicion")

    def __init__(self) -> None:
        self.key = ""
        self.now_s = 0
        self.digest = b""
        self.row = -1
        self.block_digest = b""
        self.block_row = -1
        self.suffix = 0
        self.suspicion = -1  # of the call, 0 ... 255 once the classifier was asked about it


class TrunkMemory:
    """Bounded, O(1) a call. Seconds are counted from 2010-01-01 UTC, so that a board's small integers hold them."""

    def __init__(self, trunk_id: str, tables: str) -> None:
        """Raises KeyError for a table size that is none of TABLES."""
        self.salt = trunk_id
        self.changes = 0  # goes up with whatever is taken in
        number_rows, block_rows = TABLES[tables]
        self.numbers = Numbers(number_rows)
        self.blocks = Blocks(block_rows)
        self.rovers = Rovers()
        self.suspicion = TrunkSuspicion()
        self.feed = Feed(ROWS[tables])
        self.since_s = 0  # first call ever heard
        self.calls_10min = Counter(600)
        self.new_mobiles_1h = Counter(3600)
        self.new_mobiles_week = Counter(7 * DAY_S)
        self.young_calls_1h = Counter(3600)  # of mobiles that have first called within YOUNG_S
        self.young_calls = Counter(DAY_S)
        self.young_numbers = Counter(DAY_S)  # those of them whose last call is half a day ago or more
        self.young_numbers_weeks = Counter(16 * DAY_S)
        self.one_rings_1h = Counter(3600)
        self.nameless_10min = Counter(600)
        self.line_10min = [Counter(600) for _ in range(MAX_LINES)]
        self.line_last_s = [0] * MAX_LINES
        self.recent = Recent()
        self.flood_s = 0  # last call of a number that floods the trunk

    def counters(self) -> "list[Counter]":
        """Every counter, in the order on flash."""
        of_trunk = [self.calls_10min, self.new_mobiles_1h, self.new_mobiles_week, self.one_rings_1h, self.nameless_10min]
        young = [self.young_calls_1h, self.young_calls, self.young_numbers, self.young_numbers_weeks]
        return of_trunk + young + [self.suspicion.day, self.suspicion.hour, self.suspicion.calls] + self.line_10min

    def look(self, key: str, now_s: int) -> Sight:
        """Finds what is known of a number; `key` is its canonical form, empty where none was shown."""
        sight = Sight()
        sight.key = key
        sight.now_s = now_s
        if key:
            sight.digest = digest(self.salt, key)
            sight.row = self.numbers.find(sight.digest)
            block = block_of(key)
            if block:
                sight.suffix = int(key[-4:])
                sight.block_digest = digest(self.salt, block)
                sight.block_row = self.blocks.find(sight.block_digest)
        return sight

    def arrived(self, sight: Sight, line: int, is_mobile: bool) -> None:
        """Takes a call's arrival in; the sight's rows are filled in where they were new."""
        self.changes += 1
        now_s = sight.now_s
        if not self.since_s:
            self.since_s = now_s
        self.calls_10min.add(now_s)
        self.line_10min[line].add(now_s)
        self.line_last_s[line] = now_s
        self.recent.saw(sight.key, line, now_s)
        if not sight.key:
            self.nameless_10min.add(now_s)
            return
        numbers = self.numbers
        is_new = sight.row < 0
        if is_new:
            sight.row = numbers.take(sight.digest, now_s)
            if is_mobile:
                self.new_mobiles_1h.add(now_s)
                self.new_mobiles_week.add(now_s)
        else:
            numbers.waited(sight.row, now_s)
        row = sight.row
        if is_mobile and now_s - numbers.first_s[row] < YOUNG_S:
            self._young_called(is_new or now_s - numbers.last_s[row] >= DAY_S >> 1, now_s)
        numbers.touch(row, line, now_s)
        numbers.last_line[row] = line
        if sight.block_digest:
            self._block_arrived(sight, line, is_new)
        self.rovers.drop_old(now_s)
        if not numbers.is_regular(row, now_s) and count_bits(numbers.lines[row]) > 1:
            self.rovers.saw(sight.key, numbers.first_s[row], now_s)

    def judged(self, sight: Sight, is_mobile: bool) -> None:
        """Takes in of what suspicion a call was that has arrived, if the classifier was asked about it."""
        suspicion = sight.suspicion
        if suspicion < 0 or not sight.key:
            return
        kept = self.numbers.suspicion
        kept[sight.row] = of_number(kept[sight.row], suspicion)
        if sight.block_row >= 0:
            kept = self.blocks.suspicion
            kept[sight.block_row] = of_block(kept[sight.block_row], suspicion)
        self.suspicion.saw(sight.key, is_mobile, suspicion, sight.now_s)

    def _young_called(self, is_first_today: bool, now_s: int) -> None:
        self.young_calls_1h.add(now_s)
        self.young_calls.add(now_s)
        if is_first_today:
            self.young_numbers.add(now_s)
            self.young_numbers_weeks.add(now_s)

    def _block_arrived(self, sight: Sight, line: int, is_new: bool) -> None:
        blocks = self.blocks
        if sight.block_row < 0:
            sight.block_row = blocks.take(sight.block_digest, sight.now_s)
            blocks.suffix[sight.block_row] = sight.suffix
        row = sight.block_row
        if blocks.suffix[row] != sight.suffix:
            blocks.other_s[row] = blocks.last_s[row]
            blocks.suffix[row] = sight.suffix
        blocks.touch(row, line, sight.now_s)
        if is_new:
            blocks.add_member(row, sight.suffix, sight.now_s)
        if self.numbers.is_regular(sight.row, sight.now_s):
            blocks.regular_s[row] = sight.now_s

    def never_stayed(self, sight: Sight) -> bool:
        """Whether a number is young, nobody ever answered it, and its last call, if there was one, was gone before anybody could."""
        row = self.numbers.find(sight.digest) if sight.key else -1
        if row < 0:
            return False
        numbers = self.numbers
        if numbers.answered[row] or sight.now_s - numbers.first_s[row] >= YOUNG_S:
            return False
        return numbers.calls[row] <= 1 or numbers.ring_ds[row] < ONE_RING_MS // 100

    def ended(self, sight: Sight, now_s: int, ring_ms: int, talk_s: int) -> None:
        """Takes in how a call went: how long it rang, and how long one talked, or RANG_ON or GIVEN_UP."""
        self.changes += 1
        if talk_s == GIVEN_UP:
            self.one_rings_1h.add(now_s)
        if not sight.key:
            return
        row = self.numbers.find(sight.digest)
        if row < 0:
            return
        numbers = self.numbers
        numbers.ring_ds[row] = min(ring_ms // 100, 65535)
        if talk_s >= 0:
            if numbers.answered[row] < 255:
                numbers.answered[row] += 1
            numbers.talk[row] = max(numbers.talk[row], log8(talk_s))
