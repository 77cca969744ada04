"""Pools: numbers tied together by what they share, merged when a new tie spans two, split when the ties between two parts have grown old.

number --- block:+861701234 --- number
   |                              |
sites:north|south            alarm:south/T1/T1-3
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from catflap_host.correlate.callers import DAY_S, Caller
from catflap_host.correlate.turns import Turns

CORES = 5
"""So many numbers that were suspects at two sites each, and are tied together, make a pool."""

PAUSE_S = 3 * DAY_S
"""What ties numbers that come after a longer silence is another tie."""

TIE_AGE_S = 10 * DAY_S
"""A tie that nobody has renewed for so long holds a pool together no more."""

SILENT_S = 14 * DAY_S
"""A member that was silent for so long has left: cards do not live longer."""

MAX_POOLS = 2_048
MAX_MEMBERS = 4_096
NEIGHBOURS, SITES, ALARM, TURN_ORDER = "pool.neighbours", "pool.sites", "pool.alarm", "pool.turn-order"
_REASONS = {"block": NEIGHBOURS, "sites": SITES, "alarm": ALARM}


class Member:
    """A number of a pool; a core one has been a suspect at two sites itself."""

    __slots__ = ("first_s", "is_core", "last_s", "sites", "ties")

    def __init__(self, caller: Caller, ties: Iterable[str], is_core: bool) -> None:
        self.first_s = caller.first_s
        self.last_s = caller.last_s
        self.sites = caller.sites
        self.ties = dict.fromkeys(ties)
        self.is_core = is_core


class Tie:
    """What some numbers of one pool share: `cores` of them are core members."""

    __slots__ = ("cores", "last_s", "pool")

    def __init__(self, pool: "Pool", last_s: int) -> None:
        self.pool = pool
        self.last_s = last_s
        self.cores = 0


class Pool:
    """Numbers that act as one; `is_known` once there are CORES core members, and from then on while it lasts."""

    __slots__ = ("cores", "first_s", "fresh", "id", "is_known", "last_s", "members", "turns")

    def __init__(self, number: int, at_s: int) -> None:
        self.id = number
        self.members: dict[str, Member] = {}
        self.cores = 0
        self.is_known = False
        self.first_s = at_s
        self.last_s = at_s
        self.turns = Turns()
        self.fresh: list[str] = []  # members that nobody may have been told of yet

    def sites(self) -> list[str]:
        """Where its members were heard, sorted."""
        return sorted({site for member in self.members.values() for site in member.sites})

    def reasons(self) -> list[str]:
        """Why its numbers belong together: stable codes, sorted."""
        held = Counter(tie for member in self.members.values() for tie in member.ties)
        found = {_REASONS[kind_of(tie)] for tie, members in held.items() if members > 1}
        return sorted(found | {TURN_ORDER} if self.turns.are_in_order() else found)

    def confidence(self) -> int:
        """0 ... 10000: grows with the core members and with each further reason."""
        return min(9_900, 5_000 + 300 * min(self.cores, 10) + 600 * len(self.reasons()))


def kind_of(tie: str) -> str:
    """`block`, `sites` or `alarm`."""
    return tie.partition(":")[0]


class Pools:
    """All pools and the ties between their numbers; at most MAX_POOLS, the longest silent one gives way."""

    def __init__(self) -> None:
        self.pools: dict[int, Pool] = {}
        self.of: dict[str, Pool] = {}
        self.ties: dict[str, Tie] = {}
        self.left: list[str] = []  # numbers that have left a pool and that nobody has been told of yet

    def tied(self, ties: Iterable[str], at_s: int) -> Iterator[Tie]:
        """Those of the ties that hold at a moment."""
        for name in ties:
            tie = self.ties.get(name)
            if tie is not None and abs(at_s - tie.last_s) <= PAUSE_S:
                yield tie

    def join(self, number: str, caller: Caller, ties: list[str], is_core: bool, at_s: int) -> Pool:
        """Takes a number into the pool that its ties lead to, all of those if there are several, or a new one."""
        old = self.of.get(number)
        found = {tie.pool.id: tie.pool for tie in self.tied(ties, at_s)}
        if old is not None:
            found[old.id] = old
        pool = self._merged(list(found.values())) if found else self._new(at_s)
        member = pool.members.get(number)
        if member is None:
            if len(pool.members) >= MAX_MEMBERS:
                self._leave(min(pool.members, key=lambda name: pool.members[name].last_s))
            member = pool.members[number] = Member(caller, (), is_core=False)
            self.of[number] = pool
            pool.fresh.append(number)
        becomes_core = is_core and not member.is_core
        for name in ties:
            self._tie(name, pool, member, at_s, becomes_core)
        if becomes_core:
            member.is_core = True
            pool.cores += 1
            pool.first_s = min(pool.first_s, caller.first_s)
            pool.is_known = pool.is_known or pool.cores >= CORES
        return pool

    def heard(self, number: str, caller: Caller, at_s: int) -> None:
        """A member has called."""
        pool = self.of[number]
        member = pool.members[number]
        pool.turns.took(number)
        pool.last_s = max(pool.last_s, at_s)
        member.last_s = caller.last_s
        member.sites = caller.sites

    def drop(self, number: str) -> None:
        """A number is no member after all."""
        if number in self.of:
            self._leave(number)

    def tidy(self, at_s: int) -> None:
        """Lets go of what has been silent for long, and splits what is tied no more."""
        for number in [number for number, pool in self.of.items() if at_s - pool.members[number].last_s > SILENT_S]:
            self._leave(number)
        self.ties = {name: tie for name, tie in self.ties.items() if at_s - tie.last_s <= TIE_AGE_S}
        for pool in list(self.pools.values()):
            self._split(pool)

    def _new(self, at_s: int) -> Pool:
        if len(self.pools) >= MAX_POOLS:
            stalest = min(self.pools.values(), key=lambda pool: (pool.is_known, pool.last_s))
            for number in list(stalest.members):
                self._leave(number)
        # named by its second, so that a restart that goes through the same calls finds the same pool under the same name
        name = at_s
        while name in self.pools:
            name += 1
        pool = self.pools[name] = Pool(name, at_s)
        return pool

    def _merged(self, pools: list[Pool]) -> Pool:
        """One pool of several: the one that was known first, then the oldest, keeps its name."""
        pools.sort(key=lambda pool: (not pool.is_known, pool.id))
        kept = pools[0]
        for other in pools[1:]:
            self._move(list(other.members), other, kept)
            kept.first_s = min(kept.first_s, other.first_s)
        return kept

    def _move(self, numbers: list[str], source: Pool, to: Pool) -> None:
        for number in numbers:
            member = to.members[number] = source.members.pop(number)
            self.of[number] = to
            source.cores -= member.is_core
            to.cores += member.is_core
            to.last_s = max(to.last_s, member.last_s)
            for name in member.ties:
                if name in self.ties:
                    self.ties[name].pool = to
        to.fresh += source.fresh if not source.members else numbers
        to.is_known = to.is_known or to.cores >= CORES
        if not source.members:
            self.pools.pop(source.id, None)

    def _tie(self, name: str, pool: Pool, member: Member, at_s: int, becomes_core: bool) -> None:
        tie = self.ties.get(name)
        if tie is None or tie.pool is not pool:
            tie = self.ties[name] = Tie(pool, at_s)
            tie.cores = sum(other.is_core and name in other.ties for other in pool.members.values())
        tie.last_s = max(tie.last_s, at_s)
        if name not in member.ties:
            member.ties[name] = None
            tie.cores += member.is_core
        tie.cores += becomes_core

    def _leave(self, number: str) -> None:
        pool = self.of.pop(number)
        member = pool.members.pop(number)
        pool.cores -= member.is_core
        pool.turns.forget(number)
        self.left.append(number)
        for name in member.ties:
            tie = self.ties.get(name)
            if tie is not None and tie.pool is pool:
                tie.cores -= member.is_core
        if not pool.members:
            self.pools.pop(pool.id, None)

    def _split(self, pool: Pool) -> None:
        """The largest part keeps the name; a part that is no pool by itself stays in waiting."""
        parts = self._parts(pool)
        parts.sort(key=len, reverse=True)
        for part in parts[1:]:
            other = self._new(min(pool.members[number].first_s for number in part))
            self._move(part, pool, other)
        if pool.cores < CORES and len(parts) > 1:
            pool.is_known = False

    def _parts(self, pool: Pool) -> list[list[str]]:
        """The pool's numbers in groups that living ties hold together."""
        by_tie: dict[str, list[str]] = {}
        for number, member in pool.members.items():
            for name in member.ties:
                if name in self.ties:
                    by_tie.setdefault(name, []).append(number)
        parts, seen = [], set[str]()
        for start in pool.members:
            if start in seen:
                continue
            part, waiting = [], [start]
            seen.add(start)
            while waiting:
                number = waiting.pop()
                part.append(number)
                for name in pool.members[number].ties:
                    for other in by_tie.pop(name, ()):
                        if other not in seen:
                            seen.add(other)
                            waiting.append(other)
            parts.append(part)
        return parts
