"""`python -m tests.hil.emlearn_peer`: emlearn's models of the calls that ours is made of, and an image with them, in build/emlearn.

Its trees learn from the worlds that the released perceptron learnt from and are asked about the worlds of its card; its network is that
perceptron itself. All is made once for the same input.
"""

import csv
import fcntl
import hashlib
import shutil
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boards.linux.litert import open_classifier
from catflap_host.bundles import released_bundle
from catflap_models.evaluate import ask_bundle
from catflap_models.opinions import with_suspicions
from catflap_models.samples import Samples, gather, joined
from catflap_probe.features import NAMES
from catflap_probe.verdict.bundle import Bundle, load
from catflap_probe.verdict.tflite import read
from tests.hil import emlearn_image
from tests.hil.prepare import ROOT, MissingError, fetch

FOLDER = ROOT / "build" / "emlearn"
REQUIREMENTS = ROOT / "requirements" / "emlearn.txt"
TRAIN = Path(__file__).with_name("emlearn_train.py")
PYTHON = FOLDER / "venv" / "bin" / "python"

TRAINING, TEST = range(240), range(20_000, 20_060)
"""Seeds of worlds, as catflap_models.train has them."""

BOARD_ROWS = 400
"""Held-out calls that the board is asked about, beside the golden rows."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What was made."""

    image: Path
    elf: Path
    samples: dict[str, NDArray[Any]]
    """`rows` for the board, `inputs` that the perceptron takes for them, `ours.board` its logits; `test_labels` of the held-out calls, and
    what the released bundle says of these: `ours.labels`, `ours.scores`"""
    answers: dict[str, NDArray[Any]]
    """`labels`: a forest's columns; what a model's original says of the rows, `MODEL.board`, and of the held-out calls, `MODEL.test`"""


def peer() -> Peer:
    """Makes what is not there yet; raises MissingError."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    image = FOLDER / "image"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = FOLDER / "inputs"
        wanted = _input_hash()
        if not stamp.exists() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            _install()
            made: dict[str, Any] = dict(_samples())
            np.savez(FOLDER / "samples.npz", **made)
            emlearn_image.run([str(PYTHON), str(TRAIN), str(FOLDER)], FOLDER / "train.log")
            emlearn_image.build(FOLDER, next((FOLDER / "venv").rglob("eml_trees.h")).parent, image)
            stamp.write_text(wanted)
    samples, answers = dict(np.load(FOLDER / "samples.npz")), dict(np.load(FOLDER / "answers.npz"))
    return Peer(image / "firmware.bin", image / "firmware.elf", samples, answers)


def _install() -> None:
    shutil.rmtree(FOLDER / "venv", ignore_errors=True)
    fetch([sys.executable, "-m", "venv", str(FOLDER / "venv")], FOLDER, "there is no environment for emlearn")
    words = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(REQUIREMENTS)]
    fetch(words, FOLDER, "emlearn can't be had")


def _samples() -> Iterator[tuple[str, NDArray[Any]]]:
    bundle = load(str(released_bundle()), open_classifier)
    training, test = joined(gather(TRAINING)), joined(gather(TEST))
    found = ask_bundle(bundle, test)
    # theirs have our suspicions of earlier calls, as ours has
    training, test = with_suspicions(training, ask_bundle(bundle, training).suspicions), with_suspicions(test, found.suspicions)
    yield "features", training.features
    yield "labels", training.labels
    yield "test", test.features
    yield "test_labels", test.labels
    yield "ours.labels", found.labels
    yield "ours.scores", found.scores
    yield from _board_rows(bundle, test)
    yield from _perceptron()


def _board_rows(bundle: Bundle, test: Samples) -> Iterator[tuple[str, NDArray[Any]]]:
    with (released_bundle() / "golden.csv").open(newline="", encoding="utf-8") as file:
        golden = [[int(row[name]) for name in NAMES] for row in csv.DictReader(file)]
    places = np.linspace(0, len(test.labels) - 1, BOARD_ROWS).astype(int)
    rows = np.concatenate([np.array(golden, np.int16), test.features[places]])
    inputs, logits = [], []
    for row in rows.tolist():
        bundle.classify(array("h", row))
        inputs.append(list(bundle.classifier.inputs))
        logits.append(list(bundle.classifier.logits))
    yield "rows", rows
    yield "inputs", np.array(inputs, np.int8)
    yield "ours.board", np.array(logits)


def _perceptron() -> Iterator[tuple[str, NDArray[Any]]]:
    """The released model in floats: takes the int8 inputs and gives the logits, but for what int8 rounds and cuts off between."""
    layers = read((released_bundle() / "model.tflite").read_bytes())
    for number, layer in enumerate(layers):
        scales = np.array([multiplier * 2.0 ** (shift - 31) for multiplier, shift in layer.scales])
        yield f"weights{number}", np.array(layer.weights).reshape(layer.outputs, layer.inputs) * scales[:, None]
        bias = np.array(layer.bias) * scales
        yield f"bias{number}", bias + layer.output_zero if layer is layers[-1] else bias


def _input_hash() -> str:
    inputs = [REQUIREMENTS, *Path(__file__).parent.glob("emlearn_*"), *(ROOT / "firmware/catflap_image").glob("*.py")]
    inputs += [*released_bundle().iterdir(), *(ROOT / "models/catflap_models").rglob("*.py")]
    inputs += (ROOT / "firmware/catflap_probe").rglob("*.py")
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        print(peer().image)
    except MissingError as reason:
        sys.exit(str(reason))
