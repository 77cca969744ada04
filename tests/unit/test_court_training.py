"""The court's own training: lessons from the probe's code, a family left out, a bundle that is the same each time."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from catflap_models.court import suite
from catflap_models.court.case import BLOCK
from catflap_models.court.detectors import BundleDetector
from catflap_models.court.lessons import Lesson, learn
from catflap_models.court.training import joined, train_bundle, without
from catflap_models.evaluate import ask_bundle
from catflap_models.pooled import pooled
from catflap_models.simulate.world import planned_calls
from catflap_models.simulate.writer import write_recording
from catflap_probe.call import SIMBANK, SPOOF, TDOS
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import load
from catflap_probe.verdict.int8 import Classifier
from tests.unit.tiny_court import SIZE

BUNDLE = Path("models/bundle")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lessons")


@pytest.fixture(scope="module")
def lessons(cache: Path) -> list[Lesson]:
    return [learn(scenario, cache) for scenario in suite.lessons(SIZE, "training")]


def test_a_lesson_has_a_row_for_each_call_that_a_modem_told_of(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        planned = list(planned_calls(lesson.scenario))
        calls = lesson.heard.calls
        assert lesson.heard.features.shape == (len(calls.t_s), len(NAMES))
        assert 0.9 * len(planned) < len(calls.t_s) <= len(planned)
        assert set(calls.family) <= {call.family for call in planned}
        bank = sum(call.label == "simbank" for call in planned)
        assert 0.9 * bank < (calls.label == SIMBANK).sum() <= bank


def test_a_lesson_counts_earlier_calls_and_places_in_the_campaign(lessons: list[Lesson]) -> None:
    calls = lessons[0].heard.calls
    bank = np.flatnonzero(calls.campaign == "bank")
    assert calls.place[bank].tolist() == list(range(1, len(bank) + 1))
    for number in np.unique(calls.calling[bank]):
        if not number:
            continue
        assert calls.before[calls.calling == number].tolist() == list(range(int((calls.calling == number).sum())))


def test_nearly_every_call_but_false_numbers_is_asked_about(lessons: list[Lesson]) -> None:
    heard = [lesson.heard for lesson in lessons]
    asked, label = np.concatenate([part.is_asked for part in heard]), np.concatenate([part.calls.label for part in heard])
    incoming = ~np.concatenate([part.calls.is_out for part in heard])
    assert (label == SPOOF).any()
    # an analogue line does not show where one call of a bombing ends and the next begins
    assert asked[(label != SPOOF) & (label != TDOS) & incoming].mean() > 0.95
    assert SPOOF not in joined(lessons).labels


@pytest.mark.parametrize("numbering", ["neighbouring", "scattered"])
def test_a_lesson_knows_which_calls_the_probe_would_stop(numbering: str, tmp_path: Path) -> None:
    """By the scenes of its rows, those that replay stops when it decides by the same model."""
    shutil.copytree(BUNDLE, tmp_path / "bundle")
    about = json.loads((BUNDLE / "bundle.json").read_text())
    about["thresholds"] = {"label": 3000, "block": 3000}
    (tmp_path / "bundle" / "bundle.json").write_text(json.dumps(about))
    bundle = load(str(tmp_path / "bundle"), Classifier)
    scenario = suite.base(suite.QUICK, numbering)
    lesson = learn(scenario, tmp_path / "lessons")
    samples = lesson.samples
    answers = ask_bundle(bundle, samples)
    is_regular, is_implausible = (samples.features[:, NAMES.index(name)] > 0 for name in ("number.regular", "kind.implausible"))
    found = pooled(samples.scenes, answers, 3000) & ~is_regular & ~is_implausible
    write_recording(scenario, tmp_path / "recording")
    ruling = BundleDetector(tmp_path / "bundle").judge([tmp_path / "recording"])
    rows = lesson.heard.is_asked & ~lesson.heard.calls.is_out & (lesson.heard.calls.label != SPOOF)
    stopped = (ruling.action == BLOCK)[rows]
    assert stopped.sum() > 20
    # a call that is stopped is not decided anew when its number is shown once more, as it is in the lesson
    assert (found != stopped).sum() <= 0.01 * stopped.sum()


def test_what_is_kept_is_what_was_heard(lessons: list[Lesson], cache: Path, tmp_path: Path) -> None:
    kept, anew = learn(lessons[0].scenario, cache), learn(lessons[0].scenario, tmp_path)
    assert len(list(cache.iterdir())) == len(lessons)
    for lesson in (kept, anew):
        assert np.array_equal(lesson.heard.features, lessons[0].heard.features)
        assert np.array_equal(lesson.heard.calls.calling, lessons[0].heard.calls.calling)


def test_a_family_that_is_left_out_is_out(lessons: list[Lesson]) -> None:
    for selector in SIZE.selectors:
        rest = without(lessons, selector)
        assert 0 < len(rest) < len(lessons)
        assert not any(family.startswith(selector) for family in joined(rest).families)
        assert any(family.startswith(selector) for family in joined(lessons).families)


def test_training_gives_the_same_bundle_each_time_and_the_probe_loads_it(lessons: list[Lesson], tmp_path: Path) -> None:
    samples = joined(lessons)
    for name in ("first", "second"):
        train_bundle(samples, samples, 2, tmp_path / name)
    for file in ("model.tflite", "bundle.json"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()
    bundle = load(str(tmp_path / "first"), Classifier)
    assert bundle.label_threshold <= bundle.block_threshold


def test_other_lessons_give_another_bundle(lessons: list[Lesson], tmp_path: Path) -> None:
    train_bundle(joined(lessons), joined(lessons), 2, tmp_path / "all")
    train_bundle(joined(without(lessons, SIZE.selectors[0])), joined(lessons), 2, tmp_path / "rest")
    assert (tmp_path / "all" / "model.tflite").read_bytes() != (tmp_path / "rest" / "model.tflite").read_bytes()
