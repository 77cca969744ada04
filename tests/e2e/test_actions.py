"""What a probe does to calls: a ringing one stopped whatever the modem's family and temper, a waiting one only where the talk goes on."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from tests.exchange.probe_process import ProbeProcess, Runtime, cpython, micropython_unix, modems_ready
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
SPEED = 10
"""So slow that a busy machine's hiccups of half a second leave a caller who rings for half a minute time to be stopped."""
STEP_S = 0.5
"""Seconds of the day from one line's calls to the next one's."""


def line_ids(first: int, count: int) -> list[str]:
    return [f"L{n:02d}" for n in range(first + 1, first + count + 1)]


def trunk(families: Sequence[Family], tempers: Sequence[Faults] = (), has_call_waiting: bool = False) -> Trunk:
    """A line for each family, and after them one for each temper of each common family."""
    kinds = [(family, NO_FAULTS) for family in families] + [(family, faults) for faults in tempers for family in COMMON]
    lines = tuple(
        TrunkLine(f"L{n:02d}", family, faults=faults, has_call_waiting=has_call_waiting) for n, (family, faults) in enumerate(kinds, 1)
    )
    return Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", lines)


def one_after_the_other(lines: int) -> list[PlannedCall]:
    """On each line a friend who is answered and talks, then a denied caller who would ring for half a minute."""
    calls = []
    for line in range(lines):
        at_s = 10.0 + STEP_S * line
        calls.append(PlannedCall(at_s, line, FRIEND, "shown", "", 20.0, 9.0, 30.0, "legit", "", ""))
        calls.append(PlannedCall(at_s + 65.0, line, DENIED, "shown", "", 30.0, None, 0.0, "telemarketing", "", ""))
    return sorted(calls, key=lambda call: call.t_s)


def one_behind_the_other(lines: int) -> list[PlannedCall]:
    """On each line a friend who talks for a minute, and after a while a denied caller, who would wait for half of it."""
    calls = []
    for line in range(lines):
        at_s = 10.0 + STEP_S * line
        calls.append(PlannedCall(at_s, line, FRIEND, "shown", "", 20.0, 9.0, 60.0, "legit", "", ""))
        calls.append(PlannedCall(at_s + 30.0, line, DENIED, "shown", "", 30.0, None, 0.0, "telemarketing", "", ""))
    return sorted(calls, key=lambda call: call.t_s)


@dataclass(frozen=True)
class Play:
    """What is played to a probe whose policy denies one caller."""

    on: Trunk
    plan: list[PlannedCall]
    is_shadow: bool = False


@dataclass(frozen=True)
class Played:
    """What became of the calls, how many records of each kind the probe made, and the folder that they are in."""

    calls: list[CallTruth]
    made: dict[str, int]
    folder: Path

    def outcomes(self, calling: str) -> dict[str, str]:
        """What became of the calls of one caller, by line."""
        return {call.line: call.outcome for call in self.calls if call.planned.calling == calling}

    def on_lines(self, lines: Sequence[str]) -> "Played":
        """The calls of some lines alone."""
        return replace(self, calls=[call for call in self.calls if call.line in lines])


EVERY = trunk(ALL, list(TEMPERS.values()))
WAITING = [
    *ALL,
    # told of it in the middle of the talk, as a call like any other (thess/callattendant#114)
    replace(USR, name="usr-told", waiting={"+VCID=1": SPACED}),
    replace(CONEXANT, name="conexant-told", waiting={"+VCID=1": lambda fields: ("\r\nRING\r\n" + SPACED(fields)[0], "\r\n")}),
]
PLAYS = {
    "stopped": Play(EVERY, one_after_the_other(len(EVERY.lines))),
    "waiting": Play(trunk(WAITING, has_call_waiting=True), one_behind_the_other(len(WAITING))),
    "shadow": Play(trunk(COMMON), one_after_the_other(len(COMMON)), is_shadow=True),
}


async def played(play: Play, runtime: Runtime, folder: Path) -> Played:
    """Play it from the probe's start to its end."""
    tree = {"catflap_policy": 1, "shadow": play.is_shadow, "deny": [{"number": DENIED}]}
    settings = {"policy": str(write_json(tree, folder / "policy.json"))}
    calls, made = await play_to_probe(play.on, play.plan, runtime, settings, folder, SPEED)
    return Played(calls, made, folder)


async def played_side_by_side(folder: Path) -> dict[tuple[str, str], Played | BaseException]:
    """Every play on every runtime, all at once, since it is waiting that takes their time."""
    keys = [(name, runtime) for name in PLAYS for runtime in (cpython(), micropython_unix()) if runtime]
    places = [folder / f"{name}-{runtime.name}" for name, runtime in keys]
    for place in places:
        place.mkdir()
    ways = [played(PLAYS[name], runtime, place) for (name, runtime), place in zip(keys, places, strict=True)]
    found = await asyncio.gather(*ways, return_exceptions=True)
    return {(name, runtime.name): one for (name, runtime), one in zip(keys, found, strict=True)}


@pytest.fixture(scope="module")
def plays(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Played]:
    """Gives what became of a play on a runtime."""
    found = asyncio.run(played_side_by_side(tmp_path_factory.mktemp("plays")))

    def get(name: str, runtime_name: str) -> Played:
        one = found[name, runtimes.find(runtime_name).name]
        if isinstance(one, BaseException):
            raise one
        return one

    return get


def stopped_and_spared(played: Played, lines: list[str]) -> None:
    """The denied caller is stopped on each of these lines, and the friend is not touched."""
    mine = played.on_lines(lines)
    assert mine.outcomes(DENIED) == dict.fromkeys(lines, "blocked")
    assert mine.outcomes(FRIEND) == dict.fromkeys(lines, "answered")
    assert not any(call.touched_in_use for call in mine.calls)


@runtimes.BOTH
def test_a_denied_caller_is_stopped_on_every_family_and_a_friend_is_not_touched(
    plays: Callable[[str, str], Played], runtime_name: str
) -> None:
    stopped_and_spared(plays("stopped", runtime_name), line_ids(0, len(ALL)))


@pytest.mark.parametrize("temper", list(TEMPERS))
@runtimes.BOTH
def test_a_denied_caller_is_stopped_whatever_the_modem_s_temper(
    plays: Callable[[str, str], Played], runtime_name: str, temper: str
) -> None:
    place = list(TEMPERS).index(temper)
    stopped_and_spared(plays("stopped", runtime_name), line_ids(len(ALL) + place * len(COMMON), len(COMMON)))


@runtimes.BOTH
def test_a_waiting_call_is_rejected_on_a_cellular_line_only_and_no_talk_is_touched(
    plays: Callable[[str, str], Played], runtime_name: str
) -> None:
    found = plays("waiting", runtime_name)
    assert not any(call.touched_in_use for call in found.calls)
    assert set(found.outcomes(FRIEND).values()) == {"answered"}
    ends = {f"L{n:02d}": "blocked" if family.is_cellular else "given-up" for n, family in enumerate(WAITING, 1)}
    assert found.outcomes(DENIED) == ends


@runtimes.BOTH
def test_shadow_mode_touches_nothing(plays: Callable[[str, str], Played], runtime_name: str) -> None:
    found = plays("shadow", runtime_name)
    assert set(found.outcomes(FRIEND).values()) == {"answered"}
    assert set(found.outcomes(DENIED).values()) == {"given-up"}
    assert found.made["alert"] >= len(COMMON)
    assert [record["outcome"] for record in records(found.folder / "state") if record["k"] == "end"].count("shadow") == len(COMMON)


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
