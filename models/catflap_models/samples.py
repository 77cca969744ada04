"""Labelled feature vectors: what the probe's own code makes of every call of simulated worlds."""

from array import array
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from random import Random

import numpy as np
from numpy.typing import NDArray

from catflap_models.feed import feed
from catflap_models.plan import PlannedCall
from catflap_models.simulate.draw import draw_scenario
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.scenario import DAY_S, FalseNumbers, Scenario
from catflap_models.simulate.world import planned_calls
from catflap_probe.call import LABELS, LEGIT, Call
from catflap_probe.features import NAMES
from catflap_probe.memory.trunk import Sight, TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import TOP, Bundle
from catflap_probe.verdict.pool import is_known

_DAYS = 24
_SIZES = (1, 4, 8, 16, 16, 16, 32)
_COLD, _MOST_DAYS = 0.4, 1.5
"""Part of the probes that are installed in a campaign, or so many days before it at most: everybody is new to them."""


SCENE = np.dtype([("world", "i8"), ("key", "U16"), ("t_s", "i8"), ("neighbours", "?"), ("mobile", "?"), ("known", "?")])
"""What pool evidence rests on beside the classifier: whose call it is and when, whether its block is a pool's, whether the number is a
mobile's, and whether it is known (pool.is_known)."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Decided calls, one a row, world after world and in order of time."""

    features: NDArray[np.int16]
    """(rows, features), in the order of features.NAMES"""
    labels: NDArray[np.int64]
    """(rows,), indices of LABELS"""
    families: NDArray[np.str_]
    """(rows,), as in PlannedCall"""
    scenes: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, SCENE))
    """(rows,), of SCENE; empty where nobody asks for pool evidence"""


class _Recorder(Bundle):
    """Stands where the classifier would and keeps what it was asked last."""

    def __init__(self) -> None:
        self.label_threshold = self.block_threshold = TOP + 1
        self.asked = b""

    def classify(self, features: "array[int]") -> tuple[int, int]:
        """Keeps the vector; says `legit`."""
        self.asked = features.tobytes()
        return LEGIT, 0


class _Labeller(Observer):
    """Joins what was asked to the planned call that rang on that line at that moment."""

    def __init__(self, recorder: _Recorder) -> None:
        self.recorder = recorder
        self.trunk: Trunk | None = None
        self.planned: dict[tuple[int, int], PlannedCall] = {}
        self.vectors: list[bytes] = []
        self.labels: list[int] = []
        self.families: list[str] = []
        self.scenes: list[tuple[int, str, int, bool, bool, bool]] = []
        self.scene = (0, "", 0, False, False, False)

    def began(self, call: PlannedCall) -> None:
        """A planned call is about to ring."""
        self.planned[call.line, round(call.t_s * 1000)] = call

    def arriving(self, call: Call, sight: Sight, is_mobile: bool, now_ms: int) -> None:  # noqa: ARG002 - an Observer is told more than it needs
        """Keeps what pool evidence rests on."""
        assert self.trunk is not None
        has_neighbours = self.trunk.pools.evidence(self.trunk.memory, sight)
        self.scene = (0, sight.key, sight.now_s, has_neighbours, is_mobile, is_known(self.trunk.memory, sight))

    def decided(self, call: Call, now_ms: int) -> None:  # noqa: ARG002 - as above
        """Labels the vector; false numbers are the numbering check's to find, which asks no classifier."""
        planned = self.planned.get((call.line, call.t_ms))
        if planned is not None and planned.label != "spoof" and self.recorder.asked:
            self.vectors.append(self.recorder.asked)
            self.labels.append(LABELS.index(planned.label))
            self.families.append(planned.family)
            self.scenes.append(self.scene)
        self.recorder.asked = b""


def world_samples(seed: int) -> Samples:
    """Every vector that the classifier would be asked about in one world."""
    rng = Random(f"world:{seed}")  # noqa: S311 - a plan, not a secret
    scenario = draw_scenario(seed, f"world-{seed}", rng.choice(_SIZES), _DAYS)
    called = scenario.trunk
    dialect = rng.choice(("v253", "3gpp"))
    lines = [{"id": f"L{line + 1:02}", "dialect": dialect, "numbers": [own_number(called, line)]} for line in range(called.lines)]
    settings = TrunkSettings({"id": called.id, "country": called.country, "area_code": called.area_code, "lines": lines})
    recorder = _Recorder()
    labeller = _Labeller(recorder)
    trunk = Trunk(settings, TrunkMemory(settings.id, "linux"), recorder, Policy(called.country), labeller)
    labeller.trunk = trunk
    trunk.start(settings, round(datetime.fromisoformat(called.start).timestamp() * 1000))
    first_s = _installed_s(scenario, rng) if rng.random() < _COLD else 0.0
    feed(trunk, dialect, (call for call in planned_calls(scenario) if call.direction == "in" and call.t_s >= first_s), labeller.began)
    features = np.frombuffer(b"".join(labeller.vectors), np.int16).reshape(-1, len(NAMES))
    scenes = np.array(labeller.scenes, SCENE)
    scenes["world"] = seed
    return Samples(features, np.array(labeller.labels), np.array(labeller.families), scenes)


def _installed_s(scenario: Scenario, rng: Random) -> float:
    """When a probe that comes late is installed: shortly before one of the campaigns, or in it."""
    days = [campaign.first_day for campaign in scenario.campaigns if not isinstance(campaign, FalseNumbers)]
    return max(rng.choice(days) + rng.uniform(-_MOST_DAYS, 0.6), 0.0) * DAY_S if days else 0.0


def gather(seeds: Iterable[int]) -> Iterator[Samples]:
    """The samples of one world after another, in the order of `seeds`; several processors share the work."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(world_samples, seeds)


def joined(parts: Iterable[Samples]) -> Samples:
    """All rows of several samples."""
    worlds = list(parts)
    return Samples(
        np.concatenate([world.features for world in worlds]),
        np.concatenate([world.labels for world in worlds]),
        np.concatenate([world.families for world in worlds]),
        np.concatenate([world.scenes for world in worlds]),
    )
