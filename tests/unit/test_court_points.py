"""The points: a constant detector, a random one and the oracle score as they should, and nothing is met for nothing."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from catflap_models.court import suite, sweeps
from catflap_models.court.case import ALLOW, BLOCK, Detector, Ruling
from catflap_models.court.comparing import changed, paired
from catflap_models.court.detectors import BundleDetector, ConstantDetector, RandomDetector
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.metrics import Share, auc, share_of
from catflap_models.court.oracle import rule
from catflap_models.court.points.other_nuisances import other_nuisances
from catflap_models.court.points.p01_leave_one_family_out import leave_one_family_out
from catflap_models.court.points.p02_evasion import evasion, limit_losses
from catflap_models.court.points.p03_hard_negatives import hard_negatives
from catflap_models.court.points.p04_budget import budget
from catflap_models.court.points.p05_time_to_detect import time_to_detect
from catflap_models.court.points.p06_real_data import real_data
from catflap_models.court.points.p07_baselines import baselines
from catflap_models.court.points.p08_calibration import calibration
from catflap_models.court.points.p10_leakage import shared
from catflap_models.court.points.p11_parity import parity
from catflap_models.court.protocol import ORACLE, missed, pool_of
from catflap_models.court.report import Section
from catflap_models.simulate.scenario import SimBank
from catflap_probe.call import LEGIT, SIMBANK
from tests.unit.tiny_court import SIZE, tiny_court

BUNDLE = Path(__file__).parents[2] / "models" / "bundle"
EVERYTHING = ConstantDetector(SIMBANK, 1.0, BLOCK)
NOTHING = ConstantDetector(LEGIT, 0.0, ALLOW)


def value(section: Section, name: str) -> float | None:
    return next(figure for figure in section.figures if figure.name == name).value


def figures_of(section: Section, prefix: str) -> list[Figure]:
    return [figure for figure in section.figures if figure.name.startswith(prefix)]


@pytest.fixture(scope="module")
def heard_bank(tmp_path_factory: pytest.TempPathFactory) -> list[Hearing]:
    """Trunks with a bank of neighbouring and one of scattered numbers, the oracle heard."""
    court = tiny_court(RandomDetector(1), tmp_path_factory.mktemp("heard"))
    return court.hear("banks", [suite.base(SIZE, "neighbouring"), suite.base(SIZE, "scattered")])


def test_who_stops_everything_fails_every_hard_negative(tmp_path: Path) -> None:
    section = hard_negatives(tiny_court(EVERYTHING, tmp_path))
    families = [figure for figure in figures_of(section, "court.negatives.blocked.") if figure.name != "court.negatives.blocked.upper"]
    assert len(families) > 15
    assert not any(figure.ok for figure in families)
    assert value(section, "court.negatives.blocked.upper") == 1.0
    assert value(section, "court.negatives.marked") == 1.0


def test_who_stops_nothing_spares_everybody_and_finds_nobody(tmp_path: Path) -> None:
    court = tiny_court(NOTHING, tmp_path)
    section = hard_negatives(court)
    assert value(section, "court.negatives.marked") == 0.0
    units = budget(court)
    assert value(units, "court.budget.false-alarms") == 0.0
    assert value(units, "court.budget.false-blocks") == 0.0
    left_out = leave_one_family_out(court)
    recalls = figures_of(left_out, "court.lofo.blocked")
    assert recalls
    assert all(figure.value == 0.0 for figure in recalls)
    assert "court.lofo.alarm.neighbouring.median" in missed(left_out)


def test_a_lone_first_call_that_is_stopped_is_held_against_the_detector(tmp_path: Path) -> None:
    assert "court.budget.lone-first-calls-blocked" in missed(budget(tiny_court(EVERYTHING, tmp_path)))
    assert "court.budget.lone-first-calls-blocked" not in missed(budget(tiny_court(NOTHING, tmp_path)))


def test_who_finds_nothing_has_no_merit_in_losing_nothing_to_a_limit() -> None:
    (loss,) = limit_losses({"none": Share(0, 100), "95 %": Share(0, 80)}, "scattered")
    assert loss.value is None
    assert not loss.ok
    losses = limit_losses({"none": Share(90, 100), "50 %": Share(40, 100), "95 %": Share(80, 100)}, "scattered")
    assert [figure.ok for figure in losses] == [True, False]
    assert losses[1].value == pytest.approx(0.1)


@pytest.fixture(scope="module")
def small_sweep(tmp_path_factory: pytest.TempPathFactory) -> Section:
    """The sweep of one way of hiding, before a detector that stops everything."""
    court = tiny_court(EVERYTHING, tmp_path_factory.mktemp("sweep"))
    court.size = replace(SIZE, sweep=2, before_days=1)
    return evasion(court, axes=("limit", "jitter"))


def test_the_sweep_tells_recall_and_what_hiding_costs(small_sweep: Section) -> None:
    for table in small_sweep.tables:
        rows = {(row[0], row[1]): row for row in table.rows}
        assert set(rows) == {("limit", "none"), ("limit", "95 %"), ("jitter", "0 %"), ("jitter", "100 %")}
        assert float(rows["limit", "95 %"][2]) > float(rows["jitter", "0 %"][2]) > 0
        assert all(row[head] for row in table.rows for head in range(len(table.head)))
    # at one honest call in a thousand, a score that all calls have finds nothing
    assert value(small_sweep, "court.evasion.scattered.limit.worst") == 0.0


def test_a_random_detector_is_worth_nothing(heard_bank: list[Hearing]) -> None:
    pool = pool_of(heard_bank, "random")
    area = auc(pool.score[~pool.is_out], pool.label[~pool.is_out] == SIMBANK)
    assert area == pytest.approx(0.5, abs=0.06)


def test_the_oracle_finds_a_bank_and_spares_the_honest(heard_bank: list[Hearing]) -> None:
    for hearing, least in zip(heard_bank, (0.95, 0.5), strict=True):
        pool = pool_of([hearing], ORACLE)
        bank = pool.label == SIMBANK
        assert (share_of(pool.is_marked, bank).value or 0.0) >= least
        # a number that the bank has used is certain
        assert share_of(pool.is_blocked, bank & (pool.before > 0)).value == 1.0
        assert share_of(pool.is_blocked, pool.is_honest).hits == 0


def test_the_oracle_s_alarm_comes_with_the_second_card(heard_bank: list[Hearing]) -> None:
    for hearing in heard_bank:
        (alarm,) = hearing.rulings[ORACLE].alarms
        calls = hearing.calls
        bank = calls.calling[calls.label == SIMBANK]
        assert len(alarm.first_members) == 2
        assert set(alarm.members) == set(bank) - {""}


def test_the_oracle_knows_no_call_s_own_label(heard_bank: list[Hearing]) -> None:
    hearing = heard_bank[1]
    banks = hearing.scenario.campaigns
    first = int(np.flatnonzero(hearing.calls.label == SIMBANK)[0])
    label, campaign = hearing.calls.label.copy(), hearing.calls.campaign.copy()
    label[first], campaign[first] = LEGIT, ""
    otherwise = rule(replace(hearing.calls, label=label, campaign=campaign), banks)  # type: ignore[arg-type]
    assert otherwise.score[first] == hearing.rulings[ORACLE].score[first]


def test_calls_heard_twice_are_paired(heard_bank: list[Hearing]) -> None:
    calls = heard_bank[0].calls
    ruling = heard_bank[0].rulings["random"]
    pairs = paired(calls, replace(calls, t_s=calls.t_s + 1.5))
    assert pairs.first.tolist() == pairs.second.tolist() == np.flatnonzero(~calls.is_out).tolist()
    assert changed(pairs, ruling, ruling).hits == 0
    assert changed(pairs, ruling, replace(ruling, action=np.full_like(ruling.action, 3) - ruling.action)).value == 1.0
    assert len(paired(calls, replace(calls, t_s=calls.t_s + 1e7)).first) == 0


def test_a_score_that_says_too_much_is_no_probability(tmp_path: Path) -> None:
    section = calibration(tiny_court(EVERYTHING, tmp_path))
    assert "court.calibration.ece" in missed(section)
    thinned = value(section, "court.calibration.ece.at-0.5")
    assert thinned is not None
    assert thinned > 0.9


def test_time_to_detect_says_never_where_nothing_is_found(tmp_path: Path) -> None:
    section = time_to_detect(tiny_court(NOTHING, tmp_path))
    assert value(section, "court.campaigns.alarmed") == 0.0
    for figure in figures_of(section, "court.pace."):
        assert "never found" in figure.how


def test_real_data_is_skipped_with_its_reason(tmp_path: Path) -> None:
    court = tiny_court(NOTHING, tmp_path)
    assert all(figure.value is None and "CATFLAP_DATA" in figure.how for figure in real_data(court).figures)
    court.data = tmp_path
    assert "callattendant" in real_data(court).found


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_real_calls_are_all_there_and_bad_detectors_fail_on_them(tmp_path: Path) -> None:
    court = tiny_court(EVERYTHING, tmp_path)
    court.data = Path(os.environ["CATFLAP_DATA"])
    section = real_data(court)
    assert value(section, "court.real.landline.permitted-blocked") == 43
    assert value(section, "court.real.landline.pool-labelled-by") == 1
    assert missed(section) == ["court.real.landline.permitted-blocked", "court.real.copenhagen.blocked"]
    court = tiny_court(NOTHING, tmp_path)
    court.data = Path(os.environ["CATFLAP_DATA"])
    assert missed(real_data(court)) == ["court.real.landline.pool-labelled-by"]


def test_parity_is_no_question_to_ask_of_what_is_no_bundle(tmp_path: Path) -> None:
    (figure,) = parity(tiny_court(NOTHING, tmp_path)).figures
    assert figure.value is None
    assert "no model bundle" in figure.how


def test_both_runtimes_say_the_same(tmp_path: Path) -> None:
    (figure,) = parity(tiny_court(BundleDetector(BUNDLE), tmp_path)).figures
    if figure.value is None and "MicroPython" in figure.how:
        pytest.skip(figure.how)
    assert figure.value == 0, figure.how


@pytest.mark.parametrize("size", [suite.FULL, suite.QUICK])
def test_no_two_trunks_have_a_seed_or_a_name_in_common(size: suite.Size) -> None:
    apart = [
        *suite.lessons(size, "training"),
        *suite.lessons(size, "calibration"),
        *suite.policies(size),
        *suite.quiet(size),
        *suite.mixed(size),
        *(trial.scenario for trial in sweeps.paces(size)),
    ]
    assert len({scenario.seed for scenario in apart}) == len(apart)
    swept = [trial.scenario for numbering in ("neighbouring", "scattered") for trial in sweeps.evasions(size, numbering)]
    names = [scenario.trunk.id for scenario in (*apart, *swept, *(trial.scenario for trial in sweeps.drifts(size)))]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("size", [suite.FULL, suite.QUICK])
def test_no_split_has_a_day_of_another(size: suite.Size) -> None:
    splits = (
        suite.lessons(size, "training"),
        suite.lessons(size, "calibration"),
        [*suite.policies(size), *suite.quiet(size), *suite.mixed(size), *(trial.scenario for trial in sweeps.paces(size))],
    )
    days = []
    for split in splits:
        starts = [(datetime.fromisoformat(scenario.trunk.start), scenario.days) for scenario in split]
        assert all(start.weekday() == 0 and start.hour == 0 for start, _ in starts)
        days.append({start.date() + timedelta(days=day) for start, count in starts for day in range(count + 1)})
    assert not days[0] & days[1]
    assert not days[1] & days[2]
    assert not days[0] & days[2]


def test_what_two_splits_share_is_found() -> None:
    apart, together = shared("seeds", [{1}, {2}, {3, 4}]), shared("pool-blocks", [{"1700000"}, {"1380000"}, {"1700000", "1390000"}])
    assert (apart.value, apart.ok) == (0, True)
    assert (together.value, together.ok) == (1, False)


def test_a_bank_comes_after_honest_days() -> None:
    for scenario in (*suite.policies(suite.FULL), *suite.lessons(suite.FULL, "training")):
        (bank,) = (campaign for campaign in scenario.campaigns if isinstance(campaign, SimBank))
        assert bank.first_day == 12
        assert bank.first_day + bank.days == scenario.days


def test_baselines_stand_beside_the_accused_and_int8_beside_float(tmp_path: Path) -> None:
    court = tiny_court(NOTHING, tmp_path)
    court.has_baselines = True
    section = baselines(court)
    (table,) = section.tables
    assert [row[0] for row in table.rows] == [*court.names, ORACLE]
    assert len(court.names) == 6
    assert value(section, "court.baselines.constant") == 0.0
    assert (value(section, "court.baselines.oracle") or 0.0) > 0.5
    loss = value(section, "court.baselines.float-over-int8")
    assert loss is not None
    assert abs(loss) < 0.2


def test_every_other_label_has_its_bar(tmp_path: Path) -> None:
    court = tiny_court(EVERYTHING, tmp_path)
    figures = other_nuisances(court.mixed(), court.accused.name)
    assert [figure.name for figure in figures] == [
        "court.labels.spoof",
        "court.labels.one-ring.final",
        "court.labels.one-ring",
        "court.labels.bombing",
        "court.labels.diallers",
    ]
    # whoever calls everything a SIM bank has named none of them
    assert not any(figure.value for figure in figures)
    assert not any(figure.ok for figure in figures)


def test_the_sweep_is_the_protocol_s() -> None:
    values = {(trial.axis, trial.value) for trial in sweeps.evasions(suite.FULL, "scattered")}
    for part in (25, 50, 80, 95, 100, 150):
        assert ("limit", f"{part} %") in values
    for wanted in (("sims", "8"), ("sims", "512"), ("jitter", "0 %"), ("jitter", "100 %"), ("fake-incoming", "50 %")):
        assert wanted in values
    for wanted in (("life", "1 days"), ("life", "10 days"), ("share", "0.1 %"), ("share", "10 %"), ("selector", "random")):
        assert wanted in values


class Alternating:
    """Marks every other call, for no reason."""

    name = "alternating"

    def judge(self, folders: list[Path]) -> Ruling:
        ruling = EVERYTHING.judge(folders)
        ruling.action[::2] = ALLOW
        return ruling


def test_any_detector_can_be_judged(tmp_path: Path) -> None:
    accused: Detector = Alternating()  # type: ignore[assignment]
    section = hard_negatives(tiny_court(accused, tmp_path))
    marked = value(section, "court.negatives.marked")
    assert marked is not None
    assert 0.3 < marked < 0.7
