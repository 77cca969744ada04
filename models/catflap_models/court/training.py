"""What the court trains for itself: scenarios to the probe's vectors, vectors to an int8 bundle, by the steps that make the released one.

The probe's own code makes the vectors (`feed`), so that a change of memory or features is in them at once. They are kept by scenario and
by a digest of the code that made them: to leave a family out simulates nothing again.
"""

import hashlib
import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import catflap_models
import catflap_probe
from boards.linux.litert import open_classifier
from catflap_models.calibrate import calibrate
from catflap_models.evaluate import ask_bundle
from catflap_models.export import to_tflite
from catflap_models.feed import feed
from catflap_models.network import Network, initial, train
from catflap_models.plan import PlannedCall
from catflap_models.quantize import INPUT_SCALE, Scaling, cool, exponentials, fit_scaling, quantize, real_inputs
from catflap_models.samples import Samples
from catflap_models.simulate.scenario import Scenario, SimBank
from catflap_models.simulate.world import planned_calls
from catflap_probe.call import LABELS, LEGIT, Call
from catflap_probe.features import NAMES
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import TOP, Bundle

_HIDDEN = (32, 16)
_START = 1
_TOP_WEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one scenario teaches."""

    scenario: Scenario
    samples: Samples
    calling: NDArray[np.str_]
    """the number of each row, for the audit alone: no detector sees it"""

    @property
    def selectors(self) -> tuple[str, ...]:
        """The rules by which the banks of the scenario choose their cards."""
        return tuple(campaign.selector for campaign in self.scenario.campaigns if isinstance(campaign, SimBank))


@dataclass(frozen=True, slots=True)
class Trained:
    """A bundle that was written, and the float network that it came from."""

    folder: Path
    network: Network
    scaling: Scaling


class _Recorder(Bundle):
    """Stands where the classifier would and keeps what it was asked last."""

    def __init__(self) -> None:
        self.label_threshold = self.block_threshold = TOP + 1
        self.asked = b""

    def classify(self, features: "array[int]") -> tuple[int, int]:
        """Keeps the vector; says `legit`."""
        self.asked = features.tobytes()
        return LEGIT, 0


class _Pupil(Observer):
    """Joins what was asked to the planned call that rang on that line at that moment."""

    def __init__(self, recorder: _Recorder) -> None:
        self.recorder = recorder
        self.planned: dict[tuple[int, int], PlannedCall] = {}
        self.rows: dict[tuple[int, int], int] = {}
        self.vectors: list[bytes] = []
        self.calls: list[PlannedCall] = []

    def began(self, call: PlannedCall) -> None:
        """A planned call is about to ring; of an older one on its line nothing more comes."""
        self.planned[call.line, round(call.t_s * 1000)] = call

    def decided(self, call: Call, now_ms: int) -> None:  # noqa: ARG002 - an Observer is told more than it needs
        """Keeps the last vector of each call; what the numbering check finds asks no classifier."""
        place = call.line, call.t_ms
        planned = self.planned.get(place)
        asked, self.recorder.asked = self.recorder.asked, b""
        if planned is None or planned.label == "spoof" or not asked:
            return
        if place in self.rows:
            self.vectors[self.rows[place]] = asked
        else:
            self.rows[place] = len(self.vectors)
            self.vectors.append(asked)
            self.calls.append(planned)


def learn(scenario: Scenario, cache: Path) -> Lesson:
    """The vectors of the scenario's incoming calls, from the folder `cache` if this code has made them before."""
    path = cache / f"{scenario.trunk.id}-{_digest(repr(scenario))}.npz"
    if not path.exists():
        pupil = _hear(scenario)
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        np.savez_compressed(
            part,
            features=np.frombuffer(b"".join(pupil.vectors), np.int16).reshape(-1, len(NAMES)),
            labels=np.array([LABELS.index(call.label) for call in pupil.calls], np.int64),
            families=np.array([call.family for call in pupil.calls], np.str_),
            calling=np.array([call.calling for call in pupil.calls], np.str_),
        )
        part.replace(path)
    with np.load(path) as kept:
        return Lesson(scenario, Samples(kept["features"], kept["labels"], kept["families"]), kept["calling"])


def _hear(scenario: Scenario) -> _Pupil:
    dialect = "3gpp" if scenario.modems.cellular_share > 0.5 else "v253"
    called = scenario.trunk
    lines = [{"id": f"L{line + 1:02}", "dialect": dialect, "numbers": []} for line in range(called.lines)]
    tree: dict[str, object] = {
        "id": called.id,
        "country": called.country,
        "area_code": called.area_code,
        "role": called.role,
        "lines": lines,
    }
    settings = TrunkSettings(tree)
    recorder = _Recorder()
    pupil = _Pupil(recorder)
    trunk = Trunk(settings, TrunkMemory(settings.id, "linux"), recorder, Policy(called.country), pupil)
    trunk.start(settings, int(datetime.fromisoformat(called.start).timestamp()))
    feed(trunk, dialect, (call for call in planned_calls(scenario) if call.direction == "in"), pupil.began)
    return pupil


def without(lessons: Iterable[Lesson], selector: str) -> list[Lesson]:
    """The lessons in which no bank chooses its cards so."""
    return [lesson for lesson in lessons if selector not in lesson.selectors]


def joined(lessons: Sequence[Lesson]) -> Samples:
    """All rows of several lessons."""
    return Samples(
        np.concatenate([lesson.samples.features for lesson in lessons]),
        np.concatenate([lesson.samples.labels for lesson in lessons]),
        np.concatenate([lesson.samples.families for lesson in lessons]),
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


def _digest(scenario: str) -> str:
    """Of a scenario and of all code that makes vectors of it."""
    found = hashlib.sha256(scenario.encode())
    for package, folders in ((catflap_models, ("", "simulate")), (catflap_probe, ("", "dialect", "memory", "verdict"))):
        root = Path(str(package.__file__)).parent
        for folder in folders:
            for path in sorted((root / folder).glob("*.py")):
                found.update(path.read_bytes())
    return found.hexdigest()[:16]
