"""The court's arithmetic, on cases counted by hand."""

import math

import numpy as np
import pytest

from catflap_models.court.case import ALLOW, BLOCK, LABEL
from catflap_models.court.metrics import (
    Rate,
    Share,
    auc,
    by_family,
    clopper_pearson,
    per_four_weeks,
    pooled,
    precision_at,
    share_of,
    threshold_at,
    worst,
)
from catflap_models.court.reliability import brier, expected_calibration_error, forecast, reliability
from catflap_probe.call import LEGIT, SIMBANK
from tests.unit.court_cases import calls_of, ruling_of

CALLS = calls_of(
    [
        (10, "13800000001", "legit", "contact", ""),
        (20, "17000000001", "simbank", "random-scattered", "pool"),
        (30, "17000000002", "simbank", "random-scattered", "pool"),
        (40, "17000000003", "simbank", "hours-scattered", "other"),
        (50, "01062345601", "legit", "outgoing", ""),
    ],
    out=[4],
)
RULING = ruling_of([("legit", 0.1, ALLOW), ("simbank", 0.9, BLOCK), ("legit", 0.3, ALLOW), ("simbank", 0.6, LABEL), ("legit", 0.0, ALLOW)])


def test_no_hit_in_ten_rules_out_what_the_closed_form_says() -> None:
    """Of no hit the upper bound is 1 - 0.025 ** (1 / n); of all hits the lower one is its mirror."""
    high = 1 - 0.025 ** (1 / 10)
    assert clopper_pearson(0, 10) == pytest.approx((0.0, high))
    assert clopper_pearson(10, 10) == pytest.approx((1 - high, 1.0))


def test_bounds_leave_as_much_in_each_tail_as_promised() -> None:
    """At the lower bound of 3 in 20, three or more come up in 2.5 % of cases; at the upper, three or fewer do."""
    low, high = clopper_pearson(3, 20)

    def at_most(hits: int, share: float) -> float:
        return sum(math.comb(20, k) * share**k * (1 - share) ** (20 - k) for k in range(hits + 1))

    assert 1 - at_most(2, low) == pytest.approx(0.025)
    assert at_most(3, high) == pytest.approx(0.025)


def test_nothing_has_no_share_and_the_widest_bounds() -> None:
    """A family without calls is no family of recall 0."""
    assert Share(0, 0).value is None
    assert Share(0, 0).bounds == (0.0, 1.0)


def test_one_alarm_in_two_months_is_half_an_alarm_in_four_weeks() -> None:
    """And no alarm at all rules out more than 3.69 in the time watched (-ln 0.025)."""
    assert per_four_weeks(1, 56).value == 0.5
    assert per_four_weeks(0, 28).bounds == pytest.approx((0.0, -math.log(0.025)))
    assert Rate(3, 0).value is None


def test_the_threshold_spares_all_but_the_budget() -> None:
    """Two in ten may be marked: the third highest score must stay below."""
    scores = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    threshold = threshold_at(scores, 0.2)
    assert (scores >= threshold).sum() == 2
    assert 0.8 < threshold <= 0.9


def test_a_tie_at_the_threshold_is_spared_as_a_whole() -> None:
    """Three equal highest scores do not fit into a budget of two."""
    scores = np.array([0.1, 0.5, 0.5, 0.5, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1])
    assert (scores >= threshold_at(scores, 0.2)).sum() == 0


def test_a_budget_of_29_in_100_is_29() -> None:
    """0.29 * 100 is 28.999... in floats."""
    assert (np.arange(100.0) >= threshold_at(np.arange(100.0), 0.29)).sum() == 29
    assert threshold_at(np.arange(10.0), 1.0) == -math.inf
    with pytest.raises(ValueError, match="no honest call"):
        threshold_at(np.array([]), 0.1)


def test_precision_where_nuisances_are_rare() -> None:
    """Recall 0.8 at 1 honest in 100: of 1,000 calls with 5 nuisances 4 are found, and 9.95 honest ones with them."""
    assert precision_at(0.8, 0.01, 0.005) == pytest.approx(4 / 13.95)
    assert precision_at(0.0, 0.0, 0.005) is None


def test_auc_counts_pairs() -> None:
    """Of six pairs four are right and one is a tie."""
    scores = np.array([0.9, 0.4, 0.5, 0.4, 0.1])
    positive = np.array([True, True, False, False, False])
    assert auc(scores, positive) == pytest.approx((3 + 1 + 0.5) / 6)
    assert auc(scores, np.ones(5, np.bool_)) is None


def test_honest_calls_are_incoming_ones() -> None:
    """The trunk's own calls cannot be stopped and must not thin out the honest ones."""
    pool = pooled([(CALLS, RULING)])
    assert pool.is_honest.tolist() == [True, False, False, False, False]
    assert share_of(pool.is_blocked, pool.is_honest) == Share(0, 1)
    assert pool.is_marked.tolist() == [False, True, False, True, False]
    assert pool.campaign[1] == "t/pool"


def test_the_worst_family_is_stated() -> None:
    """One of two found against one of one."""
    pool = pooled([(CALLS, RULING)])
    shares = by_family(pool.label, pool.family, pool.is_marked, pool.label == SIMBANK)
    assert shares == {(SIMBANK, "hours-scattered"): Share(1, 1), (SIMBANK, "random-scattered"): Share(1, 2)}
    assert worst(shares) == ((SIMBANK, "random-scattered"), Share(1, 2))


def test_of_two_families_as_bad_the_larger_is_the_worst() -> None:
    """Nothing found of one call says less than nothing of ten."""
    assert worst({(1, "a"): Share(0, 1), (1, "b"): Share(0, 10), (1, "c"): Share(9, 10)})[0] == (1, "b")


def test_trunks_are_pooled_one_after_the_other() -> None:
    """A ruling of another length than its calls is refused."""
    pool = pooled([(CALLS, RULING), (CALLS, RULING)])
    assert pool.trunk.tolist() == [0] * 5 + [1] * 5
    assert pool.days == 56.0
    with pytest.raises(ValueError, match="5 calls, but 1 rulings"):
        pooled([(CALLS, ruling_of([("legit", 0.0, ALLOW)]))])
    with pytest.raises(ValueError, match="no trunk"):
        pooled([])


def test_calibration_by_hand() -> None:
    """Two calls at 0.9 of which one came true, two at 0.1 of which none did: (0.4 * 2 + 0.1 * 2) / 4."""
    forecasts, came_true = np.array([0.9, 0.9, 0.1, 0.1]), np.array([True, False, False, False])
    bins = reliability(forecasts, came_true)
    assert [(part.low, part.came_true) for part in bins] == [(0.1, Share(0, 2)), (0.9, Share(1, 2))]
    assert expected_calibration_error(bins) == pytest.approx(0.25)
    assert brier(forecasts, came_true) == pytest.approx((0.01 + 0.81 + 0.01 + 0.01) / 4)


def test_certainty_has_a_place_among_the_bins() -> None:
    """A score of exactly 1 belongs to the last one."""
    assert reliability(np.array([1.0]), np.array([True]))[0].low == 0.9
    assert expected_calibration_error([]) is None
    assert brier(np.array([]), np.array([], np.bool_)) is None


def test_a_label_is_forecast_by_the_score_that_came_with_it() -> None:
    """0.9 on simbank is nothing for other labels and 0.1 for honest."""
    pool = pooled([(CALLS, RULING)])
    assert forecast(pool, SIMBANK).tolist() == [0.0, 0.9, 0.0, 0.6, 0.0]
    assert forecast(pool, LEGIT)[1] == pytest.approx(0.1)
