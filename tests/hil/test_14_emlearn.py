"""14: emlearn's trees and network beside our model on the chip: time, memory, and what they make of the same calls."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from catflap_host.bundles import released_bundle
from catflap_models.court.figures import Figure
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.verdict.bundle import FIRST
from tests.hil import emlearn_image
from tests.hil.conftest import NOT_EMULATED, Record
from tests.hil.emlearn_peer import Peer, peer
from tests.hil.emulated import EmulatedBoard
from tests.hil.prepare import MissingError, Prepared
from tests.hil.repl import Repl

pytestmark = pytest.mark.xdist_group("emlearn")

FORESTS = ("trees32", "trees256")
NETWORK = "network"
INTERPRETER = ("tflite", "int8", "kernel_viper", "bundle")
HONEST_LABELLED = 1e-3
LEAST_AGREEMENT = 99.0
LIMIT_US = 120_000_000

THEIRS = """
import time
from array import array
from emlearn_models import {model} as model
features = array("{kind}", [0] * {width})
found = array("f", [0] * {labels})
total = longest = 0
with open("/rows", "rb") as file:
    while file.readinto(features):
        t = time.ticks_us()
        error = model(features, found)
        t = time.ticks_diff(time.ticks_us(), t)
        assert error == 0
        total += t
        longest = max(longest, t)
        print(bytes(found).hex())
print(total, longest)
"""
OURS = """
import gc, time
from array import array
from catflap_probe.verdict.bundle import FROZEN, load
from catflap_probe.verdict.int8 import Classifier
gc.collect()
before = gc.mem_alloc()
bundle = load(FROZEN, Classifier)
gc.collect()
used = gc.mem_alloc() - before
features = array("h", [0] * {width})
whole = alone = 0
with open("/rows", "rb") as file:
    while file.readinto(features):
        t = time.ticks_us()
        bundle.classify(features)
        whole += time.ticks_diff(time.ticks_us(), t)
        t = time.ticks_us()
        bundle.classifier.run()
        alone += time.ticks_diff(time.ticks_us(), t)
        print(bytes(bundle.classifier.logits).hex())
print(whole, alone, used)
"""


@pytest.fixture(scope="module")
def made(is_long: bool) -> Peer:
    """emlearn's models, trained and built."""
    if not is_long:
        pytest.skip("minutes of simulating, training and compiling: make hil")
    if os.environ.get("PORT"):
        pytest.skip(NOT_EMULATED)
    try:
        return peer()
    except MissingError as reason:
        pytest.skip(str(reason))


def test_our_model_on_the_board(made: Peer, prepared: Callable[[], Prepared], tmp_path: Path, record: Record) -> None:
    rows = made.samples["rows"].astype("<i2")
    *lines, whole_us, alone_us, used = on_board(prepared(), None, rows, OURS.format(width=rows.shape[1]))
    logits = np.array([np.frombuffer(bytes.fromhex(line), np.int8) for line in lines])
    assert (logits == made.samples["ours.board"]).all()
    assert len(logits) == len(rows)
    how = f"mean of {len(rows)} golden and held-out calls"
    record(
        Figure("beside.ours.time", round(int(alone_us) / len(rows) / 1000, 3), "ms", None, "lower", f"{how}, from scaled inputs to logits")
    )
    how += ", from features to label and calibrated score, most of it MicroPython's bytecode"
    record(Figure("beside.ours.time.whole", round(int(whole_us) / len(rows) / 1000, 3), "ms", None, "lower", how))
    model = (released_bundle() / "model.tflite").stat().st_size
    record(Figure("beside.ours.flash", model / 1000, "kB", None, "lower", "model.tflite, frozen"))
    code = emlearn_image.module_bytes([f"catflap_probe/verdict/{name}.py" for name in INTERPRETER], tmp_path)
    record(
        Figure("beside.ours.flash.code", code / 1000, "kB", None, "lower", f"{', '.join(INTERPRETER)} as .mpy files, for any such model")
    )
    record(Figure("beside.ours.heap", int(used) / 1000, "kB", None, "lower", "what the loaded bundle keeps: model, scaling, calibration"))


@pytest.mark.parametrize("model", [*FORESTS, NETWORK])
def test_a_model_of_emlearns_on_the_board(made: Peer, prepared: Callable[[], Prepared], model: str, record: Record) -> None:
    found, mean_us, longest_us = theirs_on_board(made, prepared(), model)
    original = made.answers[f"{model}.board"]
    labels = labels_of(made, model, found)
    how = f"{len(found)} golden and held-out calls whose label is that of scikit-learn's own model"
    agreement = share_same(labels, labels_of(made, model, original))
    record(Figure(f"beside.{model}.as-its-original", agreement, "%", None, "higher", how))
    assert agreement > LEAST_AGREEMENT, "the model on the board is not the one that was trained"
    how = "most that a label's share (of 1) is off its original" if model in FORESTS else "most steps that a logit is off its original"
    record(Figure(f"beside.{model}.off", round(float(np.abs(found - original).max()), 4), "", None, "lower", how))
    ours = made.samples["ours.board"][:, : len(LABELS)].argmax(axis=1)
    record(Figure(f"beside.{model}.as-ours", share_same(labels, ours), "%", None, "higher", "the same calls, whose label is ours"))
    how = f"mean of the same calls, the longest {longest_us / 1000:g} ms; from {'features' if model in FORESTS else 'scaled inputs'}"
    record(Figure(f"beside.{model}.time", round(mean_us / 1000, 3), "ms", None, "lower", how))
    flash, ram = emlearn_image.sizes(made.elf, model)
    record(Figure(f"beside.{model}.flash", flash / 1000, "kB", None, "lower", "its functions and tables in the image"))
    record(Figure(f"beside.{model}.ram", ram / 1000, "kB", None, "lower", "its data and bss in the image"))


@pytest.mark.parametrize("model", FORESTS)
def test_what_cut_off_thresholds_cost(made: Peer, prepared: Callable[[], Prepared], model: str, record: Record) -> None:
    found, _, _ = theirs_on_board(made, prepared(), f"{model}_as_is")
    agreement = share_same(labels_of(made, model, found), labels_of(made, model, made.answers[f"{model}.board"]))
    how = f"{len(found)} calls, thresholds as emlearn writes them: whole numbers, cut off, with < for <="
    record(Figure(f"beside.{model}_as_is.as-its-original", agreement, "%", None, "higher", how))


@pytest.mark.parametrize("model", ["ours", *FORESTS])
def test_what_a_model_finds_at_the_same_rate_of_false_alarms(made: Peer, model: str, record: Record) -> None:
    true = made.samples["test_labels"]
    if model == "ours":
        labels, scores = made.samples["ours.labels"], made.samples["ours.scores"]
    else:
        labels = labels_of(made, model, made.answers[f"{model}.test"])
        scores = 1 - made.answers[f"{model}.test"][:, list(made.answers["labels"]).index(LEGIT)]
    honest = true == LEGIT
    most = int(HONEST_LABELLED * honest.sum())
    threshold = np.sort(scores[honest & (labels != LEGIT)])[::-1][most]
    named = (labels != LEGIT) & (scores > threshold)
    assert 0 < (named & honest).sum() <= most
    how = f"of {(~honest).sum()} nuisances in held-out worlds, {(named & honest).sum()} of {honest.sum()} honest calls being called one"
    recall = 100 * (named & ~honest).sum() / (~honest).sum()
    record(Figure(f"beside.{model}.recall", round(float(recall), 2), "%", None, "higher", f"called a nuisance: {how}"))
    right = 100 * (named & ~honest & (labels == true)).sum() / (~honest).sum()
    record(Figure(f"beside.{model}.right-label", round(float(right), 2), "%", None, "higher", f"given their own label: {how}"))
    precision = 100 * (named & ~honest).sum() / named.sum()
    record(
        Figure(f"beside.{model}.precision", round(float(precision), 2), "%", None, "higher", "of what is called a nuisance, at that rate")
    )


def theirs_on_board(made: Peer, prepared: Prepared, model: str) -> tuple[NDArray[np.float32], float, int]:
    """What a model of emlearn's says of the rows, and how long it takes: mean and longest, in microseconds."""
    is_network = model == NETWORK
    rows = made.samples["inputs"].astype("<f4") if is_network else made.samples["rows"].astype("<i2")
    labels = FIRST + 2 if is_network else len(made.answers["labels"])
    script = THEIRS.format(model=model, kind="f" if is_network else "h", width=rows.shape[1], labels=labels)
    *lines, total_us, longest_us = on_board(prepared, made.image, rows, script)
    assert len(lines) == len(rows)
    found = np.array([np.frombuffer(bytes.fromhex(line), "<f4") for line in lines])
    return found, int(total_us) / len(rows), int(longest_us)


def on_board(prepared: Prepared, image: Path | None, rows: NDArray[Any], script: str) -> list[str]:
    """The words that a script prints which reads /rows, on an emulated board with our image or another."""
    board = EmulatedBoard(prepared, firmware=image)
    try:
        board.put({"/rows": rows.tobytes()})
        board.power()
        board.run(1_000_000)
        return Repl(board).run(script, LIMIT_US).split()
    finally:
        board.close()


def labels_of(made: Peer, model: str, found: NDArray[Any]) -> NDArray[np.int64]:
    """The likeliest labels; the columns of a forest are the labels that it was trained on, those of the network are all, and its first
    opinion behind them."""
    columns = np.arange(len(LABELS)) if model == NETWORK else made.answers["labels"]
    labels: NDArray[np.int64] = columns[found[:, : len(columns)].argmax(axis=1)]
    return labels


def share_same(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """How many of two are the same, per cent."""
    return round(100 * float((one == other).mean()), 2)
