"""The card of a released bundle: what was measured on held-out worlds, failures included. No figure in it is typed in."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from catflap_models.calibrate import Integers, expected_calibration_error
from catflap_models.evaluate import Answers, present_labels, recall_and_precision
from catflap_models.pooled import pooled
from catflap_models.samples import Samples
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.verdict.bundle import Bundle

# a family beyond these is named as a failure
_WEAK_RECALL = 0.6
_WEAK_HONEST = 0.002


def card(bundle: Bundle, model_bytes: int, trained_on: int, test: Samples, found: Answers, named_by_float: Integers) -> str:
    """The text of CARD.md; `found` are the bundle's answers to `test`, `named_by_float` the float network's labels at its own threshold."""
    honest = test.labels == LEGIT
    named = found.reaching(bundle.label_threshold)
    has_pool = pooled(test.scenes, found, bundle.label_threshold)
    blocked = np.where(has_pool, found.reaching(bundle.block_threshold), LEGIT)
    blocked_honest = int((blocked[honest] != LEGIT).sum())
    error = expected_calibration_error(found.scores, ~honest)
    parts = [
        f"# Model bundle {bundle.version}",
        "",
        "Written by `python -m catflap_models.train` from its own measurements.",
        "",
        f"An int8 perceptron of {model_bytes:,} bytes that looks at one call and its trunk's memory of the past.",
        f"It was trained on {trained_on:,} simulated calls and measured on {len(test.labels):,} of simulated trunks that it has not seen.",
        "**The simulator is our own, and the same kinds of campaigns occur in training and in test: the figures are no forecast for a",
        "real trunk. `make evaluate` leaves families out.**",
        "Numbers that cannot exist are decided by the numbering check before the model is asked, so there is no `spoof` here.",
        "",
        "## By label",
        "",
        f"A call carries a nuisance label from score {bundle.label_threshold} on, and is blocked from {bundle.block_threshold} on"
        " if there is pool evidence beside it: neighbours, or many suspects within a day.",
        "",
        "| label | calls | recall | precision | recall, float | blocked |",
        "|---|---|---|---|---|---|",
        *_label_rows(test, named, named_by_float, blocked),
        "",
        "## Honest calls",
        "",
        f"{blocked_honest} of {int(honest.sum()):,} honest calls were blocked; "
        f"{int((named[honest] != LEGIT).sum())} carried a nuisance label. By family:",
        "",
        "| family | calls | labelled a nuisance | blocked |",
        "|---|---|---|---|",
        *_family_rows(test, named, blocked, is_honest=True),
        "",
        "## Nuisances by family",
        "",
        "| label, family | calls | labelled a nuisance | blocked |",
        "|---|---|---|---|",
        *_family_rows(test, named, blocked, is_honest=False),
        "",
        "## Calibration",
        "",
        f"Expected calibration error of the score, int8, at the simulator's share of nuisances"
        f" ({_percent(float((~honest).mean()))}): {error:.4f}.",
        "On a trunk with fewer nuisances the score claims too much.",
        "",
        "## Where it fails",
        "",
        *_failures(test, named),
        "",
    ]
    return "\n".join(parts)


def _label_rows(test: Samples, named: Integers, named_by_float: Integers, blocked: Integers) -> Iterable[str]:
    for label in present_labels(test):
        recall, precision = recall_and_precision(named, test.labels, label)
        float_recall, _ = recall_and_precision(named_by_float, test.labels, label)
        block = "" if label == LEGIT else _percent(float((blocked[test.labels == label] == label).mean()))
        count = int((test.labels == label).sum())
        yield f"| {LABELS[label]} | {count:,} | {_percent(recall)} | {_percent(precision)} | {_percent(float_recall)} | {block} |"


def _family_rows(test: Samples, named: Integers, blocked: Integers, is_honest: bool) -> Iterable[str]:
    for family, rows in _families(test, is_honest):
        labelled, block = float((named[rows] != LEGIT).mean()), float((blocked[rows] != LEGIT).mean())
        yield f"| {family} | {int(rows.sum()):,} | {_percent(labelled)} | {_percent(block)} |"


def _families(test: Samples, is_honest: bool) -> Iterable[tuple[str, NDArray[np.bool_]]]:
    """Each family's name, behind its label where that is a nuisance, and its rows."""
    for label in present_labels(test):
        if (label == LEGIT) == is_honest:
            of_label = test.labels == label
            for family in sorted(set(test.families[of_label].tolist())):
                yield family if is_honest else f"{LABELS[label]}, {family}", of_label & (test.families == family)


def _failures(test: Samples, named: Integers) -> Iterable[str]:
    for family, rows in _families(test, is_honest=False):
        recall = float((named[rows] != LEGIT).mean())
        if recall < _WEAK_RECALL:
            yield f"- {family}: {_percent(1 - recall)} of the calls pass unlabelled."
    for family, rows in _families(test, is_honest=True):
        wrong = float((named[rows] != LEGIT).mean())
        if wrong > _WEAK_HONEST:
            yield f"- {family} is honest, and {_percent(wrong)} of the calls carry a nuisance label."
    yield "- A stranger's first call under a scattered number tells nothing: no model of this kind can decide it."


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"
