"""Runs a bundle, or the float network that it came from, over samples."""

from dataclasses import dataclass

import numpy as np

from catflap_models.calibrate import Integers
from catflap_models.network import Matrix, Network, softmax
from catflap_models.opinions import Kept
from catflap_models.quantize import Scaling, real_inputs
from catflap_models.samples import Samples
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.verdict.bundle import FIRST, TOP, Bundle


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of each row."""

    labels: Integers
    scores: Integers
    """raw nuisance until it is calibrated, then probability; 0 ... 10000"""
    suspicions: Integers
    """what the first opinion was, 0 ... 255"""

    def reaching(self, threshold: int) -> Integers:
        """Labels, those below the threshold taken as `legit`."""
        return np.where(self.scores >= threshold, self.labels, LEGIT)


def ask_bundle(bundle: Bundle, samples: Samples) -> Answers:
    """What the probe's own code answers, row by row, its suspicions of a trunk's earlier calls among the features of the later ones."""
    answers = []
    world = None
    kept = Kept()
    scenes = zip(*(samples.scenes[name].tolist() for name in ("world", "key", "t_s", "mobile")), strict=True)
    for (of_world, key, t_s, is_mobile), features in zip(scenes, samples.features.tolist(), strict=True):
        if of_world != world:
            world, kept = of_world, Kept()
        kept.fill(features, key, t_s)
        label, score = bundle.classify(features)
        kept.took(key, t_s, is_mobile, bundle.suspicion)
        answers.append((label, score, bundle.suspicion))
    found = np.array(answers, np.int64)
    return Answers(found[:, 0], found[:, 1], found[:, 2])


def ask_network(network: Network, scaling: Scaling, samples: Samples) -> Answers:
    """What the float network answers to the features as they stand; scores are raw nuisances."""
    logits = network.activations(real_inputs(scaling.inputs(samples.features)))[-1]
    labels = logits[:, :FIRST]
    raw = TOP * (1 - softmax(labels)[:, LEGIT].astype(np.float64))
    return Answers(labels.argmax(axis=1), raw.astype(np.int64), suspicions(logits[:, FIRST:]))


def suspicions(first: Matrix) -> Integers:
    """0 ... 255 from the two logits of the first opinion, row by row."""
    found: Integers = (255 * softmax(first)[:, 1].astype(np.float64)).astype(np.int64)
    return found


def recall_and_precision(found: Integers, labels: Integers, label: int) -> tuple[float | None, float | None]:
    """Part of the rows of `label` that were found, and part of what was found that is right; None where there is nothing to divide by."""
    right = int(((found == label) & (labels == label)).sum())
    there, claimed = int((labels == label).sum()), int((found == label).sum())
    return right / there if there else None, right / claimed if claimed else None


def present_labels(samples: Samples) -> list[int]:
    """Indices of the labels that occur."""
    return [label for label in range(len(LABELS)) if (samples.labels == label).any()]
