"""A model bundle: from a call's features to label and score, with integers alone (firmware/PROTOCOL.md, section 5)."""

import json
from binascii import hexlify

from ..call import LABELS, LEGIT
from ..features import NAMES
from .tflite import ModelError

try:
    from hashlib import sha256
except ImportError:  # a board image without it cannot check the model's digest
    sha256 = None  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:  # mypy reads this, no runtime does
    from array import array
    from collections.abc import Callable
    from typing import Any

    from .int8 import Classifier

TOP = 10000
"""Scores run from 0 to this."""

FIRST = len(LABELS)
"""Where, behind a logit for each label, the two of the first opinion stand: no SIM bank's call, and one."""

FROZEN = "frozen"
"""In place of a folder: the bundle that a board's image holds."""

_STEPS = 256


class BundleError(ValueError):
    """The folder holds no bundle that this probe can use; the text says where and why."""


class Bundle:
    """A classifier with its scaling, calibration and thresholds."""

    suspicion = 0
    """0 ... 255: how likely the vector that was last classified is a SIM bank's by the first opinion"""

    def __init__(
        self,
        version: str,
        classifier: "Classifier",
        scaling: "list[list[int]]",
        exp: "list[int]",
        calibration: "list[list[int]]",
        label_threshold: int,
        block_threshold: int,
    ) -> None:
        self.version = version
        self.classifier = classifier
        self.label_threshold = label_threshold  # least score of a call that is labelled a nuisance
        self.block_threshold = block_threshold  # least score of a call that is blocked
        self._scaling = scaling
        self._exp = exp
        self._calibration = calibration

    def classify(self, features: "array[int]") -> "tuple[int, int]":
        """The likeliest label (index of LABELS) and the calibrated score (0 ... TOP) of a vector in the order of features.NAMES."""
        inputs = self.classifier.inputs
        scaling = self._scaling
        for index in range(len(inputs)):
            zero, gain = scaling[index]
            value = ((features[index] - zero) * gain) >> 6
            inputs[index] = -128 if value < -128 else 127 if value > 127 else value
        self.classifier.run()
        logits = self.classifier.logits
        label = 0
        for index in range(1, FIRST):
            if logits[index] > logits[label]:
                label = index
        total = 0
        for index in range(FIRST):
            total += self._exp[logits[label] - logits[index]]
        self._suspect(logits[FIRST + 1] - logits[FIRST])
        raw = TOP - TOP * self._exp[logits[label] - logits[LEGIT]] // total
        return label, self._calibrate(raw)

    def _suspect(self, lead: int) -> None:
        even, far = self._exp[0], self._exp[lead if lead > 0 else -lead]
        self.suspicion = 255 * (even if lead > 0 else far) // (even + far)

    def _calibrate(self, raw: int) -> int:
        points = self._calibration
        upper = 1
        while points[upper][0] < raw:
            upper += 1
        raw0, score0 = points[upper - 1]
        raw1, score1 = points[upper]
        return score0 + (raw - raw0) * (score1 - score0) // (raw1 - raw0)


def load(folder: str, open_classifier: "Callable[[bytes], Classifier]") -> Bundle:
    """The bundle in `folder`, or FROZEN; BundleError, naming file and fault, where it is missing, damaged or made for other features."""
    about = _read(folder, "bundle.json")
    try:
        content = json.loads(about)
    except ValueError:
        raise BundleError("%s/bundle.json is not JSON: copy the bundle again" % folder)
    fault = _fault(content)
    if fault:
        raise BundleError("%s/bundle.json: %s" % (folder, fault))
    model = _read(folder, "model.tflite")
    if sha256 is not None and hexlify(sha256(model).digest()).decode() != content["sha256"]:
        raise BundleError("%s/model.tflite is not the model that bundle.json names by sha256: copy the bundle again" % folder)
    try:
        classifier = open_classifier(model)
    except ModelError as error:
        raise BundleError("%s/model.tflite: %s" % (folder, error))
    if len(classifier.inputs) != len(NAMES) or len(classifier.logits) != FIRST + 2:
        raise BundleError("%s/model.tflite has %d inputs and %d outputs" % (folder, len(classifier.inputs), len(classifier.logits)))
    thresholds = content["thresholds"]
    return Bundle(
        content["version"],
        classifier,
        content["scaling"],
        content["exp"],
        content["calibration"],
        thresholds["label"],
        thresholds["block"],
    )


def _read(folder: str, name: str) -> bytes:
    if folder == FROZEN:
        try:
            from ._bundle_frozen import ABOUT, MODEL  # type: ignore[import-not-found,unused-ignore]
        except ImportError:
            raise BundleError("no bundle is frozen into this image: `model` in the configuration must name a folder")
        # read in place: a frozen bytes object stays in flash
        return ABOUT if name == "bundle.json" else MODEL  # type: ignore[no-any-return,unused-ignore]
    try:
        with open(folder + "/" + name, "rb") as file:
            return file.read()
    except OSError as error:
        raise BundleError("%s/%s cannot be read (%s): `model` in the configuration must name a bundle" % (folder, name, error))


def _fault(content: "Any") -> str:
    """What is wrong with the content of bundle.json, or nothing."""
    if not isinstance(content, dict) or content.get("catflap_bundle") != 1:
        return "catflap_bundle is not 1: this probe reads version 1 only"
    for name, expected in (("labels", LABELS), ("features", NAMES)):
        if content.get(name) != list(expected):
            return "%s differ from this probe's: probe and bundle are of different releases" % name
    for name in ("version", "sha256"):
        if not isinstance(content.get(name), str):
            return "%s is not a text" % name
    exp: Any = content.get("exp")
    if not _integers(exp, 0, 32768) or len(exp) != _STEPS or exp[0] != 32768:
        return "exp is not %d integers from 32768 down" % _STEPS
    scaling: Any = content.get("scaling")
    if not _pairs(scaling, -32768, 32767) or len(scaling) != len(NAMES):
        return "scaling is not %d pairs of integers" % len(NAMES)
    points: Any = content.get("calibration")
    if not _pairs(points, 0, TOP) or len(points) < 2 or points[0][0] != 0 or points[-1][0] != TOP:
        return "calibration is not pairs of integers from raw 0 to raw %d" % TOP
    for index in range(1, len(points)):
        if points[index][0] <= points[index - 1][0] or points[index][1] < points[index - 1][1]:
            return "calibration does not rise at pair %d" % index
    thresholds = content.get("thresholds")
    if not isinstance(thresholds, dict) or not _integers([thresholds.get("label"), thresholds.get("block")], 0, TOP + 1):
        return "thresholds lacks label and block, 0 to %d" % (TOP + 1)
    return ""


def _integers(values: "Any", least: int, most: int) -> bool:
    return isinstance(values, list) and all(isinstance(value, int) and least <= value <= most for value in values)


def _pairs(values: "Any", least: int, most: int) -> bool:
    return isinstance(values, list) and all(_integers(value, least, most) and len(value) == 2 for value in values)
