"""The .tflite reader: what it reads, and what it says of files that are damaged or of another kind."""

import struct
from fractions import Fraction
from typing import Any

import flatbuffers  # type: ignore[import-untyped]
import pytest
from ai_edge_litert import schema_py_generated as schema  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from catflap_probe.verdict.tflite import ModelError, effective_scale, read
from tests.unit.int8_models import random_model

MODEL = random_model(1, (4, 3, 2), per_channel=True)


def changed(change: Any) -> bytes:
    """MODEL with `change` done to its object tree."""
    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(MODEL, 0))
    change(tree)
    builder = flatbuffers.Builder(4096)
    builder.Finish(tree.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def test_shapes_and_contents() -> None:
    first, second = read(MODEL)
    assert (first.inputs, first.outputs, second.inputs, second.outputs) == (4, 3, 3, 2)
    assert (len(first.weights), len(first.bias), len(first.scales)) == (12, 3, 3)
    assert (first.floor, second.floor) == (first.output_zero, -128)
    assert second.input_zero == first.output_zero


def test_a_model_without_bias_has_zeros_for_it() -> None:
    def drop_bias(tree: Any) -> None:
        tree.subgraphs[0].operators[0].inputs = tree.subgraphs[0].operators[0].inputs[:2]

    assert list(read(changed(drop_bias))[0].bias) == [0, 0, 0]


def test_unchanged_model_survives_the_way_that_the_damaged_ones_go() -> None:
    assert list(read(changed(id))[0].weights) == list(read(MODEL)[0].weights)


def operator(tree: Any) -> Any:
    return tree.subgraphs[0].operators[0]


def tensor(tree: Any, index: int) -> Any:
    return tree.subgraphs[0].tensors[index]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda tree: setattr(tree, "version", 2), "schema version 2"),
        (lambda tree: tree.subgraphs.append(tree.subgraphs[0]), "2 subgraphs"),
        (lambda tree: setattr(tree.operatorCodes[0], "builtinCode", 25), "operator 0 is not FULLY_CONNECTED"),
        (lambda tree: setattr(operator(tree).builtinOptions, "fusedActivationFunction", 3), "fused activation 3"),
        (lambda tree: setattr(operator(tree).builtinOptions, "weightsFormat", 1), "shuffled weights"),
        (lambda tree: setattr(operator(tree), "builtinOptionsType", 0), "no FullyConnectedOptions"),
        (lambda tree: setattr(operator(tree), "inputs", [1, 0]), "does not take what"),
        (lambda tree: setattr(operator(tree), "inputs", [0, 99]), "do not name"),
        (lambda tree: setattr(operator(tree), "outputs", [99]), "operator 0 outputs"),
        (lambda tree: setattr(tree.subgraphs[0], "outputs", [0]), "not that of its last operator"),
        (lambda tree: setattr(tree.subgraphs[0], "inputs", []), "graph inputs"),
        (lambda tree: setattr(tensor(tree, 0), "type", 0), "input is of type 0, expected int8"),
        (lambda tree: setattr(tensor(tree, 0), "shape", [2, 4]), "input of shape"),
        (lambda tree: setattr(tensor(tree, 1), "shape", [12]), "weights of shape"),
        (lambda tree: setattr(tensor(tree, 1).quantization, "zeroPoint", [0, 1, 0]), "zero point 0"),
        (lambda tree: setattr(tensor(tree, 1).quantization, "quantizedDimension", 1), "one a row"),
        (lambda tree: setattr(tensor(tree, 1), "buffer", 99), "no buffer 99"),
        (lambda tree: setattr(tensor(tree, 2), "type", 4), "bias of type 4"),
        (lambda tree: setattr(tensor(tree, 3), "quantization", None), "one scale and one zero point"),
        (lambda tree: setattr(tensor(tree, 3).quantization, "scale", [0.0]), "float32 bits 0x00000000"),
        (lambda tree: setattr(tree.buffers[1], "data", b"123"), "3 bytes, expected 12"),
    ],
)
def test_other_kinds_of_models_are_named(change: Any, fault: str) -> None:
    with pytest.raises(ModelError, match=fault):
        read(changed(change))


def test_what_is_no_model_is_named() -> None:
    for data in (b"", b"{}", b"x" * 100):
        with pytest.raises(ModelError, match=r"not a \.tflite file"):
            read(data)


def test_a_file_cut_anywhere_is_refused() -> None:
    for size in range(len(MODEL)):
        try:
            layers = read(MODEL[:size])
        except ModelError:
            continue
        assert list(layers[0].weights) == list(read(MODEL)[0].weights), size


@settings(max_examples=500)
@given(st.integers(0, len(MODEL) - 1), st.integers(1, 255))
def test_a_flipped_byte_never_ends_in_another_error(place: int, flip: int) -> None:
    damaged = bytearray(MODEL)
    damaged[place] ^= flip
    try:
        read(bytes(damaged))
    except ModelError:
        return


scales = st.floats(2.0**-20, 1e3, width=32)


@given(scales, scales, scales)
def test_effective_scale_is_the_nearest_31_bits(a: float, b: float, c: float) -> None:
    bits = [struct.unpack("<I", struct.pack("<f", scale))[0] for scale in (a, b, c)]
    multiplier, shift = effective_scale(bits[0], bits[1], bits[2], True)
    assert 1 << 30 <= multiplier < 1 << 31
    exact = Fraction(a) * Fraction(b) / Fraction(c)
    # half a step, and the half of a double's last place that LiteRT's division loses
    assert abs(Fraction(multiplier) * Fraction(2) ** (shift - 31) - exact) <= Fraction(2) ** (shift - 32) * (1 + Fraction(1, 1 << 20))
