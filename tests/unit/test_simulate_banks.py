"""SIM banks: each selector by what defines it, and what all of them keep to, seen over the whole bank's calls."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import mean, pstdev

import pytest

from catflap_models.simulate.bank_hours import Lunch, wanted_calls, working_day
from catflap_models.simulate.bank_numbers import card_numbers
from catflap_models.simulate.banks import SELECTORS, BankCall, bank_calls, evasion_cost, sim_bank_calls
from catflap_models.simulate.scenario import DAY_S, CalledTrunk, SimBank

TRUNK = CalledTrunk("beijing-7", 16)
BANK = SimBank("bank", "longest-idle", "scattered", first_day=1, days=2, life_days=1000.0, gap_jitter=0.0)
"""Without births and irregular rests, so that whoever sees all calls knows which cards are rested."""
BY_OWN_RULE = [selector for selector in SELECTORS if selector not in ("human-mimic", "hours")]


def made(bank: SimBank, seed: int = 1) -> list[BankCall]:
    return list(bank_calls(bank, TRUNK, bank.first_day + bank.days, Random(seed)))


def by_card(calls: list[BankCall]) -> dict[str, list[BankCall]]:
    """Every card's calls, fake incoming ones too."""
    found = defaultdict(list)
    for call in calls:
        for card in (call.calling, call.called_card):
            if card:
                found[card].append(call)
    return found


def most_at_once(calls: list[BankCall]) -> int:
    """Channels taken; a fake call takes two."""
    moments = [(call.t_s, 1 + bool(call.called_card)) for call in calls] + [(call.until_s, -1 - bool(call.called_card)) for call in calls]
    at_once = most = 0
    for _, step in sorted(moments):
        at_once += step
        most = max(most, at_once)
    return most


def rested(calls: list[BankCall], bank: SimBank) -> list[tuple[BankCall, dict[int, float]]]:
    """Each call of the last day with the places that were rested then, and the ends of their last calls."""
    ends: dict[int, float] = {}
    found = []
    for call in calls:
        if call.t_s >= (bank.first_day + bank.days - 1) * DAY_S:
            found.append((call, {slot: end_s for slot, end_s in ends.items() if end_s + bank.gap_floor_s <= call.t_s}))
        ends[call.slot] = call.until_s
    assert len(found) > 5000
    return found


def test_longest_idle_takes_the_card_whose_last_call_ended_first() -> None:
    for call, ends in rested(made(BANK), BANK):
        assert ends[call.slot] == min(ends.values())


def test_round_robin_passes_over_none_but_places_that_are_not_rested() -> None:
    bank = replace(BANK, selector="round-robin")
    for (before, _), (call, ends) in pairwise(rested(made(bank), bank)):
        passed = [slot % bank.sims for slot in range(before.slot + 1, before.slot + 1 + (call.slot - before.slot - 1) % bank.sims)]
        assert not [slot for slot in passed if slot in ends]


def test_least_used_takes_none_of_more_calls_than_another_rested_card() -> None:
    bank = replace(BANK, selector="least-used")
    used: Counter[int] = Counter()
    for call, ends in rested(made(bank), bank):
        assert used[call.slot] == min(used[slot] for slot in ends)
        used[call.slot] += 1


def test_counter_limited_uses_a_card_up_before_it_comes_to_the_next() -> None:
    bank = replace(BANK, selector="counter-limited", limit_calls=200, limit_share=0.95, channels=16)
    last_day = rested(made(bank), bank)
    used: Counter[int] = Counter()
    order: list[int] = []
    for call, ends in last_day:
        if call.slot not in order:
            order.append(call.slot)
        earlier = order[: order.index(call.slot)]
        assert not [slot for slot in earlier if slot in ends and used[slot] < 190]
        used[call.slot] += 1
    assert max(used.values()) == 190
    # the calls come from cards that are used up, but for those at work when the day ends and for busy moments
    assert sum(calls for calls in used.values() if calls == 190) > 0.7 * used.total()
    assert len(used) < 60


def test_minute_limited_uses_up_a_cards_minutes() -> None:
    bank = replace(BANK, selector="minute-limited", limit_talk_minutes=60, limit_share=0.8)
    talked: Counter[int] = Counter()
    for call, _ in rested(made(bank), bank):
        talked[call.slot] += int(call.talk_s * 1000)
    assert max(talked.values()) <= 48 * 60_000
    assert sum(1 for talk_ms in talked.values() if talk_ms < 47 * 60_000) <= 25


def test_random_takes_any_rested_card() -> None:
    bank = replace(BANK, selector="random")
    ranks = [sorted(ends.values()).index(ends[call.slot]) / (len(ends) - 1) for call, ends in rested(made(bank), bank) if len(ends) > 1]
    assert abs(mean(ranks) - 0.5) < 0.02
    assert abs(pstdev(ranks) - 12**-0.5) < 0.02


def test_a_mimics_cards_have_hours_of_their_own_days_off_and_few_calls() -> None:
    bank = replace(BANK, selector="human-mimic", days=8)
    calls = made(bank)
    days_by_card = []
    begins = []
    for mine in by_card(calls).values():
        by_day = defaultdict(list)
        for call in mine:
            by_day[int(call.t_s // DAY_S)].append(call)
        days_by_card.append(len(by_day))
        hours = [call.t_s % DAY_S / 3600 for call in mine]
        assert max(hours) - min(hours) < 9.5
        begins.append(min(hours))
        assert max(sum(1 for call in day if not call.called_card) for day in by_day.values()) <= 66
        rests = [after.t_s - before.until_s for day in by_day.values() for before, after in pairwise(day)]
        assert min(rests) >= bank.gap_floor_s
    assert pstdev(begins) > 0.7
    assert sum(1 for days in days_by_card if days < 7) > 10
    assert len(calls) / bank.sims / bank.days < wanted_calls(bank) == 30.0
    assert 0.1 < mean(bool(call.called_card) for call in calls) < 0.3


def test_shifts_work_some_hours_only_and_most_at_the_edges_of_the_day() -> None:
    bank = replace(BANK, selector="hours", days=4)
    calls = made(bank)
    quarters = Counter(int((call.t_s % DAY_S / 3600 - bank.open_h) / (bank.close_h - bank.open_h) * 4) for call in calls)
    assert min(quarters[0], quarters[3]) > 1.15 * max(quarters[1], quarters[2])
    for mine in by_card(calls).values():
        hours = [call.t_s % DAY_S / 3600 for call in mine]
        assert max(hours) - min(hours) < (bank.close_h - bank.open_h) / 2 + 0.01


@pytest.mark.parametrize(
    ("selector", "sticky", "least", "most"),
    [("sticky", 0.0, 0.75, 0.92), ("round-robin", 0.5, 0.4, 0.6), ("random", 0.9, 0.78, 0.97), ("longest-idle", 0.0, 0.0, 0.05)],
)
def test_a_line_is_called_again_by_the_card_that_called_it(selector: str, sticky: float, least: float, most: float) -> None:
    callers: dict[int, str] = {}
    again = []
    for call in sim_bank_calls(replace(BANK, selector=selector, sticky=sticky, days=5), TRUNK, 6, Random(1)):
        if call.line in callers:
            again.append(callers[call.line] == call.calling)
        callers[call.line] = call.calling
    assert len(again) > 800
    assert least < mean(again) < most


def test_sticky_leaves_the_rule_to_calls_elsewhere() -> None:
    bank = replace(BANK, sticky=0.9)
    calls = [(call, ends) for call, ends in rested(made(bank), bank) if call.planned is None]
    assert all(ends[call.slot] == min(ends.values()) for call, ends in calls)


@pytest.mark.parametrize("selector", SELECTORS)
def test_every_bank_keeps_to_channels_rests_limits_and_hours(selector: str) -> None:
    bank = replace(
        BANK,
        selector=selector,
        sims=24,
        days=3,
        channels=5,
        calls_per_sim_day=300.0,
        limit_calls=100,
        limit_share=0.8,
        limit_talk_minutes=50,
        gap_floor_s=25.0,
        gap_jitter=0.6,
        life_days=2.0,
        sticky=0.4,
        fake_incoming=0.2,
        share=0.1,
    )
    calls = made(bank)
    assert all(before.t_s <= after.t_s for before, after in pairwise(calls))
    # a mimic is too slow to need them all
    assert most_at_once(calls) == 5 or (selector == "human-mimic" and most_at_once(calls) < 5)
    rests = []
    for card, mine in by_card(calls).items():
        rests += [after.t_s - before.until_s for before, after in pairwise(mine)]
        days = Counter(int(call.t_s // DAY_S) for call in mine if call.calling == card)
        assert max(days.values(), default=0) <= 80
        for day in days:
            assert sum(call.talk_s for call in mine if call.calling == card and call.t_s // DAY_S == day) <= 2400.001
    assert min(rests) >= 25.0
    assert len({round(rest_s) for rest_s in rests}) > 20
    assert all(bank.open_h <= call.t_s % DAY_S / 3600 < bank.close_h for call in calls)
    assert {int(call.t_s // DAY_S) for call in calls} == {1, 2, 3}


def test_a_channel_held_over_the_end_of_a_shift_stays_taken() -> None:
    for seed in range(4):
        assert most_at_once(made(replace(BANK, selector="hours", channels=2, days=6), seed)) == 2


@pytest.mark.parametrize("selector", SELECTORS)
def test_births_replace_deaths_one_for_one(selector: str) -> None:
    bank = replace(BANK, selector=selector, sims=40, days=8, life_days=2.0, limit_calls=150)
    slots: dict[int, list[str]] = defaultdict(list)
    births: Counter[int] = Counter()
    for call in made(bank):
        cards = slots[call.slot]
        if call.calling not in cards:
            cards.append(call.calling)
            births[int(call.t_s // DAY_S)] += 1
        # one at a time: who has a successor never calls again
        assert cards[-1] == call.calling
    cards = [card for mine in slots.values() for card in mine]
    assert len(set(cards)) == len(cards)
    assert sorted(slots) == list(range(40))
    # 20 a day; a quiet card may die unseen
    assert 70 < sum(births[day] for day in range(2, 9)) < 180


def test_the_rate_stays_level_while_cards_come_and_go() -> None:
    # an outage takes up to three hours of a day
    days = Counter(int(call.t_s // DAY_S) for call in made(replace(BANK, days=8, life_days=1.5), seed=4))
    usual = BANK.sims * BANK.calls_per_sim_day
    assert sum(1 for calls in days.values() if abs(calls - usual) < 0.04 * usual) >= 5
    assert max(days.values()) < 1.04 * usual


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("share", [0.005, 0.03, 0.1])
def test_the_share_that_reaches_the_trunk_is_binomial(selector: str, share: float) -> None:
    bank = replace(BANK, selector=selector, share=share, days=4, line_share=0.5)
    calls = [call for call in made(bank) if not call.called_card]
    reached = [call.planned for call in calls if call.planned is not None]
    deviation = (len(calls) * share * (1 - share)) ** 0.5
    assert abs(len(reached) - len(calls) * share) < 4 * deviation
    if share >= 0.03:
        assert len({call.line for call in reached}) == 8
    assert {(call.label, call.family, call.campaign) for call in reached} == {("simbank", f"{selector}-scattered", "bank")}
    assert reached == list(sim_bank_calls(bank, TRUNK, 5, Random(1)))


def test_a_call_on_the_trunk_keeps_its_card_as_long_as_it_lasts() -> None:
    answered = unanswered = 0
    for call in made(replace(BANK, share=0.1, limit_talk_minutes=30)):
        if call.planned is None:
            continue
        planned = call.planned
        assert call.calling == planned.calling
        assert abs(call.t_s - planned.t_s) <= 0.001
        if planned.answer_s is not None and planned.answer_s < planned.patience_s:
            answered += 1
            assert call.until_s - call.t_s == pytest.approx(planned.answer_s + planned.talk_s)
        else:
            unanswered += 1
            assert call.until_s - call.t_s == pytest.approx(planned.patience_s)
    assert min(answered, unanswered) > 100


def test_lunch_is_silent_and_made_up_for() -> None:
    days = [working_day(BANK, Lunch(12.0, 13.5), 3, Random(seed)) for seed in range(20)]
    stretches = next(stretches for stretches in days if len(stretches) == 2)
    assert [(s.start_s % DAY_S / 3600, s.end_s % DAY_S / 3600) for s in stretches] == [(8.5, 12.0), (13.5, 20.0)]
    assert sum((s.end_s - s.start_s) / s.gap_s for s in stretches) == pytest.approx(BANK.sims * BANK.calls_per_sim_day)


def test_outages_silence_the_whole_bank_on_some_days() -> None:
    lost = [
        1 - sum((s.end_s - s.start_s) / s.gap_s for s in working_day(BANK, Lunch(12.0, 12.0), day, Random(f"{day}"))) / 7680
        for day in range(400)
    ]
    assert 0.08 < mean(share > 1e-6 for share in lost) < 0.22
    assert max(lost) < 3.0 / 11.5 + 1e-6


def test_some_banks_are_silent_at_noon_every_day() -> None:
    def has_lunch(seed: int) -> bool:
        noons = defaultdict(list)
        for call in made(replace(BANK, sims=16, days=3), seed):
            if 11.0 < call.t_s % DAY_S / 3600 < 15.0:
                noons[int(call.t_s // DAY_S)].append(call.t_s)
        return all(max(after - before for before, after in pairwise(noon)) > 1700 for noon in noons.values())

    assert 2 <= sum(has_lunch(seed) for seed in range(12)) <= 10


def test_fake_incoming_calls_join_two_cards_and_let_fewer_out() -> None:
    bank = replace(BANK, sims=16, fake_incoming=0.4)
    calls = made(bank)
    assert mean(bool(call.called_card) for call in calls) == pytest.approx(0.4, abs=0.02)
    assert all(call.calling != call.called_card and call.planned is None for call in calls if call.called_card)
    assert evasion_cost(bank) == pytest.approx(0.6 * evasion_cost(replace(BANK, sims=16)), rel=0.05)


@pytest.mark.parametrize(
    ("changes", "least", "most"),
    [
        ({}, 110.0, 124.0),
        ({"calls_per_sim_day": 400.0, "sims": 16}, 330.0, 410.0),
        ({"calls_per_sim_day": 400.0, "sims": 16, "limit_calls": 200, "limit_share": 0.95}, 189.9, 190.0),
        (
            {"calls_per_sim_day": 400.0, "sims": 16, "limit_calls": 200, "limit_share": 0.95, "selector": "counter-limited"},
            189.9,
            190.0,
        ),
        ({"gap_floor_s": 300.0, "gap_jitter": 1.0}, 50.0, 70.0),
        ({"channels": 2}, 20.0, 30.0),
        ({"selector": "human-mimic"}, 15.0, 30.0),
    ],
)
def test_what_hiding_costs(changes: dict[str, object], least: float, most: float) -> None:
    assert least <= evasion_cost(replace(BANK, **changes)) <= most  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_neighbouring_numbers_are_one_purchase(seed: int) -> None:
    rng = Random(seed)
    source = card_numbers(replace(BANK, numbering="neighbouring"), "010", rng)
    found = sorted(int(next(source)) for _ in range(128))
    steps = [after - before for before, after in pairwise(found)]
    assert min(steps) > 0
    assert max(steps) <= 20
    assert sum(1 for step in steps if step == 1) > 100


@pytest.mark.parametrize("seed", range(5))
def test_a_batch_is_a_few_purchases(seed: int) -> None:
    source = card_numbers(replace(BANK, numbering="batch"), "010", Random(seed))
    found = sorted({int(next(source)) for _ in range(256)})
    assert len(found) == 256
    assert 2 <= 1 + sum(1 for before, after in pairwise(found) if after - before > 20) <= 5


def test_scattered_numbers_are_anywhere_with_their_share_of_virtual_operators() -> None:
    bank = replace(BANK, virtual_share=0.3)
    for seed in range(4):
        source = card_numbers(bank, "010", Random(seed))
        found = [next(source) for _ in range(3000)]
        assert len(set(found)) == 3000
        virtual = mean(number[:3] in ("162", "165", "167", "170", "171") for number in found)
        assert abs(virtual - 0.3) < 0.04
        assert len({number[:7] for number in found}) > 1000


def test_new_cards_come_from_the_same_purchase_or_the_next() -> None:
    calls = made(replace(BANK, numbering="neighbouring", days=6, life_days=2.0))
    found = sorted({int(call.calling) for call in calls})
    assert len(found) > 2 * BANK.sims
    assert max(after - before for before, after in pairwise(found)) < 100


@pytest.mark.parametrize(("part", "value"), [("selector", "newest"), ("numbering", "sideways")])
def test_what_is_unknown_is_named(part: str, value: str) -> None:
    with pytest.raises(ValueError, match=value):
        made(replace(BANK, **{part: value}))  # type: ignore[arg-type]


def test_the_same_seed_is_the_same_bank_everywhere() -> None:
    code = (
        "from hashlib import sha256; from random import Random; from catflap_models.simulate.banks import *; "
        "from catflap_models.simulate.scenario import CalledTrunk, SimBank; "
        "print(sha256(repr([list(bank_calls(SimBank('b', s, n, 0, 1, sims=16, sticky=0.3, fake_incoming=0.1), CalledTrunk('t', 4), 2, "
        "Random('7'))) for s in SELECTORS for n in ('neighbouring', 'batch', 'scattered')]).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code], env={**environment, "PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert len(first.strip()) == 64
