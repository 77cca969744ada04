"""From samples to an int8 model and a bundle's files: the one way in which the released bundle and the court's are made."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boards.linux.litert import open_classifier
from catflap_models.calibrate import Calibration, Integers, calibrate
from catflap_models.evaluate import Answers, ask_bundle, ask_network, suspicions
from catflap_models.export import to_tflite
from catflap_models.network import Matrix, Network, initial, train
from catflap_models.opinions import with_suspicions
from catflap_models.pooled import with_pools
from catflap_models.quantize import INPUT_SCALE, Scaling, cool, exponentials, fit_scaling, quantize, real_inputs, rounded
from catflap_models.samples import Samples
from catflap_probe.call import LABELS, LEGIT, SIMBANK
from catflap_probe.features import NAMES, SUSPICION
from catflap_probe.verdict.bundle import TOP, Bundle

_HIDDEN, _FIRST_HIDDEN = (48, 32), (18, 12)
"""Units of the two hidden layers, and those of them that the first opinion is made of: they see no suspicions."""
_HONEST_SUSPECTS = 2e-3
"""Part of the honest calls that may reach the suspicion of a suspect."""
_SEED = 1
_MOST_WEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """An int8 model with its scaling and calibration, and the float network that it came from."""

    network: Network
    scaling: Scaling
    model: bytes
    exp: list[int]
    calibration: Calibration
    training: Samples
    """with the suspicions that the training rows had"""

    @property
    def digest(self) -> str:
        """SHA-256 of the model."""
        return hashlib.sha256(self.model).hexdigest()


def fit(training: Samples, held_out: Samples, epochs: int, progress: Callable[[int, float], None]) -> Fitted:
    """Trains on `training`, calibrates and sets thresholds by `held_out`; the same rows give the same bytes on one machine.

    First an opinion of every call by itself, then the network that has the suspicions of earlier calls beside it. `progress`: as
    network.train, of twice the epochs.
    """
    rng = np.random.default_rng(_SEED)
    blank = with_suspicions(training, np.zeros(len(training.labels), np.int64))
    inputs = real_inputs(fit_scaling(blank.features).inputs(blank.features))
    first = initial((len(NAMES), *_FIRST_HIDDEN, 2), rng)
    first.weights[0][:, SUSPICION:] = 0
    is_bank = (training.labels == SIMBANK).astype(np.int64)
    train(first, inputs, is_bank, _class_weights(is_bank, 2), epochs, rng, progress, rounded)
    cool(first, inputs)
    honest = first.activations(inputs[training.labels == LEGIT])[-1]
    # an even opinion, which is SUSPECT, is what so few honest calls reach
    first.biases[-1][1] -= np.quantile(honest[:, 1] - honest[:, 0], 1 - _HONEST_SUSPECTS)
    training = with_suspicions(training, suspicions(first.activations(inputs)[-1]))
    scaling = fit_scaling(training.features)
    inputs = real_inputs(scaling.inputs(training.features))
    network = initial((len(NAMES), *_HIDDEN, len(LABELS)), rng)
    fixed = _take_in(network, first)
    weights = _class_weights(training.labels, len(LABELS))
    train(network, inputs, training.labels, weights, epochs, rng, lambda epoch, loss: progress(epochs + epoch, loss), rounded, fixed)
    cool(network, inputs)
    _give_out(network, first)
    layers = quantize(network, inputs)
    model = to_tflite(layers, INPUT_SCALE, 0)
    exp = exponentials(layers[-1].output_scale)
    raw = ask_bundle(Bundle("", open_classifier(model), _pairs(scaling), exp, [[0, 0], [TOP, TOP]], TOP, TOP), held_out)
    calibration = calibrate(raw.scores, raw.labels, held_out.labels)
    calibration = with_pools(calibration, raw, held_out)
    return Fitted(network, scaling, model, exp, calibration, training)


def _class_weights(labels: NDArray[np.int64], classes: int) -> Matrix:
    """Rare labels count more, by the root of how rare they are."""
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    weights: Matrix = np.minimum(np.sqrt(counts.max() / counts), _MOST_WEIGHT).astype(np.float32)
    return weights


def _take_in(network: Network, first: Network) -> list[NDArray[np.bool_]]:
    """Makes the first units of both hidden layers the first opinion's; which of all weights, then of all biases, are to stay."""
    stays = [np.zeros(values.shape, np.bool_) for values in network.weights + network.biases]
    layers = len(network.weights)
    seen = network.weights[0].shape[1]
    for number, units in enumerate(_FIRST_HIDDEN):
        network.weights[number][:units, :seen] = first.weights[number]
        network.weights[number][:units, seen:] = 0
        network.biases[number][:units] = first.biases[number]
        stays[number][:units] = True
        stays[layers + number][:units] = True
        seen = units
    return stays


def _give_out(network: Network, first: Network) -> None:
    """Adds the logits of the first opinion behind those of the labels."""
    rows = np.zeros((2, network.weights[-1].shape[1]), np.float32)
    rows[:, : _FIRST_HIDDEN[-1]] = first.weights[-1]
    network.weights[-1] = np.concatenate([network.weights[-1], rows])
    network.biases[-1] = np.concatenate([network.biases[-1], first.biases[-1]])


def write(fitted: Fitted, version: str, folder: Path) -> None:
    """Writes model.tflite and bundle.json (firmware/PROTOCOL.md, section 5) into a folder, which is made; raises OSError."""
    about = {
        "catflap_bundle": 1,
        "version": version,
        "labels": LABELS,
        "features": NAMES,
        "scaling": _pairs(fitted.scaling),
        "exp": fitted.exp,
        "calibration": fitted.calibration.points,
        "thresholds": {"label": fitted.calibration.label, "block": fitted.calibration.block},
        "sha256": fitted.digest,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.tflite").write_bytes(fitted.model)
    rows = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in about.items()]
    (folder / "bundle.json").write_text("{" + ",\n ".join(rows) + "}\n", encoding="utf-8")


def named_by_float(network: Network, scaling: Scaling, held_out: Samples, test: Samples) -> Integers:
    """The labels that the float network gives `test`, calibrated by itself on the same held-out calls; suspicions as the rows have them."""
    raw = ask_network(network, scaling, held_out)
    calibration = calibrate(raw.scores, raw.labels, held_out.labels)
    found = ask_network(network, scaling, test)
    return Answers(found.labels, calibration.scores(found.scores), found.suspicions).reaching(calibration.label)


def _pairs(scaling: Scaling) -> list[list[int]]:
    pairs: list[list[int]] = np.stack([scaling.zero, scaling.gain], axis=1).tolist()
    return pairs
