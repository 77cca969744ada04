"""Stops calls by commands to one modem, checked to have worked and repeated once.

number -> first command at once -> OK: confirmed; none within 1.5 s, or an error: once more
rings on, or shows its number:     once more, unless the ring may be the next caller's; then it is told as failed
confirmed, and quiet for a cadence: over, also where the modem does not say so; a ring that comes later is another call's
confirmed, but it rings on:        told as failed; an analogue line is not taken again, for the ring may be that of a caller whose
                                   number is still to come
an analogue line is taken only after a ring of this very call: a ring proves that nobody talks on it, a caller ID alone does not
an analogue line is held off-hook and hung up again whatever was answered: it must never stay taken
a waiting call is rejected by the command for waiting calls and by no other, which would end the talk
"""

import asyncio
import logging

from .call import FAILED, GONE, IN_USE, NONE, STOPPED, Call
from .clock import Clock
from .dialogue import Dialogue, Request
from .events import RELEASED
from .line import CADENCE_MS, THE_WAITING, Line

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

IN_USE_REPLIES = ("LINE IN USE", "LINE-IN-USE")
"""A modem that senses the use of the line did not take it."""

TRIES = 2
HANG_UP_TRIES = 3

log = logging.getLogger("catflap.command")


class Commander:
    """Stops the calls of one line; one at a time."""

    def __init__(self, clock: Clock, line: Line, profile: "Profile", written: "Callable[[bytes], None] | None" = None) -> None:
        """`written` is told every byte sent (a recorder wants to know)."""
        self.clock = clock
        self.line = line
        self.profile = profile
        self.dialogue = Dialogue(clock, line.index, written)
        self._task: asyncio.Task[None] | None = None
        self._farewell: asyncio.Task[None] | None = None
        self._call: Call | None = None  # the call being stopped
        self._put_off: Call | None = None  # the call to stop as soon as that may be done
        self._answered = asyncio.Event()
        self._requests: list[Request] = []  # the stops of this call
        self._sent_ms = 0
        self._tries = 0
        self._confirmed = False
        self._holding = False

    def is_busy(self) -> bool:
        """Whether a call is being stopped."""
        return self._task is not None

    def stop(self, call: Call) -> None:
        """Sends the command that stops a ringing or waiting call, now, and sees to the rest; never to an answered one or a line in use."""
        if call is self._call or call is self._put_off:
            return
        if call.ended_ms >= 0:
            call.outcome = GONE
        elif call.answered_ms >= 0 or self._is_in_use(call) or not self._command(call):
            call.outcome = IN_USE
        elif self._task is not None or (self._takes_line(call) and call.rings == 0 and not self.profile.senses_use):
            call.outcome = IN_USE  # until it is sent
            self._put_off = call
        else:
            call.outcome = FAILED  # until it is confirmed
            self._call = call
            self._tries = 0
            self._requests = []
            self._send_stop(call)
            self._task = asyncio.create_task(self._finish(call))

    def spare(self, call: Call) -> None:
        """The call was decided anew, and may ring after all."""
        if call is self._put_off:
            self._put_off = None
            call.outcome = NONE

    def rang(self, gap_ms: int, now_ms: int) -> None:
        """The line's call rang again, `gap_ms` after its last ring: a stop did not work, unless that was the next caller."""
        if self._put_off is not None:
            self._resume()
        elif gap_ms <= CADENCE_MS and (self._holding or not self._confirmed):
            self._once_more(now_ms)

    def gives_way(self, gap_ms: int) -> bool:
        """Whether a ring `gap_ms` after the last must be taken for the next call: the one being stopped was."""
        is_stopped = self._call is not None and self._call is self.line.call and self._confirmed and not self._holding
        return is_stopped and gap_ms < NEXT_CALL_MS

    def showed_again(self, now_ms: int) -> None:
        """The number of the same call was shown again: it rings on, whatever the modem said."""
        self._once_more(now_ms)

    def over(self, call: Call, now_ms: int, released: bool) -> None:
        """The call is over; `released`: the modem said so."""
        if call is self._put_off:
            self._put_off = None
        if call is self._call:
            self._call = None
            rang_on = call.last_ring_ms - self._sent_ms > RING_AFTER_MS
            if (self._confirmed and not rang_on) or (released and now_ms - self._sent_ms <= RELEASE_MS):
                call.outcome = STOPPED
            self._confirmed = False

    def let_go(self) -> None:
        """Before the port is closed: an analogue line that is being held is put on-hook at once."""
        self._put_off = None
        if self._farewell is not None:
            self._farewell.cancel()
        if self._task is not None:
            self._task.cancel()
            self._task = None
            if self.profile.hang_up:
                self.dialogue.send(self.profile.hang_up, REPLY_MS, asyncio.Event(), True)

    def _command(self, call: Call) -> str:
        return self.profile.stop_waiting if call.waited else self.profile.stop

    def _is_in_use(self, call: Call) -> bool:
        """Whether somebody talks on the line whom the command would disturb; a waiting call's own is for just that."""
        return self.line.in_use and not call.waited

    def _takes_line(self, call: Call) -> bool:
        return bool(self.profile.hang_up) and not call.waited

    def _resume(self) -> None:
        """Stops the call that was put off, if that may be done now."""
        call = self._put_off
        if call is not None and self._task is None:
            self._put_off = None
            self.stop(call)

    def _may_repeat(self, call: Call) -> bool:
        return (
            call is self._call and call.answered_ms < 0 and not self._is_in_use(call) and self._tries < TRIES and bool(self._command(call))
        )

    def _once_more(self, now_ms: int) -> None:
        call = self._call
        if call is not None and call is self.line.call and now_ms - self._sent_ms > RING_AFTER_MS:
            if self._may_repeat(call):
                self._send_stop(call)
                if self._task is None:
                    self._task = asyncio.create_task(self._finish(call))
            else:
                self._confirmed = False
                self._call = None

    def _send_stop(self, call: Call) -> None:
        self._tries += 1
        self._confirmed = False
        self._sent_ms = self.clock.now_ms()
        self._requests.append(self.dialogue.send(self._command(call), REPLY_MS, self._answered))

    async def _finish(self, call: Call) -> None:
        task = self._task
        try:
            while True:
                self._confirmed = await self._is_accepted(self._requests)
                if self._requests[-1].final in IN_USE_REPLIES:
                    call.outcome = IN_USE
                    self._call = None
                    return
                if self._confirmed or not self._may_repeat(call):
                    break
                self._send_stop(call)
            if self._takes_line(call):
                await self._hang_up()
            if self._confirmed and call is self.line.waiting:
                # the modem does not tell the end of a waiting call
                now_ms = self.clock.now_ms()
                self.line.heard(RELEASED, now_ms, now_ms, "", THE_WAITING)
            elif self._confirmed:
                self._farewell = asyncio.create_task(self._see_off(call))
        finally:
            if self._task is task:
                self._task = None
                self._resume()

    async def _see_off(self, call: Call) -> None:
        """A stopped call is over once the line has been quiet for longer than any cadence is."""
        while call is self._call and call is self.line.call and self._confirmed:
            now_ms = self.clock.now_ms()
            quiet_ms = now_ms - (call.last_ring_ms if call.last_ring_ms > self._sent_ms else self._sent_ms)
            if quiet_ms > CADENCE_MS:
                self.line.heard(RELEASED, now_ms, now_ms, "", 0)
            else:
                await self.clock.sleep(CADENCE_MS + 1 - quiet_ms)

    async def _hang_up(self) -> None:
        """Holds an analogue line, from the last attempt on, then puts it on-hook."""
        self._holding = True
        while self.clock.now_ms() - self._sent_ms < self.profile.hold_ms:
            await self.clock.sleep(self.profile.hold_ms - (self.clock.now_ms() - self._sent_ms))
        self._holding = False
        requests: list[Request] = []
        for _ in range(HANG_UP_TRIES):
            requests.append(self.dialogue.send(self.profile.hang_up, REPLY_MS, self._answered, True))
            if await self._is_accepted(requests):
                break
        else:
            log.error("line %d: the modem does not confirm that it has hung up", self.line.index)

    async def _is_accepted(self, requests: "list[Request]") -> bool:
        """Whether one of the commands was done; waits for the next answer where none is there yet."""
        if not _is_done(requests):
            self._answered.clear()
            await self.dialogue.wait(self._answered, REPLY_MS)
        return _is_done(requests)


def _is_done(requests: "list[Request]") -> bool:
    return any([request.final == "OK" or (request.hangs_up and request.final == "NO CARRIER") for request in requests])
