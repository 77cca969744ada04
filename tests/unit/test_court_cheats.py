"""Detectors that cheat are caught by the point named for it, and one that does not is left alone there."""

from dataclasses import replace
from pathlib import Path

import pytest

from catflap_models.court import suite, sweeps
from catflap_models.court.case import Detector
from catflap_models.court.cheats import ClockReader, LabelReader, PrefixReader, QuirkReader
from catflap_models.court.detectors import BundleDetector
from catflap_models.court.hearing import write
from catflap_models.court.points.cheating import changes, left_in_peace
from catflap_models.court.points.p09_drift import drift
from catflap_models.court.protocol import missed
from catflap_models.simulate.scenario import Scenario
from tests.unit.tiny_court import SIZE, tiny_court

BUNDLE = Path(__file__).parents[2] / "models" / "bundle"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What the cheats that learn are shown: a labelled trunk, of another seed than those that they are judged on."""
    return [written(suite.base(SIZE, "scattered", 0), tmp_path_factory.mktemp("lesson"))]


def written(scenario: Scenario, folder: Path) -> Path:
    write(scenario, folder)
    return folder


def failed(accused: Detector, folder: Path) -> dict[int, list[str]]:
    """What the accused fails, by point: of point 9 and of the audits of point 10 that a cheat fails."""
    court = tiny_court(accused, folder)
    audits = [figure.name for figure in (*changes(court), left_in_peace(court)) if not figure.ok]
    return {9: missed(drift(court)), 10: audits}


def test_who_reads_the_labels_is_caught_by_point_10(tmp_path: Path) -> None:
    caught = failed(LabelReader(), tmp_path)
    assert caught[10] == ["court.audit.changed.labels-shuffled", "court.audit.dealt-labels"]
    assert caught[9] == []


def test_who_keys_on_the_modem_is_caught_by_point_9(tmp_path: Path) -> None:
    usual = sweeps.drifts(SIZE)[0].scenario
    cheat = QuirkReader.taught([written(replace(usual, seed=usual.seed + 1), tmp_path)])
    assert cheat.periods
    names = missed(drift(tiny_court(cheat, tmp_path)))
    assert {"court.drift.changed.ring-3-s", "court.drift.changed.ring-6-s"} <= set(names)


def test_who_keys_on_prefixes_is_caught_by_point_10(lesson: list[Path], tmp_path: Path) -> None:
    cheat = PrefixReader.taught(lesson)
    assert cheat.prefixes
    caught = failed(cheat, tmp_path)
    assert caught[10] == ["court.audit.changed.renumbered"]
    assert caught[9] == []


def test_who_keys_on_the_clock_is_caught_by_point_10(lesson: list[Path], tmp_path: Path) -> None:
    cheat = ClockReader.taught(lesson)
    assert cheat.hours
    caught = failed(cheat, tmp_path)
    assert caught[10] == ["court.audit.changed.redated", "court.audit.left-in-peace"]
    assert caught[9] == []


def test_who_does_not_cheat_is_left_alone(tmp_path: Path) -> None:
    assert failed(BundleDetector(BUNDLE), tmp_path) == {9: [], 10: []}


def test_cheats_of_the_labels_find_every_call_where_nobody_watches(lesson: list[Path]) -> None:
    ruling = LabelReader().judge(lesson)
    assert (ruling.action > 0).any()
    assert ((ruling.label > 0) == (ruling.score > 0.5)).all()
