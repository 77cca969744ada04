"""Random int8 models, as files, for the tests of reader and interpreter."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catflap_models.export import QuantizedLayer, to_tflite


def random_model(seed: int, sizes: tuple[int, ...], per_channel: bool, fineness: float = 1.0) -> bytes:
    """A model whose values fill their range; `fineness` makes weights smaller and output steps finer: multipliers pass 1/2 at about 127."""
    most_weight, most_bias = max(1, int(127 / fineness)), int(20_000 / fineness)
    rng = np.random.default_rng(seed)
    first_scale = scale = np.float32(rng.uniform(0.01, 0.1))
    first_zero = int(rng.integers(-128, 128))
    layers = []
    for number, (inputs, outputs) in enumerate(pairwise(sizes)):
        is_last = number == len(sizes) - 2
        weight_scales = rng.uniform(0.001, 0.02, outputs if per_channel else 1).astype(np.float32)
        output_scale = np.float32(scale * weight_scales.mean() * 100 * np.sqrt(inputs) / fineness)
        layers.append(
            QuantizedLayer(
                weights=rng.integers(-most_weight, most_weight + 1, (outputs, inputs)).astype(np.int8),
                bias=rng.integers(-most_bias, most_bias + 1, outputs).astype(np.int32),
                weight_scales=weight_scales,
                output_scale=output_scale,
                output_zero=int(rng.integers(-30, 31)) if is_last else int(rng.integers(-128, -60)),
                relu=not is_last,
            )
        )
        scale = output_scale
    return to_tflite(layers, first_scale, first_zero)


def random_inputs(seed: int, rows: int, width: int) -> NDArray[np.int8]:
    """Rows of int8 inputs over the whole range."""
    return np.random.default_rng(seed).integers(-128, 128, (rows, width)).astype(np.int8)
