"""Runs an int8 model with integers alone, equal to LiteRT bit for bit: single rounding, half up."""

from array import array

from .tflite import Layer, ModelError, read

try:
    from .kernel_viper import copy, dense
except (ImportError, SyntaxError):  # CPython; a MicroPython without machine code
    from .kernel_plain import copy, dense

_MAX_INPUTS = 4096
_MAX_BIAS = 1 << 28
# added to the constants of the rows, to keep them positive; the largest number that viper takes as an integer on 32 bits
_RAISE = 0x3FFFFFFF


class Classifier:
    """A model ready to run: write `inputs` (array 'b') in place, `run()`, read `logits` (array 'b')."""

    def __init__(self, data: bytes) -> None:
        """Reads a .tflite file's bytes; ModelError when damaged or of another kind."""
        layers = read(data)
        self.inputs = array("b", bytes(layers[0].inputs))
        self.logits = array("b", bytes(layers[-1].outputs))
        self._given = bytearray(layers[0].inputs)
        self._steps = []
        source = self._given
        for number, layer in enumerate(layers):
            target = bytearray(layer.outputs)
            weights = bytearray(len(layer.weights))
            copy(layer.weights, weights, 128)
            self._steps.append((source, weights, _rows(number, layer), target))
            source = target
        self._found = source

    def run(self) -> None:
        """Computes `logits` from `inputs`; allocates nothing."""
        copy(self.inputs, self._given, 128)
        for source, weights, rows, target in self._steps:
            dense(source, weights, rows, target)
        copy(self._found, self.logits, -128)


def _rows(number: int, layer: Layer) -> "array[int]":
    """The words that the kernels take: see kernel_viper.py."""
    if layer.inputs > _MAX_INPUTS:
        raise ModelError("layer %d has %d inputs, at most %d fit 32-bit sums" % (number, layer.inputs, _MAX_INPUTS))
    rows = array("i", [layer.inputs, layer.outputs, layer.output_zero + 128, layer.floor + 128])
    for k in range(layer.outputs):
        where = "layer %d, output %d" % (number, k)
        bias = layer.bias[k]
        if not -_MAX_BIAS < bias < _MAX_BIAS:
            raise ModelError("%s: bias %d, at most %d fits 32-bit sums" % (where, bias, _MAX_BIAS))
        weights = layer.weights[k * layer.inputs : (k + 1) * layer.inputs]
        multiplier, left, right = _scale(where, *layer.scales[k])
        if (sum([abs(weight) for weight in weights]) * 255 + abs(bias)) << left >= 1 << 29:
            raise ModelError("%s: the output's scale is too fine for 32-bit sums" % where)
        # sum(w * (x - zero)) over bytes that carry 128 more: what does not depend on the inputs goes into the constant
        zero = layer.input_zero + 128
        constant = bias - zero * (sum(weights) + 128 * layer.inputs) + 128 * zero * layer.inputs
        rows.extend(array("i", [constant + _RAISE, multiplier, left, right]))
    return rows


def _scale(where: str, multiplier: int, shift: int) -> "tuple[int, int, int]":
    """(multiplier, left shift, right shift), so that out = ((acc << left) * multiplier >> 30) >> right, rounded once."""
    if shift > 28:
        raise ModelError("%s: the output's scale is too fine for 32-bit sums" % where)
    if shift < -28:
        # below half a step whatever the inputs are
        return 0, 0, 1
    return multiplier, max(shift, 0), 1 - min(shift, 0)
