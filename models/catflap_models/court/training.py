"""Lessons to an int8 bundle, by the steps that make the released one."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from catflap_models import samples
from catflap_models.court.lessons import Lesson
from catflap_models.fitting import fit, write
from catflap_models.network import Network
from catflap_models.quantize import Scaling
from catflap_models.samples import Samples


@dataclass(frozen=True, slots=True)
class Trained:
    """A bundle that was written, and the float network that it came from."""

    folder: Path
    network: Network
    scaling: Scaling


def without(lessons: Iterable[Lesson], selector: str) -> list[Lesson]:
    """The lessons in which no bank chooses its cards so."""
    return [lesson for lesson in lessons if selector not in lesson.selectors]


def joined(lessons: Iterable[Lesson]) -> Samples:
    """All rows of several lessons."""
    return samples.joined(lesson.samples for lesson in lessons)


def train_bundle(training: Samples, held_out: Samples, epochs: int, folder: Path) -> Trained:
    """Trains on `training`, sets calibration and thresholds by `held_out`, writes the bundle; the same rows give the same bytes.

    Fewer epochs than the released bundle has: the court compares families, it releases nothing.
    """
    fitted = fit(training, held_out, epochs, lambda _epoch, _loss: None)
    write(fitted, f"court-{fitted.digest[:8]}", folder)
    return Trained(folder, fitted.network, fitted.scaling)
