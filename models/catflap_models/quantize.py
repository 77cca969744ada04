"""From a trained network to integers: scaling of the features, int8 weights a row at a time, and the table of exponentials.

Every scale is a power of two, every weight a multiple of four and every bias twice an odd number. So an accumulator is
twice an odd number, the step from it to an output is a shift, and no output lies halfway between two steps, not even
after a first rounding to half the accumulator: integer or float kernels, rounding once or twice, give the same bytes.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catflap_models.export import QuantizedLayer
from catflap_models.network import Matrix, Network

INPUT_SCALE = np.float32(1 / 32)
"""An int8 input of 32 is one standard deviation of its feature."""

_GAIN_BITS = 6
_TOP_GAIN = 256

# what lies beyond is clipped: a rare large value would cost all others their steps
_RANGE_PERCENT = (0.01, 99.99)
_LOGIT_SPAN = 5.5  # beyond, a step of 1/32 would be less than a 10000th of raw nuisance
_EXP_ONE = 32768
_LEAST_WEIGHT, _MOST_WEIGHT = 1e-6, 125


@dataclass(frozen=True, slots=True)
class Scaling:
    """The rule of firmware/PROTOCOL.md, section 5: input = clamp(((value - zero) * gain) >> 6, -128, 127)."""

    zero: NDArray[np.int64]
    gain: NDArray[np.int64]

    def inputs(self, features: NDArray[np.int16]) -> NDArray[np.int8]:
        """The int8 inputs of rows of features."""
        scaled = ((features.astype(np.int64) - self.zero) * self.gain) >> _GAIN_BITS
        inputs: NDArray[np.int8] = np.clip(scaled, -128, 127).astype(np.int8)
        return inputs


def fit_scaling(features: NDArray[np.int16]) -> Scaling:
    """A scaling that gives each feature mean 0 and standard deviation 1 over the rows, as far as integers do."""
    spread = np.maximum(features.std(axis=0, dtype=np.float64), 1e-9)
    gain = np.rint((1 << _GAIN_BITS) / float(INPUT_SCALE) / spread)
    return Scaling(
        np.rint(features.mean(axis=0, dtype=np.float64)).astype(np.int64),
        np.clip(gain, 1, _TOP_GAIN).astype(np.int64),
    )


def real_inputs(inputs: NDArray[np.int8]) -> Matrix:
    """The values that int8 inputs stand for."""
    return inputs.astype(np.float32) * INPUT_SCALE


def cool(network: Network, inputs: Matrix) -> None:
    """Shrinks the logits so that a step of a large one still shows in raw nuisance: labels stay as they are, calibration mends the rest."""
    logits = network.activations(inputs)[-1]
    against_legit = np.abs(logits[:, 1:].max(axis=1) - logits[:, 0])
    # a power of two costs no precision: the scales take it
    factor = _power_of_two(_LOGIT_SPAN / float(np.percentile(against_legit, 99.9)) / 2)
    network.weights[-1] *= factor
    network.biases[-1] *= factor


def rounded(network: Network) -> Network:
    """The network with its weights as int8 will hold them; its biases lose too little to matter."""
    weights = []
    for layer in network.weights:
        steps = 4 * _weight_scales(layer)[:, None]
        weights.append(steps * np.rint(layer / steps))
    return Network(weights, network.biases)


def quantize(network: Network, inputs: Matrix) -> list[QuantizedLayer]:
    """The layers in int8; `inputs` are rows that show what values the layers take."""
    layers = []
    scale = INPUT_SCALE
    activations = network.activations(inputs)
    for number, (weights, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        relu = number < len(network.weights) - 1
        weight_scales = _weight_scales(weights)
        low, high = np.percentile(activations[number], _RANGE_PERCENT)
        output_scale = _power_of_two((high - (0.0 if relu else low)) / 255)
        layers.append(
            QuantizedLayer(
                weights=(4 * np.rint(weights / weight_scales[:, None] / 4)).astype(np.int8),
                bias=(4 * np.floor(bias / (weight_scales * scale) / 4) + 2).astype(np.int32),
                weight_scales=weight_scales,
                output_scale=output_scale,
                output_zero=-128 if relu else round(-(low + high) / 2 / float(output_scale)),
                relu=relu,
            )
        )
        scale = output_scale
    return layers


def _weight_scales(weights: Matrix) -> Matrix:
    """The value of a step of each row's weights: a power of two."""
    most = np.maximum(np.abs(weights).max(axis=1), _LEAST_WEIGHT) / _MOST_WEIGHT
    scales: Matrix = np.exp2(np.ceil(np.log2(most))).astype(np.float32)
    return scales


def _power_of_two(least: float) -> np.float32:
    """The power of two at or above `least`."""
    mantissa, exponent = math.frexp(least)
    return np.float32(math.ldexp(1.0, exponent - (mantissa == 0.5)))


def exponentials(output_scale: np.float32) -> list[int]:
    """exp of 0 ... 255 output steps below the largest logit, in 1/32768."""
    return [int(np.rint(_EXP_ONE * np.exp(-step * float(output_scale)))) for step in range(256)]
