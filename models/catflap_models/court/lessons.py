"""What the court trains on: a scenario's calls as vectors of the probe's own code, with their labels.

The probe hears the planned calls straight (`feed`), without a recording between, so that a change of its memory or features is in them at
once. They are kept by scenario and by a digest of the code that made them: to leave a family out simulates nothing again.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

import catflap_models
import catflap_probe
from catflap_models.court.case import Calls
from catflap_models.court.features import Heard
from catflap_models.feed import feed
from catflap_models.plan import PlannedCall
from catflap_models.samples import Samples
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.scenario import Scenario, SimBank
from catflap_models.simulate.world import planned_calls
from catflap_probe.call import LABELS, LEGIT, SPOOF, Call
from catflap_probe.features import NAMES
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import TOP, Bundle
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan

_ARRAYS = ("line", "t_s", "calling", "label", "family", "campaign", "before", "place", "channel", "is_out")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one scenario teaches."""

    scenario: Scenario
    heard: Heard

    @property
    def selectors(self) -> tuple[str, ...]:
        """The rules by which the banks of the scenario choose their cards."""
        return tuple(campaign.selector for campaign in self.scenario.campaigns if isinstance(campaign, SimBank))

    @property
    def samples(self) -> Samples:
        """The calls that the classifier was asked about; false numbers are the numbering check's to find."""
        heard = self.heard
        rows = heard.is_asked & (heard.calls.label != SPOOF)
        return Samples(heard.features[rows], heard.calls.label[rows], heard.calls.family[rows])


class _Recorder(Bundle):
    """Stands where the classifier would and keeps what it was asked last."""

    def __init__(self) -> None:
        self.label_threshold = self.block_threshold = TOP + 1
        self.asked = b""

    def classify(self, features: "array[int]") -> tuple[int, int]:
        """Keeps the vector; says `legit`."""
        self.asked = features.tobytes()
        return LEGIT, 0


class _Pupil(Observer):
    """Joins what was asked to the planned call that rang on that line at that moment."""

    def __init__(self, recorder: _Recorder) -> None:
        self.recorder = recorder
        self.calls: list[PlannedCall] = []
        self.places: dict[tuple[int, int], int] = {}
        self.vectors: dict[int, bytes] = {}

    def began(self, call: PlannedCall) -> None:
        """A planned call is about to ring."""
        self.places[call.line, round(call.t_s * 1000)] = len(self.calls)
        self.calls.append(call)

    def decided(self, call: Call, now_ms: int) -> None:  # noqa: ARG002 - an Observer is told more than it needs
        """Keeps the vector of a call's last decision; what the numbering check finds asks no classifier."""
        asked, self.recorder.asked = self.recorder.asked, b""
        place = self.places.get((call.line, call.t_ms))
        if place is not None and asked:
            self.vectors[place] = asked


def learn(scenario: Scenario, cache: Path) -> Lesson:
    """The vectors of the scenario's incoming calls, from the folder `cache` if this code has made them before."""
    path = cache / f"{scenario.trunk.id}-{_digest(repr(scenario))}.npz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        heard = _hear(scenario)
        arrays = {name: getattr(heard.calls, name) for name in _ARRAYS}
        np.savez_compressed(part, features=heard.features, is_asked=heard.is_asked, **arrays)
        part.replace(path)
    with np.load(path) as kept:
        start_s = datetime.fromisoformat(scenario.trunk.start).timestamp()
        arrays = {name: kept[name] for name in _ARRAYS}
        calls = Calls(scenario.trunk.id, start_s, float(scenario.days), scenario.trunk.lines, **arrays)
        return Lesson(scenario, Heard(calls, kept["features"], kept["is_asked"], np.zeros(len(calls.t_s), np.bool_)))


def _hear(scenario: Scenario) -> Heard:
    dialect = "3gpp" if scenario.modems.cellular_share > 0.5 else "v253"
    called = scenario.trunk
    lines = [{"id": f"L{line + 1:02}", "dialect": dialect, "numbers": [own_number(called, line)]} for line in range(called.lines)]
    tree: dict[str, object] = {
        "id": called.id,
        "country": called.country,
        "area_code": called.area_code,
        "role": called.role,
        "lines": lines,
    }
    settings = TrunkSettings(tree)
    recorder = _Recorder()
    pupil = _Pupil(recorder)
    trunk = Trunk(settings, TrunkMemory(settings.id, "linux"), recorder, Policy(called.country), pupil)
    start_s = datetime.fromisoformat(called.start).timestamp()
    trunk.start(settings, int(start_s))
    feed(trunk, dialect, (call for call in planned_calls(scenario) if call.direction == "in"), pupil.began)
    features = np.zeros((len(pupil.calls), len(NAMES)), np.int16)
    for place, vector in pupil.vectors.items():
        features[place] = np.frombuffer(vector, np.int16)
    is_asked = np.zeros(len(pupil.calls), np.bool_)
    is_asked[list(pupil.vectors)] = True
    calls = _calls(scenario, start_s, pupil.calls)
    return Heard(calls, features, is_asked, np.zeros(len(is_asked), np.bool_))


def _calls(scenario: Scenario, start_s: float, planned: Sequence[PlannedCall]) -> Calls:
    """Planned incoming calls as labels.csv would have them."""
    plan = TrunkPlan(scenario.trunk.country, scenario.trunk.area_code, scenario.trunk.role)
    own = OwnNumbers([], plan)
    met: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    calling, before, place = [], [], []
    for call in planned:
        number = call.calling if call.presentation == "shown" else ""
        form = (check(number, plan, own).key or number) if number else ""
        calling.append(form)
        before.append(met[form] if form else 0)
        met[form] += 1
        runs[call.campaign] += 1
        place.append(runs[call.campaign] if call.campaign else 0)
    return Calls(
        scenario.trunk.id,
        start_s,
        float(scenario.days),
        scenario.trunk.lines,
        np.array([call.line for call in planned], np.int64),
        np.array([call.t_s for call in planned]),
        np.array(calling, np.str_),
        np.array([LABELS.index(call.label) for call in planned], np.int64),
        np.array([call.family for call in planned], np.str_),
        np.array([call.campaign for call in planned], np.str_),
        np.array(before, np.int64),
        np.array(place, np.int64),
        np.array([""] * len(planned), np.str_),
        np.zeros(len(planned), np.bool_),
    )


def _digest(scenario: str) -> str:
    """Of a scenario and of all code that makes vectors of it."""
    found = hashlib.sha256(scenario.encode())
    for package, folders in ((catflap_models, ("", "simulate")), (catflap_probe, ("", "dialect", "memory", "verdict"))):
        root = Path(str(package.__file__)).parent
        for folder in folders:
            for path in sorted((root / folder).glob("*.py")):
                found.update(path.read_bytes())
    return found.hexdigest()[:16]
