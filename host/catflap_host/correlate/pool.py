"""A pool, and what its numbers share: the ties that hold it together, the reasons and the confidence that follow from them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from catflap_host.correlate.banks import Tell
from catflap_host.correlate.callers import DAY_S
from catflap_host.correlate.member import Member
from catflap_host.correlate.turns import Turns

PAUSE_S = 3 * DAY_S
"""What ties numbers that come after a longer silence is another tie."""

TIE_AGE_S = 10 * DAY_S
"""A tie that nobody has renewed for so long holds a pool together no more."""

NEIGHBOURS, SITES, ALARM, TURN_ORDER = "pool.neighbours", "pool.sites", "pool.alarm", "pool.turn-order"
_REASONS = {"block": NEIGHBOURS, "sites": SITES, "alarm": ALARM}


class Tie:
    """What some numbers of one pool share: `cores` of them are core members."""

    __slots__ = ("cores", "last_s", "pool")

    def __init__(self, pool: "Pool", last_s: int) -> None:
        self.pool = pool
        self.last_s = last_s
        self.cores = 0


class Pool:
    """Numbers that act as one; `is_known` once there are CORES core members, and from then on while it lasts.

    `apart` has the pools, by id, that it was told apart from, and by what.
    """

    __slots__ = ("apart", "cores", "first_s", "fresh", "id", "is_known", "is_scattered", "last_s", "members", "turns")

    def __init__(self, number: int, at_s: int) -> None:
        self.id = number
        self.members: dict[str, Member] = {}
        self.cores = 0
        self.is_known = False
        self.first_s = at_s
        self.last_s = at_s
        self.turns = Turns()
        self.fresh: list[str] = []  # members that nobody may have been told of yet
        self.apart: dict[int, list[Tell]] = {}
        self.is_scattered = False  # whether its numbers lie side by side nowhere

    def sites(self) -> list[str]:
        """Where its members were heard, sorted."""
        return sorted({site for member in self.members.values() for site in member.sites})

    def reasons(self) -> list[str]:
        """Why its numbers belong together: stable codes, sorted."""
        held = Counter(tie for member in self.members.values() for tie in member.ties)
        found = {_REASONS[kind_of(tie)] for tie, members in held.items() if members > 1}
        return sorted(found | {TURN_ORDER} if self.turns.are_in_order() else found)

    def confidence(self, more: int = 0) -> int:
        """0 ... 10000: grows with the core members and with each reason, `more` that are not its own among them."""
        return min(9_900, 5_000 + 300 * min(self.cores, 10) + 600 * (len(self.reasons()) + more))


def kind_of(tie: str) -> str:
    """`block`, `sites` or `alarm`."""
    return tie.partition(":")[0]


class Ties:
    """All ties, by what is shared; several pools hold one of a name only if they were told apart."""

    def __init__(self) -> None:
        self._held: dict[str, list[Tie]] = {}

    def holding(self, names: Iterable[str], at_s: int) -> Iterator[Tie]:
        """Those of the names that hold at a moment."""
        for name in names:
            for tie in self._held.get(name, ()):
                if abs(at_s - tie.last_s) <= PAUSE_S:
                    yield tie

    def of(self, name: str, pool: Pool) -> Tie | None:
        """A pool's own tie of a name."""
        return next((tie for tie in self._held.get(name, ()) if tie.pool is pool), None)

    def renewed(self, name: str, pool: Pool, at_s: int) -> Tie:
        """A pool's own tie of a name, seen again, or a new one in place of what others, from whom it was not told apart, had of it."""
        tie = self.of(name, pool)
        if tie is None:
            tie = Tie(pool, at_s)
            tie.cores = sum(member.is_core and name in member.ties for member in pool.members.values())
            self._held[name] = [tie, *(other for other in self._held.get(name, ()) if other.pool.id in pool.apart)]
        tie.last_s = max(tie.last_s, at_s)
        return tie

    def moved(self, members: list[Member], source: Pool, to: Pool) -> None:
        """Members have gone from one pool to another: their ties with them, as far as nobody else of the first has them."""
        names = dict.fromkeys(name for member in members for name in member.ties)
        left = {name for member in source.members.values() for name in member.ties}
        for name in names:
            tie = self.of(name, source)
            if tie is None:
                continue
            own = self.of(name, to)
            if own is None:
                own = Tie(to, tie.last_s)
                self._held[name].append(own)
            cores = sum(member.is_core and name in member.ties for member in members)
            own.last_s, own.cores, tie.cores = max(own.last_s, tie.last_s), own.cores + cores, tie.cores - cores
            if name not in left:
                self._held[name].remove(tie)

    def forget_old(self, at_s: int) -> None:
        """Lets go of what nobody has renewed for long."""
        living = ((name, [tie for tie in ties if at_s - tie.last_s <= TIE_AGE_S]) for name, ties in self._held.items())
        self._held = {name: ties for name, ties in living if ties}
