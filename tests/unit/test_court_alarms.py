"""Which alarms are true, and how soon campaigns are found, on cases counted by hand."""

import numpy as np
import pytest

from catflap_models.court.alarms import Truth, false_alarms, four_in_five, quantile, undetected_after, until_alarm, until_hit
from catflap_models.court.case import Alarm
from catflap_models.court.metrics import Share
from catflap_probe.call import SIMBANK
from tests.unit.court_cases import calls_of

CALLS = calls_of(
    [
        (0, "1", "simbank", "random-scattered", "pool"),
        (3600, "2", "simbank", "random-scattered", "pool"),
        (5000, "9", "legit", "contact", ""),
        (7200, "3", "simbank", "random-scattered", "pool"),
        (9000, "8", "wangiri", "foreign", "sweep"),
        (10800, "1", "simbank", "random-scattered", "pool"),
        (12000, "7", "simbank", "random-scattered", "other"),
    ]
)


def alarm(*growth: tuple[float, tuple[str, ...]], kind: str = "simbank") -> Alarm:
    """An alarm that grew like that."""
    return Alarm("a", growth[0][0], kind, growth[-1][1], growth[0][1], 1.0, (), growth)


@pytest.mark.parametrize(
    ("members", "kind", "campaign"),
    [
        (("1", "2", "9"), "simbank", "pool"),
        (("1", "9"), "simbank", ""),
        (("1", "2"), "wangiri", ""),
        (("8",), "wangiri", "sweep"),
        (("1", "7"), "simbank", ""),
        (("1", "unheard-of", "unheard-of too"), "simbank", "pool"),
        ((), "simbank", ""),
    ],
    ids=["two in three", "half", "another kind", "its kind", "two pools", "members without label", "no members"],
)
def test_more_than_half_of_the_labelled_members_of_one_campaign_of_that_kind(members: tuple[str, ...], kind: str, campaign: str) -> None:
    """The contract's rule."""
    assert Truth(CALLS).campaign_of(kind, members) == campaign


@pytest.mark.parametrize(
    ("members", "is_true"),
    [(("1", "2"), True), (("1",), False), (("1", "2", "3", "9"), False), (("1", "2", "unheard-of"), False)],
    ids=["two of two", "one alone", "three of four", "two of three"],
)
def test_the_stricter_rule_asks_for_two_and_for_four_in_five(members: tuple[str, ...], is_true: bool) -> None:
    """A member that nobody knows is no true one."""
    assert (Truth(CALLS).campaign_of("simbank", members, four_in_five) == "pool") is is_true


def test_an_alarm_about_a_line_is_no_false_one() -> None:
    """It accuses nobody."""
    false = alarm((1, ("9",)))
    assert false_alarms(CALLS, [alarm((1, ()), kind="line"), alarm((1, ("1", "2"))), false]) == [false]


def test_time_to_the_alarm_runs_to_the_row_that_made_it_true() -> None:
    """First it accused an honest caller alone; at 7300 s the pool's third call had come, two hours and a bit after the first."""
    grown = alarm((5100, ("9",)), (7300, ("9", "1", "2")))
    pool, sweep, other = until_alarm(CALLS, [grown])
    assert (pool.campaign, pool.label, pool.calls, pool.found_at) == ("pool", SIMBANK, 4, 3)
    assert pool.hours == pytest.approx(7300 / 3600)
    assert (sweep.found_at, sweep.hours) == (None, None)
    assert (other.calls, other.found_at) == (1, None)


def test_time_to_the_first_hit() -> None:
    """The pool's second call, an hour after its first; the other pool never."""
    hit = np.array([False, True, True, True, False, True, False])
    pool, _, other = until_hit(CALLS, hit)
    assert (pool.found_at, pool.hours) == (2, 1.0)
    assert other.found_at is None


def test_an_outgoing_call_of_a_campaign_is_no_call_on_the_trunk() -> None:
    """Campaigns of callers only."""
    calls = calls_of([(0, "1", "spoof", "outside-range", "own")], out=[0])
    assert until_hit(calls, np.array([True])) == []


def test_never_counts_among_the_slow() -> None:
    """Three of four found: the median is known, nine in ten is never."""
    assert quantile([5, None, 1, 3], 0.5) == 3
    assert quantile([5, None, 1, 3], 0.75) == 5
    assert quantile([5, None, 1, 3], 0.9) is None
    assert quantile([], 0.5) is None


def test_undetected_share_is_of_campaigns_that_went_on_so_long() -> None:
    """After 3 calls only one campaign is left to ask about, and it was found at its third."""
    delays = until_alarm(CALLS, [alarm((7300, ("1", "2")))])
    assert undetected_after(delays, 1) == Share(3, 3)
    assert undetected_after(delays, 2) == Share(1, 1)
    assert undetected_after(delays, 3) == Share(0, 1)
    assert undetected_after(delays, 5) == Share(0, 0)
