"""What is said to one modem and what it answers: each final result code and information line is given to the command that it answers.

probe:  AT+VCID?                 the oldest command that is still open takes
modem:  1                        -> a line of its answer
modem:  OK                       -> its end
probe:  AT+VCID?   ATH1          a stop does not wait for the answer to a question;
modem:  OK         OK            the first OK is the question's all the same
probe:  AT+VCID?                 no answer in time:
probe:  AT                       the next question takes the next answer. Were the modem only late, this one would end too soon; were
modem:  OK                       it to wait for two, each later question would be given the answer to the one before it
"""

import asyncio
import logging

from .board import Port
from .clock import Clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LATE_MS = 5000
"""A question that nobody waits for any more may still be answered within this time, as far as a stop is concerned."""

LEAST_REAL_MS = 100
"""An answer is waited for so long at least, whatever the clock's speed: a busy machine must not be taken for a silent modem."""

MOST_OPEN = 8
MOST_LINES = 12
MOST_TEXT = 80

RELEASES = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE", "CONNECT")
"""Result codes that tell of calls (V.250 clause 6.3): they end no command but one that hangs up."""

log = logging.getLogger("catflap.dialogue")


class Request:
    """A command on its way. `final` is its final result code, empty until it has come; `lines` are those before it."""

    __slots__ = ("command", "done", "final", "hangs_up", "is_echoed", "is_given_up", "lines", "stale_ms")

    def __init__(self, command: str, stale_ms: int, hangs_up: bool, done: "asyncio.Event") -> None:
        self.command = command
        self.stale_ms = stale_ms  # an answer after this moment is another command's
        self.hangs_up = hangs_up
        self.done = done
        self.final = ""
        self.lines: list[str] = []
        self.is_echoed = False
        self.is_given_up = False  # nobody waits for the answer any more


class Dialogue:
    """Talks to one modem. Never waits before it writes."""

    def __init__(self, clock: Clock, index: int, written: "Callable[[bytes], None] | None" = None) -> None:
        """`index` is the line's; `written` is told every byte sent (a recorder wants to know)."""
        self.clock = clock
        self.index = index
        self.written = written
        self.port: Port | None = None
        self._open: list[Request] = []
        self._tail = b""  # the bytes that came last while a command was open

    def send(self, command: str, limit_ms: int, done: "asyncio.Event", hangs_up: bool = False) -> Request:
        """Sends a command, now; `done` is set once it is answered. After `limit_ms` an answer is another command's."""
        data = command.encode() + b"\r"
        if self.port is not None:
            try:
                self.port.write(data)
            except OSError as fault:
                log.warning("line %d: %s not sent: %s", self.index, command, fault)
        now_ms = self.clock.now_ms()
        self._forget(now_ms)
        if not self._open:
            self._tail = b""
        request = Request(command, now_ms + limit_ms, hangs_up, done)
        self._open.append(request)
        if len(self._open) > MOST_OPEN:
            self._open.pop(0)
        if self.written is not None:
            self.written(data)
        return request

    async def ask(self, command: str, limit_ms: int) -> Request:
        """Sends a command and waits for its answer; `final` is empty where none came in time."""
        if limit_ms < LEAST_REAL_MS * self.clock.speed:
            limit_ms = LEAST_REAL_MS * self.clock.speed
        self._open = [request for request in self._open if not request.is_given_up]
        done = asyncio.Event()
        request = self.send(command, limit_ms + LATE_MS, done)
        if self.port is not None:
            await self.wait(done, limit_ms)
        request.is_given_up = request.final == ""
        return request

    async def wait(self, done: "asyncio.Event", limit_ms: int) -> None:
        """Returns once an event is set, which this does itself after so many milliseconds of the trunk's clock."""
        if not done.is_set():
            # not asyncio.wait_for: before Python 3.12 it can miss that it is cancelled
            timer = asyncio.create_task(self._set_later(done, limit_ms))
            try:
                await done.wait()
            finally:
                timer.cancel()

    async def _set_later(self, done: "asyncio.Event", ms: int) -> None:
        await asyncio.sleep(ms / (1000 * self.clock.speed))
        done.set()

    def overheard(self, data: bytes) -> None:
        """Bytes came: whether an open command is echoed is seen here, since the dialects pass over echoes."""
        if self._open:
            self._tail = (self._tail + data)[-MOST_TEXT:]
            if self._open[0].command.encode() in self._tail:
                self._open[0].is_echoed = True

    def replied(self, text: str) -> None:
        """A final result code came."""
        self._forget(self.clock.now_ms())
        if self._open and (text not in RELEASES or self._open[0].hangs_up):
            request = self._open.pop(0)
            request.final = text
            request.done.set()

    def informed(self, text: str) -> bool:
        """A line came that is no event; True if it belongs to an answer."""
        self._forget(self.clock.now_ms())
        if not self._open:
            return False
        lines = self._open[0].lines
        if len(lines) < MOST_LINES:
            lines.append(text[:MOST_TEXT])
        return True

    def hang_up(self) -> None:
        """The port is gone: nothing will be answered any more."""
        self.port = None
        for request in self._open:
            request.done.set()
        self._open = []

    def _forget(self, now_ms: int) -> None:
        """Drops the commands that will not be answered any more."""
        while self._open and self._open[0].stale_ms < now_ms:
            self._open.pop(0)
