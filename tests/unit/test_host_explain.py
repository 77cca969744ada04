"""`catflap explain`: the call asked for, the same verdict as replay's, figures that a person can check, what would have changed it."""

import csv
import shutil
from pathlib import Path

import pytest

from boards.linux.litert import open_classifier
from catflap_host.cli import main
from catflap_host.explain.case import find_case
from catflap_host.explain.units import duration, told
from catflap_host.explain.what_if import changes, honest_ranges
from catflap_models.court import suite
from catflap_models.simulate.writer import write_recording
from catflap_probe.call import LABELS
from catflap_probe.features import NAMES
from catflap_probe.memory.scale import log8
from catflap_probe.verdict.bundle import Bundle, load

BUNDLE = Path(__file__).parents[2] / "models" / "bundle"
Row = dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("explain") / "recording"
    place.mkdir()
    write_recording(suite.base(suite.QUICK, "neighbouring"), place)
    return place


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    verdicts = folder.parent / "verdicts.csv"
    assert main(["replay", str(folder), "--verdicts", str(verdicts)]) == 0
    with verdicts.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["direction"] == "in"]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load(str(BUNDLE), open_classifier)


def one(rows: list[Row], action: str, reason: str) -> Row:
    return [row for row in rows if row["action"] == action and reason in row["reasons"]][-1]


def explained(folder: Path, row: Row, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["explain", str(folder), "--line", row["line"], "--t", row["t"]]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("action", "reason"), [("block", "pool.neighbours"), ("label", "model.simbank"), ("allow", "")])
def test_it_finds_the_call_and_the_verdict_that_replay_has(action: str, reason: str, folder: Path, rows: list[Row], bundle: Bundle) -> None:
    row = one(rows, action, reason)
    case = find_case(folder, row["line"], float(row["t"]), bundle)
    assert case is not None
    assert (case.call.calling, LABELS[case.decision.label]) == (row["calling"], row["label"])
    assert f"{case.decision.score / 10000:.4f}" == row["score"]
    assert ";".join(case.decision.reasons) == row["reasons"]


def test_a_blocked_call_is_told_with_figures_and_what_would_have_spared_it(
    folder: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    row = one(rows, "block", "pool.neighbours")
    text = explained(folder, row, capsys)
    assert row["calling"] in text
    assert "simbank, score" in text and "block (pool.neighbours, model.simbank)" in text
    assert "a pool of neighbours:" in text
    assert "fewer than 7 other young numbers in its block" in text
    assert "block.young_members" in text
    assert max(map(len, text.splitlines())) < 200


def test_an_ordinary_call_is_ordinary(folder: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    text = explained(folder, rows[-1] if rows[-1]["action"] == "allow" else one(rows, "allow", ""), capsys)
    assert "legit, score" in text


@pytest.mark.parametrize(
    ("words", "told_fault"),
    [
        (["--line", "L99", "--t", "100000"], "no line L99"),
        (["--line", "L01", "--t", "0"], "no incoming call on line L01 by second 0"),
    ],
)
def test_a_call_that_is_not_there_is_a_clear_error(
    words: list[str], told_fault: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(folder), *words]) == 2
    assert told_fault in capsys.readouterr().err


def test_a_bundle_without_ranges_is_a_clear_error(
    folder: Path, rows: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(BUNDLE, tmp_path / "bundle")
    (tmp_path / "bundle" / "ranges.csv").unlink()
    words = ["explain", str(folder), "--line", rows[0]["line"], "--t", rows[0]["t"], "--bundle", str(tmp_path / "bundle")]
    assert main(words) == 2
    assert "ranges.csv" in capsys.readouterr().err


def test_features_as_usual_change_a_verdict_the_most_first(folder: Path, rows: list[Row], bundle: Bundle) -> None:
    row = one(rows, "block", "pool.neighbours")
    case = find_case(folder, row["line"], float(row["t"]), bundle)
    assert case is not None
    found = changes(bundle, case.features, honest_ranges(BUNDLE))
    moved = [abs(change.score - case.score) for change in found]
    assert moved == sorted(moved, reverse=True)
    assert found[0].features[0].startswith(("block.", "number.", "trunk."))
    assert moved[0] > 2000


def test_every_feature_has_words() -> None:
    for name in NAMES:
        for value in (0, 1, 30, 128, 255):
            assert told(name, value)
    assert told("number.age", log8(86400)).endswith((" d", " h"))
    assert told("number.calls", log8(3)) == "3"
    assert told("kind.mobile", 255) == "yes"
    assert [duration(seconds) for seconds in (0.5, 59, 90, 7200, 172800)] == ["0.5 s", "59 s", "1.5 min", "2 h", "2 d"]
