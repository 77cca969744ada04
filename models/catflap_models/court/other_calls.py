"""The second generator's trunks, for the court: to judge by, and to learn from."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from catflap_models.court import features
from catflap_models.court.case import Calls, Detector, Ruling
from catflap_models.court.hearing import judged
from catflap_models.court.lessons import Lesson
from catflap_models.other_world.recording import write_other_recording
from catflap_models.simulate.scenario import CalledTrunk, Honest, Scenario

TRAINING_SEED, HELD_OUT_SEED, TEST_SEED = 1_000, 2_000, 3_000


def judged_other(seed: int, detector: Detector, lines: int, days: int) -> tuple[Calls, Ruling]:
    """What the detector says of one of the second generator's trunks."""
    return judged(detector, partial(_write, seed, lines, days))


def learn_other(seed: int, lines: int, days: int) -> Lesson:
    """One of the second generator's trunks as a lesson; its scenario is empty, for that generator has none."""
    with TemporaryDirectory(prefix="catflap-court-") as place:
        folder = Path(place)
        _write(seed, lines, days, folder)
        heard = features.hear([folder])
    return Lesson(Scenario(seed, CalledTrunk(heard.calls.trunk, lines), days, Honest(0.0, ())), heard)


def _write(seed: int, lines: int, days: int, folder: Path) -> None:
    write_other_recording(seed, lines, days, folder)
