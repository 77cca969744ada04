"""What a probe does to calls: a ringing one stopped whatever the modem's family and temper, a waiting one only where the talk goes on."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.exchange.analogue import CONEXANT, SPACED, USR
from tests.exchange.exchange import Exchange
from tests.exchange.families import COMMON, FAMILIES
from tests.exchange.family import Family
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.line import SEIZURE_S
from tests.exchange.playing import play_to_probe
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, modems_ready
from tests.exchange.spooled import records
from tests.exchange.trunk import Trunk, TrunkLine
from tests.exchange.truth import CallTruth

DENIED, FRIEND = "01087654321", "01062345678"
TEMPERS = {
    "late": Faults(answers_late_s=0.8),
    "ignores-first": Faults(ignores_first_action=True),
    "split": Faults(split_bytes=True),
}
ALL = [
    family for family in FAMILIES.values() if any("ID" in setting or "CLIP" in setting or "S40" in setting for setting in family.caller_id)
]
"""Every family that shows caller ID to a probe that leaves it in data mode."""
SPEED = 30
"""Slow enough for a busy machine to play some twenty modems at once."""


def trunk(families: Sequence[Family], faults: Faults = NO_FAULTS, has_call_waiting: bool = False) -> Trunk:
    lines = tuple(TrunkLine(f"L{n:02d}", family, faults=faults, has_call_waiting=has_call_waiting) for n, family in enumerate(families, 1))
    return Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", lines)


def one_after_the_other(lines: int) -> list[PlannedCall]:
    """On each line a friend who is answered and talks, then a denied caller who would ring for half a minute."""
    calls = []
    for line in range(lines):
        calls.append(PlannedCall(10.0 + line, line, FRIEND, "shown", "", 20.0, 9.0, 30.0, "legit", "", ""))
        calls.append(PlannedCall(100.0 + 3 * line, line, DENIED, "shown", "", 30.0, None, 0.0, "telemarketing", "", ""))
    return sorted(calls, key=lambda call: call.t_s)


def one_behind_the_other(lines: int) -> list[PlannedCall]:
    """On each line a friend who talks for a minute, and after a while a denied caller, who would wait for half of it."""
    calls = []
    for line in range(lines):
        calls.append(PlannedCall(10.0 + line, line, FRIEND, "shown", "", 20.0, 9.0, 60.0, "legit", "", ""))
        calls.append(PlannedCall(40.0 + line, line, DENIED, "shown", "", 30.0, None, 0.0, "telemarketing", "", ""))
    return sorted(calls, key=lambda call: call.t_s)


def played(
    families: Sequence[Family], plan: list[PlannedCall], runtime_name: str, folder: Path, speed: int = 40, **changes: object
) -> list[CallTruth]:
    """The calls of a plan, played to a probe whose policy denies one caller; `changes` are those of trunk()."""
    policy = write_json({"catflap_policy": 1, "deny": [{"number": DENIED}]}, folder / "policy.json")
    on = trunk(families, **changes)  # type: ignore[arg-type]
    return asyncio.run(play_to_probe(on, plan, runtimes.find(runtime_name), {"policy": str(policy)}, folder, speed))[0]


def outcomes(calls: Sequence[CallTruth], calling: str) -> dict[str, str]:
    """What became of the calls of one caller, by line."""
    return {call.line: call.outcome for call in calls if call.planned.calling == calling}


@runtimes.BOTH
def test_a_denied_caller_is_stopped_on_every_family_and_a_friend_is_not_touched(tmp_path: Path, runtime_name: str) -> None:
    calls = played(ALL, one_after_the_other(len(ALL)), runtime_name, tmp_path, SPEED)
    lines = [f"L{n:02d}" for n in range(1, len(ALL) + 1)]
    assert outcomes(calls, DENIED) == dict.fromkeys(lines, "blocked")
    assert outcomes(calls, FRIEND) == dict.fromkeys(lines, "answered")
    assert not any(call.touched_in_use for call in calls)


@pytest.mark.parametrize("temper", list(TEMPERS))
@runtimes.BOTH
def test_a_denied_caller_is_stopped_whatever_the_modem_s_temper(tmp_path: Path, runtime_name: str, temper: str) -> None:
    calls = played(COMMON, one_after_the_other(len(COMMON)), runtime_name, tmp_path, faults=TEMPERS[temper])
    assert set(outcomes(calls, DENIED).values()) == {"blocked"}
    assert set(outcomes(calls, FRIEND).values()) == {"answered"}
    assert not any(call.touched_in_use for call in calls)


@runtimes.BOTH
def test_a_waiting_call_is_rejected_on_a_cellular_line_only_and_no_talk_is_touched(tmp_path: Path, runtime_name: str) -> None:
    families = [
        *ALL,
        # told of it in the middle of the talk, as a call like any other (thess/callattendant#114)
        replace(USR, name="usr-told", waiting={"+VCID=1": SPACED}),
        replace(CONEXANT, name="conexant-told", waiting={"+VCID=1": lambda fields: ("\r\nRING\r\n" + SPACED(fields)[0], "\r\n")}),
    ]
    calls = played(families, one_behind_the_other(len(families)), runtime_name, tmp_path, SPEED, has_call_waiting=True)
    assert not any(call.touched_in_use for call in calls)
    assert set(outcomes(calls, FRIEND).values()) == {"answered"}
    assert outcomes(calls, DENIED) == {f"L{n:02d}": "blocked" if family.is_cellular else "given-up" for n, family in enumerate(families, 1)}


@runtimes.BOTH
def test_shadow_mode_touches_nothing(tmp_path: Path, runtime_name: str) -> None:
    policy = write_json({"catflap_policy": 1, "shadow": True, "deny": [{"number": DENIED}]}, tmp_path / "policy.json")
    runtime = runtimes.find(runtime_name)
    plan = one_after_the_other(len(COMMON))
    calls, made = asyncio.run(play_to_probe(trunk(COMMON), plan, runtime, {"policy": str(policy)}, tmp_path, speed=40))
    assert set(outcomes(calls, FRIEND).values()) == {"answered"}
    assert set(outcomes(calls, DENIED).values()) == {"given-up"}
    assert made["alert"] >= len(COMMON)
    assert [record["outcome"] for record in records(tmp_path / "state") if record["k"] == "end"].count("shadow") == len(COMMON)


async def stop_while_the_line_is_held(folder: Path, runtime: Runtime) -> str:
    """The state of an analogue line after its probe was stopped in the middle of a block, and what the modem was told last."""
    policy = write_json({"catflap_policy": 1, "deny": [{"number": DENIED}]}, folder / "policy.json")
    one = trunk([USR])
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
