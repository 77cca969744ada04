"""Suspicions of earlier calls: what is filled in for training is what the probe itself would have had."""

from array import array

import numpy as np
import pytest

from catflap_models import samples
from catflap_models.opinions import with_suspicions
from catflap_probe.features import SUSPICION
from catflap_probe.memory.suspicion import SUSPECT, TrunkSuspicion, of_block, of_number


def test_what_training_fills_in_is_what_the_probe_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in of the classifier suspects calls by their features; the probe keeps it, and training does from the rows alone."""
    thought: list[int] = []
    told = samples._Recorder.classify

    def classify(self: samples._Recorder, features: "array[int]") -> tuple[int, int]:
        self.suspicion = sum(place * value for place, value in enumerate(features[:SUSPICION])) % 256
        thought.append(self.suspicion)
        return told(self, features)

    monkeypatch.setattr(samples._Recorder, "classify", classify)
    found = samples.world_samples(20_003)
    features = found.features
    assert len(thought) == len(features) > 1000
    assert (features[:, SUSPICION:].max(axis=0) > 20).all()
    blank = features.copy()
    blank[:, SUSPICION:] = 0
    filled = with_suspicions(samples.Samples(blank, found.labels, found.families, found.scenes), np.array(thought))
    assert (filled.features != features).any(axis=1).mean() < 0.002


def test_suspicion_is_fast_to_rise_and_slow_to_fall() -> None:
    kept = [of_number(0, 200)]
    for suspicion in (200, 0, 0):
        kept.append(of_number(kept[-1], suspicion))
    assert kept == [150, 187, 93, 46]
    assert (of_block(0, 200), of_block(100, 0)) == (100, 87)
    assert max(of_number(255, 255), of_block(255, 255)) == 255


def test_the_trunk_has_no_suspicion_before_its_first_call_and_bounded_features_after_many() -> None:
    trunk = TrunkSuspicion()
    out = [7] * 5
    trunk.fill(out, 0, "a", 1000)
    assert out == [0] * 5
    for number in range(100_000):
        trunk.saw(f"n{number}", number % 2 == 0, 255, 1000 + number)
    trunk.fill(out, 0, "n99998", 101_000)
    assert all(0 < value <= 255 for value in out)


def test_only_mobiles_of_half_a_suspicion_are_suspects() -> None:
    trunk = TrunkSuspicion()
    for key, is_mobile, suspicion in (("card", True, SUSPECT), ("desk", False, 255), ("guest", True, SUSPECT - 1)):
        trunk.saw(key, is_mobile, suspicion, 1000)
    assert trunk.suspects.keys == ["card"]
