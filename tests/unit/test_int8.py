"""The int8 interpreter against LiteRT, bit for bit, on CPython and on MicroPython."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType  # type: ignore[import-untyped]
from numpy.typing import NDArray

from boards.linux import litert
from catflap_host import micropython
from catflap_host.bundles import released_bundle
from catflap_models.export import QuantizedLayer, to_tflite
from catflap_probe.features import NAMES
from catflap_probe.verdict.int8 import Classifier
from catflap_probe.verdict.tflite import ModelError
from tests.unit.int8_models import random_inputs, random_model

ROWS = 2_000
SIZES = (32, 32, 16, 6)
# (sizes, a scale for each row of weights, fineness of the outputs)
MODELS = [
    (SIZES, True, 1.0),
    (SIZES, False, 1.0),
    ((40, 24, 6), True, 1.0),
    ((57, 3), False, 1.0),
    # multipliers from a half to beyond one
    ((7, 9, 5), True, 150.0),
    ((7, 9, 5), False, 400.0),
]
needs_micropython = pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")


def litert_logits(model: bytes, inputs: NDArray[np.int8], kernels: OpResolverType = OpResolverType.BUILTIN_REF) -> bytes:
    interpreter = Interpreter(model_content=model, experimental_op_resolver_type=kernels, num_threads=1)
    interpreter.allocate_tensors()
    given, found = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    logits = bytearray()
    for row in inputs:
        interpreter.set_tensor(given, row[None])
        interpreter.invoke()
        logits += interpreter.get_tensor(found).tobytes()
    return bytes(logits)


def logits_of(classifier: Classifier, inputs: NDArray[np.int8]) -> bytes:
    view = np.frombuffer(classifier.inputs, np.int8)
    logits = bytearray()
    for row in inputs:
        view[:] = row
        classifier.run()
        logits += classifier.logits.tobytes()
    return bytes(logits)


def micropython_logits(model: bytes, inputs: NDArray[np.int8], folder: Path) -> bytes:
    program = micropython.find()
    assert program is not None
    paths = [folder / name for name in ("model.tflite", "inputs", "logits")]
    paths[0].write_bytes(model)
    paths[1].write_bytes(inputs.tobytes())
    script = Path(__file__).with_name("int8_on_board.py")
    subprocess.run([program, str(script), *map(str, paths)], env=micropython.environment(), check=True, timeout=120)
    return paths[2].read_bytes()


@pytest.mark.parametrize(("sizes", "per_channel", "fineness"), MODELS)
def test_random_models_agree_on_cpython(sizes: tuple[int, ...], per_channel: bool, fineness: float) -> None:
    model = random_model(len(sizes), sizes, per_channel, fineness)
    inputs = random_inputs(2, ROWS, sizes[0])
    expected = litert_logits(model, inputs)
    assert len(set(expected)) > 20
    assert logits_of(Classifier(model), inputs) == expected


@needs_micropython
@pytest.mark.parametrize(("sizes", "per_channel", "fineness"), MODELS)
def test_random_models_agree_on_micropython(sizes: tuple[int, ...], per_channel: bool, fineness: float, tmp_path: Path) -> None:
    model = random_model(len(sizes), sizes, per_channel, fineness)
    inputs = random_inputs(3, ROWS, sizes[0])
    assert micropython_logits(model, inputs, tmp_path) == litert_logits(model, inputs)


@pytest.fixture(scope="module")
def released() -> tuple[bytes, NDArray[np.int8]]:
    return (released_bundle() / "model.tflite").read_bytes(), random_inputs(4, 10_000, len(NAMES))


def test_released_model_agrees_on_cpython(released: tuple[bytes, NDArray[np.int8]]) -> None:
    assert logits_of(Classifier(released[0]), released[1]) == litert_logits(*released)


@needs_micropython
def test_released_model_agrees_on_micropython(released: tuple[bytes, NDArray[np.int8]], tmp_path: Path) -> None:
    assert micropython_logits(*released, tmp_path) == litert_logits(*released)


@pytest.mark.parametrize("kernels", [OpResolverType.AUTO, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES])
def test_released_model_gives_the_same_with_all_of_litert_s_kernels(
    released: tuple[bytes, NDArray[np.int8]], kernels: OpResolverType
) -> None:
    assert litert_logits(*released, kernels) == litert_logits(*released)


def test_linux_probes_run_litert() -> None:
    model = random_model(5, SIZES, per_channel=True)
    inputs = random_inputs(6, 100, SIZES[0])
    classifier = litert.open_classifier(model)
    assert isinstance(classifier, litert.LiteRtClassifier)
    assert logits_of(classifier, inputs) == logits_of(Classifier(model), inputs)


def test_without_litert_our_own_interpreter_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    assert type(litert.open_classifier(random_model(5, SIZES, per_channel=True))) is Classifier


def one_output(bias: int, output_scale: float, relu: bool = False) -> bytes:
    layer = QuantizedLayer(
        np.array([[1]], np.int8), np.array([bias], np.int32), np.array([1], np.float32), np.float32(output_scale), 0, relu
    )
    return to_tflite([layer], np.float32(1), 0)


@pytest.mark.parametrize(("value", "expected"), [(5, 3), (-5, -2), (4, 2), (-4, -2), (3, 2), (-3, -1)])
def test_a_half_is_rounded_up_once(value: int, expected: int) -> None:
    classifier = Classifier(one_output(0, 2.0))
    classifier.inputs[0] = value
    classifier.run()
    assert classifier.logits[0] == expected


def test_relu_keeps_negative_outputs_out() -> None:
    classifier = Classifier(one_output(0, 1.0, relu=True))
    classifier.inputs[0] = -7
    classifier.run()
    assert classifier.logits[0] == 0


@pytest.mark.parametrize(
    ("model", "fault"),
    [(one_output(1 << 28, 1.0), "bias 268435456"), (one_output(0, 2.0**-27), "too fine"), (one_output(0, 2.0**-40), "too fine")],
)
def test_what_does_not_fit_32_bits_is_refused(model: bytes, fault: str) -> None:
    with pytest.raises(ModelError, match=fault):
        Classifier(model)


def test_outputs_too_coarse_to_move_stay_at_zero() -> None:
    classifier = Classifier(one_output(1 << 20, 2.0**60))
    classifier.run()
    assert classifier.logits[0] == 0
