"""A caller whom an analogue line could not stop while he waited is stopped once the line is free and he rings."""

import json

import pytest

from catflap_probe.actions import LineActions
from catflap_probe.call import ACTIONS, Call
from catflap_probe.events import NUMBER, OFF_HOOK, ON_HOOK, RING
from catflap_probe.line import Line
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import parse
from catflap_probe.trunk import Observer, Trunk, TrunkSettings

DENIED = "01087654321"
SETTINGS = TrunkSettings(
    {"id": "beijing-7", "country": "CN", "area_code": "010", "lines": [{"id": "L01", "dialect": "v253", "profile": "usr"}]}
)


class Diary(Observer):
    """Keeps the action and the reasons of every decision."""

    def __init__(self) -> None:
        self.decisions: list[tuple[str, list[str]]] = []

    def decided(self, call: Call, now_ms: int) -> None:
        assert call.decision is not None
        self.decisions.append((ACTIONS[call.decision.action], call.decision.reasons))


@pytest.mark.parametrize(
    ("stop", "then"),
    [
        ({}, [("block", ["policy.deny", "model.missing"])]),
        ({"ringing": "never"}, []),
    ],
)
def test_a_denied_caller_who_waited_is_stopped_when_he_rings_unless_the_owner_never_stops_any(
    stop: dict[str, str], then: list[tuple[str, list[str]]]
) -> None:
    diary = Diary()
    rules = parse(json.dumps({"catflap_policy": 1, "deny": [{"number": DENIED}], "stop": stop}), "CN", [LineActions("L01", "v253", "usr")])
    line = Line(0, Trunk(SETTINGS, TrunkMemory("beijing-7", "board"), None, rules, diary))
    line.heard(OFF_HOOK, 0, 0, "", 0)
    # half an hour after somebody took the line nothing is relaxed any more
    start_ms = 1_900_000
    line.heard(NUMBER, start_ms, start_ms + 200, DENIED, 0)
    assert diary.decisions == [("label", ["policy.deny", "model.missing", "line.cannot-stop"])]
    line.heard(ON_HOOK, start_ms + 3000, start_ms + 3000, "", 0)
    line.heard(RING, start_ms + 4000, start_ms + 4000, "", 0)
    line.heard(RING, start_ms + 9000, start_ms + 9000, "", 0)
    assert diary.decisions[1:] == then
