"""Writes an int8 model as a .tflite file: FULLY_CONNECTED layers with fused RELU, logits out."""

from dataclasses import dataclass
from typing import Any

import flatbuffers  # type: ignore[import-untyped]
import numpy as np
from ai_edge_litert import schema_py_generated as schema  # type: ignore[import-untyped]
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class QuantizedLayer:
    """One dense layer in integers, with the scales that give them meaning."""

    weights: NDArray[np.int8]
    """(outputs, inputs)"""
    bias: NDArray[np.int32]
    """(outputs,), in units of input scale times weight scale"""
    weight_scales: NDArray[np.float32]
    """(outputs,) or (1,)"""
    output_scale: np.float32
    output_zero: int
    relu: bool


def to_tflite(layers: list[QuantizedLayer], input_scale: np.float32, input_zero: int) -> bytes:
    """Return the .tflite file of a chain of layers; the same layers give the same bytes."""
    graph: Any = schema.SubGraphT()
    graph.name = "catflap"
    graph.tensors, graph.operators = [], []
    buffers: list[Any] = [schema.BufferT()]

    def tensor(name: str, shape: list[int], kind: int, content: bytes, scales: Any, zeros: list[int]) -> int:
        made: Any = schema.TensorT()
        made.name, made.shape, made.type = name, shape, kind
        made.quantization = schema.QuantizationParametersT()
        made.quantization.scale = [float(scale) for scale in scales]
        made.quantization.zeroPoint = zeros
        if content:
            buffer: Any = schema.BufferT()
            buffer.data = np.frombuffer(content, np.uint8)
            made.buffer = len(buffers)
            buffers.append(buffer)
        graph.tensors.append(made)
        return len(graph.tensors) - 1

    int8, int32 = schema.TensorType.INT8, schema.TensorType.INT32
    flowing = tensor("in", [1, layers[0].weights.shape[1]], int8, b"", [input_scale], [input_zero])
    graph.inputs = [flowing]
    scale = input_scale
    for number, layer in enumerate(layers):
        outputs, inputs = layer.weights.shape
        zeros = [0] * len(layer.weight_scales)
        weights = tensor(f"w{number}", [outputs, inputs], int8, layer.weights.tobytes(), layer.weight_scales, zeros)
        bias = tensor(f"b{number}", [outputs], int32, layer.bias.astype("<i4").tobytes(), layer.weight_scales * scale, zeros)
        result = tensor(f"y{number}", [1, outputs], int8, b"", [layer.output_scale], [layer.output_zero])
        options: Any = schema.FullyConnectedOptionsT()
        options.fusedActivationFunction = schema.ActivationFunctionType.RELU if layer.relu else schema.ActivationFunctionType.NONE
        operator: Any = schema.OperatorT()
        operator.inputs, operator.outputs = [flowing, weights, bias], [result]
        operator.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
        operator.builtinOptions = options
        graph.operators.append(operator)
        flowing, scale = result, layer.output_scale
    graph.outputs = [flowing]

    code: Any = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FULLY_CONNECTED
    # version 5 is the first with a scale for each row of weights
    code.version = 5
    model: Any = schema.ModelT()
    model.version = 3
    model.operatorCodes, model.subgraphs, model.buffers = [code], [graph], buffers
    builder = flatbuffers.Builder(8192)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())
