"""A hearing: one trunk is written as a recording, its labels kept aside, and every detector rules on it."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from catflap_models.court.case import Calls, Detector, Ruling
from catflap_models.court.changes import LABELS_SHUFFLED, NONE, REDATED, RENUMBERED, redated, renumbered, shuffle_labels
from catflap_models.court.labelled import read_calls
from catflap_models.court.oracle import Oracle
from catflap_models.simulate.scenario import Scenario, SimBank
from catflap_models.simulate.world import planned_calls
from catflap_models.simulate.writer import write_calls


@dataclass(frozen=True, slots=True)
class Task:
    """A trunk to hear; `oracle`: the one that knows its banks is heard too."""

    scenario: Scenario
    detectors: tuple[Detector, ...]
    change: str = NONE
    oracle: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said of one trunk, by the names of those who said it."""

    scenario: Scenario
    calls: Calls
    rulings: dict[str, Ruling]


def hear(task: Task) -> Heard:
    """Writes the trunk into a folder of its own, lets every detector rule, and clears away.

    The labels that are judged by are read before `LABELS_SHUFFLED` spoils them.
    """
    folder = Path(mkdtemp(prefix="catflap-court-"))
    try:
        write(task.scenario, folder, task.change)
        calls = read_calls([folder])
        if task.change == LABELS_SHUFFLED:
            shuffle_labels(folder)
        judges: Sequence[Detector] = task.detectors
        banks = tuple(campaign for campaign in task.scenario.campaigns if isinstance(campaign, SimBank))
        if task.oracle and banks and task.change == NONE:
            judges = (*judges, Oracle(banks))
        return Heard(task.scenario, calls, {detector.name: detector.judge([folder]) for detector in judges})
    finally:
        shutil.rmtree(folder)


def write(scenario: Scenario, folder: Path, change: str = NONE) -> None:
    """Writes the trunk's recording, renumbered or redated if `change` says so."""
    calls = planned_calls(scenario)
    write_calls(redated(scenario) if change == REDATED else scenario, renumbered(calls) if change == RENUMBERED else calls, folder)
