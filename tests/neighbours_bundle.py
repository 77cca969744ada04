"""A bundle made by hand, for tests that must not hang on how the released one was trained: seven young neighbours are a SIM bank."""

import hashlib
import json
from pathlib import Path

import numpy as np

from catflap_models.export import QuantizedLayer, to_tflite
from catflap_models.quantize import exponentials
from catflap_probe.call import LABELS, LEGIT, SIMBANK
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import TOP

_STEP = np.float32(0.5)
"""Real value of a step of a logit."""
_WEIGHT = 64
_NEVER = -100


def write_neighbours_bundle(folder: Path) -> Path:
    """Writes it into a new folder; returns the folder."""
    folder.mkdir()
    model = to_tflite([_layer()], np.float32(1.0), 0)
    (folder / "model.tflite").write_bytes(model)
    about = {
        "catflap_bundle": 1,
        "version": "neighbours",
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


def _layer() -> QuantizedLayer:
    """The logit of a SIM bank is the share of young members less a half; that of an honest call is none, the others' are out of reach."""
    weights = np.zeros((len(LABELS), len(NAMES)), np.int8)
    weights[SIMBANK, NAMES.index("block.young_members")] = _WEIGHT
    bias = np.full(len(LABELS), _NEVER * _WEIGHT, np.int32)
    bias[[LEGIT, SIMBANK]] = 0
    scale = np.array([_STEP / _WEIGHT], np.float32)
    return QuantizedLayer(weights=weights, bias=bias, weight_scales=scale, output_scale=_STEP, output_zero=0, relu=False)
