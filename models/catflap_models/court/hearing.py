"""A hearing: one trunk is written as a recording, its labels kept aside, and the detectors rule on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from catflap_models.court import features
from catflap_models.court.case import Calls, Detector, Ruling
from catflap_models.court.changes import LABELS_SHUFFLED, NONE, REDATED, RENUMBERED, redated, renumbered, shuffle_labels
from catflap_models.court.labelled import read_calls
from catflap_models.court.oracle import Oracle
from catflap_models.simulate.scenario import Scenario, SimBank
from catflap_models.simulate.world import planned_calls
from catflap_models.simulate.writer import write_calls


@dataclass(frozen=True, slots=True)
class Task:
    """A trunk to hear, and whom."""

    scenario: Scenario
    detectors: tuple[Detector, ...]
    change: str = NONE
    has_rivals: bool = True
    """The oracle is heard too, and the features are kept that the baselines rule by."""


@dataclass(slots=True)
class Hearing:
    """What was said of one trunk, by the names of those who said it."""

    scenario: Scenario
    calls: Calls
    rulings: dict[str, Ruling] = field(default_factory=dict)
    heard: features.Heard | None = None
    dealt: Calls | None = None
    """the same calls under the labels that were dealt out anew"""


def hold(task: Task) -> Hearing:
    """Writes the trunk into a folder of its own, lets every detector rule, and clears away.

    The labels that are judged by are read before `LABELS_SHUFFLED` spoils them.
    """
    with TemporaryDirectory(prefix="catflap-court-") as place:
        folder = Path(place)
        write(task.scenario, folder, task.change)
        hearing = Hearing(task.scenario, read_calls([folder]))
        if task.has_rivals:
            hearing.heard = features.hear([folder])
        if task.change == LABELS_SHUFFLED:
            shuffle_labels(folder)
            hearing.dealt = read_calls([folder])
        judges: Sequence[Detector] = task.detectors
        banks = tuple(campaign for campaign in task.scenario.campaigns if isinstance(campaign, SimBank))
        if task.has_rivals and banks:
            judges = (*judges, Oracle(banks))
        for detector in judges:
            hearing.rulings[detector.name] = detector.judge([folder])
        return hearing


def judged(detector: Detector, write_to: Callable[[Path], None]) -> tuple[Calls, Ruling]:
    """The calls of one recording that `write_to` writes into a folder, and what the detector says of them."""
    with TemporaryDirectory(prefix="catflap-court-") as place:
        folder = Path(place)
        write_to(folder)
        return read_calls([folder]), detector.judge([folder])


def write(scenario: Scenario, folder: Path, change: str = NONE) -> None:
    """Writes the trunk's recording, renumbered or redated if `change` says so."""
    calls = planned_calls(scenario)
    write_calls(redated(scenario) if change == REDATED else scenario, renumbered(calls) if change == RENUMBERED else calls, folder)
