"""What a probe does to a ringing call: stopped whatever the modem's temper, never in shadow mode, never on a line in use."""

import asyncio
from pathlib import Path

import pytest

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.exchange.families import HUAWEI, QUECTEL, SIMCOM, USR
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.playing import play_to_probe
from tests.exchange.probe_config import write_json
from tests.exchange.trunk import Trunk, TrunkLine

DENIED, FRIEND = "01087654321", "01062345678"
TEMPERS = {
    "good": NO_FAULTS,
    "late": Faults(answers_late_s=0.8),
    "ignores-first": Faults(ignores_first_action=True),
    "split": Faults(split_bytes=True),
}
FAMILIES = (USR, SIMCOM, HUAWEI, QUECTEL)


def trunk(faults: Faults) -> Trunk:
    lines = tuple(TrunkLine(f"L{n:02d}", family, faults=faults) for n, family in enumerate(FAMILIES, 1))
    return Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", lines)


def plan() -> list[PlannedCall]:
    """On each line a friend who is answered and talks, then a denied caller who would ring for half a minute."""
    calls = []
    for line in range(len(FAMILIES)):
        calls.append(PlannedCall(10.0 + line, line, FRIEND, "shown", "", 20.0, 9.0, 30.0, "legit", "", ""))
        calls.append(PlannedCall(100.0 + 7 * line, line, DENIED, "shown", "", 30.0, None, 0.0, "telemarketing", "", ""))
    return sorted(calls, key=lambda call: call.t_s)


@pytest.mark.parametrize("temper", list(TEMPERS))
@runtimes.BOTH
def test_a_denied_caller_is_stopped_and_a_friend_is_not_touched(tmp_path: Path, runtime_name: str, temper: str) -> None:
    policy = write_json({"catflap_policy": 1, "deny": [{"number": DENIED}]}, tmp_path / "policy.json")
    runtime = runtimes.find(runtime_name)
    calls, _ = asyncio.run(play_to_probe(trunk(TEMPERS[temper]), plan(), runtime, {"policy": str(policy)}, tmp_path))
    assert sorted((call.planned.calling, call.outcome) for call in calls) == [(FRIEND, "answered")] * 4 + [(DENIED, "blocked")] * 4
    assert not any(call.touched_in_use for call in calls)


@runtimes.BOTH
def test_shadow_mode_touches_nothing(tmp_path: Path, runtime_name: str) -> None:
    policy = write_json({"catflap_policy": 1, "shadow": True, "deny": [{"number": DENIED}]}, tmp_path / "policy.json")
    runtime = runtimes.find(runtime_name)
    calls, made = asyncio.run(play_to_probe(trunk(NO_FAULTS), plan(), runtime, {"policy": str(policy)}, tmp_path))
    assert sorted((call.planned.calling, call.outcome) for call in calls) == [(FRIEND, "answered")] * 4 + [(DENIED, "given-up")] * 4
    assert made["alert"] >= 4
    spooled = "".join(path.read_text() for path in sorted((tmp_path / "state" / "spool").glob("*.log")))
    assert spooled.count('"outcome":"shadow"') == 4
