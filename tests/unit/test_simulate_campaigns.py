"""Campaigns other than SIM banks: what defines each, the numbers they show, and that all come in time order and labelled."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from random import Random
from statistics import mean

import pytest

from catflap_models.plan import PlannedCall
from catflap_models.simulate.campaigns import campaign_calls
from catflap_models.simulate.false_numbers import FORMS
from catflap_models.simulate.hours import is_weekend
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.scenario import (
    DAY_S,
    Bombing,
    CalledTrunk,
    Campaign,
    Dialler,
    FalseNumbers,
    OneRing,
    OutsideRange,
    SimBank,
)
from catflap_probe.verdict.kinds import CALL_CENTRE, LANDLINE, MOBILE, SERVICE
from catflap_probe.verdict.numbering import check, check_presented
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import IMPOSSIBLE, PLAUSIBLE
from catflap_probe.verdict.trunk_plan import TrunkPlan

TRUNK = CalledTrunk("beijing-7", 16)
PLAN = TrunkPlan("CN", "010", "subscriber")
ALL: list[Campaign] = [
    SimBank("bank", "longest-idle", "batch", 1, 2, share=0.05),
    *(OneRing("ring", 1, 3, numbering) for numbering in ("foreign", "premium")),
    *(Bombing("bombing", 1, 1.0, numbering) for numbering in ("single", "rotating", "fresh", "withheld")),
    *(Dialler("dialler", 1, 3, 2.5, numbering) for numbering in ("call-centre", "landline", "mobile")),
    FalseNumbers("false", 4.0),
    OutsideRange("outside", 1, 3),
]


def made(campaign: Campaign, seed: int = 1, days: int = 14, trunk: CalledTrunk = TRUNK) -> list[PlannedCall]:
    return list(campaign_calls(campaign, trunk, days, Random(seed)))


def is_answered(call: PlannedCall) -> bool:
    return call.answer_s is not None and call.answer_s < call.patience_s


@pytest.mark.parametrize("campaign", ALL, ids=repr)
def test_every_campaign_is_in_order_labelled_and_within_its_days(campaign: Campaign) -> None:
    found = made(campaign)
    assert len(found) > 10
    assert all(before.t_s <= after.t_s for before, after in pairwise(found))
    assert {call.line for call in found} <= set(range(16))
    assert {call.label for call in found} <= {"simbank", "wangiri", "tdos", "telemarketing", "spoof"}
    assert {call.campaign for call in found} == {"" if isinstance(campaign, FalseNumbers) else campaign.name}
    assert all(call.presentation == ("shown" if call.calling else "withheld") for call in found)
    assert all(call.patience_s > 0 and call.talk_s >= 0 for call in found)
    if isinstance(campaign, FalseNumbers):
        assert found[-1].t_s < 14 * DAY_S
    elif isinstance(campaign, Bombing):
        assert found[-1].t_s < found[0].t_s + 3600
    else:
        assert campaign.first_day <= found[0].t_s / DAY_S
        # a sweep of the last evening may go on past midnight
        assert found[-1].t_s / DAY_S < campaign.first_day + campaign.days + (0.1 if isinstance(campaign, OneRing) else 0.0)


@pytest.mark.parametrize("campaign", ALL, ids=repr)
def test_no_call_comes_after_the_plan(campaign: Campaign) -> None:
    assert all(call.t_s < 2 * DAY_S for call in made(campaign, days=2))


@pytest.mark.parametrize("campaign", ALL, ids=repr)
def test_a_lone_line_is_enough(campaign: Campaign) -> None:
    assert {call.line for call in made(campaign, trunk=CalledTrunk("t", 1))} == {0}


@pytest.mark.parametrize("campaign", [campaign for campaign in ALL if not isinstance(campaign, FalseNumbers)], ids=repr)
def test_only_false_numbers_are_impossible(campaign: Campaign) -> None:
    own = OwnNumbers([own_number(TRUNK, line) for line in range(16)], PLAN)
    if not isinstance(campaign, OutsideRange):
        assert not [call.calling for call in made(campaign) if check(call.calling, PLAN, own).verdict == IMPOSSIBLE]


@pytest.mark.parametrize("numbering", ["foreign", "premium"])
def test_one_ring_callers_give_up_within_three_seconds(numbering: str) -> None:
    for seed in range(5):
        for call in made(OneRing("ring", 1, 3, numbering), seed):
            assert 0.0 < call.patience_s < 3.0
            assert call.answer_s is None
            assert (call.label, call.family) == ("wangiri", numbering)


def test_one_ring_sweeps_go_over_the_lines_in_sequence_on_every_day() -> None:
    for seed in range(8):
        found = made(OneRing("ring", 2, 3), seed)
        assert {int(call.t_s // DAY_S) for call in found} >= {2, 3, 4}
        # sweeps may cross each other, seldom
        steps = Counter(abs(after.line - before.line) for before, after in pairwise(found))
        assert steps[1] + steps[2] > 0.7 * len(found)
        assert len({call.calling for call in found}) <= 8
        assert len({call.line for call in found}) == 16


def test_one_ring_callers_are_foreign_or_dear() -> None:
    own = OwnNumbers([], PLAN)
    seen = set()
    for seed in range(30):
        for call in made(OneRing("ring", 1, 1), seed):
            found = check(call.calling, PLAN, own)
            assert found.is_foreign
            assert found.verdict == PLAUSIBLE
            seen.add(found.country)
    assert len(seen) > 12
    dear = {call.calling for seed in range(30) for call in made(OneRing("ring", 1, 1, "premium"), seed)}
    assert any(calling.startswith("+") for calling in dear)
    assert any(calling.startswith("16") for calling in dear)


@pytest.mark.parametrize("numbering", ["single", "rotating", "fresh", "withheld"])
def test_bombing_is_seconds_apart_for_hours_and_never_waits(numbering: str) -> None:
    for seed in range(5):
        found = made(Bombing("bombing", 1, 2.0, numbering), seed)
        gaps_s = [after.t_s - before.t_s for before, after in pairwise(found)]
        assert min(gaps_s) >= 0.999
        assert max(gaps_s) <= 60.001
        assert 1.9 * 3600 < found[-1].t_s - found[0].t_s <= 2.0 * 3600
        assert all(call.patience_s <= 2.0 and call.answer_s is None for call in found)
        assert 1 <= len({call.line for call in found}) <= 2
        assert {(call.label, call.family) for call in found} == {("tdos", numbering)}
        callers = {call.calling for call in found}
        if numbering == "single":
            assert len(callers) == 1 and "" not in callers
        elif numbering == "rotating":
            assert 2 <= len(callers) < 20
        elif numbering == "fresh":
            assert len(callers) > 0.99 * len(found)
        else:
            assert callers == {""}


@pytest.mark.parametrize("numbering", ["call-centre", "landline", "mobile"])
def test_a_dialler_rings_six_or_seven_times_and_drops_few_who_answer(numbering: str) -> None:
    # some firms' own codes lie in the call centres' ranges
    kinds = {"call-centre": {CALL_CENTRE, SERVICE}, "landline": {LANDLINE}, "mobile": {MOBILE}}
    answered = abandoned = 0
    for seed in range(8):
        found = made(Dialler("dialler", 0, 14, 4.0, numbering), seed)
        rings = {int(call.patience_s // 5) + 1 for call in found}
        assert rings in ({6}, {7})
        # it hangs up in a pause, not in a ring
        assert all(call.patience_s % 5 >= 1 for call in found)
        assert not [call for call in found if is_weekend(int(call.t_s // DAY_S))]
        assert all(8 <= call.t_s % DAY_S / 3600 < 21 for call in found)
        assert len(found) / 10 / 16 == pytest.approx(4.0, rel=0.15)
        assert len({call.calling for call in found}) <= 6
        assert {check(call.calling, PLAN, OwnNumbers([], PLAN)).kind for call in found} <= kinds[numbering]
        assert {(call.label, call.family) for call in found} == {("telemarketing", numbering)}
        answered += sum(1 for call in found if is_answered(call))
        # 0.5-2 s; who hangs up himself may be as quick
        abandoned += sum(1 for call in found if is_answered(call) and call.talk_s <= 2.0)
    assert answered > 1000
    assert 0 < abandoned < 0.12 * answered


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("area_code", ["010", "0755", "0931", "0433"])
@pytest.mark.parametrize("role", ["subscriber", "interconnect", "international"])
def test_every_false_number_is_impossible(form: str, area_code: str, role: str) -> None:
    trunk = CalledTrunk("t", 16, area_code=area_code, role=role)
    plan = TrunkPlan("CN", area_code, role)
    reasons: Counter[str] = Counter()
    rng = Random(f"{form} {area_code}")
    for _ in range(1500):
        line = rng.randrange(16)
        calling = FORMS[form](trunk, line, rng)
        found = check(calling, plan, OwnNumbers([own_number(trunk, line)], plan))
        assert found.verdict == IMPOSSIBLE, (calling, found.reason)
        reasons[found.reason] += 1
    assert len(reasons) == 1


def test_false_numbers_come_in_every_form_as_lone_calls() -> None:
    found = made(FalseNumbers("false", 3.0), days=60)
    assert len(found) == pytest.approx(180, rel=0.25)
    assert {call.family for call in found} == set(FORMS)
    assert {(call.label, call.campaign) for call in found} == {("spoof", "")}
    own = [call for call in found if call.family == "own-number"]
    assert own
    for call in own:
        judged = check(call.calling, PLAN, OwnNumbers([own_number(TRUNK, call.line)], PLAN))
        assert judged.reason == "number.own"
    # they wait like people
    assert mean(call.patience_s for call in found) > 15.0
    assert any(is_answered(call) for call in found)


def test_calls_out_present_numbers_outside_the_trunks_range() -> None:
    own = OwnNumbers([own_number(TRUNK, line) for line in range(16)], PLAN)
    near = 0
    for seed in range(10):
        found = made(OutsideRange("outside", 1, 3, 20.0), seed)
        assert {(call.label, call.family, call.direction) for call in found} == {("spoof", "outside-range", "out")}
        for call in found:
            assert check_presented(call.calling, PLAN, own).reason == "number.not-own", call.calling
            assert check(call.called, PLAN, own).kind == MOBILE
            near += call.calling.startswith("010623456") or call.calling.startswith("010623457")
    assert near > 0


@pytest.mark.parametrize("area_code", ["010", "0755", "0571"])
def test_a_line_has_one_number_of_its_area(area_code: str) -> None:
    trunk = CalledTrunk("t", 64, area_code=area_code)
    found = [own_number(trunk, line) for line in range(64)]
    assert len(set(found)) == 64
    plan = TrunkPlan("CN", area_code, "subscriber")
    assert {(check(number, plan, OwnNumbers([], plan)).verdict, len(number)) for number in found} == {(PLAUSIBLE, len(area_code) + 8)}


@pytest.mark.parametrize("campaign", [OneRing("x", 0, 1, "dear"), Bombing("x", 0, 1.0, "dear"), Dialler("x", 0, 1, 1.0, "dear")])
def test_an_unknown_numbering_is_named(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="dear"):
        made(campaign)


def test_people_answer_a_campaign_less_outside_working_hours() -> None:
    shares = defaultdict(list)
    for seed in range(30):
        for call in made(SimBank("bank", "random", "scattered", 0, 1, share=0.1, open_h=9.0, close_h=22.0), seed, days=1):
            shares[call.t_s % DAY_S < 18 * 3600].append(call.answer_s is not None)
    assert mean(shares[True]) > mean(shares[False]) + 0.1


def test_the_same_seed_is_the_same_campaign_everywhere() -> None:
    code = (
        "from random import Random\n"
        "from catflap_models.simulate.campaigns import campaign_calls\n"
        "from tests.unit.test_simulate_campaigns import ALL, TRUNK\n"
        "for campaign in ALL: print(list(campaign_calls(campaign, TRUNK, 7, Random('7'))))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    first, second = (
        subprocess.run([sys.executable, "-c", code], env={**environment, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert first.count(b"PlannedCall(") > 1000
