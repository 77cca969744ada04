"""How a pool's numbers take turns: each reason code is earned by calls that show it, and not by calls of chance."""

from random import Random

import pytest

from catflap_probe.verdict.turns import (
    CALLS,
    CEILING,
    GAP_FLOOR,
    LIKELY_S,
    NO_CONTACT,
    RENEWAL,
    SILENCE,
    TALK_LIMIT,
    TURN_ORDER,
    Turn,
    Turns,
    ceiling,
    gap_floor_s,
    no_contact,
    renewal,
    shown_by,
    silence_s,
    talk_limit_s,
    turn_order,
)


def calls(keys: str, gaps_s: list[int], lines: list[int] | None = None) -> list[Turn]:
    """Calls of numbers of one letter each, the gap after each call."""
    found, now_s = [], 1000
    for place, key in enumerate(keys):
        found.append(Turn(key, lines[place] if lines else 0, now_s))
        now_s += gaps_s[place % len(gaps_s)]
    return found


def by_chance(seed: int, numbers: int = 8, length: int = CALLS) -> list[Turn]:
    """Calls at any moment by anybody to any line."""
    rng = Random(seed)
    keys = "".join(rng.choice("ABCDEFGHIJKL"[:numbers]) for _ in range(length))
    return calls(keys, [1 + round(rng.expovariate(1 / 300)) for _ in keys], [rng.randrange(2) for _ in keys])


def test_longest_idle_first_is_an_order_and_chance_is_none() -> None:
    assert turn_order(calls("ABCDEF" * 4, [60])) == 100
    assert turn_order(calls("AABBCCDD" * 3, [60])) == 0
    assert sum(turn_order(by_chance(seed)) > 0 for seed in range(400)) <= 4


def test_a_gap_floor_is_longer_than_chance_would_leave() -> None:
    rng = Random(1)
    floored = [200 + rng.randrange(100) for _ in range(24)]
    assert gap_floor_s(calls("ABC" * 8, floored)) >= 600
    assert sum(gap_floor_s(by_chance(seed)) > 0 for seed in range(400)) <= 6


def test_all_silent_together_and_back_together() -> None:
    assert silence_s(calls("ABCABCABC", [60] * 4 + [7200] + [60] * 4)) == 7200
    # a night is nobody's silence, and who does not come back has gone
    assert silence_s(calls("ABCABCABC", [60] * 4 + [LIKELY_S + 1] + [60] * 4)) == 0
    assert silence_s(calls("ABCABDEFG", [60] * 4 + [7200] + [60] * 4)) == 0


@pytest.mark.parametrize(("talks_s", "limit_s"), [([57, 59, 58, 60, 2, 31, 55, 8], 60), ([5, 60, 300, 44, 2, 31, 55, 8], 0), ([60, 60], 0)])
def test_talks_under_a_limit(talks_s: list[int], limit_s: int) -> None:
    found = calls("ABCDEFGH"[: len(talks_s)], [90])
    for turn, talk_s in zip(found, talks_s, strict=True):
        turn.talk_s = talk_s
    assert talk_limit_s(found) == limit_s


def test_whom_they_call_they_do_not_call_again() -> None:
    assert no_contact(calls("ABCD" * 4, [60], list(range(16)))) == 100
    assert no_contact(calls("ABCD" * 4, [60], [0, 1, 2, 3] * 4)) == 0
    assert no_contact(calls("ABCD" * 4, [60], [0, 1] * 8)) == 0


def test_as_many_come_as_go() -> None:
    assert renewal(calls("ABCDEABCDE" + "DEFGHDEFGH", [60])) == 3
    assert renewal(calls("ABCDEABCDE" + "ABCDEABCDE", [60])) == 0
    assert renewal(calls("ABCDEABCDE" + "FGHIJFGHIJ", [60])) == 0


def test_so_many_at_once_and_never_more() -> None:
    found = calls("ABCDEFGHIJKL", [60])
    for turn in found:
        turn.end_s = turn.start_s + 70
    assert ceiling(found) == 2
    for turn in found:
        turn.end_s = turn.start_s + 30
    assert ceiling(found) == 0


def test_codes_come_with_their_figures_and_few_calls_show_nothing() -> None:
    found = calls("ABCDEF" * 4, [60], list(range(24)))
    told = dict(shown_by(found))
    assert told == {TURN_ORDER: 100, GAP_FLOOR: 360, NO_CONTACT: 100}
    assert shown_by(found[:7]) == []
    assert not {SILENCE, TALK_LIMIT, RENEWAL, CEILING} & set(told)


def test_the_watch_is_bounded_counts_a_call_once_and_forgets() -> None:
    turns = Turns()
    for place in range(3 * CALLS):
        turns.rang(f"A{place % 5}", place % 4, 60 * place)
        turns.rang(f"A{place % 5}", place % 4, 60 * place)
    assert len(turns.calls) == CALLS
    last_s = 60 * (3 * CALLS - 1)
    assert turns.others("A0", last_s) == 4 and turns.others("B", last_s) == 5
    assert turns.latest(last_s + LIKELY_S + 1) == []
    turns.ended("A0", last_s + 20, 15)
    assert [turn.talk_s for turn in turns.calls if turn.talk_s >= 0] == [15]
