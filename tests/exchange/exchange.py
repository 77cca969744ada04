"""The emulated exchange: a trunk's lines and modems on ptys, run in the day's time, with its own truth about every call."""

import asyncio
import random
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from catflap_models.plan import PlannedCall
from tests.exchange.clock import ScaledClock
from tests.exchange.line import Line
from tests.exchange.modem import Modem
from tests.exchange.power import PowerSwitch
from tests.exchange.pty_port import PtyPort
from tests.exchange.switch import Switch
from tests.exchange.trunk import Trunk, connect
from tests.exchange.truth import CallTruth


class Exchange:
    """Serves one trunk from within a running event loop; `async with` closes its ports."""

    def __init__(self, trunk: Trunk, speed: int, origin_ms: int, seed: int = 0) -> None:
        self.trunk = trunk
        self.calls: list[CallTruth] = []
        """Every call offered, in order, busy ones included."""
        self.ports: dict[str, str] = {}
        """Line to the path that the probe opens."""
        self.lines: dict[str, Line] = {}
        self.modems: dict[str, Modem] = {}
        self._speed = speed
        self._origin_ms = origin_ms
        loop = asyncio.get_running_loop()
        self.clock = ScaledClock(loop, speed, origin_ms)
        self._folder = tempfile.TemporaryDirectory(prefix="catflap-ports-")
        self._ptys: dict[str, PtyPort] = {}
        self.power: dict[str, PowerSwitch] = {}
        """The lines whose modem's power the probe may switch."""
        self.first_word_s: float | None = None
        """When a probe first wrote anything to any modem; what comes before is its process starting."""
        for index, line in enumerate(trunk.lines):
            port = PtyPort(loop, Path(self._folder.name) / f"usb-{line.family.name}_{line.id}-if00", line.baud)
            self._ptys[line.id] = port
            self.ports[line.id] = port.path
            wire, modem = connect(trunk, line, self.clock, port.write, lambda _: None, random.Random(seed * 1000 + index))
            self.lines[line.id], self.modems[line.id] = wire, modem
            port.listen(partial(self._hear, modem))
            if line.power:
                switched = partial(self.plug, line.id) if line.power == "usb" else modem.switch
                self.power[line.id] = PowerSwitch(Path(self._folder.name) / f"{line.id}.power", switched)
        self.switch = Switch(self.clock, list(self.lines), list(self.lines.values()))

    def clock_setting(self) -> dict[str, Any]:
        """The `clock` of a probe's configuration that makes it live in this day (PROTOCOL.md section 6)."""
        return {"speed": self._speed, "origin_ms": self._origin_ms, "start": self.trunk.start}

    def play(self, plan: Iterable[PlannedCall]) -> None:
        """Starts to play a plan in the background."""
        self.switch.play(plan, self.calls)

    def plug(self, line: str, is_plugged: bool) -> None:
        """Pulls a modem out, or puts it in again: it has no power meanwhile, and its port is not there."""
        if is_plugged:
            self._ptys[line].plug()
        self.modems[line].switch(is_plugged)
        if not is_plugged:
            self._ptys[line].unplug()

    def speed(self, line: str) -> int:
        """The speed in baud that the probe has set on a line's port."""
        return self._ptys[line].speed()

    def without_caller_id(self) -> list[str]:
        """The lines on whose modem caller ID is off."""
        return [name for name, modem in self.modems.items() if not modem.shows_caller_id]

    async def quiet(self, timeout_s: float | None) -> None:
        """Waits until no call is to come and every line is idle; raises TimeoutError."""
        await self.until(lambda: not self.switch.playing and not self.switch.lines_in_use, timeout_s)

    async def pass_time(self, day_s: float) -> None:
        """Lets so many seconds of the day go by."""
        await asyncio.sleep(day_s / self._speed)

    def _hear(self, modem: Modem, data: bytes, read_ns: int) -> None:
        if self.first_word_s is None:
            self.first_word_s = self.clock.now_s()
        modem.receive(data, read_ns)

    @staticmethod
    async def until(reached: Callable[[], bool], timeout_s: float | None) -> None:
        """Waits for a condition, for ever if the time is None; raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not reached():
                await asyncio.sleep(0.01)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.switch.stop()
        for power in self.power.values():
            power.close()
        for port in self._ptys.values():
            port.unplug()
        self._folder.cleanup()
