"""13: emlearn's trees and network beside our model on the chip: time, memory, and what they make of the same calls."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from catflap_probe.call import LABELS, LEGIT
from tests.bench.figures import Figure
from tests.hil import emlearn_image
from tests.hil.conftest import Record
from tests.hil.emlearn_peer import Peer, peer
from tests.hil.emulated import EmulatedBoard
from tests.hil.prepare import MissingError, Prepared
from tests.hil.repl import Repl

pytestmark = pytest.mark.xdist_group("emlearn")

FORESTS = ("trees32", "trees256")
HONEST_LABELLED = 1e-3
SCRIPT = """
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


@pytest.fixture(scope="module")
def made(is_long: bool) -> Peer:
    """emlearn's models, trained and built."""
    if not is_long:
        pytest.skip("minutes of simulating, training and compiling: make hil")
    try:
        return peer()
    except MissingError as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("model", [*FORESTS, *(f"{name}_as_is" for name in FORESTS), "network"])
def test_a_model_of_emlearns_on_the_board(made: Peer, prepared: Any, model: str, record: Record) -> None:
    original = made.answers[f"{model.removesuffix('_as_is')}.board"]
    found, mean_us, longest_us = on_board(made, prepared(), model, original.shape[1])
    labels = labels_of(made, model, found)
    same = share_same(labels, labels_of(made, model, original))
    how = f"{len(found)} golden and held-out calls, the label of scikit-learn's own model"
    if model.endswith("_as_is"):
        record(Figure(f"emlearn.{model}.agreement", same, "%", None, "higher", f"{how}; thresholds as emlearn cuts them off"))
        return
    record(Figure(f"emlearn.{model}.agreement", same, "%", None, "higher", how))
    off = float(np.abs(found - original).max())
    record(Figure(f"emlearn.{model}.off", round(off, 4), "", None, "lower", "most that a share of a label, or a logit in steps, is off its original"))
    ours = made.samples["ours.board"].argmax(axis=1)
    record(Figure(f"emlearn.{model}.same-as-ours", share_same(labels, ours), "%", None, "higher", "labels of the same calls"))
    how = f"the longest {longest_us / 1000:g} ms; compiled C, from {'features' if model in FORESTS else 'scaled inputs'} to what it says of each label"
    record(Figure(f"emlearn.{model}.time", round(mean_us / 1000, 3), "ms", None, "lower", how))
    flash, ram = emlearn_image.sizes(made.elf, model)
    record(Figure(f"emlearn.{model}.flash", flash / 1000, "kB", None, "lower", "its functions and tables in the image"))
    record(Figure(f"emlearn.{model}.ram", ram / 1000, "kB", None, "lower", "its data and bss in the image"))


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
    record(Figure(f"beside.{model}.precision", round(float(precision), 2), "%", None, "higher", "of what is called a nuisance, at that rate"))


def on_board(made: Peer, prepared: Prepared, model: str, labels: int) -> tuple[NDArray[np.float32], float, int]:
    """What a model says of the rows on the emulated board, and how long it takes: mean and longest, in microseconds."""
    rows = made.samples["inputs"].astype("<f4") if model == "network" else made.samples["rows"].astype("<i2")
    board = EmulatedBoard(prepared, firmware=made.image)
    try:
        board.put({"/rows": rows.tobytes()})
        board.power()
        board.run(1_000_000)
        script = SCRIPT.format(model=model, kind="f" if model == "network" else "h", width=rows.shape[1], labels=labels)
        *lines, total_us, longest_us = Repl(board).run(script, 120_000_000).split()
    finally:
        board.close()
    found = np.array([np.frombuffer(bytes.fromhex(line), "<f4") for line in lines])
    assert len(found) == len(rows)
    return found, int(total_us) / len(rows), int(longest_us)


def labels_of(made: Peer, model: str, found: NDArray[Any]) -> NDArray[np.int64]:
    """The likeliest labels; the columns of a forest are the labels that it was trained on, those of the network are all."""
    columns = np.arange(len(LABELS)) if model == "network" else made.answers["labels"]
    labels: NDArray[np.int64] = columns[found.argmax(axis=1)]
    return labels


def share_same(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """How many of two are the same, per cent."""
    return round(100 * float((one == other).mean()), 2)
