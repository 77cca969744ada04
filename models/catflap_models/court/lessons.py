"""What the court trains on: a scenario's calls as vectors of the probe's own code, with their labels.

Each scenario is written as a recording and replayed, so that a lesson has the modems' quirks in it as what is judged has; planned calls fed
to the probe without modems between would be no faster. Lessons are kept by scenario and by a digest of the code that made them: to leave a
family out simulates nothing again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

import catflap_models
import catflap_probe
from catflap_models.court import features
from catflap_models.court.case import Calls
from catflap_models.samples import SCENE, Samples
from catflap_models.simulate.scenario import Scenario, SimBank
from catflap_models.simulate.writer import write_recording
from catflap_probe.call import SPOOF
from catflap_probe.features import NAMES
from catflap_probe.verdict.pool import HISTORY_S

_CALLS, _MOBILE = NAMES.index("number.calls"), NAMES.index("kind.mobile")
_ARRAYS = ("line", "t_s", "calling", "label", "family", "campaign", "before", "place", "channel", "is_out")
_HEARD = ("features", "is_asked", "is_returned", "has_neighbours")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one scenario teaches."""

    scenario: Scenario
    heard: features.Heard

    @property
    def selectors(self) -> tuple[str, ...]:
        """The rules by which the banks of the scenario choose their cards."""
        return tuple(campaign.selector for campaign in self.scenario.campaigns if isinstance(campaign, SimBank))

    @property
    def samples(self) -> Samples:
        """The incoming calls that the classifier was asked about; false numbers are the numbering check's to find."""
        heard = self.heard
        rows = heard.is_asked & ~heard.calls.is_out & (heard.calls.label != SPOOF)
        return Samples(heard.features[rows], heard.calls.label[rows], heard.calls.family[rows], self._scenes()[rows])

    def _scenes(self) -> NDArray[np.void]:
        """What pool evidence rests on, of every call."""
        heard = self.heard
        scenes = np.zeros(len(heard.calls.t_s), SCENE)
        scenes["world"] = self.scenario.seed
        scenes["key"] = heard.calls.calling
        scenes["t_s"] = heard.calls.t_s
        scenes["neighbours"] = heard.has_neighbours
        scenes["mobile"] = heard.features[:, _MOBILE] > 0
        is_old_enough = heard.calls.t_s - heard.calls.t_s.min(initial=np.inf) >= HISTORY_S
        scenes["known"] = is_old_enough & (heard.features[:, _CALLS] > 0)
        return scenes


def learn(scenario: Scenario, cache: Path) -> Lesson:
    """The vectors of the scenario's calls, from the folder `cache` if this code has made them before."""
    path = cache / f"{scenario.trunk.id}-{_digest(repr(scenario))}.npz"
    if not path.exists():
        with TemporaryDirectory(prefix="catflap-court-") as place:
            folder = Path(place)
            write_recording(scenario, folder)
            heard = features.hear([folder])
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        arrays = {name: getattr(heard.calls, name) for name in _ARRAYS}
        arrays |= {name: getattr(heard, name) for name in _HEARD}
        np.savez_compressed(part, **arrays)
        part.replace(path)
    with np.load(path) as kept:
        start_s = datetime.fromisoformat(scenario.trunk.start).timestamp()
        arrays = {name: kept[name] for name in _ARRAYS}
        calls = Calls(scenario.trunk.id, start_s, float(scenario.days), scenario.trunk.lines, **arrays)
        return Lesson(scenario, features.Heard(calls, *(kept[name] for name in _HEARD)))


def _digest(scenario: str) -> str:
    """Of a scenario and of all code that makes vectors of it."""
    found = hashlib.sha256(scenario.encode())
    models, probe = (Path(str(package.__file__)).parent for package in (catflap_models, catflap_probe))
    sources = [*models.glob("*.py"), *(models / "simulate").rglob("*.py"), *probe.rglob("*.py")]
    sources += [models / "court" / name for name in ("features.py", "labelled.py", "lessons.py")]
    for path in sorted(sources):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
