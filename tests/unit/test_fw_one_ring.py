"""A sweep of one-ring calls over the lines: one that was gone before its number came is of it, soon after one whose number came."""

from array import array

import pytest

from catflap_probe.call import LEGIT, SIMBANK, WANGIRI, Call
from catflap_probe.features import NAMES
from catflap_probe.line import Line
from catflap_probe.lines import Lines
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import SWEEP_S, Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import Bundle

FOREIGNER = "+23276123456"
"""Of a country with dear calls."""


class Sure(Bundle):
    """A classifier that takes calls with a number for ordinary ones, and says one label of all others."""

    def __init__(self, label: int) -> None:
        self.label_threshold, self.block_threshold = 6000, 9000
        self.label = label
        self.suspicion = 0

    def classify(self, features: "array[int]") -> tuple[int, int]:
        is_nameless = features[NAMES.index("kind.none")] > 0
        return (self.label, 7000) if is_nameless and self.label != LEGIT else (LEGIT, 0)


class Ended(Observer):
    """What ended calls were found to be."""

    def __init__(self) -> None:
        self.labels: list[int] = []

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        self.labels.append(label)


def heard(nameless_ms: int, ring_ms: int, label: int) -> list[int]:
    """A one-ring call with a number, and one without that begins then and rings so long; the classifier says `label` of both."""
    seen = Ended()
    settings = TrunkSettings({"id": "t", "country": "CN", "area_code": "010", "lines": [{"id": "a", "dialect": "3gpp", "numbers": []}]})
    trunk = Trunk(settings, TrunkMemory("t", "board"), Sure(label), Policy("CN"), seen)
    lines = Lines()
    line = Line(0, trunk)
    lines.add(line, "3gpp", line)
    lines.feed(0, 60_000, b'\r\nRING\r\n\r\n+CLIP: "%s",145\r\n' % FOREIGNER.encode())
    lines.feed(0, 61_000, b"\r\nNO CARRIER\r\n")
    for ring_at_ms in range(nameless_ms, nameless_ms + ring_ms, 4000):
        lines.feed(0, ring_at_ms, b"\r\nRING\r\n")
    lines.feed(0, nameless_ms + ring_ms, b"\r\nNO CARRIER\r\n")
    lines.finish(nameless_ms + ring_ms + 60_000)
    return seen.labels


@pytest.mark.parametrize("label", [LEGIT, SIMBANK])
def test_gone_before_its_number_came_it_is_of_the_sweep(label: int) -> None:
    assert heard(90_000, 1000, label)[1] == WANGIRI


def test_long_after_a_sweep_or_ringing_on_it_is_not() -> None:
    assert heard(61_000 + 1000 * (SWEEP_S + 1), 1000, LEGIT)[1] == LEGIT
    assert heard(90_000, 9000, LEGIT)[1] == LEGIT
