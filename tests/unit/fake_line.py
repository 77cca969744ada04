"""One line of a probe with its modem, in virtual time: decisions are a list of numbers, everything else is the probe's own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from catflap_probe.call import ALLOW, BLOCK, LEGIT, Call, Decision
from catflap_probe.care.keeper import Keeper
from catflap_probe.care.power import PowerSwitch
from catflap_probe.care.watch import Watch
from catflap_probe.clock import Clock
from catflap_probe.command import Commander
from catflap_probe.config import PortSettings
from catflap_probe.desk import Desk
from catflap_probe.dialect.table import find_profile
from catflap_probe.ear import Ear
from catflap_probe.line import Line
from catflap_probe.lines import Lines
from tests.unit.fake_modem import FakeBoard, FakeModem, run

PATH = "/dev/ttyACM0"
NAMED_S = 30.0
"""Everything that goes wrong is set right or named within so long."""

DENIED = "01087654321"
FRIEND = "01062345678"


class FakeLine(Desk, Keeper):
    """A line whose calls from DENIED are stopped; `told` are its health records, each with its second."""

    def __init__(self, modem: FakeModem, dialect: str, profile: str, baud: int, power: PowerSwitch | None) -> None:
        self.modem = modem
        self.board = FakeBoard()
        self.board.modems[PATH] = modem
        self.told: list[tuple[float, str, str]] = []
        self.calls: list[Call] = []
        self.ended_calls: list[Call] = []
        self.family = ""
        self.clock = Clock(self.board, None)
        self.line = Line(0, self)
        self.commander = Commander(self.clock, self.line, find_profile(dialect, profile)[0], self.sent)
        self.watch = Watch(self.board, self.clock, self, self.commander, PortSettings(PATH, baud, power), dialect, 0x26)
        self.lines = Lines()
        self.lines.add(self.line, dialect, Ear(self.line, self.commander, self.watch))

    def now_s(self) -> float:
        """Seconds since the start."""
        return asyncio.get_running_loop().time()

    def whats(self) -> list[str]:
        """The codes told, in order."""
        return [what for _, what, _ in self.told]

    def detail(self, what: str) -> str:
        """What was told with a code, the last time."""
        return [detail for _, told, detail in self.told if told == what][-1]

    def told_at(self, what: str) -> float:
        """The second at which a code was told first."""
        return next(t_s for t_s, told, _ in self.told if told == what)

    async def until(self, what: str, count: int = 1, limit_s: float = 60.0) -> None:
        """Waits until a code was told so often; fails the test where it is not."""
        end_s = self.now_s() + limit_s
        while self.whats().count(what) < count:
            assert self.now_s() < end_s, f"{what} was not told, but {self.told}"
            await asyncio.sleep(0.1)

    def decide(self, call: Call, now_ms: int) -> None:
        """See Desk."""
        is_denied = call.calling == DENIED
        call.decision = Decision(LEGIT, 0, BLOCK if is_denied else ALLOW, [], now_ms)
        self.calls.append(call)
        if is_denied:
            self.commander.stop(call)
        else:
            self.commander.spare(call)

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        """See Desk."""
        self.commander.over(call, now_ms, released)
        self.watch.ended(call)
        self.ended_calls.append(call)

    def take(self, data: bytes, read_us: int) -> None:
        """See Keeper."""
        self.lines.feed(0, self.clock.now_ms(), data)

    def sent(self, data: bytes) -> None:
        """Tells the dialect what was sent."""
        self.lines.dialects[0].sent(self.clock.now_ms(), data)

    def unplugged(self) -> None:
        """See Keeper."""
        self.lines.unplugged(0, self.clock.now_ms())

    def recognised(self, family: str) -> None:
        """See Keeper."""
        self.family = family

    def tell(self, what: str, detail: str) -> None:
        """See Keeper."""
        self.told.append((self.now_s(), what, detail))

    async def tick(self) -> None:
        """Lets what falls due happen."""
        while True:
            self.lines.advance(self.clock.now_ms())
            await asyncio.sleep(0.25)


def play_line(
    play: Callable[[FakeLine], Coroutine[Any, Any, None]],
    modem: FakeModem,
    dialect: str = "v253",
    profile: str = "usr",
    baud: int = 115200,
    power: PowerSwitch | None = None,
    line_of: type[FakeLine] = FakeLine,
) -> None:
    """Plays with a line that is being looked after, in virtual time."""

    async def all_of_it() -> None:
        line = line_of(modem, dialect, profile, baud, power)
        tasks = [asyncio.create_task(line.watch.run()), asyncio.create_task(line.tick())]
        try:
            await play(line)
            for task in tasks:
                assert not task.done(), task.exception()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    run(all_of_it())


async def ring(line: FakeLine, times: int = 1, gap_s: float = 5.0) -> None:
    """The line rings, the last ring followed by no pause."""
    for index in range(times):
        if index:
            await asyncio.sleep(gap_s)
        line.modem.say("RING")
