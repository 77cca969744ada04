"""Runs a bundle, or the float network that it came from, over samples."""

from dataclasses import dataclass

import numpy as np

from catflap_models.calibrate import Integers
from catflap_models.network import Network, softmax
from catflap_models.quantize import Scaling, real_inputs
from catflap_models.samples import Samples
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.verdict.bundle import TOP, Bundle


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of each row."""

    labels: Integers
    scores: Integers
    """raw nuisance until it is calibrated, then probability; 0 ... 10000"""

    def reaching(self, threshold: int) -> Integers:
        """Labels, those below the threshold taken as `legit`."""
        return np.where(self.scores >= threshold, self.labels, LEGIT)


def ask_bundle(bundle: Bundle, samples: Samples) -> Answers:
    """What the probe's own code answers, row by row."""
    answers = np.array([bundle.classify(row) for row in samples.features.tolist()], np.int64)
    return Answers(answers[:, 0], answers[:, 1])


def ask_network(network: Network, scaling: Scaling, samples: Samples) -> Answers:
    """What the float network answers to the same inputs; scores are raw nuisances."""
    logits = network.activations(real_inputs(scaling.inputs(samples.features)))[-1]
    raw = TOP * (1 - softmax(logits)[:, LEGIT].astype(np.float64))
    return Answers(logits.argmax(axis=1), raw.astype(np.int64))


def recall_and_precision(found: Integers, labels: Integers, label: int) -> tuple[float | None, float | None]:
    """Part of the rows of `label` that were found, and part of what was found that is right; None where there is nothing to divide by."""
    right = int(((found == label) & (labels == label)).sum())
    there, claimed = int((labels == label).sum()), int((found == label).sum())
    return right / there if there else None, right / claimed if claimed else None


def present_labels(samples: Samples) -> list[int]:
    """Indices of the labels that occur."""
    return [label for label in range(len(LABELS)) if (samples.labels == label).any()]
