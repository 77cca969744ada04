"""All pools: numbers come in, pools merge when a new tie spans two, split when the ties between two parts have grown old.

number --- block:+861701234 --- number
   |                              |
sites:north|south            alarm:south/T1/T1-3

Two pools that were told apart as two banks' share sites and alarms and stay two: each of them holds such a tie.
"""

from collections.abc import Iterable, Iterator

from catflap_host.correlate.callers import DAY_S, Caller
from catflap_host.correlate.member import Member, blocks_beside
from catflap_host.correlate.pool import Pool, Tie, Ties

CORES = 5
"""So many numbers that were suspects at two sites each, and are tied together, make a pool."""

SILENT_S = 14 * DAY_S
"""A member that was silent for so long has left: cards do not live longer."""

MAX_POOLS = 2_048
MAX_MEMBERS = 4_096


class Pools:
    """All pools and the ties between their numbers; at most MAX_POOLS, the longest silent one gives way."""

    def __init__(self) -> None:
        self.pools: dict[int, Pool] = {}
        self.of: dict[str, Pool] = {}
        self.ties = Ties()
        self.left: list[str] = []  # numbers that have left a pool and that nobody has been told of yet

    def tied(self, ties: Iterable[str], at_s: int) -> Iterator[Tie]:
        """Those of the ties that hold at a moment."""
        return self.ties.holding(ties, at_s)

    def join(self, number: str, caller: Caller, ties: list[str], is_core: bool, at_s: int) -> Pool:
        """Takes a number into the pool that its ties lead to, all of those if there are several, or a new one.

        Of pools that were told apart it is the one that the number is in, or whose numbers lie beside it, or lie as far from any other.
        """
        old = self.of.get(number)
        found = {tie.pool.id: tie.pool for tie in self.tied(ties, at_s)}
        if old is not None:
            found[old.id] = old
        pool = self._merged(self._compatible(number, list(found.values()), at_s)) if found else self.new(at_s)
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
        member.took(caller, at_s)

    def drop(self, number: str) -> None:
        """A number is no member after all."""
        if number in self.of:
            self._leave(number)

    def tidy(self, at_s: int) -> None:
        """Lets go of what has been silent for long, and splits what is tied no more."""
        for number in [number for number, pool in self.of.items() if at_s - pool.members[number].last_s > SILENT_S]:
            self._leave(number)
        self.ties.forget_old(at_s)
        for pool in list(self.pools.values()):
            self._split(pool)

    def new(self, at_s: int) -> Pool:
        """An empty one; the one that was silent for longest gives way where there are too many."""
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

    def _compatible(self, number: str, found: list[Pool], at_s: int) -> list[Pool]:
        """Pools of which no two were told apart, the one that suits the number best among them."""
        if not any(pool.apart for pool in found):
            return found
        beside = {tie.pool.id for tie in self.tied(blocks_beside(number), at_s)}
        # of the scattered, or of the largest, unless it is known better
        found.sort(key=lambda pool: (number not in pool.members, pool.id not in beside, not pool.is_scattered, -len(pool.members), pool.id))
        chosen: list[Pool] = []
        for pool in found:
            if not any(other.id in pool.apart for other in chosen):
                chosen.append(pool)
        return chosen

    def _merged(self, pools: list[Pool]) -> Pool:
        """One pool of several: the one that was known first, then the oldest, keeps its name."""
        pools.sort(key=lambda pool: (not pool.is_known, pool.id))
        kept = pools[0]
        for other in pools[1:]:
            self.move(list(other.members), other, kept)
            kept.first_s = min(kept.first_s, other.first_s)
        return kept

    def move(self, numbers: list[str], source: Pool, to: Pool) -> None:
        """Numbers go from one pool to another with all that ties them; a pool that is left empty ends."""
        moved = []
        for number in numbers:
            member = to.members[number] = source.members.pop(number)
            moved.append(member)
            self.of[number] = to
            source.cores -= member.is_core
            to.cores += member.is_core
            to.last_s = max(to.last_s, member.last_s)
            source.turns.forget(number)
        self.ties.moved(moved, source, to)
        to.fresh += source.fresh if not source.members else numbers
        to.is_known = to.is_known or to.cores >= CORES
        if not source.members:
            for other, told in source.apart.items():
                if other != to.id and to.id not in self.pools[other].apart:
                    to.apart[other] = told
                    self.pools[other].apart[to.id] = [tell.turned() for tell in told]
            self._end(source)

    def _end(self, pool: Pool) -> None:
        """A pool is no more."""
        self.pools.pop(pool.id, None)
        for other in pool.apart:
            self.pools[other].apart.pop(pool.id, None)

    def _tie(self, name: str, pool: Pool, member: Member, at_s: int, becomes_core: bool) -> None:
        tie = self.ties.renewed(name, pool, at_s)
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
            tie = self.ties.of(name, pool)
            if tie is not None:
                tie.cores -= member.is_core
        if not pool.members:
            self._end(pool)

    def _split(self, pool: Pool) -> None:
        """The largest part keeps the name; a part that is no pool by itself stays in waiting."""
        parts = self._parts(pool)
        parts.sort(key=len, reverse=True)
        for part in parts[1:]:
            other = self.new(min(pool.members[number].first_s for number in part))
            self.move(part, pool, other)
        if pool.cores < CORES and len(parts) > 1:
            pool.is_known = False

    def _parts(self, pool: Pool) -> list[list[str]]:
        """The pool's numbers in groups that living ties hold together."""
        by_tie: dict[str, list[str]] = {}
        for number, member in pool.members.items():
            for name in member.ties:
                if self.ties.of(name, pool) is not None:
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
