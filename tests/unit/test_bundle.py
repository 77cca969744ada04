"""The model bundle: golden rows on both runtimes, integers throughout, and clear words for damaged ones."""

import csv
import json
import shutil
import subprocess
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from boards.linux.litert import open_classifier
from catflap_host import micropython
from catflap_host.bundles import released_bundle
from catflap_probe.call import LABELS
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import Bundle, BundleError, load
from catflap_probe.verdict.int8 import Classifier

RELEASED = released_bundle()


def golden() -> list[tuple[list[int], list[int], list[int], int]]:
    with (RELEASED / "golden.csv").open(newline="") as file:
        rows = [[int(value) for value in row] for row in list(csv.reader(file))[1:]]
    width = len(NAMES)
    return [(row[:width], row[width : 2 * width], row[2 * width : -1], row[-1]) for row in rows]


def likeliest(logits: list[int]) -> int:
    return logits.index(max(logits[: len(LABELS)]))


@pytest.mark.parametrize("opener", [open_classifier, Classifier])
def test_golden_rows(opener: Callable[[bytes], Classifier]) -> None:
    bundle = load(str(RELEASED), opener)
    rows = golden()
    assert len(rows) >= 64
    for features, inputs, logits, score in rows:
        label, found = bundle.classify(array("h", features))
        assert list(bundle.classifier.inputs) == inputs
        assert list(bundle.classifier.logits) == logits
        assert (label, found) == (likeliest(logits), score)


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_golden_rows_on_micropython() -> None:
    script = Path(__file__).with_name("bundle_on_board.py")
    rows = golden()
    done = subprocess.run(
        [str(micropython.find()), str(script), str(RELEASED)],
        input="".join(",".join(map(str, row[0])) + "\n" for row in rows),
        env=micropython.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    expected = [" ".join(map(str, [likeliest(row[2]), row[3], *row[2]])) for row in rows]
    assert done.stdout.splitlines() == expected


def test_released_bundle_keeps_to_its_limits() -> None:
    bundle = load(str(RELEASED), Classifier)
    assert (RELEASED / "model.tflite").stat().st_size <= 8_000
    assert 0 < bundle.label_threshold <= bundle.block_threshold <= 10_000
    assert bundle.version in (RELEASED / "CARD.md").read_text(encoding="utf-8")


class Fixed(Classifier):
    """A classifier with logits that were chosen before."""

    def __init__(self, logits: list[int]) -> None:
        self.inputs = array("b", bytes(2))
        self.logits = array("b", logits)

    def run(self) -> None:
        """Leaves the logits."""


def small_bundle(logits: list[int], points: list[list[int]]) -> Bundle:
    exp = [32768 >> min(step, 30) for step in range(256)]
    return Bundle("t", Fixed([*logits, 0, 0]), [[10, 64], [100, -32]], exp, points, 5000, 9000)


def test_features_are_scaled_with_a_floor_and_clamped() -> None:
    bundle = small_bundle([0] * 6, [[0, 0], [10000, 10000]])
    for features, inputs in (([11, 99], [1, 0]), ([9, 101], [-1, -1]), ([500, 4000], [127, -128])):
        bundle.classify(array("h", features))
        assert list(bundle.classifier.inputs) == inputs


@pytest.mark.parametrize(
    ("logits", "label", "raw"),
    [
        ([0, 0, 0, 0, 0, 0], 0, 8334),
        ([0, 1, 1, 0, 0, 0], 1, 8750),
        ([127, -128, -128, -128, -128, -128], 0, 0),
        ([-128, -128, -128, -128, -128, 127], 5, 10000),
    ],
)
def test_raw_nuisance_and_ties(logits: list[int], label: int, raw: int) -> None:
    assert small_bundle(logits, [[0, 0], [10000, 10000]]).classify(array("h", [0, 0])) == (label, raw)


@pytest.mark.parametrize(("no", "yes", "suspicion"), [(0, 0, 127), (3, -1, 15), (-1, 3, 240), (127, -128, 0), (-128, 127, 255)])
def test_the_first_opinion_is_a_suspicion_and_moves_no_label(no: int, yes: int, suspicion: int) -> None:
    bundle = small_bundle([0, 1, 1, 0, 0, 0], [[0, 0], [10000, 10000]])
    bundle.classifier.logits[-2:] = array("b", [no, yes])
    assert bundle.classify(array("h", [0, 0])) == (1, 8750)
    assert bundle.suspicion == suspicion


@pytest.mark.parametrize(
    ("points", "score"),
    [([[0, 100], [10000, 100]], 100), ([[0, 0], [8750, 4], [10000, 4]], 4), ([[0, 0], [8000, 1000], [9000, 3001], [10000, 4000]], 2500)],
)
def test_calibration_runs_straight_between_its_points(points: list[list[int]], score: int) -> None:
    assert small_bundle([0, 1, 1, 0, 0, 0], points).classify(array("h", [0, 0]))[1] == score


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(RELEASED, tmp_path / "bundle")
    return tmp_path / "bundle"


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "bundle.json"
    about = json.loads(path.read_text())
    change(about)
    path.write_text(json.dumps(about))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda about: about.update(catflap_bundle=2), "reads version 1 only"),
        (lambda about: about["labels"].reverse(), "labels differ"),
        (lambda about: about["features"].pop(), "features differ"),
        (lambda about: about.pop("version"), "version is not a text"),
        (lambda about: about["scaling"].pop(), f"scaling is not {len(NAMES)} pairs"),
        (lambda about: about["scaling"].append([1, 2, 3]), f"scaling is not {len(NAMES)} pairs"),
        (lambda about: about["exp"].pop(), "exp is not 256 integers"),
        (lambda about: about["exp"].__setitem__(3, 0.5), "exp is not 256 integers"),
        (lambda about: about.update(calibration=[[0, 0]]), "calibration is not pairs"),
        (lambda about: about.update(calibration=[[0, 9], [5000, 8], [10000, 10]]), "does not rise at pair 1"),
        (lambda about: about.update(calibration=[[0, 0], [0, 5], [10000, 10]]), "does not rise at pair 1"),
        (lambda about: about.update(thresholds={"label": 1}), "thresholds lacks"),
        (lambda about: about.update(sha256="00"), "not the model that bundle.json names"),
    ],
)
def test_faults_of_bundle_json_are_named(copy: Path, change: Callable[[dict[str, Any]], object], fault: str) -> None:
    edit(copy, change)
    with pytest.raises(BundleError, match=fault):
        load(str(copy), Classifier)


def test_damaged_and_missing_files_are_named(copy: Path) -> None:
    model = copy / "model.tflite"
    model.write_bytes(model.read_bytes()[:-9])
    with pytest.raises(BundleError, match=r"model\.tflite is not the model"):
        load(str(copy), Classifier)
    model.unlink()
    with pytest.raises(BundleError, match=r"model\.tflite cannot be read"):
        load(str(copy), Classifier)
    (copy / "bundle.json").write_text("{")
    with pytest.raises(BundleError, match="is not JSON"):
        load(str(copy), Classifier)


def test_labels_are_the_probe_s() -> None:
    assert json.loads((RELEASED / "bundle.json").read_text())["labels"] == list(LABELS)
