"""From samples to an int8 model and a bundle's files: the one way in which the released bundle and the court's are made."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from boards.linux.litert import open_classifier
from catflap_models.calibrate import Calibration, Integers, calibrate
from catflap_models.evaluate import Answers, ask_bundle, ask_network
from catflap_models.export import to_tflite
from catflap_models.network import Network, initial, train
from catflap_models.pooled import with_pools
from catflap_models.quantize import INPUT_SCALE, Scaling, cool, exponentials, fit_scaling, quantize, real_inputs, rounded
from catflap_models.samples import Samples
from catflap_probe.call import LABELS
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import TOP, Bundle

_HIDDEN = (52, 32)
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

    @property
    def digest(self) -> str:
        """SHA-256 of the model."""
        return hashlib.sha256(self.model).hexdigest()


def fit(training: Samples, held_out: Samples, epochs: int, progress: Callable[[int, float], None]) -> Fitted:
    """Trains on `training`, calibrates and sets thresholds by `held_out`; the same rows give the same bytes on one machine.

    A block asks for pool evidence where the scenes of `held_out` are known, else for the score alone. `progress`: as network.train.
    """
    scaling = fit_scaling(training.features)
    inputs = real_inputs(scaling.inputs(training.features))
    rng = np.random.default_rng(_SEED)
    network = initial((len(NAMES), *_HIDDEN, len(LABELS)), rng)
    counts = np.maximum(np.bincount(training.labels, minlength=len(LABELS)), 1)
    # rare labels count more, by the root of how rare they are
    class_weights = np.minimum(np.sqrt(counts.max() / counts), _MOST_WEIGHT).astype(np.float32)
    train(network, inputs, training.labels, class_weights, epochs, rng, progress, rounded)
    cool(network, inputs)
    layers = quantize(network, inputs)
    model = to_tflite(layers, INPUT_SCALE, 0)
    exp = exponentials(layers[-1].output_scale)
    raw = ask_bundle(Bundle("", open_classifier(model), _pairs(scaling), exp, [[0, 0], [TOP, TOP]], TOP, TOP), held_out)
    calibration = calibrate(raw.scores, raw.labels, held_out.labels)
    if len(held_out.scenes):
        calibration = with_pools(calibration, raw.scores, raw.labels, held_out)
    return Fitted(network, scaling, model, exp, calibration)


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
    """The labels that the float network gives `test`, calibrated by itself on the same held-out calls."""
    raw = ask_network(network, scaling, held_out)
    calibration = calibrate(raw.scores, raw.labels, held_out.labels)
    found = ask_network(network, scaling, test)
    return Answers(found.labels, calibration.scores(found.scores)).reaching(calibration.label)


def _pairs(scaling: Scaling) -> list[list[int]]:
    pairs: list[list[int]] = np.stack([scaling.zero, scaling.gain], axis=1).tolist()
    return pairs
