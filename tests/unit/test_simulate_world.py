"""All calls of a trunk: in order, one at a time on a line, the honest ones independent of campaigns, in bounded memory."""

import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from catflap_models.plan import PlannedCall
from catflap_models.simulate import world
from catflap_models.simulate.honest import FAMILIES
from catflap_models.simulate.scenario import DAY_S, Bombing, CalledTrunk, Dialler, FalseNumbers, Honest, Modems, OneRing, Scenario, SimBank
from catflap_models.simulate.world import held_s, planned_calls

BANK = SimBank("bank", "longest-idle", "scattered", 2, 4, sims=32, share=0.1)
CAMPAIGNS = (BANK, OneRing("one-ring", 3, 2), Bombing("bombing", 3), Dialler("dialler", 1, 5), FalseNumbers("false", 2.0))
SCENARIO = Scenario(5, CalledTrunk("t", 8), 10, Honest(120.0, FAMILIES), CAMPAIGNS)
QUIET = replace(SCENARIO, campaigns=())


def call(t_s: float, line: int = 0, **changes: object) -> PlannedCall:
    plain = PlannedCall(t_s, line, "13800000000", "shown", "", 30.0, 5.0, 100.0, "legit", "contact", "")
    return replace(plain, **changes)  # type: ignore[arg-type]


def planned(monkeypatch: pytest.MonkeyPatch, *calls: PlannedCall, seed: int = 1) -> list[PlannedCall]:
    monkeypatch.setattr(world, "honest_calls", lambda *_: iter(calls))
    return list(planned_calls(replace(QUIET, seed=seed)))


def test_calls_come_in_time_order_one_at_a_time_on_a_line() -> None:
    calls = list(planned_calls(SCENARIO))
    assert len({one.label for one in calls}) == 6
    assert all(before.t_s <= after.t_s for before, after in pairwise(calls))
    assert calls[-1].t_s < 10 * DAY_S
    for line in range(8):
        of_line = [one for one in calls if one.line == line]
        assert all(before.t_s + held_s(before) < after.t_s for before, after in pairwise(of_line))


def test_a_busy_line_is_not_reached_and_another_is(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third, fourth = call(0.0), call(50.0, label="tdos"), call(50.0, 1), call(120.0)
    assert planned(monkeypatch, first, second, third, fourth) == [first, third, fourth]


def test_an_honest_caller_who_hears_the_busy_tone_redials(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []
    for seed in range(200):
        first, *later = planned(monkeypatch, call(40_000.0), call(40_050.0, calling="13900000000"), seed=seed)
        assert [one.calling for one in later] in ([], ["13900000000"])
        waits += [one.t_s - 40_050.0 for one in later]
        assert all(one.t_s > first.t_s + held_s(first) for one in later)
    assert 80 < len(waits) < 160
    assert 55.0 < min(waits) < 120.0


def test_a_machine_or_a_nuisance_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(20):
        first = call(40_000.0)
        assert planned(monkeypatch, first, call(40_010.0, family="flood-alert"), call(40_050.0, label="simbank"), seed=seed) == [first]


def test_campaigns_change_nothing_of_what_honest_people_mean_to_do() -> None:
    quiet = Counter(one for one in planned_calls(QUIET))
    among = Counter(one for one in planned_calls(SCENARIO) if one.label == "legit")
    # only what met a line kept busy by a campaign, and its redials, may differ
    assert sum((quiet & among).values()) > 0.95 * sum(quiet.values())
    one_more = replace(SCENARIO, campaigns=(*CAMPAIGNS, Dialler("another", 0, 10)))
    before = Counter(one for one in planned_calls(SCENARIO))
    assert sum((before & Counter(planned_calls(one_more))).values()) > 0.95 * sum(before.values())


def test_withheld_numbers_are_as_many_as_asked_for_whoever_calls() -> None:
    plain = list(planned_calls(SCENARIO))
    hidden = list(planned_calls(replace(SCENARIO, modems=Modems(withheld_share=0.2))))
    assert [one.t_s for one in plain] == [one.t_s for one in hidden]
    for label in ("legit", "simbank", "telemarketing"):
        shown = [place for place, one in enumerate(plain) if one.label == label and one.presentation == "shown"]
        withheld = [place for place in shown if hidden[place].presentation == "withheld"]
        assert all(hidden[place].calling == "" for place in withheld)
        assert len(withheld) / len(shown) == pytest.approx(0.2, abs=0.1)
    assert all(one.presentation == "shown" for one in hidden if one.label == "spoof")


def test_the_same_scenario_gives_the_same_calls_whatever_the_process() -> None:
    code = (
        "from tests.unit.test_simulate_world import SCENARIO\n"
        "from catflap_models.simulate.world import planned_calls\n"
        "for call in planned_calls(SCENARIO): print(call)\n"
    )
    texts = [
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1]
    assert texts[0].count(b"\n") > 2000
    assert list(planned_calls(SCENARIO)) != list(planned_calls(replace(SCENARIO, seed=6)))


def test_a_long_plan_takes_no_more_memory() -> None:
    long = Scenario(1, CalledTrunk("t", 4), 400, Honest(60.0, FAMILIES), (Dialler("dialler", 0, 400),))
    peaks = []
    tracemalloc.start()
    for place, _ in enumerate(planned_calls(long)):
        if place in (5_000, 25_000):
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
    tracemalloc.stop()
    assert len(peaks) == 2
    assert peaks[1] < 1.3 * peaks[0]
    # the whole plan would take 12 MB
    assert peaks[1] < 2e6


def test_only_chinese_subscribers_are_known() -> None:
    with pytest.raises(ValueError, match="'US'"):
        planned_calls(replace(QUIET, trunk=CalledTrunk("t", 1, "US", "805")))
    with pytest.raises(ValueError, match="'international'"):
        planned_calls(replace(QUIET, trunk=CalledTrunk("t", 1, role="international")))
