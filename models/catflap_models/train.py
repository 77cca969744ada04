"""Makes the released bundle: simulates, trains, quantises, calibrates, measures, writes. The same code gives the same bytes."""

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from boards.linux.litert import open_classifier
from catflap_models.calibrate import Calibration, Integers, calibrate
from catflap_models.card import card
from catflap_models.evaluate import Answers, ask_bundle, ask_network, present_labels
from catflap_models.export import to_tflite
from catflap_models.network import Matrix, Network, initial, train
from catflap_models.pooled import pooled, with_pools
from catflap_models.quantize import INPUT_SCALE, Scaling, cool, exponentials, fit_scaling, quantize, real_inputs, rounded
from catflap_models.samples import Samples, gather, joined
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import TOP, Bundle, load

# seeds of the worlds: no world is in two of them
_TRAINING, _CALIBRATION, _TEST = range(260), range(10_000, 10_100), range(20_000, 20_060)
_HIDDEN = (48, 24)
_EPOCHS = 40
_STARTS = range(1, 2)

_GOLDEN_PER_LABEL = 16


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network from one start, as the board would run it, and what held-out calls say of it."""

    network: Network
    model: bytes
    exp: list[int]
    calibration: Calibration
    reach: int
    """held-out nuisances that are blocked"""


def make_bundle(out: Path) -> None:
    """Writes model.tflite, bundle.json, golden.csv and CARD.md into the folder `out`; prints its progress."""
    training, held_out, test = _simulate("training", _TRAINING), _simulate("calibration", _CALIBRATION), _simulate("test", _TEST)
    scaling = fit_scaling(training.features)
    pairs = np.stack([scaling.zero, scaling.gain], axis=1).tolist()
    # where training ends hangs on where it starts: the held-out calls choose
    best = max((_candidate(start, scaling, pairs, training, held_out) for start in _STARTS), key=lambda candidate: candidate.reach)
    digest = hashlib.sha256(best.model).hexdigest()
    version = f"1-{digest[:8]}"
    about = {
        "catflap_bundle": 1,
        "version": version,
        "labels": LABELS,
        "features": NAMES,
        "scaling": pairs,
        "exp": best.exp,
        "calibration": best.calibration.points,
        "thresholds": {"label": best.calibration.label, "block": best.calibration.block},
        "sha256": digest,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.tflite").write_bytes(best.model)
    rows = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in about.items()]
    (out / "bundle.json").write_text("{" + ",\n ".join(rows) + "}\n", encoding="utf-8")

    bundle = load(str(out), open_classifier)
    named_by_float = _named_by(best.network, scaling, held_out, test)
    text = card(bundle, len(best.model), len(training.labels), test, ask_bundle(bundle, test), named_by_float)
    (out / "CARD.md").write_text(text, encoding="utf-8")
    (out / "golden.csv").write_text(_golden(bundle, test), encoding="utf-8")
    print(f"bundle {version}, {len(best.model)} bytes, is in {out}", flush=True)


def _candidate(start: int, scaling: Scaling, pairs: list[list[int]], training: Samples, held_out: Samples) -> Candidate:
    inputs = real_inputs(scaling.inputs(training.features))
    rng = np.random.default_rng(start)
    network = initial((len(NAMES), *_HIDDEN, len(LABELS)), rng)
    _fit(start, network, inputs, training, rng)
    cool(network, inputs)
    layers = quantize(network, inputs)
    model = to_tflite(layers, INPUT_SCALE, 0)
    exp = exponentials(layers[-1].output_scale)
    raw = ask_bundle(Bundle("", open_classifier(model), pairs, exp, [[0, 0], [TOP, TOP]], TOP, TOP), held_out)
    calibration = with_pools(calibrate(raw.scores, raw.labels, held_out.labels), raw.scores, raw.labels, held_out)
    scores = calibration.scores(raw.scores)
    enough = pooled(held_out.scenes, raw.labels, scores, calibration.label) & (scores >= calibration.block)
    reach = int(np.count_nonzero(enough & (held_out.labels != LEGIT)))
    print(f"start {start}: {reach} held-out nuisances are blocked", flush=True)
    return Candidate(network, model, exp, calibration, reach)


def _simulate(name: str, seeds: range) -> Samples:
    worlds = []
    for number, world in enumerate(gather(seeds), 1):
        worlds.append(world)
        if number % 20 == 0:
            print(f"{name}: world {number} of {len(seeds)}", flush=True)
    return joined(worlds)


def _fit(start: int, network: Network, inputs: Matrix, training: Samples, rng: np.random.Generator) -> None:
    counts = np.maximum(np.bincount(training.labels, minlength=len(LABELS)), 1)
    # rare labels count more, by the root of how rare they are
    class_weights = np.minimum(np.sqrt(counts.max() / counts), 8).astype(np.float32)

    def report(epoch: int, loss: float) -> None:
        if epoch % 10 == 0:
            print(f"start {start}, epoch {epoch} of {_EPOCHS}: loss {loss:.4f}", flush=True)

    train(network, inputs, training.labels, class_weights, _EPOCHS, rng, report, rounded)


def _named_by(network: Network, scaling: Scaling, held_out: Samples, test: Samples) -> Integers:
    """The labels that the float network gives `test`, calibrated by itself on the same held-out calls."""
    raw = ask_network(network, scaling, held_out)
    calibration = calibrate(raw.scores, raw.labels, held_out.labels)
    found = ask_network(network, scaling, test)
    return Answers(found.labels, calibration.scores(found.scores)).reaching(calibration.label)


def _golden(bundle: Bundle, samples: Samples) -> str:
    """Rows of every label, as a CSV file: features, int8 inputs, int8 logits, score."""
    names = [*NAMES, *(f"input.{name}" for name in NAMES), *(f"logit.{label}" for label in LABELS), "score"]
    rows = [",".join(names)]
    for label in present_labels(samples):
        of_label = np.flatnonzero(samples.labels == label)
        for place in np.linspace(0, len(of_label) - 1, _GOLDEN_PER_LABEL).astype(int):
            features = samples.features[of_label[place]].tolist()
            _, score = bundle.classify(features)
            rows.append(",".join(map(str, [*features, *bundle.classifier.inputs, *bundle.classifier.logits, score])))
    return "\n".join(rows) + "\n"


def main() -> int:
    """Command line of `make train`."""
    parser = argparse.ArgumentParser(prog="catflap_models.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the bundle; its files are replaced")
    make_bundle(parser.parse_args().out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
