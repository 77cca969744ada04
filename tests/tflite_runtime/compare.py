"""Runs a bundle under tflite-runtime, in an environment with nothing but that and numpy, beside our own interpreter.

    python tests/tflite_runtime/compare.py models/bundle

Prints how many rows differ; fails if a logit is more than one step off, since tflite-runtime's kernels may round twice.
"""

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware"))

from boards.linux.litert import LiteRtClassifier, open_classifier
from catflap_probe.verdict.int8 import Classifier

RANDOM_ROWS = 10_000
MOST_STEPS = 1


def golden_inputs(bundle: Path) -> list[list[int]]:
    """The int8 inputs of golden.csv."""
    with (bundle / "golden.csv").open(newline="") as file:
        return [[int(value) for name, value in row.items() if name.startswith("input.")] for row in csv.DictReader(file)]


def steps_off(runtime: Classifier, own: Classifier, rows: list[list[int]]) -> Iterator[int]:
    """The largest difference between the logits of the two, row by row."""
    for row in rows:
        for classifier in (runtime, own):
            for index, value in enumerate(row):
                classifier.inputs[index] = value
            classifier.run()
        yield max(abs(a - b) for a, b in zip(runtime.logits, own.logits, strict=True))


def main() -> int:
    """Compares; 1 if anything is more than a step off."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    bundle = parser.parse_args().bundle
    model = (bundle / "model.tflite").read_bytes()
    runtime, own = open_classifier(model), Classifier(model)
    if not isinstance(runtime, LiteRtClassifier):
        print("tflite-runtime is not installed here: run make test-tflite-runtime")
        return 1
    rng = random.Random(1)
    made = [[rng.randrange(-128, 128) for _ in own.inputs] for _ in range(RANDOM_ROWS)]
    worst = 0
    for name, rows in (("golden", golden_inputs(bundle)), ("random", made)):
        off = list(steps_off(runtime, own, rows))
        worst = max(worst, *off)
        print(f"{runtime.runtime}: {sum(step > 0 for step in off)} of {len(off)} {name} rows differ, by {max(off)} steps at most")
    return int(worst > MOST_STEPS)


if __name__ == "__main__":
    sys.exit(main())
