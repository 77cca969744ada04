"""The honest world: every family when it is asked for and not otherwise, habits as measured, the same calls everywhere."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import median

import pytest

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.honest import FAMILIES, honest_calls
from catflap_models.simulate.hours import OFFICE, arrivals, is_weekend, occasions
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.redials import CALL_BACK, REDIAL, Quantiles, wait_s, waking_s
from catflap_models.simulate.scenario import DAY_S, CalledTrunk, Honest
from catflap_probe.call import PRESENTATIONS
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import NOT_SHOWN, PLAUSIBLE
from catflap_probe.verdict.trunk_plan import TrunkPlan

TRUNK = CalledTrunk("office", 16)
BASE = {"contact", "stranger", "foreign", "service", "withheld"}
VIRTUAL = ("162", "165", "167", "170", "171")


def made(*families: str, rate: float = 100.0, lines: int = 16, days: int = 28, seed: int = 1) -> list[PlannedCall]:
    return list(honest_calls(Honest(rate, families), CalledTrunk("t", lines), days, Random(seed)))


def of(family: str, lines: int = 16, days: int = 28, seed: int = 1) -> list[PlannedCall]:
    return [call for call in made(family, rate=0.5, lines=lines, days=days, seed=seed) if call.family == family]


def is_answered(call: PlannedCall) -> bool:
    return call.answer_s is not None and call.answer_s < call.patience_s


def span(numbers: list[str]) -> int:
    return max(map(int, numbers)) - min(map(int, numbers))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("lines", "days"), [(1, 28), (16, 7), (64, 28)])
def test_a_family_occurs_when_asked_for_and_no_other_does(family: str, lines: int, days: int) -> None:
    found = {call.family for call in made(family, lines=lines, days=days)}
    assert family in found
    assert found - BASE == {family}


def test_a_plain_trunk_has_no_hard_negatives() -> None:
    assert {call.family for seed in range(6) for call in made(seed=seed)} == BASE


def test_a_family_more_changes_no_call_of_the_others() -> None:
    without = made("taxi", "bank")
    more = made("courier", "taxi", "bank", "redial-storm")
    assert [call for call in more if call.family not in ("courier", "redial-storm")] == without


def test_the_trunk_s_own_calls_present_its_numbers_and_are_called_back() -> None:
    honest = Honest(50.0, ())
    without = list(honest_calls(honest, TRUNK, 28, Random(1)))
    calls = list(honest_calls(replace(honest, outgoing_per_day=80.0), TRUNK, 28, Random(1)))
    assert [call for call in calls if call.family not in ("outgoing", "call-back")] == without
    out = [call for call in calls if call.direction == "out"]
    assert 1000 < len(out) < 3000
    assert all(call.family == "outgoing" and call.calling == own_number(TRUNK, call.line) and call.called for call in out)
    missed = {(call.called, call.line): call.t_s + call.patience_s for call in reversed(out) if not is_answered(call)}
    waits = [call.t_s - missed[call.calling, call.line] for call in calls if call.family == "call-back"]
    assert len(waits) > 100
    assert min(waits) >= 9.9
    assert 0.1 < sum(wait <= 60.0 for wait in waits) / len(waits) < 0.3


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(ValueError, match="astronaut"):
        made("taxi", "astronaut")


def test_calls_come_in_time_order_and_well_formed() -> None:
    for seed, lines in ((1, 1), (2, 16), (3, 40)):
        calls = made(*FAMILIES, lines=lines, seed=seed)
        assert all(before.t_s <= after.t_s for before, after in pairwise(calls))
        for call in calls:
            assert call.t_s >= 0.0
            assert 0 <= call.line < lines
            assert call.presentation in PRESENTATIONS
            assert (call.calling != "") == (call.presentation == "shown")
            assert call.patience_s > 0.5
            assert call.talk_s > 0.0
            assert (call.label, call.campaign, call.direction) == ("legit", "", "in")


def test_every_honest_number_is_plausible() -> None:
    for area_code in ("010", "0755", "0931"):
        plan = TrunkPlan("CN", area_code, "subscriber")
        own = OwnNumbers([], plan)
        trunk = CalledTrunk("t", 16, area_code=area_code)
        for call in honest_calls(Honest(300.0, FAMILIES), trunk, 14, Random(area_code)):
            verdict = check(call.calling, plan, own)
            assert verdict.verdict == (PLAUSIBLE if call.calling else NOT_SHOWN), (call.calling, verdict.reason)


def test_the_same_calls_whatever_the_process() -> None:
    code = (
        "from random import Random\n"
        "from catflap_models.simulate.honest import FAMILIES, honest_calls\n"
        "from catflap_models.simulate.scenario import CalledTrunk, Honest\n"
        "for call in honest_calls(Honest(40.0, FAMILIES), CalledTrunk('t', 4), 10, Random(3)): print(call)\n"
    )
    texts = [
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1]
    assert texts[0].count(b"\n") > 500


def test_a_working_day_has_as_many_calls_as_asked_for_and_a_weekend_fewer() -> None:
    working, weekend = [], []
    for seed in range(12):
        by_day = Counter(int(call.t_s // DAY_S) for call in made(rate=200.0, seed=seed))
        working += [by_day[day] for day in range(28) if not is_weekend(day)]
        weekend += [by_day[day] for day in range(28) if is_weekend(day)]
    # services and withheld numbers come on top
    assert 190 < sum(working) / len(working) < 240
    assert sum(weekend) / len(weekend) < 0.45 * sum(working) / len(working)
    calls = made(rate=300.0)
    assert sum(8 <= call.t_s % DAY_S / 3600 < 18 for call in calls) > 0.8 * len(calls)


def test_arrivals_are_poisson_like() -> None:
    rng = Random(1)
    gaps = [
        after - before
        for day in range(200)
        for before, after in pairwise(arrivals(rng, day, 300.0, OFFICE))
        if 9 <= before % DAY_S / 3600 < 11
    ]
    mean = sum(gaps) / len(gaps)
    deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert deviation / mean == pytest.approx(1.0, abs=0.05)


def test_occasions_are_working_days_and_at_least_one() -> None:
    assert occasions(Random(1), 1, 0.01) == [0]
    days = occasions(Random(1), 280, 2.0)
    assert 12 <= len(days) <= 27
    assert days == sorted(set(days))
    assert not any(map(is_weekend, days))


def test_a_city_s_mobiles_share_their_heads() -> None:
    rng = Random(1)
    heads = [{numbers.local_mobile(rng, area_code)[:7] for _ in range(5000)} for area_code in ("010", "0755")]
    everywhere = {numbers.mobile(rng)[:7] for _ in range(5000)}
    assert max(map(len, heads)) < 0.8 * len(everywhere)
    assert len(heads[0] & heads[1]) < 0.1 * len(heads[0])


def test_few_contacts_make_most_calls_of_a_line() -> None:
    calls = [call for call in made(rate=400.0) if call.family == "contact" and call.line == 5]
    times = sorted(Counter(call.calling for call in calls).values(), reverse=True)
    assert sum(times[: len(times) // 5]) > 0.45 * len(calls)
    assert times[0] > 8 * median(times)


def test_contacts_turn_over_slowly() -> None:
    calls = [call for call in made(rate=400.0, days=140, seed=2) if call.family == "contact"]
    weeks = [Counter(call.calling for call in calls if call.t_s // (7 * DAY_S) == week) for week in range(20)]
    known = [
        sum(times for calling, times in weeks[week].items() if calling in weeks[0]) / sum(weeks[week].values()) for week in (1, 10, 19)
    ]
    assert known[0] > 0.7
    assert known[0] > known[1] > known[2] > 0.2


@pytest.mark.parametrize(
    ("quantiles", "shares"),
    [(REDIAL, ((60, 0.2), (300, 0.49), (322, 0.5), (3600, 0.68))), (CALL_BACK, ((60, 0.2), (300, 0.39), (617, 0.5), (3600, 0.75)))],
)
def test_waits_are_those_of_the_table(quantiles: Quantiles, shares: tuple[tuple[float, float], ...]) -> None:
    rng = Random(5)
    waits = [wait_s(rng, quantiles) for _ in range(20_000)]
    for seconds, share in shares:
        assert sum(wait <= seconds for wait in waits) / len(waits) == pytest.approx(share, abs=0.015)


def test_who_is_missed_redials_as_measured() -> None:
    waits = []
    missed = 0
    for seed in range(8):
        last: dict[tuple[str, int], PlannedCall] = {}
        for call in made(rate=300.0, days=14, seed=seed):
            if call.family == "stranger":
                before = last.get((call.calling, call.line))
                if before is not None and not is_answered(before):
                    waits.append(call.t_s - before.t_s - before.patience_s)
                missed += not is_answered(call)
                last[call.calling, call.line] = call
    assert 0.25 < len(waits) / missed < 0.6
    # a stranger's next call is a redial or, later, a call-back: the median lies between theirs and the night's
    assert 200.0 < median(waits) < 1200.0
    assert 0.1 < sum(wait <= 60.0 for wait in waits) / len(waits) < 0.25


def test_no_redial_wakes_anybody() -> None:
    rng = Random(1)
    evening_s, night_s = 20 * 3600.0, 26 * 3600.0
    assert waking_s(rng, evening_s, evening_s + 600.0) == evening_s + 600.0
    assert 32 * 3600.0 <= waking_s(rng, evening_s, night_s) < 44 * 3600.0
    assert waking_s(rng, night_s, night_s + 600.0) == night_s + 600.0


def test_taxis_and_couriers_are_distinct_and_come_several_in_an_hour() -> None:
    for family, once in (("taxi", 0.65), ("courier", 0.5)):
        times = Counter(call.calling for call in of(family, seed=3))
        assert len(times) > 100
        assert sum(many == 1 for many in times.values()) > once * len(times)
        hours: dict[int, set[str]] = defaultdict(set)
        for call in of(family, seed=3):
            hours[int(call.t_s // 3600)].add(call.calling)
        assert max(map(len, hours.values())) >= 5
    couriers = {call.calling for call in of("courier", seed=3)}
    assert 0.1 < sum(calling.startswith(VIRTUAL) for calling in couriers) / len(couriers) < 0.8


@pytest.mark.parametrize("family", ["school-alert", "flood-alert"])
def test_alerts_call_every_line_in_order_at_a_machine_s_pace(family: str) -> None:
    calls = of(family)
    assert len({call.calling for call in calls}) == 1
    first = calls[:16]
    assert [call.line for call in first] == list(range(16))
    gaps = [after.t_s - before.t_s for before, after in pairwise(first)]
    assert max(gaps) - min(gaps) < 0.1 * max(gaps)
    assert len({call.patience_s for call in first}) == 1


def test_a_hospital_calls_many_once() -> None:
    calls = of("hospital-recall", lines=64)
    assert len({call.calling for call in calls}) <= 8
    assert span([call.calling for call in calls]) < 10
    assert len({call.line for call in calls}) > 50
    by_day = Counter((int(call.t_s // DAY_S), call.line) for call in calls if is_answered(call))
    assert sum(times == 1 for times in by_day.values()) > 0.85 * len(by_day)


def test_a_one_time_password_is_a_machine_s_short_call() -> None:
    calls = of("one-time-password", lines=64)
    assert len({call.calling for call in calls}) <= 5
    assert all(call.patience_s == 30.0 and call.talk_s < 26.0 for call in calls)


def test_a_poll_asks_many_lines_by_day_from_few_numbers() -> None:
    calls = of("pollster", lines=64)
    assert len({call.calling for call in calls}) <= 6
    assert all(9 <= call.t_s % DAY_S / 3600 < 21 and not is_weekend(int(call.t_s // DAY_S)) for call in calls)
    lines = Counter(call.line for call in calls if is_answered(call))
    assert len(lines) > 10
    assert max(lines.values()) <= 3


def test_an_emergency_brings_many_distinct_callers_within_minutes() -> None:
    calls = of("emergency-surge")
    most = max(len({other.calling for other in calls if call.t_s <= other.t_s < call.t_s + 900.0}) for call in calls)
    assert most >= 20


def test_a_redial_storm_is_one_person_every_5_to_60_s() -> None:
    storms: dict[tuple[str, int], list[PlannedCall]] = defaultdict(list)
    for call in of("redial-storm"):
        storms[call.calling, call.line].append(call)
    rests = [
        after.t_s - before.t_s - before.patience_s
        for storm in storms.values()
        for before, after in pairwise(storm)
        if after.t_s - before.t_s < 300.0
    ]
    assert len(rests) > 40
    assert all(4.99 < rest < 60.01 for rest in rests)
    assert max(map(len, storms.values())) >= 8


def test_roamers_are_shown_as_such_while_away() -> None:
    shown = {call.calling for call in of("roamer", days=56)}
    away = {calling for calling in shown if calling.startswith("+861")}
    assert len(away) > 5
    assert any(calling[3:] in shown for calling in away)


@pytest.mark.parametrize(
    ("family", "least", "most", "width"),
    [("firm-neighbours", 4, 120, 1000), ("contractor-crew", 3, 70, 2000), ("shift-change", 8, 60, 1000)],
)
def test_blocks_are_neighbouring_numbers(family: str, least: int, most: int, width: int) -> None:
    heads: dict[str, set[str]] = defaultdict(set)
    for seed in range(4):
        for call in of(family, seed=seed):
            heads[f"{seed} {call.calling[:-4]}"].add(call.calling)
    for block in heads.values():
        assert span(list(block)) < width
    biggest = max(map(len, heads.values()))
    assert least <= biggest <= most


def test_a_crew_is_new_and_gone_within_days() -> None:
    days: dict[str, set[int]] = defaultdict(set)
    for call in of("contractor-crew", days=84):
        days[call.calling].add(int(call.t_s // DAY_S))
    assert len(days) > 20
    assert all(max(seen) - min(seen) <= 14 for seen in days.values())


def test_a_firm_goes_on_calling() -> None:
    calls = of("firm-neighbours", days=84)
    early = {call.calling for call in calls if call.t_s < 28 * DAY_S}
    late = {call.calling for call in calls if call.t_s >= 56 * DAY_S}
    assert len(early & late) > 0.5 * len(early)


def test_riders_and_representatives_rove() -> None:
    for family, most in (("riders", 12), ("sales-reps", 14)):
        lines: dict[str, set[int]] = defaultdict(set)
        for call in of(family):
            lines[call.calling].add(call.line)
        assert len(lines) <= most
        assert max(map(len, lines.values())) >= 8


def test_masked_numbers_are_new_each_time_and_of_few_blocks() -> None:
    calls = [call for seed in range(4) for call in of("masked-numbers", seed=seed)]
    by_number = Counter(call.calling for call in calls)
    assert sorted(by_number.values())[len(by_number) // 2] <= 3
    assert len({number[:7] for number in by_number}) * 3 < len(by_number)
    lines: dict[str, set[int]] = defaultdict(set)
    for call in calls:
        lines[call.calling].add(call.line)
    assert sum(len(seen) > 1 for seen in lines.values()) < 0.05 * len(lines)


def test_virtual_operator_s_users_have_its_numbers() -> None:
    assert all(call.calling.startswith(VIRTUAL) for call in of("virtual-operator"))


def test_parents_who_called_once_call_on_one_evening() -> None:
    calls = of("school-parents", seed=2, days=56)
    evenings = Counter(int(call.t_s // DAY_S) for call in calls if call.t_s % DAY_S / 3600 > 16)
    day, _ = evenings.most_common(1)[0]
    evening = {call.calling for call in calls if int(call.t_s // DAY_S) == day and call.t_s % DAY_S / 3600 > 16}
    assert len(evening) >= 30
    assert len({call.line for call in calls}) <= 3


def test_a_shift_reports_within_half_an_hour_and_by_roster() -> None:
    calls = of("shift-change", seed=4)
    per_day = [{call.calling for call in calls if int(call.t_s // DAY_S) == day} for day in range(28)]
    halves = Counter(int((call.t_s % DAY_S - 900) // 1800) for call in calls)
    assert sum(times for _, times in halves.most_common(3)) > 0.6 * len(calls)
    assert max(len(today & tomorrow) / max(len(today), 1) for today, tomorrow in pairwise(per_day)) < 1.0


def test_a_new_office_becomes_a_regular() -> None:
    calls = of("new-office", seed=3)
    first = min(int(call.t_s // DAY_S) for call in calls)
    by_day = Counter(int(call.t_s // DAY_S) for call in calls)
    days = [day for day in range(first, 28) if not is_weekend(day)]
    assert by_day[days[-1]] + by_day[days[-2]] > by_day[days[0]] + by_day[days[1]]
