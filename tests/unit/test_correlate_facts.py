"""What a pool rests on, in figures that agree with how it was planted."""

from catflap_host.correlate.callers import DAY_S
from catflap_host.correlate.facts import Shared, facts_of
from tests.unit.test_correlate import HOUR_S, T0, Town, cards


def test_facts_count_what_the_numbers_share() -> None:
    town = Town()
    town.bank(cards(6), T0)
    town.call("+8617012340999", "north", T0 + 2 * HOUR_S)
    town.alarm("a1", cards(3), T0 + 3 * HOUR_S)
    (pool,) = town.correlator.known()
    facts = facts_of(pool)
    assert (facts.numbers, facts.cores) == (7, 6)
    assert facts.blocks == [Shared("+8617012340", 7)]
    assert facts.sites == [Shared("north|south", 6)]
    assert facts.alarms == [Shared("a1", 3)]


def test_cards_in_turn_come_back_after_as_many_calls_each_time() -> None:
    town = Town()
    for turn in range(10):
        town.bank(cards(6), T0 + turn * DAY_S // 2)
    (pool,) = town.correlator.known()
    facts = facts_of(pool)
    assert facts.returns > 40 and abs(facts.turn_calls - 6) < 0.5 and facts.turn_deviation < 1
    assert "pool.turn-order" in pool.reasons()
