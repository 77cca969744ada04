"""Two banks at the same sites on the same days are two pools, told apart by what a person can check; one bank of two purchases is one."""

from random import Random

from catflap_host.correlate import state
from catflap_host.correlate.banks import BLOCKS, DAILY, HOURS, LINES
from catflap_host.correlate.callers import DAY_S
from catflap_host.correlate.correlator import Correlator
from catflap_host.correlate.facts import facts_of
from catflap_host.correlate.pool import Pool
from tests.unit.test_correlate import HOUR_S, T0, Town, cards, scattered

FIRST, SECOND = cards(24), cards(26, "+8617055550")
DAYS = 4


class Bank:
    """Its cards call each site once in each of the hours of work, in any order, each time another of `lines`."""

    def __init__(self, numbers: list[str], hours: list[int], lines: range = range(64)) -> None:
        self.numbers = numbers
        self.hours = hours
        self.lines = lines


def at_work(*banks: Bank, seed: int = 1, days: int = DAYS) -> Town:
    """A town that several banks have called, hour by hour, side by side."""
    rng, town = Random(seed), Town()
    for day in range(days):
        work(town, banks, day, rng)
    return town


def work(town: Town, banks: tuple[Bank, ...], day: int, rng: Random) -> None:
    """One day of theirs."""
    calls = []
    for bank in banks:
        for number in bank.numbers:
            for hour in rng.sample(bank.hours, min(4, len(bank.hours))):
                at_s = T0 + day * DAY_S + hour * HOUR_S + rng.randrange(HOUR_S)
                calls.append((at_s, number, rng.choice(("north", "south")), f"L{rng.choice(bank.lines)}"))
    for at_s, number, site, line in sorted(calls):
        town.call(number, site, at_s, line=line)


def known(town: Town) -> list[set[str]]:
    return sorted((set(pool.members) for pool in town.correlator.known()), key=len)


def kinds(pool: Pool) -> set[str]:
    return {tell.kind for apart in facts_of(pool).apart for tell in apart.tells}


WHOLE_DAY = list(range(1, 12))


def test_one_box_of_two_purchases_is_one_pool() -> None:
    for seed in range(3):
        town = at_work(Bank([*FIRST, *SECOND], WHOLE_DAY), seed=seed)
        assert known(town) == [{*FIRST, *SECOND}]


def test_banks_with_other_hours_are_two_pools_and_each_says_why() -> None:
    town = at_work(Bank(FIRST, [1, 2, 3, 8, 9, 10]), Bank(SECOND, WHOLE_DAY))
    assert known(town) == [set(FIRST), set(SECOND)]
    one, other = (town.correlator.pools.of[numbers[0]] for numbers in (FIRST, SECOND))
    (apart,) = facts_of(one).apart
    (pause,) = [tell for tell in apart.tells if tell.kind == HOURS]
    # T0 is 16 o'clock of the universal day
    assert (apart.pool, pause.from_s, pause.until_s) == (other.id, 20 * HOUR_S, 24 * HOUR_S)
    assert pause.mine == 0 and pause.mine_of > 200 and pause.theirs > 50
    assert [tell.turned() for tell in apart.tells] == facts_of(other).apart[0].tells
    assert town.members == {*FIRST, *SECOND}, "all of them are still told to the probes"


def test_banks_that_call_other_lines_or_as_often_as_no_other_are_two_pools() -> None:
    by_lines = at_work(Bank(FIRST, WHOLE_DAY, range(40)), Bank(SECOND, WHOLE_DAY, range(24, 64)))
    assert known(by_lines) == [set(FIRST), set(SECOND)]
    assert kinds(by_lines.correlator.pools.of[FIRST[0]]) == {LINES}
    by_day = at_work(Bank(FIRST, [2, 9]), Bank(SECOND, WHOLE_DAY))
    assert known(by_day) == [set(FIRST), set(SECOND)]
    assert DAILY in kinds(by_day.correlator.pools.of[FIRST[0]])


def test_purchase_and_cards_from_all_over_are_two_pools_and_next_cards_find_theirs() -> None:
    everywhere = scattered(28)
    town = at_work(Bank(FIRST, WHOLE_DAY), Bank(everywhere, WHOLE_DAY))
    assert known(town) == [set(FIRST), set(everywhere)]
    assert BLOCKS in kinds(town.correlator.pools.of[FIRST[0]])
    beside, strange = "+8617012341005", scattered(1, 9)[0]
    for number in (beside, strange):
        for hour, site in enumerate(("north", "south")):
            town.call(number, site, T0 + DAYS * DAY_S + hour * HOUR_S)
    assert town.correlator.pools.of[beside] is town.correlator.pools.of[FIRST[0]], "in the next thousand"
    assert town.correlator.pools.of[strange] is town.correlator.pools.of[everywhere[0]]


def test_alarm_over_both_and_a_restart_leave_two_banks_two() -> None:
    banks = Bank(FIRST, [1, 2, 3, 8, 9, 10]), Bank(SECOND, WHOLE_DAY)
    town = at_work(*banks)
    town.alarm("north/T/T-1", [*FIRST[:5], *SECOND[:5]], T0 + DAYS * DAY_S)
    read = state.read(state.written(town.correlator))
    assert isinstance(read, Correlator)
    town.correlator = read
    work(town, banks, DAYS, Random(2))
    assert known(town) == [set(FIRST), set(SECOND)]
    assert all("pool.alarm" in pool.reasons() for pool in town.correlator.known())


def test_what_was_wrongly_told_apart_is_joined_again() -> None:
    town = at_work(Bank([*FIRST, *SECOND], WHOLE_DAY), seed=2)
    (pool,) = town.correlator.known()
    pools = town.correlator.pools
    other = pools.new(T0)
    pools.move(SECOND, pool, other)
    pool.apart[other.id], other.apart[pool.id] = [], []
    work(town, (Bank([*FIRST, *SECOND], WHOLE_DAY),), DAYS, Random(2))
    assert known(town) == [{*FIRST, *SECOND}]
    assert not town.correlator.known()[0].apart


def test_few_cards_are_not_judged() -> None:
    town = at_work(Bank(FIRST[:10], [1, 2, 3]), Bank(SECOND[:10], [8, 9, 10]))
    assert known(town) == [{*FIRST[:10], *SECOND[:10]}]
