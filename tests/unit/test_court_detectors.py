"""The court's detectors and baselines: what each says of recordings, and that none needs more than it may know."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from catflap_host.bundles import released_bundle
from catflap_models.court.baselines import Baseline, Thresholded, fit_boosting, fit_logistic, is_honest, line_cut, two_ratio, volume_cut
from catflap_models.court.case import ALLOW, BLOCK, LABEL
from catflap_models.court.detectors import BundleDetector, ConstantDetector, RandomDetector
from catflap_models.court.features import Heard, hear
from catflap_models.court.labelled import LABEL_HEADER, read_calls
from catflap_models.court.metrics import auc
from catflap_probe.call import LEGIT, SIMBANK, SPOOF, TELEMARKETING
from catflap_probe.features import NAMES
from tests.replay.recorded import record_world, replayed, rows
from tests.unit.court_cases import calls_of, ring, write_recording


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded trunk of eight lines."""
    return record_world(tmp_path_factory.mktemp("court") / "a", lines=8, days=14, seed=20, count=1500)


@pytest.fixture(scope="module")
def heard(world: Path) -> Heard:
    """The same, heard by the probe."""
    return hear([world])


def test_the_bundle_says_what_replay_writes(tmp_path: Path, world: Path) -> None:
    """Label, score and action of each call, in the labels' order."""
    ruling = BundleDetector(released_bundle()).judge([world])
    verdicts, _ = replayed([world], tmp_path)
    by_call = {(row["line"], row["t"]): row for row in rows(verdicts)}
    calls = read_calls([world])
    written = [by_call[f"L{line + 1:02d}", f"{t_s:.3f}"] for line, t_s in zip(calls.line, calls.t_s, strict=True)]
    assert [float(row["score"]) for row in written] == ruling.score.tolist()
    assert [("allow", "label", "challenge", "block").index(row["action"]) for row in written] == ruling.action.tolist()


def test_the_bundle_knows_nothing_of_the_labels(tmp_path: Path, world: Path) -> None:
    """The same calls under other labels are ruled alike."""
    blind = tmp_path / "blind"
    shutil.copytree(world, blind)
    told = [line.split(",") for line in (world / "labels.csv").read_text().splitlines()[1:]]
    rows = [",".join([*fields[:5], "legit", "contact", ""]) for fields in told]
    (blind / "labels.csv").write_text("\n".join([",".join(LABEL_HEADER), *rows]) + "\n")
    detector = BundleDetector(released_bundle())
    assert detector.judge([blind]).score.tolist() == detector.judge([world]).score.tolist()


def test_the_probe_is_never_late_on_its_own_recordings(world: Path) -> None:
    """Nor does it miss or invent a call."""
    joined = BundleDetector(released_bundle()).joined([world])
    assert (joined.late, joined.missed, joined.invented) == (0, 0, 0)


def test_a_constant_detector_stops_everybody_who_calls(tmp_path: Path) -> None:
    """But no call of the trunk's own."""
    labels = [("L01", "1", "", "in", "1", "legit", "contact", ""), ("L01", "2", "", "out", "2", "legit", "outgoing", "")]
    folder = write_recording(tmp_path / "a", {"L01": []}, labels)
    ruling = ConstantDetector(SIMBANK, 1.0, BLOCK).judge([folder])
    assert ruling.action.tolist() == [BLOCK, ALLOW]
    assert ruling.label.tolist() == [SIMBANK, LEGIT]


def test_a_random_detector_tells_nobody_apart(world: Path) -> None:
    """The same seed says the same, and it says nothing: AUC about 0.5, a tenth of the calls stopped."""
    calls = read_calls([world])
    ruling = RandomDetector(1).judge([world])
    assert ruling.score.tolist() == RandomDetector(1).judge([world]).score.tolist()
    assert ruling.score.tolist() != RandomDetector(2).judge([world]).score.tolist()
    area = auc(ruling.score, calls.label != LEGIT)
    assert area is not None and abs(area - 0.5) < 0.1
    assert abs((ruling.action == BLOCK).mean() - 0.1) < 0.03
    assert ((ruling.label == LEGIT) == (ruling.action == ALLOW)).all()


def test_features_are_those_of_the_call_that_they_stand_beside(tmp_path: Path) -> None:
    """The second call of a number has been heard once (log8 of 1 is 8), on another line than it calls now; a first call never."""
    labels = [
        ("L01", "10", "", "in", "17000000001", "legit", "contact", ""),
        ("L02", "100", "", "in", "17000000001", "legit", "contact", ""),
    ]
    texts = {"L01": ring(10.0, "17000000001"), "L02": ring(100.0, "17000000001")}
    heard = hear([write_recording(tmp_path / "a", texts, labels)])
    calls, same_line = NAMES.index("number.calls"), NAMES.index("number.same_line")
    assert heard.features[:, calls].tolist() == [0, 8]
    assert heard.features[:, same_line].tolist() == [0, 0]
    assert heard.is_asked.tolist() == [True, True]


def test_calls_that_overlap_keep_their_own_features(tmp_path: Path) -> None:
    """The first call is decided first and ends last: its vector is still the one of a number never heard."""
    labels = [
        ("L01", "10", "", "in", "17000000001", "legit", "contact", ""),
        ("L02", "12", "", "in", "17000000001", "legit", "contact", ""),
    ]
    first = [*ring(10.0, "17000000001"), *((10.0 + ring_s, "\r\nRING\r\n") for ring_s in (10, 15, 20, 25))]
    heard = hear([write_recording(tmp_path / "a", {"L01": first, "L02": ring(12.0, "17000000001")}, labels)])
    assert heard.features[:, NAMES.index("number.calls")].tolist() == [0, 8]


def test_a_false_number_has_no_features(heard: Heard) -> None:
    """The numbering check decides it alone; nearly every other call has a vector, whose age of a number fits what came before."""
    assert not heard.is_asked[heard.calls.label == SPOOF].any()
    assert heard.is_asked[heard.calls.label != SPOOF].all()
    shown = heard.is_asked & (heard.calls.calling != "")
    known = heard.features[shown, NAMES.index("number.calls")] > 0
    assert (known == (heard.calls.before[shown] > 0)).mean() > 0.99


def test_more_calls_than_a_score_has_steps_keep_their_features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way back from a row to its vector is a remainder: one round later a call must not get the vector of one round before."""
    monkeypatch.setattr("catflap_models.court.features._ROUND", 7)
    numbers = [f"138{index:08d}" for index in range(20)]
    numbers[-1] = numbers[-2]
    labels = [("L01", f"{60 * index}", "", "in", number, "legit", "contact", "") for index, number in enumerate(numbers)]
    texts = [text for index, number in enumerate(numbers) for text in ring(60.0 * index, number)]
    heard = hear([write_recording(tmp_path / "a", {"L01": texts}, labels)])
    assert heard.features[:, NAMES.index("number.calls")].tolist() == [0] * 19 + [8]


def made_up(told: list[tuple[float, str, str, str, str]], lines: list[int], answered: list[int], returned: list[bool]) -> Heard:
    """Calls with the lines that they came on, the share of earlier calls that were answered, and whether the trunk had called back."""
    calls = calls_of(told)
    calls.line[:] = lines
    features = np.zeros((len(told), len(NAMES)), np.int16)
    features[:, NAMES.index("number.answered_share")] = answered
    return Heard(calls, features, np.ones(len(told), np.bool_), np.array(returned), np.zeros(len(told), np.bool_))


def test_the_cuts_count_a_day_by_number() -> None:
    """Calls 1, 2, 3 of a number within a day; the fourth comes when the first two have been forgotten. No number, no count."""
    told = [(float(t_s), number, "legit", "x", "") for t_s, number in ((0, "1"), (60, "1"), (80000, "1"), (86460, "1"), (86470, ""))]
    heard = made_up(told, [0, 1, 1, 2, 0], [0] * 5, [False] * 5)
    assert volume_cut().opinion(heard).score.tolist() == [1, 2, 3, 2, 0]
    assert line_cut().opinion(heard).score.tolist() == [1, 2, 2, 2, 0]


def test_the_two_ratios_need_new_lines_and_no_answer() -> None:
    """Its score is the number of calls that the ratios rest on: none at half of the lines, none at 0.3 answered, none once called back."""
    told = [(float(t_s), "1", "legit", "x", "") for t_s in range(5)]
    assert two_ratio().opinion(made_up(told, [0, 1, 2, 3, 4], [0] * 5, [False] * 5)).score.tolist() == [1, 2, 3, 4, 5]
    assert two_ratio().opinion(made_up(told, [0, 0, 0, 1, 2], [0] * 5, [False] * 5)).score.tolist() == [1, 0, 0, 0, 5]
    assert two_ratio().opinion(made_up(told, [0, 1, 2, 3, 4], [0, 0, 85, 0, 0], [False] * 5)).score.tolist() == [1, 2, 0, 4, 5]
    assert two_ratio().opinion(made_up(told, [0, 1, 2, 3, 4], [0] * 5, [False] * 3 + [True] * 2)).score.tolist() == [1, 2, 3, 0, 0]


def test_a_call_back_is_seen_on_another_line_and_in_another_form(tmp_path: Path) -> None:
    """The trunk dials 0 before the mobile; what the number does afterwards is returned."""
    number = "13800000001"
    labels = [("L01", "10", "", "in", number, "legit", "contact", ""), ("L01", "300", "", "in", number, "legit", "contact", "")]
    folder = write_recording(tmp_path / "a", {"L01": [*ring(10.0, number), *ring(300.0, number)], "L02": []}, labels)
    tree = json.loads((folder / "trunk.json").read_text())
    tree["lines"][1] = tree["lines"][1] | {"dialect": "3gpp", "numbers": ["01062345601"]}
    (folder / "trunk.json").write_text(json.dumps(tree))
    header = (folder / "L02.cast").read_text()
    (folder / "L02.cast").write_text(
        header + '[100.0, "i", "ATD+8613800000001;\\r"]\n[101.0, "o", "\\r\\nOK\\r\\n"]\n[150.0, "o", "\\r\\nNO CARRIER\\r\\n"]\n'
    )
    assert hear([folder]).is_returned.tolist() == [False, True]


def test_thresholds_come_from_other_trunks(heard: Heard) -> None:
    """As many honest calls as the budget allows reach them there."""
    detector = volume_cut().at_budget([heard], label_budget=0.01, block_budget=0.001)
    score = volume_cut().opinion(heard).score
    honest = is_honest(heard)
    assert (score[honest] >= detector.label_at).mean() <= 0.01
    assert (score[honest] >= detector.block_at).mean() <= 0.001
    assert detector.label_at <= detector.block_at


def test_a_thresholded_baseline_rules_as_a_detector(world: Path, heard: Heard) -> None:
    """Scores keep their order below 1; what is not judged is allowed however low the threshold."""
    detector = Thresholded(volume_cut(), 2.0, 3.0)
    ruling = detector.judge([world])
    score = volume_cut().opinion(heard).score
    assert ruling.action.tolist() == np.where(score >= 3, BLOCK, np.where(score >= 2, LABEL, ALLOW)).tolist()
    assert (np.argsort(ruling.score, kind="stable") == np.argsort(score, kind="stable")).all()
    assert ruling.score.max() < 1
    assert (Thresholded(volume_cut(), -np.inf, -np.inf).rule(heard).action[heard.calls.calling == ""] == ALLOW).all()


@pytest.mark.parametrize("fit", [fit_logistic, fit_boosting])
def test_learners_learn_and_say_the_same_twice(fit: Callable[[Sequence[Heard]], Baseline], heard: Heard) -> None:
    """On what they were taught they tell nuisances from honest calls, and name them."""
    first, second = fit([heard]), fit([heard])
    opinion = first.opinion(heard)
    assert opinion.score.tobytes() == second.opinion(heard).score.tobytes()
    area = auc(opinion.score[heard.is_asked], (heard.calls.label != LEGIT)[heard.is_asked])
    assert area is not None and area > 0.98
    assert not (opinion.label == LEGIT).any()
    assert (opinion.score[~heard.is_asked] == 0).all()


def test_learners_name_what_they_find() -> None:
    """Of two kinds of nuisances with different features each gets its own label."""
    told = [(float(t_s), str(t_s), ("legit", "simbank", "telemarketing")[t_s % 3], "x", "c") for t_s in range(300)]
    heard = made_up(told, [0] * 300, [0] * 300, [False] * 300)
    heard.features[:, 20] = [(0, 120, 240)[t_s % 3] for t_s in range(300)]
    opinion = fit_boosting([heard]).opinion(heard)
    assert opinion.label[1::3].tolist() == [SIMBANK] * 100
    assert opinion.label[2::3].tolist() == [TELEMARKETING] * 100


def test_there_is_nothing_to_learn_from_honest_calls_alone() -> None:
    """A named fault, not a model that knows one class."""
    heard = made_up([(float(t_s), "1", "legit", "x", "") for t_s in range(9)], [0] * 9, [0] * 9, [False] * 9)
    with pytest.raises(ValueError, match="nothing to learn from"):
        fit_logistic([heard])
