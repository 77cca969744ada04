"""Lessons to an int8 bundle, by the steps that make the released one."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from boards.linux.litert import open_classifier
from catflap_models.calibrate import calibrate
from catflap_models.court.lessons import Lesson
from catflap_models.evaluate import ask_bundle
from catflap_models.export import to_tflite
from catflap_models.network import Network, initial, train
from catflap_models.quantize import INPUT_SCALE, Scaling, cool, exponentials, fit_scaling, quantize, real_inputs
from catflap_models.samples import Samples
from catflap_probe.call import LABELS
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import TOP, Bundle

_HIDDEN = (32, 16)
_START = 1
_TOP_WEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class Trained:
    """A bundle that was written, and the float network that it came from."""

    folder: Path
    network: Network
    scaling: Scaling


def without(lessons: Iterable[Lesson], selector: str) -> list[Lesson]:
    """The lessons in which no bank chooses its cards so."""
    return [lesson for lesson in lessons if selector not in lesson.selectors]


def joined(lessons: Iterable[Lesson]) -> Samples:
    """All rows of several lessons."""
    parts = [lesson.samples for lesson in lessons]
    return Samples(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.families for part in parts]),
    )


def train_bundle(training: Samples, held_out: Samples, epochs: int, folder: Path) -> Trained:
    """Trains on `training`, sets calibration and thresholds by `held_out`, writes the bundle; the same rows give the same bytes.

    One start and fewer epochs than the released bundle has: the court compares families, it releases nothing.
    """
    scaling = fit_scaling(training.features)
    inputs = real_inputs(scaling.inputs(training.features))
    rng = np.random.default_rng(_START)
    network = initial((len(NAMES), *_HIDDEN, len(LABELS)), rng)
    counts = np.maximum(np.bincount(training.labels, minlength=len(LABELS)), 1)
    # rare labels count more, by the root of how rare they are
    class_weights = np.minimum(np.sqrt(counts.max() / counts), _TOP_WEIGHT).astype(np.float32)
    train(network, inputs, training.labels, class_weights, epochs, rng, lambda _epoch, _loss: None)
    cool(network, inputs)
    layers = quantize(network, inputs)
    model = to_tflite(layers, INPUT_SCALE, 0)
    exp = exponentials(layers[-1].output_scale)
    pairs = np.stack([scaling.zero, scaling.gain], axis=1).tolist()
    raw = ask_bundle(Bundle("", open_classifier(model), pairs, exp, [[0, 0], [TOP, TOP]], TOP, TOP), held_out)
    calibration = calibrate(raw.scores, raw.labels, held_out.labels)
    digest = hashlib.sha256(model).hexdigest()
    about = {
        "catflap_bundle": 1,
        "version": f"court-{digest[:8]}",
        "labels": LABELS,
        "features": NAMES,
        "scaling": pairs,
        "exp": exp,
        "calibration": calibration.points,
        "thresholds": {"label": calibration.label, "block": calibration.block},
        "sha256": digest,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.tflite").write_bytes(model)
    (folder / "bundle.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
    return Trained(folder, network, scaling)
