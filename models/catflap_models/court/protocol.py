"""The court in session: who is judged beside whom, what was heard already, and the two processes that hear trunks."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Protocol, TypeVar

import numpy as np

from catflap_models.court import suite
from catflap_models.court.baselines import Thresholded, fit_boosting, fit_logistic, line_cut, two_ratio, volume_cut
from catflap_models.court.case import Calls, Detector, Ruling
from catflap_models.court.changes import NONE
from catflap_models.court.detectors import BundleDetector
from catflap_models.court.features import Heard
from catflap_models.court.hearing import Hearing, Task, hold
from catflap_models.court.lessons import Lesson, learn
from catflap_models.court.metrics import Pooled, pooled, threshold_at
from catflap_models.court.report import Section
from catflap_models.court.suite import Size
from catflap_models.court.training import Trained, joined, train_bundle
from catflap_models.simulate.scenario import Scenario

ORACLE = "oracle"
BUDGET = 1e-3
"""Honest calls that may be told apart from the others, where detectors are compared at one budget."""
_PROCESSES = 2
_BASELINE_ROWS = 80_000

Item = TypeVar("Item")
Result = TypeVar("Result")


class Recipe(Protocol):
    """How the accused came about: what point 1 trains anew without a family, and point 10 on shuffled labels."""

    def __call__(self, training: Sequence[Lesson], held_out: Sequence[Lesson], folder: Path) -> Detector:
        """A detector that was trained on `training`, its thresholds set by `held_out`; it may keep files in `folder`."""
        ...


def bundle_recipe(epochs: int, name: str) -> Recipe:
    """The released bundle's: an int8 network on the probe's features."""
    return partial(_train, epochs, name)


def _train(epochs: int, name: str, training: Sequence[Lesson], held_out: Sequence[Lesson], folder: Path) -> Detector:
    trained = train_bundle(joined(training), joined(held_out), epochs, folder)
    return BundleDetector(trained.folder, name=name)


def untrained(detector: Detector) -> Recipe:
    """The recipe of a detector that learns nothing: it stays what it is."""
    return partial(_stay, detector)


def _stay(detector: Detector, training: Sequence[Lesson], held_out: Sequence[Lesson], folder: Path) -> Detector:  # noqa: ARG001 - a Recipe
    return detector


@dataclass(slots=True)
class Court:
    """One session. With `has_pool` two other processes hear trunks; without, this one does."""

    size: Size
    accused: Detector
    recipe: Recipe
    folder: Path
    data: Path | None = None
    """real data, if there is any (CATFLAP_DATA)"""
    has_pool: bool = False
    has_baselines: bool = True
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True)
    calls_heard: int = 0
    trunks_heard: int = 0
    _kept: dict[str, list[Hearing]] = field(default_factory=dict)
    _lessons: dict[str, list[Lesson]] = field(default_factory=dict)
    _baselines: tuple[Thresholded, ...] = ()
    _trained: Trained | None = None
    _pool: ProcessPoolExecutor | None = None
    _began_s: float = field(default_factory=monotonic)

    @property
    def names(self) -> tuple[str, ...]:
        """Who is heard on every trunk, the accused first."""
        return (self.accused.name, *(baseline.name for baseline in self.baselines()))

    @contextmanager
    def session(self) -> Iterator["Court"]:
        """Starts the two processes and ends them."""
        if not self.has_pool:
            yield self
            return
        with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
            self._pool = pool
            yield self
            self._pool = None

    def progress(self, text: str) -> None:
        """Tells how far it has come, with the time since the beginning."""
        elapsed_s = int(monotonic() - self._began_s)
        self.say(f"court {elapsed_s // 60:3d}:{elapsed_s % 60:02d}  {text}")

    def map(self, what: str, function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """`function` of each item, in order, by both processes; `function` and items must be picklable."""
        found: list[Result] = []
        results: Iterable[Result] = self._pool.map(function, items) if self._pool else map(function, items)
        step = max(1, len(items) // 4)
        for result in results:
            found.append(result)
            if len(found) % step == 0 or len(found) == len(items):
                self.progress(f"{what}: {len(found)} of {len(items)}")
        return found

    def lessons(self, split: str) -> list[Lesson]:
        """What is learned from (`training`), or thresholds are set by (`calibration`)."""
        if split not in self._lessons:
            scenarios = suite.lessons(self.size, split)
            self._lessons[split] = self.map(f"{split} trunks", partial(learn, cache=self.folder / "lessons"), scenarios)
        return self._lessons[split]

    def baselines(self) -> tuple[Thresholded, ...]:
        """Who is heard beside the accused: trained on the same trunks, thresholds set on the same others."""
        if self.has_baselines and not self._baselines:
            self._baselines = self.fit_baselines(self.lessons("training"), self.lessons("calibration"))
        return self._baselines

    def trained(self) -> Trained:
        """The court's own bundle with its float network, trained on all lessons: what int8 costs shows on it."""
        if self._trained is None:
            training, held_out = joined(self.lessons("training")), joined(self.lessons("calibration"))
            self._trained = train_bundle(training, held_out, self.size.epochs, self.folder / "trained")
        return self._trained

    def fit_baselines(self, training: Sequence[Lesson], held_out: Sequence[Lesson]) -> tuple[Thresholded, ...]:
        """The baselines, trained on these lessons, thinned evenly where there are more calls than boosted trees take in half a minute."""
        rows = sum(len(lesson.heard.is_asked) for lesson in training)
        step = -(-rows // _BASELINE_ROWS)
        learned = [_every(step, lesson.heard) for lesson in training]
        others = [lesson.heard for lesson in held_out]
        made = (volume_cut(), line_cut(), two_ratio(), fit_logistic(learned), fit_boosting(learned))
        return tuple(baseline.at_budget(others) for baseline in made)

    def hear(
        self,
        what: str,
        scenarios: Sequence[Scenario],
        accused: Detector | None = None,
        baselines: tuple[Thresholded, ...] | None = None,
    ) -> list[Hearing]:
        """Everybody's rulings on these trunks: the accused, the baselines, and the oracle where there is a bank."""
        tasks = [Task(scenario, (accused or self.accused,)) for scenario in scenarios]
        hearings = self.map(what, hold, tasks)
        for hearing in hearings:
            assert hearing.heard is not None
            for baseline in self.baselines() if baselines is None else baselines:
                hearing.rulings[baseline.name] = baseline.rule(hearing.heard)
            self._count(hearing)
        return hearings

    def hear_alone(self, what: str, scenarios: Sequence[Scenario], change: str = NONE) -> list[Hearing]:
        """The accused's rulings alone, on trunks changed so."""
        hearings = self.map(what, hold, [Task(scenario, (self.accused,), change, False) for scenario in scenarios])
        for hearing in hearings:
            self._count(hearing)
        return hearings

    def threshold(self, name: str) -> float:
        """The score that 1 honest call in 1,000 reaches on the quiet trunks: one budget for everybody, set on other trunks."""
        pool = pool_of(self.quiet(), name)
        return threshold_at(pool.score[pool.is_honest], BUDGET)

    def quiet(self) -> list[Hearing]:
        """Trunks without nuisance, heard once."""
        return self._once("quiet trunks", suite.quiet)

    def mixed(self) -> list[Hearing]:
        """Trunks with a campaign of every label, heard once."""
        return self._once("trunks with every label", suite.mixed)

    def policies(self) -> list[Hearing]:
        """Point 1's trunks under the accused as it was released, heard once."""
        return self._once("trunks with every policy", suite.policies)

    def _once(self, what: str, scenarios: Callable[[Size], list[Scenario]]) -> list[Hearing]:
        if what not in self._kept:
            self._kept[what] = self.hear(what, scenarios(self.size))
        return self._kept[what]

    def _count(self, hearing: Hearing) -> None:
        self.trunks_heard += 1
        self.calls_heard += len(hearing.calls.t_s)


def _every(step: int, heard: Heard) -> Heard:
    return replace(heard, is_asked=heard.is_asked & (np.arange(len(heard.is_asked)) % step == 0))


def missed(section: Section) -> list[str]:
    """The names of the section's figures that miss their bars: a cheat is caught by a point if one of its own is among them."""
    return [figure.name for figure in section.figures if not figure.ok]


def cases(hearings: Iterable[Hearing], name: str) -> list[tuple[Calls, Ruling]]:
    """What `name` said of each trunk, for those trunks that it was heard on."""
    return [(hearing.calls, hearing.rulings[name]) for hearing in hearings if name in hearing.rulings]


def pool_of(hearings: Iterable[Hearing], name: str) -> Pooled:
    """The same, all trunks together; ValueError where it was heard on none."""
    return pooled(cases(hearings, name))
