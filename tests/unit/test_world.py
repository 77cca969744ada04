"""The simulated world: reproducible, possible on a telephone line, and with the campaigns that it claims to have."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from catflap_models import numbers
from catflap_models.demo import NUMBERS, demo
from catflap_models.honest import DAY_S, Trunk, honest_calls
from catflap_models.nuisance import (
    NUMBERINGS,
    SELECTORS,
    SimBank,
    call_bombing,
    dialler_calls,
    draw_sim_bank,
    false_numbers,
    one_ring_calls,
    sim_bank_calls,
)
from catflap_models.plan import PlannedCall
from catflap_models.world import one_at_a_time, plan
from catflap_probe.call import LABELS, PRESENTATIONS
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import IMPOSSIBLE, PLAUSIBLE
from catflap_probe.verdict.trunk_plan import TrunkPlan

TRUNK = Trunk(8, "CN", "010")
BANK = SimBank(
    campaign="bank",
    selector="longest-idle",
    numbering="scattered",
    sims=16,
    calls_per_sim_day=100.0,
    gap_floor_s=60.0,
    share=1.0,
    life_days=1e9,
    is_sticky=False,
    lines=8,
    virtual_share=0.5,
)


def verdict(calling: str) -> int:
    plan = TrunkPlan("CN", "010", "subscriber")
    return check(calling, plan, OwnNumbers([], plan)).verdict


def held_s(call: PlannedCall) -> float:
    is_answered = call.answer_s is not None and call.answer_s < call.patience_s
    return (call.answer_s or 0.0) + call.talk_s if is_answered else call.patience_s


def test_the_same_seed_gives_the_same_plan_whatever_the_process() -> None:
    code = "from catflap_models.world import plan; from catflap_models.honest import Trunk; print(list(plan(Trunk(2, 'CN', '010'), 6, 3)))"
    texts = [
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) > 10_000


def test_seeds_differ() -> None:
    assert list(plan(TRUNK, 4, 1)) != list(plan(TRUNK, 4, 2))


def test_calls_come_in_time_order_one_at_a_time_on_a_line() -> None:
    calls = list(plan(TRUNK, 14, 5))
    assert all(before.t_s <= after.t_s for before, after in pairwise(calls))
    for line in range(TRUNK.lines):
        assert all(before.t_s + held_s(before) <= after.t_s for before, after in pairwise(call for call in calls if call.line == line))


def test_a_call_to_a_busy_line_is_dropped_and_one_to_another_line_kept() -> None:
    first = PlannedCall(0.0, 0, "13800000000", "shown", "", 30.0, 5.0, 100.0, "legit", "contact", "")
    second, third, fourth = replace(first, t_s=50.0), replace(first, t_s=50.0, line=1), replace(first, t_s=120.0)
    assert list(one_at_a_time([fourth, third, second, first], DAY_S)) == [first, third, fourth]


def test_every_call_is_well_formed() -> None:
    for seed in range(4):
        for call in plan(TRUNK, 14, seed):
            assert call.label in LABELS
            assert call.presentation in PRESENTATIONS
            assert (call.calling != "") == (call.presentation == "shown")
            assert 0 <= call.line < TRUNK.lines
            assert call.patience_s > 0
            assert (call.campaign == "") == (call.label in ("legit", "spoof"))


def test_only_a_chinese_world_is_known() -> None:
    with pytest.raises(ValueError, match="'US'"):
        plan(Trunk(1, "US", "805"), 1, 1)


def test_honest_families_and_habits() -> None:
    calls = [call for seed in range(8) for call in honest_calls(TRUNK, 21, 150.0, Random(seed))]
    families = {call.family for call in calls}
    assert families == {
        "alert", "contact", "courier", "crew", "firm", "foreign", "hospital", "rider", "sales", "service", "stranger", "withheld",
    }  # fmt: skip
    weekend = sum(call.t_s // DAY_S % 7 > 4 for call in calls)
    assert 0.05 < weekend / len(calls) < 0.2
    assert sum(8 <= call.t_s % DAY_S / 3600 < 18 for call in calls) > 0.85 * len(calls)
    couriers = [call.calling for call in calls if call.family == "courier"]
    assert len(set(couriers)) > 0.8 * len(couriers)


def test_the_longest_idle_card_is_next() -> None:
    calls = [call.calling for call in sim_bank_calls(BANK, TRUNK, 9 * 3600.0, 1, Random(1))]
    assert len(set(calls)) == BANK.sims
    assert all(one == other for one, other in zip(calls, calls[BANK.sims :], strict=False))


def test_a_random_selector_keeps_the_gap_floor() -> None:
    last_s: dict[str, float] = {}
    short = 0
    calls = list(sim_bank_calls(replace(BANK, selector="random"), TRUNK, 9 * 3600.0, 1, Random(2)))
    for call in calls:
        short += call.t_s - last_s.get(call.calling, -1e9) < BANK.gap_floor_s
        last_s[call.calling] = call.t_s
    assert short == 0
    assert [call.calling for call in calls[:16]] != [call.calling for call in calls[16:32]]


@pytest.mark.parametrize(("numbering", "most_heads"), [("neighbouring", 1), ("batch", 4)])
def test_numbers_of_a_purchase_share_their_blocks(numbering: str, most_heads: int) -> None:
    calls = list(sim_bank_calls(replace(BANK, numbering=numbering), TRUNK, 9 * 3600.0, 2, Random(3)))
    assert len({call.calling[:7] for call in calls}) <= most_heads


def test_cards_are_replaced_and_sticky_lines_keep_theirs() -> None:
    replaced = {call.calling for call in sim_bank_calls(replace(BANK, life_days=2.0), TRUNK, 9 * 3600.0, 4, Random(4))}
    assert len(replaced) > BANK.sims
    sticky = list(sim_bank_calls(replace(BANK, is_sticky=True), TRUNK, 9 * 3600.0, 1, Random(5)))
    for line in range(TRUNK.lines):
        of_line = [call.calling for call in sticky if call.line == line]
        assert max(of_line.count(calling) for calling in set(of_line)) > 0.7 * len(of_line)


def test_drawn_banks_stay_within_their_bounds() -> None:
    banks = [draw_sim_bank(TRUNK, "b", Random(seed)) for seed in range(200)]
    assert {bank.selector for bank in banks} == set(SELECTORS)
    assert {bank.numbering for bank in banks} == set(NUMBERINGS)
    assert all(16 <= bank.sims <= 256 and 0 < bank.share <= 0.1 and 1 <= bank.lines <= TRUNK.lines for bank in banks)


def test_one_ring_calls_sweep_the_lines_in_order() -> None:
    calls = list(one_ring_calls(TRUNK, "o", 0, 1, Random(1)))
    assert [call.line for call in calls[: TRUNK.lines]] == list(range(TRUNK.lines))
    assert all(call.patience_s < 3.0 and call.calling.startswith("+") and call.answer_s is None for call in calls)


def test_call_bombing_is_dense_and_short() -> None:
    for seed in range(6):
        calls = list(call_bombing(TRUNK, "t", 0, Random(seed)))
        assert len(calls) > 20
        assert all(call.patience_s <= 2.5 for call in calls)
        assert len({call.line for call in calls}) <= 2


def test_diallers_ring_six_or_seven_times() -> None:
    calls = [call for seed in range(6) for call in dialler_calls(TRUNK, "d", 0, 5, Random(seed))]
    middle = sorted(call.patience_s for call in calls)[len(calls) // 2]
    assert 30 <= middle <= 36
    assert len({call.calling for call in calls}) <= 6 * 6


def test_false_numbers_are_impossible_and_all_others_plausible() -> None:
    rng = Random(1)
    assert all(verdict(numbers.impossible(rng)) == IMPOSSIBLE for _ in range(2000))
    for maker in (numbers.mobile, numbers.service, numbers.dialler, numbers.abroad, numbers.one_ring):
        assert all(verdict(maker(rng)) == PLAUSIBLE for _ in range(500))
    assert all(verdict(numbers.landline(rng, "010")) == PLAUSIBLE for _ in range(500))
    assert {call.label for call in false_numbers(TRUNK, 30, rng)} == {"spoof"}


def test_the_demo_s_day() -> None:
    for seed in range(3):
        made = demo(seed)
        assert len(NUMBERS) == TRUNK.lines
        assert {call.label for call in made.quiet} == {"legit"}
        assert all(0 <= call.t_s < 14 * DAY_S for call in made.quiet)
        bank = [call for call in made.day if call.label == "simbank" and call.t_s < 7200]
        assert len(bank) >= 60
        assert bank[0].t_s > 300
        assert {call.line for call in bank} == set(range(8))
        suffixes = sorted({int(call.calling[-4:]) for call in bank})
        assert len({call.calling[:7] for call in bank}) == 1
        assert 20 <= len(suffixes) <= 32
        assert suffixes[-1] - suffixes[0] <= 2000
        assert bank[0].calling.startswith(numbers.VIRTUAL)
        honest = [call for call in made.day if call.label == "legit" and call.t_s < 7200]
        assert len(honest) >= 20
        known = {call.calling for call in made.quiet}
        assert sum(call.calling in known for call in honest) > len(honest) // 2
