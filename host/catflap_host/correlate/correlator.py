"""The rules of the correlation: which numbers may be a pool's at all, what ties them, and who hears of it.

    suspect at one site              nobody yet: honest people are taken for a bank's at times
    suspect at two sites, roving     a core number; five of them that are tied make a pool
    suspect of a block of the pool   a member
    suspect twice at one site, heard at two, over a day or longer: a member of a pool whose numbers come from all over

Honest people come first: whoever is called by a trunk, comes back to the same line, hurries from call to call, is known for long or is no
mobile is never a member, whatever probes say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from catflap_host.correlate.apart import tell_apart
from catflap_host.correlate.callers import DAY_S, SUSPECT, Caller, Callers
from catflap_host.correlate.campaigns import Campaigns
from catflap_host.correlate.heard import Dialled, Event, Found, Heard, Raised
from catflap_host.correlate.member import block_of
from catflap_host.correlate.now import Now
from catflap_host.correlate.pool import Pool
from catflap_host.correlate.pools import Pools

LONGEST_LIFE_S = 10 * DAY_S
"""A number that has been heard for longer before it is suspected is somebody's."""

CORE_SUSPICIONS = 2
FIRM_CORES = 3
"""So many core members of a block make its next suspect a member."""

CROWD_CORES = 10
"""So many core members of a pool without blocks were each suspected at two sites, before its further cards are known at one."""

LEAST_CALLS, LEAST_SPAN_S = 5, DAY_S
"""Of whoever was suspected at one site only: to be heard at a pool's sites is not enough, honest representatives and riders are, and an
honest pollster is, for some hours."""

TIDY_S = DAY_S // 4


@dataclass(frozen=True, slots=True)
class Change:
    """A number came into a known pool, or left it (`has_left`)."""

    pool: int
    number: str
    has_left: bool


class Correlator:
    """Takes events as they are committed; bounded, and nothing but a quarter-daily tidying costs more than a few look-ups."""

    def __init__(self) -> None:
        self.callers = Callers()
        self.pools = Pools()
        self.campaigns = Campaigns()
        self.now = Now()
        self.told: dict[str, int] = {}  # by number: the pool that it was told of as a member
        self._tidied_s = 0

    def known(self) -> list[Pool]:
        """The pools that are sure, the last active first."""
        return sorted((pool for pool in self.pools.pools.values() if pool.is_known), key=lambda pool: (-pool.last_s, pool.id))

    def take(self, event: Event) -> Sequence[Change]:
        """Takes one event in; what changed by it."""
        if not self.now.takes(event.site, event.at_s):
            return ()
        joined: Sequence[Change] = ()
        if isinstance(event, Heard):
            if event.is_fed and event.number not in self.told:
                # another house's word, which a probe of ours believed, is no finding of our own: it would go back to that house as one
                event = replace(event, label="")
            joined = self._call(event)
            self.campaigns.take(event)
        elif isinstance(event, Found):
            self.campaigns.take(event)
        elif isinstance(event, Dialled):
            self.callers.dialled(event.number, event.at_s)
            self.pools.drop(event.number)
        elif isinstance(event, Raised):
            joined = self._alarm(event)
        if abs(self.now.second - self._tidied_s) >= TIDY_S:
            self._tidied_s = self.now.second
            self.pools.tidy(self.now.second)
            tell_apart(self.pools)
        return [*joined, *self._leavings()] if self.pools.left else joined

    def _call(self, heard: Heard) -> Sequence[Change]:
        caller = self.callers.took(heard)
        pool = self.pools.of.get(heard.number)
        if pool is not None and caller.is_somebodys():
            self.pools.drop(heard.number)
            return ()
        changes: Sequence[Change] = ()
        if caller.suspects and heard.is_mobile and may_be_pools(caller):
            changes = self._suspect(heard, caller, pool)
        if heard.number in self.pools.of:
            self.pools.heard(heard.number, caller, heard.at_s)
        return changes

    def _suspect(self, heard: Heard, caller: Caller, pool: Pool | None) -> Sequence[Change]:
        if pool is None and caller.last_s - caller.first_s > LONGEST_LIFE_S:
            return ()
        block = block_of(heard.number)
        if is_core(caller):
            ties = [block, *site_ties(caller.suspect_sites)]
            if pool is None and self._was_there_before(caller, ties, heard.at_s):
                return ()
            return self._joined(self.pools.join(heard.number, caller, ties, is_core=True, at_s=heard.at_s))
        if pool is None and self._is_firm(block, heard.at_s):
            return self._joined(self.pools.join(heard.number, caller, [block], is_core=False, at_s=heard.at_s))
        if pool is None and heard.label == SUSPECT and is_at_it(caller):
            ties = site_ties(caller.sites)
            if self._is_crowd(ties, heard.at_s) and not self._was_there_before(caller, ties, heard.at_s):
                return self._joined(self.pools.join(heard.number, caller, ties, is_core=False, at_s=heard.at_s))
        return ()

    def _was_there_before(self, caller: Caller, ties: list[str], at_s: int) -> bool:
        """Whether a number was heard before the pool's first card was: a rider who goes everywhere, not one of a box put up later."""
        known = {tie.pool.id: tie.pool for tie in self.pools.tied(ties, at_s) if tie.pool.is_known}
        return bool(known) and all(caller.first_s < pool.first_s - DAY_S // 2 for pool in known.values())

    def _is_firm(self, block: str, at_s: int) -> bool:
        """Whether a block is a known pool's."""
        return any(tie.pool.is_known and tie.cores >= FIRM_CORES for tie in self.pools.tied((block,), at_s))

    def _is_crowd(self, ties: list[str], at_s: int) -> bool:
        """Whether two sites are those of a pool that has no blocks to know its next card by."""
        return any(tie.pool.is_known and tie.pool.is_scattered and tie.cores >= CROWD_CORES for tie in self.pools.tied(ties, at_s))

    def _alarm(self, raised: Raised) -> Sequence[Change]:
        """An alarm ties numbers that are core members already; who else is in it is not believed for that alone."""
        changes: list[Change] = []
        for number in raised.members if raised.kind == SUSPECT else ():
            pool, caller = self.pools.of.get(number), self.callers.get(number)
            if pool is not None and caller is not None and pool.members[number].is_core:
                changes += self._joined(self.pools.join(number, caller, [f"alarm:{raised.name}"], is_core=True, at_s=raised.at_s))
        return changes

    def _joined(self, pool: Pool) -> list[Change]:
        """The members of a known pool that nobody has been told of yet."""
        if not pool.is_known:
            return []
        fresh = [number for number in dict.fromkeys(pool.fresh) if number in pool.members and number not in self.told]
        pool.fresh.clear()
        self.told |= dict.fromkeys(fresh, pool.id)
        return [Change(pool.id, number, has_left=False) for number in fresh]

    def _leavings(self) -> list[Change]:
        left = [number for number in dict.fromkeys(self.pools.left) if number not in self.pools.of and number in self.told]
        self.pools.left.clear()
        return [Change(self.told.pop(number), number, has_left=True) for number in left]


def may_be_pools(caller: Caller) -> bool:
    """Whether a number behaves as a bank's card may: see above what rules it out."""
    return not caller.is_dialled and caller.is_roving()


def site_ties(sites: Sequence[str]) -> list[str]:
    """The ties of each two of some sites."""
    return ["sites:" + "|".join(sorted(pair)) for pair in combinations(sites, 2)]


def is_at_it(caller: Caller) -> bool:
    """Whether a number goes about as a bank's card does for some time, twice taken for one, though at one site."""
    is_long = caller.calls >= LEAST_CALLS and caller.last_s - caller.first_s >= LEAST_SPAN_S
    return is_long and caller.suspects >= CORE_SUSPICIONS and len(caller.sites) >= 2 and not caller.hurried


def is_core(caller: Caller) -> bool:
    """Whether two sites, each by itself, took the number for a bank's, and it never hurried."""
    return caller.suspects >= CORE_SUSPICIONS and len(caller.suspect_sites) >= 2 and not caller.hurried
