"""What a bundle was made of, in hashes: the code, the simulated calls, the model; and the range in which honest calls lie."""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

import catflap_models
import catflap_probe
from catflap_models.samples import Samples
from catflap_probe.call import LEGIT
from catflap_probe.features import NAMES

RANGE = (0.01, 0.5, 0.99)
"""The part of the honest calls that lies below `low`, `usual` and `high` of a feature."""


def provenance(model: bytes, rows: Mapping[str, Samples]) -> str:
    """The text of provenance.json; `rows` are the splits by their names. Two that agree were made of the same calls by the same code."""
    splits = {
        name: {"calls": len(samples.labels), "sha256": hashlib.sha256(samples.features.tobytes() + samples.labels.tobytes()).hexdigest()}
        for name, samples in rows.items()
    }
    about = {
        "catflap_provenance": 1,
        "model": hashlib.sha256(model).hexdigest(),
        "code": _code(),
        "calls": splits,
        "made_with": {"python": ".".join(map(str, sys.version_info[:3])), "numpy": np.__version__},
    }
    return json.dumps(about, indent=1) + "\n"


def honest_ranges(samples: Samples) -> str:
    """The text of ranges.csv: of each feature what RANGE of the honest calls lies below."""
    honest = samples.features[samples.labels == LEGIT]
    bounds = np.quantile(honest, RANGE, axis=0).astype(int).T.tolist()
    rows = [f"{name},{','.join(map(str, bound))}" for name, bound in zip(NAMES, bounds, strict=True)]
    return "\n".join(["feature,low,usual,high", *rows]) + "\n"


def _code() -> str:
    """SHA-256 of all sources of the probe, of training and of the simulator, in order of their names."""
    found = hashlib.sha256()
    for package, pattern in ((catflap_probe, "**/*.py"), (catflap_models, "*.py"), (catflap_models, "simulate/*.py")):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.glob(pattern)):
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
