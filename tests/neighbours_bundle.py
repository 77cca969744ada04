"""Bundles made by hand, for tests that must not hang on how the released one was trained."""

import hashlib
import json
from pathlib import Path

import numpy as np

from catflap_models.export import QuantizedLayer, to_tflite
from catflap_models.quantize import exponentials
from catflap_probe.call import LABELS, LEGIT, SIMBANK
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import FIRST, TOP

_STEP = np.float32(0.5)
"""Real value of a step of a logit."""
_WEIGHT = 64
_NEVER = -100


def write_neighbours_bundle(folder: Path) -> Path:
    """Writes into a new folder a bundle that takes seven young neighbours for a SIM bank; returns the folder."""
    return _write(folder, "neighbours", _layer(_WEIGHT, legit=0))


def write_certain_bundle(folder: Path) -> Path:
    """Writes into a new folder a bundle that takes every call for a SIM bank's, and is certain of it; returns the folder."""
    return _write(folder, "certain", _layer(0, legit=_NEVER))


def _write(folder: Path, version: str, layer: QuantizedLayer) -> Path:
    folder.mkdir()
    model = to_tflite([layer], np.float32(1.0), 0)
    (folder / "model.tflite").write_bytes(model)
    about = {
        "catflap_bundle": 1,
        "version": version,
        "labels": LABELS,
        "features": NAMES,
        # an input is its feature less 128
        "scaling": [[128, 64]] * len(NAMES),
        "exp": exponentials(_STEP),
        "calibration": [[0, 0], [TOP, TOP]],
        "thresholds": {"label": TOP // 2, "block": TOP * 9 // 10},
        "sha256": hashlib.sha256(model).hexdigest(),
    }
    (folder / "bundle.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def _layer(weight: int, legit: int) -> QuantizedLayer:
    """A SIM bank's logit is the share of young members times `weight`, less a half; an honest call's is `legit`, the others' are lost.

    The first opinion is the same.
    """
    weights = np.zeros((FIRST + 2, len(NAMES)), np.int8)
    bias = np.full(FIRST + 2, _NEVER * _WEIGHT, np.int32)
    for yes, no in ((SIMBANK, LEGIT), (FIRST + 1, FIRST)):
        weights[yes, NAMES.index("block.young_members")] = weight
        bias[yes] = 0
        bias[no] = legit * _WEIGHT
    scale = np.array([_STEP / _WEIGHT], np.float32)
    return QuantizedLayer(weights=weights, bias=bias, weight_scales=scale, output_scale=_STEP, output_zero=0, relu=False)
