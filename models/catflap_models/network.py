"""A small multilayer perceptron in numpy: RELU between its layers, logits out, trained with Adam.

One thread adds the sums up, so that their order is always the same: the same seed gives the same weights on one machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Matrix = NDArray[np.float32]

_BATCH = 512
_RATE = 3e-3
_DECAY = 1e-4
# keeps logits that no row asks for from running away: int8 has 256 steps for them all
_LOGIT_DECAY = np.float32(1e-3)
_MOMENTUM, _SECOND, _TINY = 0.9, 0.999, 1e-8


@dataclass(slots=True)
class Network:
    """Weights (outputs, inputs) and biases (outputs,) of each layer."""

    weights: list[Matrix]
    biases: list[Matrix]

    def activations(self, inputs: Matrix) -> list[Matrix]:
        """What each layer gives for `inputs` (rows, inputs); the last are the logits."""
        given = []
        for number, (weights, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            inputs = inputs @ weights.T + bias
            if number < len(self.weights) - 1:
                inputs = np.maximum(inputs, 0)
            given.append(inputs)
        return given


def initial(sizes: tuple[int, ...], rng: np.random.Generator) -> Network:
    """An untrained network with layers of `sizes`, the inputs first (He's initial spread)."""
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    weights = [(rng.standard_normal(shape) * np.sqrt(2 / shape[1])).astype(np.float32) for shape in shapes]
    return Network(weights, [np.zeros(size, np.float32) for size in sizes[1:]])


def train(
    network: Network,
    inputs: Matrix,
    labels: NDArray[np.int64],
    class_weights: Matrix,
    epochs: int,
    rng: np.random.Generator,
    progress: Callable[[int, float], None],
    rounded: Callable[[Network], Network] = lambda network: network,
    fixed: Sequence[NDArray[np.bool_]] = (),
) -> None:
    """Fits `network` in place to rows of `inputs` and their `labels`; `progress` hears each epoch's number and mean loss.

    In the second half of the epochs it is `rounded` that must fit: what is left of the network in integers (a straight-through estimator).
    `fixed`, one for each of the weights, then of the biases: True where a value stays as it is.
    """
    parameters = network.weights + network.biases
    free: list[Matrix] = [(~mask).astype(np.float32) for mask in fixed] or [np.ones(1, np.float32)] * len(parameters)
    firsts = [np.zeros_like(parameter) for parameter in parameters]
    seconds = [np.zeros_like(parameter) for parameter in parameters]
    steps = epochs * (len(inputs) // _BATCH)
    step = 0
    with threadpool_limits(1, "blas"):
        for epoch in range(epochs):
            order = rng.permutation(len(inputs))
            losses = []
            for start in range(0, len(inputs) - _BATCH + 1, _BATCH):
                rows = order[start : start + _BATCH]
                judged = rounded(network) if 2 * epoch >= epochs else network
                loss, gradients = _gradients(judged, inputs[rows], labels[rows], class_weights)
                losses.append(loss)
                step += 1
                rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
                for number, gradient in enumerate(gradients):
                    firsts[number] += (1 - _MOMENTUM) * (gradient - firsts[number])
                    seconds[number] += (1 - _SECOND) * (gradient * gradient - seconds[number])
                    spread = np.sqrt(seconds[number] / np.float32(1 - _SECOND**step)) + _TINY
                    change = firsts[number] / np.float32(1 - _MOMENTUM**step) / spread + _DECAY * parameters[number]
                    np.subtract(parameters[number], np.float32(rate) * change * free[number], out=parameters[number])
            progress(epoch + 1, float(np.mean(losses)))


def softmax(logits: Matrix) -> Matrix:
    """Probabilities, row by row."""
    raised: Matrix = np.exp(logits - logits.max(axis=1, keepdims=True))
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


def _gradients(network: Network, inputs: Matrix, labels: NDArray[np.int64], class_weights: Matrix) -> tuple[float, list[Matrix]]:
    """Mean weighted cross entropy, and its gradient for the weights, then the biases."""
    given = network.activations(inputs)
    probabilities = softmax(given[-1])
    rows = np.arange(len(labels))
    row_weights = class_weights[labels] / len(labels)
    loss = float(-(row_weights * np.log(probabilities[rows, labels] + 1e-12)).sum())
    error = probabilities
    error[rows, labels] -= 1
    error *= row_weights[:, None]
    error += _LOGIT_DECAY / len(labels) * given[-1]
    weight_gradients: list[Matrix] = []
    bias_gradients: list[Matrix] = []
    for number in reversed(range(len(network.weights))):
        below = given[number - 1] if number else inputs
        weight_gradients.insert(0, error.T @ below)
        bias_gradients.insert(0, error.sum(axis=0))
        if number:
            error = (error @ network.weights[number]) * (below > 0)
    return loss, weight_gradients + bias_gradients
