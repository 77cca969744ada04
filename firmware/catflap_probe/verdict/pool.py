"""Pool evidence: the strangers on a trunk that behave as one.

Neighbours: a block in which one new number after another calls, and no regular among them.
    block 170 1234 xxxx   0417 . 0233 . 0981 . 0417 . 1502 . 0076 ...   many cards, young, one after the other: a pool
    block 138 0011 xxxx   2207 ................ 2207 ...... 2208        somebody we know calls from here: no pool
Strangers: numbers from all over, each of which calls as a SIM bank's card does, on one day.
Returning: two of them, before there are many: reason enough for an alarm, not for stopping a call.
Newcomers: a few landlines of one block, in an area that is not ours, none of which anybody knew three days ago. They are told, not stopped.
    562 286 xxxx   2447 . 2459 . 2744      the third is
"""

from ..memory.numbers import MEMBERS, YOUNG_S
from ..memory.table import DAY_S
from ..memory.trunk import Sight, TrunkMemory
from .kinds import LANDLINE, LANDLINE_OR_MOBILE
from .plausibility import PLAUSIBLE, Numbering
from .turns import Turns

POOL_OTHERS = 7
"""So many other young numbers of the block make a pool: a contractor's crew has three to seven cards in all."""

POOL_CALLS = 9
POOL_SUSPECTS = 5
"""So many other suspects within a day make a pool of numbers that are no neighbours."""

NEW_OTHERS = 2
"""So many other young numbers of a new block of landlines elsewhere."""

HISTORY_S = 3 * DAY_S
KNOWN_S = 30 * DAY_S
PAUSE_S = 3 * DAY_S
"""Strangers that come after a longer silence are another pool."""

NEIGHBOURS, STRANGERS, RETURNING = "pool.neighbours", "pool.strangers", "pool.returning"
NEWCOMERS = "block.newcomers"
MAX_POOLS = 8
MAX_MEMBERS = 64


def is_known(memory: TrunkMemory, sight: Sight) -> bool:
    """Whether a number has called before, on a trunk that has listened for HISTORY_S: to a new probe everybody is a stranger."""
    return sight.row >= 0 and sight.now_s - memory.since_s >= HISTORY_S


class Alarm:
    """A pool that was found; `members` grow as more of it is heard."""

    __slots__ = ("block", "last_s", "members", "name")

    def __init__(self, name: str, block: str) -> None:
        self.name = name
        self.block = block  # empty for strangers
        self.members: list[str] = []
        self.last_s = 0


class Pools:
    """The pools of one trunk that alarms were raised for; at most MAX_POOLS, the longest silent one gives way."""

    def __init__(self, trunk_id: str, area_code: str = "") -> None:
        """Where the trunk's area code is not known, no area is elsewhere."""
        self.trunk_id = trunk_id
        self.area_code = area_code
        self.raised = 0
        self.alarms: list[Alarm] = []
        self.turns = Turns()

    def evidence(self, memory: TrunkMemory, sight: Sight) -> bool:
        """Whether the other young numbers of its block make this call a pool's."""
        row = sight.block_row
        if row < 0:
            return False
        blocks = memory.blocks
        regular_s = blocks.regular_s[row]
        if regular_s and sight.now_s - regular_s < KNOWN_S:
            return False
        if blocks.calls[row] < POOL_CALLS:
            return False
        return blocks.young_members(row, sight.suffix, sight.now_s) >= POOL_OTHERS

    def are_strangers(self, memory: TrunkMemory, sight: Sight) -> bool:
        """Whether a number that is known is one of many suspects."""
        return is_known(memory, sight) and memory.suspicion.suspects.others(sight.key, sight.now_s) >= POOL_SUSPECTS

    def are_newcomers(self, memory: TrunkMemory, sight: Sight, numbering: Numbering) -> bool:
        """Whether a landline of another area is one of several new ones of a block that is new itself."""
        row = sight.block_row
        if row < 0 or numbering.kind not in (LANDLINE, LANDLINE_OR_MOBILE) or numbering.is_foreign or numbering.verdict != PLAUSIBLE:
            return False
        if not self.area_code or sight.key.startswith(self.area_code):
            return False
        if sight.now_s - memory.blocks.first_s[row] >= YOUNG_S or sight.now_s - memory.since_s < DAY_S:
            return False
        return memory.blocks.young_members(row, sight.suffix, sight.now_s) >= NEW_OTHERS

    def took(self, memory: TrunkMemory, sight: Sight, reason: str) -> "Alarm | None":
        """Notes a call of a pool, NEIGHBOURS, STRANGERS or RETURNING; returns the alarm if it is new or has grown, else None."""
        block = sight.key[:-4] if reason == NEIGHBOURS else ""
        alarm = self._of(sight.key, block, sight.now_s)
        if alarm is None and reason == RETURNING:
            alarm = self._with_any(self.turns.latest(sight.now_s))
        if alarm is None:
            self.raised += 1
            alarm = Alarm("%s-%d" % (self.trunk_id, self.raised), block)
            self._keep(alarm)
            if block:
                alarm.members = self._neighbours(memory, sight)
            else:
                alarm.members = list(memory.suspicion.suspects.keys) if reason == STRANGERS else self.turns.latest(sight.now_s)
            alarm.members.sort()
        elif sight.key in alarm.members or len(alarm.members) >= MAX_MEMBERS:
            alarm.last_s = sight.now_s
            return None
        alarm.last_s = sight.now_s
        if sight.key not in alarm.members:
            alarm.members.append(sight.key)
        return alarm

    def _neighbours(self, memory: TrunkMemory, sight: Sight) -> "list[str]":
        blocks = memory.blocks
        cells = range(sight.block_row * MEMBERS, (sight.block_row + 1) * MEMBERS)
        return ["%s%04d" % (sight.key[:-4], blocks.member_suffix[cell]) for cell in cells if blocks.member_s[cell]]

    def _of(self, key: str, block: str, now_s: int) -> "Alarm | None":
        """The alarm that has the number, or one of its block, among its members; for strangers, the one that they last gave rise to."""
        for alarm in self.alarms:
            if key in alarm.members or (not block and not alarm.block and now_s - alarm.last_s < PAUSE_S):
                return alarm
        for alarm in self.alarms:
            if block and (alarm.block == block or block in [member[:-4] for member in alarm.members]):
                return alarm
        return None

    def _with_any(self, keys: "list[str]") -> "Alarm | None":
        for alarm in self.alarms:
            for key in keys:
                if key in alarm.members:
                    return alarm
        return None

    def _keep(self, alarm: Alarm) -> None:
        if len(self.alarms) >= MAX_POOLS:
            stalest = 0
            for index in range(1, len(self.alarms)):
                if self.alarms[index].last_s < self.alarms[stalest].last_s:
                    stalest = index
            self.alarms.pop(stalest)
        self.alarms.append(alarm)
