"""What a probe does to a ringing call: stopped whatever the modem's temper, never in shadow mode, never on a line in use."""

import asyncio
import time
from pathlib import Path

import pytest

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.exchange.analogue import USR
from tests.exchange.cellular import HUAWEI, QUECTEL, SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.line import SEIZURE_S
from tests.exchange.playing import play_to_probe
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, modems_ready
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


async def stop_while_the_line_is_held(folder: Path, runtime: Runtime) -> str:
    """The state of an analogue line after its probe was stopped in the middle of a block, and what the modem was told last."""
    policy = write_json({"catflap_policy": 1, "deny": [{"number": DENIED}]}, folder / "policy.json")
    one = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", USR),))
    async with Exchange(one, speed=1, origin_ms=int(time.time() * 1000)) as exchange:
        config = probe_config(one, "stopped", ["L01"], folder / "state") | {"policy": str(policy)}
        path = write_json(plugged_in(config, exchange), folder / "probe.json")
        async with ProbeProcess(runtime, path, folder / "probe.log") as probe:
            await modems_ready(exchange, [probe], 30.0)
            start_s = exchange.clock.now_s() + 0.1
            exchange.play([PlannedCall(start_s, 0, DENIED, "shown", "", 30.0, None, 0.0, "telemarketing", "", "")])
            await exchange.until(lambda: exchange.lines["L01"].state == "taken", timeout_s=30.0)
            # off-hook for long enough that the exchange takes it for an answer
            await exchange.pass_time(2 * SEIZURE_S)
            await probe.stop()
            await exchange.until(lambda: exchange.lines["L01"].state != "taken", timeout_s=5.0)
        return exchange.lines["L01"].state


@runtimes.BOTH
def test_a_probe_that_is_stopped_leaves_no_line_off_hook(tmp_path: Path, runtime_name: str) -> None:
    assert asyncio.run(stop_while_the_line_is_held(tmp_path, runtimes.find(runtime_name))) == "idle"
