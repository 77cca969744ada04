"""What a pool rests on, counted so that a person can check it: how many of its numbers share what, and how regularly they take turns."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catflap_host.correlate.banks import Tell
from catflap_host.correlate.member import Member
from catflap_host.correlate.pool import Pool, kind_of
from catflap_host.correlate.views import Complained


@dataclass(frozen=True, slots=True)
class Shared:
    """What several numbers of a pool have in common, and how many: a block of a thousand, two sites, or an alarm."""

    name: str
    numbers: int


@dataclass(frozen=True, slots=True)
class Apart:
    """Another pool at the same sites that this one was told apart from, by its id, and by what."""

    pool: int
    tells: list[Tell]


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """`cores` of `numbers` were suspects at two sites; `blocks`, `sites` and `alarms` are shared by two or more, the most shared first.

    `returns` is how often a number called again, on average after `turn_calls` calls of the pool, give or take `turn_deviation`. `apart`
    are the pools that might be taken for the same, in the order of their ids; `complained` is None where people said too little.
    """

    numbers: int
    cores: int
    blocks: list[Shared]
    sites: list[Shared]
    alarms: list[Shared]
    returns: int
    turn_calls: float
    turn_deviation: float
    apart: list[Apart]
    complained: Complained | None


def facts_of(pool: Pool, complained: Complained | None = None) -> PoolFacts:
    """The facts of a pool as it is now."""
    turns = pool.turns
    mean = turns.total / turns.distances if turns.distances else 0.0
    variance = turns.squares / turns.distances - mean * mean if turns.distances else 0.0
    shared = _shared(pool.members.values())
    return PoolFacts(
        len(pool.members),
        pool.cores,
        shared.get("block", []),
        shared.get("sites", []),
        shared.get("alarm", []),
        turns.distances,
        mean,
        max(variance, 0.0) ** 0.5,
        [Apart(other, list(told)) for other, told in sorted(pool.apart.items())],
        complained,
    )


def _told(members: Iterable[Member]) -> Iterator[str]:
    """The ties of members; those of two sites of core ones alone, since others were suspected at one."""
    for member in members:
        yield from (tie for tie in member.ties if member.is_core or kind_of(tie) != "sites")


def _shared(members: Iterable[Member]) -> dict[str, list[Shared]]:
    found: dict[str, list[Shared]] = {}
    for tie, numbers in sorted(Counter(_told(members)).items(), key=lambda held: (-held[1], held[0])):
        if numbers > 1:
            found.setdefault(kind_of(tie), []).append(Shared(tie.partition(":")[2], numbers))
    return found
