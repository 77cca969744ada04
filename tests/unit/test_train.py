"""Training: vectors from the probe's own code, a network that learns, integers that follow it, honest thresholds."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType  # type: ignore[import-untyped]
from numpy.typing import NDArray

from catflap_models.calibrate import calibrate, calibration_points, expected_calibration_error, least_score
from catflap_models.card import card
from catflap_models.evaluate import Answers, ask_bundle, recall_and_precision
from catflap_models.export import to_tflite
from catflap_models.feed import feed
from catflap_models.network import Matrix, Network, initial, train
from catflap_models.plan import PlannedCall
from catflap_models.pooled import pooled
from catflap_models.quantize import INPUT_SCALE, cool, exponentials, fit_scaling, quantize, real_inputs, rounded
from catflap_models.samples import SCENE, world_samples
from catflap_probe.call import LABELS, LEGIT, SIMBANK, Call
from catflap_probe.features import NAMES
from catflap_probe.memory.suspicion import SUSPECT
from catflap_probe.memory.table import DAY_S
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import TOP, load
from catflap_probe.verdict.int8 import Classifier
from catflap_probe.verdict.pool import POOL_SUSPECTS

BUNDLE = Path(__file__).parents[2] / "models" / "bundle"


class Ends(Observer):
    """Keeps the calls that ended."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        self.calls.append(call)


@pytest.mark.parametrize(("dialect", "answered"), [("v253", [-1, -1, -1]), ("3gpp", [5_010_000, -1, -1])])
def test_planned_calls_reach_the_trunk_as_its_modems_would_tell_them(dialect: str, answered: list[int]) -> None:
    settings = TrunkSettings({"id": "t", "country": "CN", "lines": [{"id": line, "dialect": dialect} for line in ("a", "b")]})
    ends = Ends()
    trunk = Trunk(settings, TrunkMemory("t", "board"), None, Policy("CN"), ends)
    trunk.start(settings, 1_772_380_800_000)
    calls = [
        PlannedCall(5000.0, 0, "13800001111", "shown", "", 30.0, 10.0, 60.0, "legit", "contact", ""),
        PlannedCall(5001.0, 1, "+8529999", "shown", "", 17.0, None, 0.0, "legit", "foreign", ""),
        PlannedCall(6000.0, 0, "", "withheld", "", 6.0, None, 0.0, "legit", "withheld", ""),
    ]
    began: list[PlannedCall] = []
    feed(trunk, dialect, calls, began.append)
    assert began == calls
    heard = sorted(ends.calls, key=lambda call: call.t_ms)
    assert [(call.t_ms, call.line, call.calling) for call in heard] == [(round(c.t_s * 1000), c.line, c.calling) for c in calls]
    assert [call.ring_ms() for call in heard] == [10_000, 15_000, 5_000]
    assert [call.answered_ms for call in heard] == answered


def test_a_world_s_samples_are_the_probe_s_vectors_and_always_the_same() -> None:
    samples = world_samples(3)
    again = world_samples(3)
    assert samples.features.shape == (len(samples.labels), len(NAMES))
    assert len(samples.labels) > 300
    assert np.array_equal(samples.features, again.features)
    assert np.array_equal(samples.labels, again.labels)
    assert samples.features.min() >= 0
    assert samples.features.max() <= 255
    assert LABELS.index("spoof") not in samples.labels
    newcomers = samples.features[samples.families == "stranger"][:, NAMES.index("number.calls")]
    assert (newcomers == 0).mean() > 0.5


@pytest.fixture(scope="module")
def rings() -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """Three classes that no straight line parts: rings around a centre."""
    points = np.random.default_rng(1).integers(0, 256, (6000, 2)).astype(np.int16)
    return points, (np.hypot(points[:, 0] - 128.0, points[:, 1] - 128.0) // 50).astype(np.int64).clip(0, 2)


def fit(inputs: Matrix, labels: NDArray[np.int64]) -> tuple[Network, list[float]]:
    rng = np.random.default_rng(2)
    network = initial((2, 16, 12, 3), rng)
    losses: list[float] = []
    train(network, inputs, labels, np.ones(3, np.float32), 100, rng, lambda _, loss: losses.append(loss))
    return network, losses


def test_the_network_learns_and_its_int8_form_follows_it(rings: tuple[NDArray[np.int16], NDArray[np.int64]]) -> None:
    features, labels = rings
    scaling = fit_scaling(features)
    inputs = scaling.inputs(features)
    network, losses = fit(real_inputs(inputs), labels)
    assert losses[-1] < losses[0] / 3
    found = network.activations(real_inputs(inputs))[-1].argmax(axis=1)
    assert (found == labels).mean() > 0.95
    classifier = Classifier(to_tflite(quantize(network, real_inputs(inputs)), INPUT_SCALE, 0))
    followed = 0
    for row, label in zip(inputs[:1000], found[:1000], strict=True):
        np.frombuffer(classifier.inputs, np.int8)[:] = row
        classifier.run()
        followed += int(np.argmax(classifier.logits)) == label
    assert followed > 960


def test_the_same_seed_gives_the_same_file(rings: tuple[NDArray[np.int16], NDArray[np.int64]]) -> None:
    inputs = real_inputs(fit_scaling(rings[0]).inputs(rings[0]))
    files = []
    for _ in range(2):
        network, _ = fit(inputs, rings[1])
        files.append(to_tflite(quantize(network, inputs), INPUT_SCALE, 0))
    assert files[0] == files[1]


def test_quantised_layers_leave_nothing_to_rounding(rings: tuple[NDArray[np.int16], NDArray[np.int64]]) -> None:
    inputs = real_inputs(fit_scaling(rings[0]).inputs(rings[0]))
    network, _ = fit(inputs, rings[1])
    layers = quantize(network, inputs)
    for layer in layers:
        assert not (layer.weights % 4).any()
        assert (layer.bias % 4 == 2).all()
        assert all(np.log2(scale).is_integer() for scale in [*layer.weight_scales, layer.output_scale])
    rows = np.random.default_rng(3).integers(-128, 128, (3000, 2)).astype(np.int8)
    answers = []
    for kernels in (OpResolverType.BUILTIN_REF, OpResolverType.AUTO, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES):
        interpreter = Interpreter(model_content=to_tflite(layers, INPUT_SCALE, 0), experimental_op_resolver_type=kernels)
        interpreter.allocate_tensors()
        logits = b""
        for row in rows:
            interpreter.set_tensor(interpreter.get_input_details()[0]["index"], row[None])
            interpreter.invoke()
            logits += interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).tobytes()
        answers.append(logits)
    assert answers[0] == answers[1] == answers[2]


def test_cooling_changes_no_label(rings: tuple[NDArray[np.int16], NDArray[np.int64]]) -> None:
    inputs = real_inputs(fit_scaling(rings[0]).inputs(rings[0]))
    network, _ = fit(inputs, rings[1])
    network.weights[-1] *= 8
    network.biases[-1] *= 8
    before = network.activations(inputs)[-1]
    cool(network, inputs)
    after = network.activations(inputs)[-1]
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))
    assert np.abs(after).max() < np.abs(before).max() / 2


def test_calibration_follows_the_share_of_nuisances() -> None:
    rng = np.random.default_rng(5)
    raw = rng.integers(0, TOP + 1, 100_000)
    is_nuisance = rng.random(100_000) < (raw / TOP) ** 2
    points = calibration_points(raw, is_nuisance)
    assert points[0][0] == 0
    assert points[-1][0] == TOP
    assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(points))
    assert all(abs(score - raw**2 / TOP) < 400 for raw, score in points[1:-1])
    scores = np.interp(raw, [point[0] for point in points], [point[1] for point in points]).astype(np.int64)
    assert expected_calibration_error(scores, is_nuisance) < 0.01
    assert expected_calibration_error(raw, is_nuisance) > 0.1


def test_thresholds_let_no_more_honest_calls_through_than_allowed() -> None:
    scores = np.array([10, 20, 30, 40, 40, 50])
    for most, least in ((0, 51), (1, 41), (2, 41), (3, 31), (6, 0)):
        assert least_score(scores, most) == least
        assert (scores >= least).sum() <= most
    rng = np.random.default_rng(6)
    labels = (rng.random(100_000) < 0.3).astype(np.int64)
    raw = np.where(labels == 1, rng.integers(4000, TOP, 100_000), rng.integers(0, 8000, 100_000))
    calibration = calibrate(raw, np.ones_like(labels), labels)
    honest = calibration.scores(raw[labels == 0])
    assert (honest >= calibration.label).mean() <= 2.5e-3
    assert (honest >= calibration.block).mean() <= 1e-4
    assert calibration.label <= calibration.block


def scenes(*rows: tuple[int, str, int, bool, bool, bool]) -> NDArray[np.void]:
    """Scenes: world, key, second, neighbours, mobile, known."""
    return np.array(list(rows), SCENE)


def test_only_what_has_pool_evidence_may_be_blocked() -> None:
    """Known cards within an hour; one new, one that is no mobile, one with neighbours; one a day later, one in the next world."""
    cards = [(0, f"1380000000{place}", 600 * place, False, True, True) for place in range(POOL_SUSPECTS + 1)]
    rest = [(0, "new", 4000, False, True, False), (0, "desk", 4100, False, False, True), (0, "block", 4200, True, True, False)]
    later = [(0, "late", 4300 + DAY_S, False, True, True), (1, "other", 0, False, True, True)]
    rows = scenes(*cards, *rest, *later)
    of = np.full(len(rows), 1)
    sure = Answers(SIMBANK * of, 9000 * of, SUSPECT * of)
    assert np.flatnonzero(pooled(rows, sure, 8000)).tolist() == [POOL_SUSPECTS, POOL_SUSPECTS + 3]
    assert not pooled(rows, sure, 9001).any()
    assert not pooled(rows, replace(sure, labels=LEGIT * of), 8000).any()
    assert np.flatnonzero(pooled(rows, replace(sure, suspicions=(SUSPECT - 1) * of), 8000)).tolist() == [POOL_SUSPECTS + 3]


def test_a_rounded_network_has_the_weights_that_int8_holds() -> None:
    network = initial((40, 8, 6), np.random.default_rng(3))
    inputs = np.random.default_rng(4).standard_normal((500, 40)).astype(np.float32)
    for layer, whole in zip(rounded(network).weights, quantize(network, inputs), strict=True):
        assert np.array_equal(layer, whole.weights * whole.weight_scales[:, None])


def test_recall_and_precision() -> None:
    found, labels = np.array([1, 1, 0, 2]), np.array([1, 0, 1, 2])
    assert recall_and_precision(found, labels, 1) == (0.5, 0.5)
    assert recall_and_precision(found, labels, 3) == (None, None)


def test_exponentials_fall_from_one() -> None:
    table = exponentials(np.float32(0.0625))
    assert table[0] == 32768
    assert table[16] == round(32768 / np.e)
    assert len(table) == 256


def test_the_card_is_made_of_measurements() -> None:
    bundle = load(str(BUNDLE), Classifier)
    samples = world_samples(20_001)
    answers = ask_bundle(bundle, samples)
    text = card(bundle, 1234, 5678, samples, answers, answers.reaching(bundle.label_threshold))
    honest = samples.labels == 0
    has_pool = pooled(samples.scenes, answers, bundle.label_threshold)
    blocked = int((has_pool & (answers.scores >= bundle.block_threshold))[honest].sum())
    assert f"{blocked} of {int(honest.sum()):,} honest calls were blocked" in text
    for phrase in ("1,234 bytes", "5,678 simulated calls", bundle.version, "## Where it fails"):
        assert phrase in text
