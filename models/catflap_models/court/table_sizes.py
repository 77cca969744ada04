"""What a smaller memory costs: the same calls decided by a trunk whose tables have so many rows."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from boards.linux.litert import open_classifier
from catflap_models.court.metrics import Share
from catflap_models.feed import feed
from catflap_models.plan import PlannedCall
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.scenario import Scenario
from catflap_models.simulate.world import planned_calls
from catflap_probe.call import BLOCK, SIMBANK, Call
from catflap_probe.memory.numbers import Blocks, Numbers
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import load

ROWS = (64, 128, 256, 512, 1024, 4096, 16384)
"""Of the number table; the block table has a quarter of that, as on a board and on Linux."""
_SETTLED = 30


@dataclass(frozen=True, slots=True)
class Sized:
    """What a memory of so many rows found of one bank after its 30th call, and whom it wronged."""

    rows: int
    blocked: Share
    labelled: Share
    honest_blocked: Share


class _Tally(Observer):
    """Counts decisions by what the planned call was."""

    def __init__(self) -> None:
        self.planned: dict[tuple[int, int], PlannedCall] = {}
        self.bank_calls = 0
        self.settled = self.blocked = self.labelled = self.honest = self.honest_blocked = 0

    def began(self, call: PlannedCall) -> None:
        """A planned call is about to ring."""
        self.planned[call.line, round(call.t_s * 1000)] = call

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:  # noqa: ARG002 - an Observer is told more than it needs
        """Counts one call."""
        planned = self.planned.pop((call.line, call.t_ms), None)
        if planned is None or call.decision is None:
            return
        is_blocked = call.decision.action == BLOCK
        if planned.label == "legit":
            self.honest += 1
            self.honest_blocked += is_blocked
        elif planned.label == "simbank":
            self.bank_calls += 1
            if self.bank_calls > _SETTLED:
                self.settled += 1
                self.blocked += is_blocked
                self.labelled += call.decision.label == SIMBANK


def judge_with_rows(scenario: Scenario, rows: int, bundle: Path) -> Sized:
    """Plays the scenario's incoming calls, as cellular lines tell them, to a trunk with such tables."""
    called = scenario.trunk
    lines = [{"id": f"L{line + 1:02}", "dialect": "3gpp", "numbers": [own_number(called, line)]} for line in range(called.lines)]
    settings = TrunkSettings({"id": called.id, "country": called.country, "area_code": called.area_code, "lines": lines})
    memory = TrunkMemory(settings.id, "board")
    memory.numbers, memory.blocks = Numbers(rows), Blocks(max(rows // 4, 16))
    tally = _Tally()
    trunk = Trunk(settings, memory, load(str(bundle), open_classifier), Policy(called.country), tally)
    trunk.start(settings, round(datetime.fromisoformat(called.start).timestamp() * 1000))
    feed(trunk, "3gpp", (call for call in planned_calls(scenario) if call.direction == "in"), tally.began)
    return Sized(rows, Share(tally.blocked, tally.settled), Share(tally.labelled, tally.settled), Share(tally.honest_blocked, tally.honest))
