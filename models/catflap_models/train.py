"""Makes the released bundle: simulates, trains, quantises, calibrates, measures, writes. The same code gives the same bytes."""

import argparse
import sys
from pathlib import Path

import numpy as np

from boards.linux.litert import open_classifier
from catflap_models.card import card
from catflap_models.evaluate import ask_bundle, present_labels
from catflap_models.fitting import fit, named_by_float, write
from catflap_models.opinions import with_suspicions
from catflap_models.provenance import honest_ranges, provenance
from catflap_models.samples import Samples, gather, joined
from catflap_probe.call import LABELS
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import Bundle, load

# seeds of the worlds: no world is in two of them
_TRAINING, _CALIBRATION, _TEST = range(900), range(10_000, 10_100), range(20_000, 20_060)
_EPOCHS = 20

_GOLDEN_PER_LABEL = 16


def make_bundle(out: Path) -> None:
    """Writes model.tflite, bundle.json, golden.csv, ranges.csv, provenance.json and CARD.md into the folder `out`; prints its progress."""
    training, held_out, test = _simulate("training", _TRAINING), _simulate("calibration", _CALIBRATION), _simulate("test", _TEST)
    fitted = fit(training, held_out, _EPOCHS, _told)
    version = f"1-{fitted.digest[:8]}"
    write(fitted, version, out)
    bundle = load(str(out), open_classifier)
    found = ask_bundle(bundle, test)
    asked = with_suspicions(test, found.suspicions)
    by_float = named_by_float(fitted.network, fitted.scaling, with_suspicions(held_out, ask_bundle(bundle, held_out).suspicions), asked)
    text = card(bundle, len(fitted.model), len(training.labels), test, found, by_float)
    (out / "CARD.md").write_text(text, encoding="utf-8")
    (out / "golden.csv").write_text(_golden(bundle, asked), encoding="utf-8")
    (out / "ranges.csv").write_text(honest_ranges(fitted.training), encoding="utf-8")
    splits = {"training": training, "calibration": held_out, "test": test}
    (out / "provenance.json").write_text(provenance(fitted.model, splits), encoding="utf-8")
    print(f"bundle {version}, {len(fitted.model)} bytes, is in {out}", flush=True)


def _simulate(name: str, seeds: range) -> Samples:
    worlds = []
    for number, world in enumerate(gather(seeds), 1):
        worlds.append(world)
        if number % 20 == 0:
            print(f"{name}: world {number} of {len(seeds)}", flush=True)
    return joined(worlds)


def _told(epoch: int, loss: float) -> None:
    if epoch % 10 == 0:
        print(f"epoch {epoch} of {2 * _EPOCHS}: loss {loss:.4f}", flush=True)


def _golden(bundle: Bundle, samples: Samples) -> str:
    """Rows of every label, as a CSV file: features, int8 inputs, int8 logits, score."""
    names = [
        *NAMES,
        *(f"input.{name}" for name in NAMES),
        *(f"logit.{label}" for label in LABELS),
        "logit.first.no",
        "logit.first.yes",
        "score",
    ]
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
