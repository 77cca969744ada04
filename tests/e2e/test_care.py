"""Care of modems: what goes wrong with them in mid-day is put right, or named, within 30 s, and no call is lost that a line still showed.

One probe has a line for each mishap. All of them happen at once, and the days of both runtimes side by side; the tests look at what
became of each line.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.exchange.analogue import CONEXANT, USR, ZOOM
from tests.exchange.cellular import HUAWEI, QUECTEL, SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.faults import Faults
from tests.exchange.foreign import NAME, ForeignProgram
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, cpython, micropython_unix
from tests.exchange.spooled import records
from tests.exchange.trunk import Trunk, TrunkLine

SPEED = 4
"""A second of the machine's own hiccups must stay small against the 30 s."""
WITHIN_S = 30.0
START_S = 120.0
"""Of the machine's, until both probes have set up all their modems."""
START = "2026-03-02T08:00:00+08:00"
FIRST, DURING, LATER = "01062345671", "01062345672", "01062345673"

TRUNK = Trunk(
    "beijing",
    "CN",
    "010",
    START,
    (
        TrunkLine("unplugged", USR),
        TrunkLine("reset", QUECTEL),
        TrunkLine("reset-while-ringing", USR),
        TrunkLine("forgets", CONEXANT),
        TrunkLine("wedged", USR, power="relay"),
        TrunkLine("wedged-hub", SIMCOM, power="usb"),
        TrunkLine("wedged-for-good", ZOOM),
        TrunkLine("wrong-baud", USR, baud=9600),
        TrunkLine("taken", QUECTEL),
        TrunkLine("shared", HUAWEI),
        TrunkLine("unnamed", USR, faults=Faults(caller_id_lost=1.0)),
    ),
)


@dataclass(slots=True)
class Day:
    """What the probe put on record, when it began to talk to modems, and when what happened; seconds of the day."""

    records: list[dict[str, Any]] = field(default_factory=list)
    begun_s: float = 0.0
    mishap_s: dict[str, float] = field(default_factory=dict)
    shows_caller_id: set[str] = field(default_factory=set)
    cycles: dict[str, int] = field(default_factory=dict)

    def health(self, line: str) -> dict[str, tuple[float, str]]:
        """Second of the day and detail of each kind of health record after the line's mishap, the first of its kind."""
        found: dict[str, tuple[float, str]] = {}
        for record in self.records:
            if record["k"] == "health" and record["line"] == line:
                at_s = record["at_ms"] / 1000 - datetime.fromisoformat(START).timestamp()
                if at_s >= self.mishap_s.get(line, 0.0):
                    found.setdefault(record["what"], (at_s, record["detail"]))
        return found

    def took_s(self, line: str, what: str) -> float:
        """Seconds from the mishap to the record."""
        told = self.health(line)
        assert what in told, told
        return told[what][0] - self.mishap_s.get(line, 0.0)

    def calling(self, line: str) -> list[str]:
        """The numbers of the line's calls, in order, each call once; empty where it was decided without one."""
        numbers: dict[int, str] = {}
        for record in self.records:
            if record["k"] in ("call", "alert") and record["line"] == line:
                numbers[record["call"]] = record["calling"]
        return list(numbers.values())


def index(line: str) -> int:
    """A line's place in the trunk."""
    return [one.id for one in TRUNK.lines].index(line)


def call(t_s: float, line: str, calling: str, answer_s: float | None = None) -> PlannedCall:
    """A call that rings twice or thrice, or is answered and over soon."""
    return PlannedCall(t_s, index(line), calling, "shown", "", 8.5, answer_s, 4.0, "legit", "", "")


async def _live(runtime: Runtime, folder: Path) -> Day:
    day = Day()
    async with Exchange(TRUNK, SPEED, int(time.time() * 1000)) as exchange:
        path = write_json(plugged_in(probe_config(TRUNK, "care", list(exchange.ports), folder / "state"), exchange), folder / "probe.json")
        async with (
            ForeignProgram(exchange.ports["taken"], folder / "taken.log", has_lock=True),
            ProbeProcess(runtime, path, folder / "probe.log") as probe,
        ):
            await _mishaps(exchange, probe, day, folder)
            await probe.stop()
    day.records = records(folder / "state")
    day.shows_caller_id = set(exchange.lines) - set(exchange.without_caller_id())
    day.cycles = {line: power.cycles for line, power in exchange.power.items()}
    return day


async def _mishaps(exchange: Exchange, probe: ProbeProcess, day: Day, folder: Path) -> None:
    """Plays the day: a call on each line, the mishaps, a call meanwhile, time to mend, another call on each line."""
    clock = exchange.clock

    def ready() -> bool:
        return probe.has_ended or set(exchange.without_caller_id()) <= {"taken"}

    await exchange.until(ready, START_S)
    day.begun_s = exchange.first_word_s or 0.0
    first_s = clock.now_s() + 1.0
    ringing = ["reset", "forgets", "unnamed", "reset-while-ringing"]
    exchange.play(sorted((call(first_s + index(line) / 10, line, FIRST) for line in ringing), key=lambda one: one.t_s))
    await exchange.until(lambda: clock.now_s() > first_s + 4.0, 10.0)
    _happens(day, clock.now_s(), "reset-while-ringing", exchange.modems["reset-while-ringing"].reset)
    await exchange.until(lambda: clock.now_s() > first_s + 16.0, 10.0)
    async with ForeignProgram(exchange.ports["shared"], folder / "shared.log", has_lock=False):
        at_s = clock.now_s()
        day.mishap_s["shared"] = at_s
        _happens(day, at_s, "unplugged", lambda: exchange.plug("unplugged", False))
        _happens(day, at_s, "reset", exchange.modems["reset"].reset)
        _happens(day, at_s, "forgets", exchange.modems["forgets"].forget)
        _happens(day, at_s, "wedged", exchange.modems["wedged"].wedge)
        _happens(day, at_s, "wedged-hub", lambda: exchange.modems["wedged-hub"].wedge(hears_line=False))
        _happens(day, at_s, "wedged-for-good", exchange.modems["wedged-for-good"].wedge)
        # without caller ID a call is one of its own only once the one before must be over
        exchange.play([call(at_s + 14.0, "unnamed", DURING)])
        await exchange.until(lambda: clock.now_s() > at_s + 4.0, 10.0)
        exchange.plug("unplugged", True)
        day.mishap_s["unplugged"] = clock.now_s()
        await exchange.until(lambda: clock.now_s() > at_s + WITHIN_S + 6.0, 20.0)
    # the port that vanished with its power is looked for every two seconds of real time
    await exchange.until(lambda: probe.has_ended or set(exchange.without_caller_id()) <= {"taken", "wedged-for-good"}, 20.0)
    later_s = clock.now_s() + 1.0
    lines = [line.id for line in TRUNK.lines if line.id != "taken"]
    exchange.play(sorted((call(later_s + index(line) / 10, line, LATER) for line in lines), key=lambda one: one.t_s))
    await exchange.until(lambda: clock.now_s() > later_s + 24.0, 20.0)


def _happens(day: Day, t_s: float, line: str, what: Callable[[], None]) -> None:
    day.mishap_s[line] = t_s
    what()


@pytest.fixture(scope="module", params=["cpython", "micropython"])
def runtime_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


async def _all_live(folder: Path) -> dict[str, Day]:
    found = [runtime for runtime in (cpython(), micropython_unix()) if runtime]
    for runtime in found:
        (folder / runtime.name).mkdir()
    days = await asyncio.gather(*(_live(runtime, folder / runtime.name) for runtime in found))
    return {runtime.name: day for runtime, day in zip(found, days, strict=True)}


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Day]:
    """The one day of each runtime, played once for all tests."""
    return asyncio.run(_all_live(tmp_path_factory.mktemp("care")))


@pytest.fixture
def day(runtime_name: str, days: dict[str, Day]) -> Day:
    """That of a runtime."""
    return days[runtimes.find(runtime_name).name]


def within(day: Day, line: str, what: str) -> bool:
    """Whether a step was put on record within 30 s of the mishap."""
    return day.took_s(line, what) <= WITHIN_S


def test_every_modem_that_can_be_mended_shows_caller_id_again(day: Day) -> None:
    assert {line.id for line in TRUNK.lines} - day.shows_caller_id <= {"wedged-for-good", "taken"}
    for line in ("unplugged", "reset", "reset-while-ringing", "forgets", "wedged", "wedged-hub", "wrong-baud", "shared"):
        assert day.calling(line)[-1] == LATER, line


def test_an_unplugged_modem_is_back_soon_after_it_is_plugged_in_again(day: Day) -> None:
    told = {record["what"] for record in day.records if record["k"] == "health" and record["line"] == "unplugged"}
    assert "unplugged" in told
    assert within(day, "unplugged", "modem-ready")


def test_a_modem_that_says_it_has_started_anew_is_set_up_again(day: Day) -> None:
    assert within(day, "reset", "modem-reset")
    assert within(day, "reset", "re-initialised")
    assert day.calling("reset") == [FIRST, LATER]


def test_a_reset_while_it_rings_loses_no_call(day: Day) -> None:
    assert day.calling("reset-while-ringing") == [FIRST, LATER]
    assert within(day, "reset-while-ringing", "re-initialised")


def test_settings_lost_without_a_word_are_noticed_and_made_again(day: Day) -> None:
    assert within(day, "forgets", "re-initialised")
    assert day.calling("forgets") == [FIRST, LATER]


@pytest.mark.parametrize("line", ["wedged", "wedged-hub"])
def test_a_wedged_modem_is_named_and_power_cycled_where_that_can_be_done(line: str, day: Day) -> None:
    assert within(day, line, "modem-silent")
    assert day.cycles[line] == 1
    assert list(day.health(line))[-1] == "modem-ready"


def test_a_wedged_modem_that_nothing_can_switch_is_named_and_its_calls_are_still_heard(day: Day) -> None:
    assert within(day, "wedged-for-good", "modem-silent")
    assert "needs-power-cycle" in day.health("wedged-for-good")
    assert day.calling("wedged-for-good") == [""]


def test_the_speed_that_a_modem_answers_at_is_found_and_told(day: Day) -> None:
    at_s, detail = day.health("wrong-baud")["wrong-baud"]
    assert at_s - day.begun_s <= WITHIN_S
    assert "9600" in detail
    assert "modem-ready" in day.health("wrong-baud")


def test_another_program_on_the_port_is_named(day: Day, runtime_name: str) -> None:
    if runtime_name == "micropython":
        # it stands for boards, whose serial ports nobody else can open: it names nobody, and listens all the same
        assert not {"port-busy", "port-shared"} & set(day.health("taken"))
        assert "modem-is" in day.health("taken")
        return
    at_s, detail = day.health("taken")["port-busy"]
    assert at_s - day.begun_s <= WITHIN_S
    assert NAME in detail
    assert within(day, "shared", "port-shared")
    assert NAME in day.health("shared")["port-shared"][1]
    assert "port-free" in day.health("shared")


def test_rings_without_caller_id_are_counted_and_alarmed(day: Day) -> None:
    assert day.calling("unnamed") == ["", "", ""]
    assert day.health("unnamed")["rings-without-caller-id"][1].startswith("2 calls")
