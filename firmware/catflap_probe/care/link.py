"""The way to one modem: its port opened and listened to, and, when nothing is answered, sought at other speeds and woken by its power.

no answer, twice: modem-silent -> each speed of its family: wrong-baud where another than the configured one is answered at
                       ^       -> power-cycled, or needs-power-cycle where nothing can switch it
                       |       -> AT now and then, in pauses that grow
                       +--------+

While a call is there nothing is sent and the port stays open at its speed, so that no call is lost that the line still shows.
"""

import asyncio

from ..board import Board, Port
from ..clock import Clock
from ..command import Commander
from ..dialogue import Request
from ..events import FAINT_RING, INFORMATION, MESSAGE, OFF_HOOK, ON_HOOK, REPLY, RESET, STORED, TONE
from .door import Door
from .keeper import Keeper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..config import PortSettings

QUIET_MS = 5000
"""Nothing is asked so soon after a sign of a call."""

AWAKE_MS = 1500
"""A modem that is awake answers AT within this time."""

HUNT_MS = 700
"""So long each AT is waited for at another speed: six of them take no more than ten seconds."""

BOOT_MS = 20000
PING_MS = 20000
PAUSE_MS = 5000
LONGEST_PAUSE_MS = 3600000

NOISE_BYTES = 12
"""So many bytes that no text has, and more of them than of others, mean a wrong speed."""

UNSURE = (FAINT_RING, INFORMATION, TONE, OFF_HOOK, ON_HOOK)
"""Events that noise can look like."""

NO_CALLS = (REPLY, INFORMATION, RESET, TONE, MESSAGE, STORED)
"""Events that tell nothing of calls."""

WAKING = ("\rAT", "ATQ0V1E0")
"""The first ends what stood half typed; the second brings back answers in words (V.250 clauses 6.2.5, 6.2.6)."""


class PortGone(Exception):
    """The port is gone while its modem was being looked after."""


class Link:
    """The port of one line and what is behind it."""

    def __init__(self, board: Board, clock: Clock, keeper: Keeper, commander: Commander, where: "PortSettings") -> None:
        self.board = board
        self.clock = clock
        self.keeper = keeper
        self.commander = commander
        self.where = where
        self.line = commander.line
        self.dialogue = commander.dialogue
        self.door = Door(board, where.path, keeper)
        self.woken = asyncio.Event()  # something has come up that should not wait for the next check
        self.is_noisy = False
        self.byte_ms = 0  # when the last bytes came
        self._port: Port | None = None
        self._baud = where.baud  # at which it answered last
        self._open_baud = where.baud
        self._is_gone = False
        self._fault: Exception | None = None
        self._is_lost = False  # silent, being brought back
        self._told: list[str] = []
        self.sign_ms = -QUIET_MS  # the last sign of a call, its end included
        self._events = 0  # that can only be read at the right speed, since the modem fell silent
        self._noise = 0
        self._text = 0

    async def open(self) -> None:
        """Opens the port, however long that takes, and listens."""
        self._start(await self.door.open(self._baud), self._baud)
        self.keeper.plugged()

    def close(self) -> None:
        """Lets the port go, an analogue line put on-hook first if it is being held."""
        port = self._port
        if port is not None:
            self._port = None
            self._listener.cancel()
            self.commander.let_go()
            self.dialogue.hang_up()
            port.close()

    def heard(self, kind: int, now_ms: int) -> None:
        """A line event came."""
        if kind not in UNSURE:
            self._events += 1
            self._noise = self._text = 0
            if self._is_lost:
                self.woken.set()
        if kind not in NO_CALLS:
            self.sign_ms = now_ms

    def is_free(self) -> bool:
        """Whether no call is known on the line, nobody uses it and none is being stopped."""
        line = self.line
        return line.call is None and line.waiting is None and not line.in_use and not self.commander.is_busy()

    def is_idle(self) -> bool:
        """Whether no call is known on the line and none was some seconds ago."""
        line = self.line
        if line.call is not None or line.waiting is not None or self.commander.is_busy():
            return False
        return self.clock.now_ms() - self.sign_ms >= QUIET_MS

    async def ask(self, command: str, limit_ms: int) -> Request:
        """Sends a command and waits for its answer; raises PortGone."""
        request = await self.dialogue.ask(command, limit_ms)
        self.check()
        return request

    async def pause(self, ms: int) -> None:
        """Waits, no longer than until something comes up; raises PortGone."""
        await self.dialogue.wait(self.woken, ms)
        self.woken.clear()
        self.check()

    def check(self) -> None:
        """Raises PortGone where it is, and whatever went wrong in taking what came."""
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault
        if self._is_gone:
            raise PortGone()

    async def answers(self, limit_ms: int = AWAKE_MS) -> bool:
        """Whether the modem answers AT, whatever it was told to say."""
        for command in WAKING:
            request = await self.ask(command, limit_ms)
            if request.final:
                return True
        return False

    async def bring_back(self, why: str) -> None:
        """Returns once the modem answers again; raises PortGone."""
        pause_ms = PAUSE_MS
        self._told = []
        self._is_lost = True
        self._events = 0
        try:
            while not await self._is_found(why):
                until_ms = self.clock.now_ms() + pause_ms
                while self.clock.now_ms() < until_ms:
                    left_ms = until_ms - self.clock.now_ms()
                    await self.pause(PING_MS if left_ms > PING_MS else left_ms)
                    if self.is_idle() and await self.answers():
                        return
                pause_ms = min(2 * pause_ms, LONGEST_PAUSE_MS)
        finally:
            self._is_lost = False

    def switch_on(self) -> None:
        """Gives the modem power, which a probe that was killed in mid-cycle may have left it without."""
        power = self.where.power
        if power is not None:
            try:
                power.switch_on()
            except OSError as fault:
                self.keeper.tell("power-failed", "%s: %s" % (power.file, fault))

    async def cycle_power(self) -> bool:
        """Switches the modem off and on, and waits for it; False where nothing can switch it, or it stays silent."""
        power = self.where.power
        if power is None:
            return False
        await self._until_free()
        self.close()
        self.keeper.tell("power-cycled", "off for %d s by %s" % (power.off_s, power.file))
        try:
            await power.cycle(self.clock)
        except OSError as fault:
            self.keeper.tell("power-failed", "%s: %s" % (power.file, fault))
        await self.open()
        until_ms = self.clock.now_ms() + BOOT_MS
        while self.clock.now_ms() < until_ms:
            if await self.answers():
                return True
        return False

    async def _is_found(self, why: str) -> bool:
        if await self.door.others():
            # its answers go elsewhere: the speed is not to blame
            return False
        self._tell("modem-silent", why)
        # what can be read came at the right speed
        if (self._events == 0 and await self._hunt()) or await self.cycle_power():
            return True
        if self.where.power is None:
            self._tell("needs-power-cycle", "it stays silent: unplug its power for some seconds")
        return False

    def _tell(self, what: str, detail: str) -> None:
        """Tells what was not told yet of this silence."""
        if what not in self._told:
            self._told.append(what)
            self.keeper.tell(what, detail)

    async def _hunt(self) -> bool:
        """Tries the speeds of the modem's family; stays at the one that is answered at."""
        last = self._open_baud
        for baud in (self.where.baud,) + self.commander.profile.bauds:
            if baud == last:
                continue
            await self._until_free()
            if self._reopen(baud) and (await self.answers(HUNT_MS) or self._events):
                if baud != self.where.baud and baud != self._baud:
                    self.keeper.tell("wrong-baud", "answers at %d, not at %d as configured" % (baud, self.where.baud))
                self._baud = baud
                return await self.answers()
        await self._until_free()
        self._reopen(self._baud)
        return await self.answers()

    async def _until_free(self) -> None:
        while self.line.call is not None:
            await self.pause(QUIET_MS)

    def _reopen(self, baud: int) -> bool:
        """Opens the port at another speed; False where this machine has no such speed. Raises PortGone."""
        self.close()
        try:
            self._start(self.board.open_port(self.where.path, baud), baud)
        except ValueError:
            return False
        except OSError:
            raise PortGone()
        return True

    def _start(self, port: Port, baud: int) -> None:
        self._port = port
        self._open_baud = baud
        self._is_gone = self.is_noisy = False
        self._noise = self._text = 0
        self.dialogue.port = port
        self._listener = asyncio.create_task(self._listen(port))

    async def _listen(self, port: Port) -> None:
        try:
            while True:
                try:
                    data = await port.read()
                except OSError:
                    break
                if not data:
                    break
                read_us = port.read_us
                if read_us >= 0:
                    await self.keeper.older_first(read_us)
                self.dialogue.overheard(data)
                self.keeper.take(data, read_us)
                self._weigh(data)
        except Exception as fault:
            self._fault = fault
        if port is self._port:
            self._is_gone = True
            self.dialogue.hang_up()
            self.woken.set()

    def _weigh(self, data: bytes) -> None:
        """Notices when what comes can be no text."""
        self.byte_ms = self.clock.now_ms()
        for byte in data:
            if 32 <= byte < 127 or byte in b"\r\n\t\x10":
                self._text += 1
            else:
                self._noise += 1
        if self._noise >= NOISE_BYTES and self._noise > self._text:
            self._noise = self._text = 0
            self.is_noisy = True
            self.woken.set()
