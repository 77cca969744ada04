"""Pools that are two banks' become two, and pools that were wrongly told apart one again: looked at anew a few times a day."""

from collections.abc import Iterator, Sequence

from catflap_host.correlate.banks import LEAST_PART, Card, Part, parts_of, tells
from catflap_host.correlate.pool import Pool
from catflap_host.correlate.pools import Pools
from catflap_host.correlate.turns import Turns


def tell_apart(pools: Pools) -> None:
    """Looks at every pool that is sure, together with those that it was told apart from."""
    for group in list(_groups(pools)):
        # a bank of which too little is left to judge it stays as it is
        if all(len(pool.members) >= LEAST_PART for pool in group):
            _judge(pools, group)


def _groups(pools: Pools) -> Iterator[list[Pool]]:
    """Pools told apart from each other, directly or by a third."""
    seen: set[int] = set()
    for start in pools.pools.values():
        if start.id in seen or not start.is_known:
            continue
        group, waiting = [], [start.id]
        seen.add(start.id)
        while waiting:
            pool = pools.pools[waiting.pop()]
            group.append(pool)
            waiting += [other for other in pool.apart if other not in seen]
            seen.update(pool.apart)
        yield sorted(group, key=lambda pool: pool.id)


def _judge(pools: Pools, group: Sequence[Pool]) -> None:
    cards = [card for pool in group for card in pool.members.items()]
    parts = parts_of(cards, were_apart=len(group) > 1)
    if len(parts) < 2:
        for part in parts:
            if len(group) > 1:
                _join(pools, group)
            group[0].is_scattered = part.is_scattered
        return
    homes = _homes(pools, group, parts)
    for part, home in zip(parts, homes, strict=True):
        for pool in group:
            leaving = [number for number, _ in part.cards if number in pool.members]
            if leaving and pool is not home:
                pools.move(leaving, pool, home)
        home.is_known, home.is_scattered = True, part.is_scattered
    for one, (part, home) in enumerate(zip(parts, homes, strict=True)):
        for other_part, other in list(zip(parts, homes, strict=True))[one + 1 :]:
            told = tells(part, other_part)
            home.apart[other.id], other.apart[home.id] = told, [tell.turned() for tell in told]


def _homes(pools: Pools, group: Sequence[Pool], parts: Sequence[Part]) -> list[Pool]:
    """The pool of each part: the one that has most of it already, or a new one."""
    homes: list[Pool] = []
    for part in parts:
        free = [pool for pool in group if pool not in homes]
        home = max(free, key=lambda pool: (_overlap(part.cards, pool), -pool.id), default=None)
        if home is None or not _overlap(part.cards, home):
            home = pools.new(min(member.first_s for _, member in part.cards))
            # whose turns they were is not known
            for pool in (home, *group):
                pool.turns = Turns()
        homes.append(home)
    return homes


def _overlap(cards: Sequence[Card], pool: Pool) -> int:
    return sum(number in pool.members for number, _ in cards)


def _join(pools: Pools, group: Sequence[Pool]) -> None:
    """What told them apart was chance: they are one again."""
    for other in group[1:]:
        pools.move(list(other.members), other, group[0])
