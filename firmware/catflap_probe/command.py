"""Commands to one modem: setting it up, and stopping a call, checked to have worked and repeated once.

number -> first command at once -> OK: confirmed; none within 1.5 s, or an error: once more
rings on after the command:        once more, unless the ring may be the next caller's
an analogue line is held off-hook and hung up again whatever was answered: it must never stay taken
"""

import asyncio
import logging

from .board import Port
from .call import FAILED, GONE, IN_USE, STOPPED, Call
from .clock import Clock
from .events import RELEASED
from .line import CADENCE_MS, Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .dialect.profiles import Profile

REPLY_MS = 1500
RING_AFTER_MS = 1000
"""A ring that comes sooner after the command was already on its way."""

RELEASE_MS = 3000
NEXT_CALL_MS = 2500
"""No cadence is quicker: a ring that follows the last one sooner, on a line just cleared, is another call's."""

TRIES = 2
HANG_UP_TRIES = 3
POLL_MS = 50

log = logging.getLogger("catflap.command")


class Commander:
    """Talks to the modem of one line; one command at a time."""

    def __init__(self, clock: Clock, line: Line, profile: "Profile", written: "Callable[[bytes], None] | None" = None) -> None:
        """`written` is told every byte sent (a recorder wants to know)."""
        self.clock = clock
        self.line = line
        self.profile = profile
        self.written = written
        self.port: Port | None = None
        self.is_ready = False  # the modem has taken its set-up
        self._replies: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self._call: Call | None = None  # the call being stopped
        self._sent_ms = 0
        self._tries = 0
        self._confirmed = False
        self._holding = False

    async def initialise(self) -> bool:
        """Sends the family's set-up commands; True if each was answered OK."""
        is_ready = True
        for command in self.profile.initialise + (self.profile.caller_id[0][0],) + self.profile.options:
            self._write(command)
            is_ready = await self._reply(self.profile.reply_ms) == "OK" and is_ready
        self.is_ready = is_ready
        return is_ready

    def is_stopping(self) -> bool:
        """True while a call is being stopped."""
        return self._call is not None

    def stop(self, call: Call) -> None:
        """Sends the command that stops a ringing call, now, and sees to the rest; never to a line in use."""
        if call is not self.line.call:
            call.outcome = GONE
        elif call.answered_ms >= 0 or self._task is not None:
            call.outcome = IN_USE
        else:
            call.outcome = FAILED  # until it is confirmed
            self._call = call
            self._tries = 0
            self._send_stop()
            self._task = asyncio.create_task(self._finish(call))

    def replied(self, text: str) -> None:
        """A final result code came."""
        self._replies.append(text)

    def rang(self, gap_ms: int, now_ms: int) -> None:
        """The line rang again, `gap_ms` after its last ring: the command did not work, unless that was the next caller."""
        if gap_ms <= CADENCE_MS and (self._holding or not self._confirmed):
            self._once_more(now_ms)

    def gives_way(self, gap_ms: int, now_ms: int) -> bool:
        """Whether a ring `gap_ms` after the last must be taken for the next call: the one being stopped was, or is given up as failed."""
        if self._call is None or not self._confirmed or self._holding:
            return False
        return gap_ms < NEXT_CALL_MS or (self._tries >= TRIES and now_ms - self._sent_ms > RING_AFTER_MS)

    def showed_again(self, now_ms: int) -> None:
        """The number of the same call was shown again: it rings on, whatever the modem said."""
        self._once_more(now_ms)

    def over(self, call: Call, now_ms: int, released: bool) -> None:
        """The call is over; `released`: the modem said so."""
        if call is self._call:
            self._call = None
            if self._confirmed or (released and now_ms - self._sent_ms <= RELEASE_MS):
                call.outcome = STOPPED
            self._confirmed = False

    def let_go(self) -> None:
        """Before the port is closed: an analogue line that is being held is put on-hook at once."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            if self.profile.hang_up:
                self._write(self.profile.hang_up)

    def _once_more(self, now_ms: int) -> None:
        call = self._call
        if call is not None and now_ms - self._sent_ms > RING_AFTER_MS:
            if self._tries < TRIES and call.answered_ms < 0:
                self._send_stop()
                if self._task is None:
                    self._task = asyncio.create_task(self._finish(call))
            else:
                self._confirmed = False
                self._call = None

    def _send_stop(self) -> None:
        self._tries += 1
        self._confirmed = False
        self._sent_ms = self.clock.now_ms()
        self._write(self.profile.stop)

    async def _finish(self, call: Call) -> None:
        try:
            while True:
                self._confirmed = await self._reply(REPLY_MS) == "OK"
                if self._confirmed or self._call is not call or call.answered_ms >= 0 or self._tries >= TRIES:
                    break
                self._send_stop()
            if self.profile.hang_up:
                await self._hang_up(call)
        finally:
            self._task = None

    async def _hang_up(self, call: Call) -> None:
        """Holds an analogue line, from the last attempt on, then puts it on-hook; a call that was taken is over then."""
        self._holding = True
        while self.clock.now_ms() - self._sent_ms < self.profile.hold_ms:
            await self.clock.sleep(self.profile.hold_ms - (self.clock.now_ms() - self._sent_ms))
        self._holding = False
        for _ in range(HANG_UP_TRIES):
            self._write(self.profile.hang_up)
            if await self._reply(REPLY_MS) in ("OK", "NO CARRIER"):
                break
        else:
            log.error("line %d: the modem does not confirm that it has hung up", self.line.index)
        if self._confirmed and self.line.call is call:
            now_ms = self.clock.now_ms()
            self.line.heard(RELEASED, now_ms, now_ms, "", 0)

    async def _reply(self, limit_ms: int) -> str:
        """The next final result code, or an empty string when none comes in time."""
        until_ms = self.clock.now_ms() + limit_ms
        while not self._replies:
            if self.clock.now_ms() >= until_ms:
                return ""
            await self.clock.sleep(POLL_MS)
        return self._replies.pop(0)

    def _write(self, command: str) -> None:
        del self._replies[:]
        data = command.encode() + b"\r"
        if self.port is not None:
            try:
                self.port.write(data)
            except OSError as fault:
                log.warning("line %d: %s not sent: %s", self.line.index, command, fault)
        if self.written is not None:
            self.written(data)
