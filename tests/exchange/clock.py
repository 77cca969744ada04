"""The exchange's two clocks: the day's time run at a speed on the event loop, and virtual time that jumps from event to event."""

import asyncio
import heapq
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something planned that can be called off."""

    def cancel(self) -> None:
        """Call it off; harmless once it has run."""


class Clock(Protocol):
    """Time of the day that is played, in seconds from its start, and what is planned in it."""

    def now_s(self) -> float:
        """Seconds of the day."""

    def at(self, t_s: float, action: Callable[[], None]) -> Timer:
        """Runs `action` at second `t_s` of the day, at once if that is past."""

    def stamp_ns(self) -> int:
        """A real monotonic reading in nanoseconds, for measuring the probe; 0 in virtual time."""


class ScaledClock:
    """The day's time is `speed` x (Unix time - origin), as the probe's `clock` setting says (PROTOCOL.md section 6)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, speed: int, origin_ms: int) -> None:
        self._loop = loop
        self._speed = speed
        self._origin_s = origin_ms / 1000

    def now_s(self) -> float:
        return self._speed * (time.time() - self._origin_s)

    def at(self, t_s: float, action: Callable[[], None]) -> Timer:
        return self._loop.call_later(max(0.0, (t_s - self.now_s()) / self._speed), action)

    def stamp_ns(self) -> int:
        return time.monotonic_ns()


class _VirtualTimer:
    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        self.action = None


class VirtualClock:
    """Time stands still while an action runs and then jumps to the next one; equal times run in the order they were planned."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._planned: list[tuple[float, int, _VirtualTimer]] = []
        self._order = 0

    def now_s(self) -> float:
        return self._now_s

    def at(self, t_s: float, action: Callable[[], None]) -> Timer:
        timer = _VirtualTimer(action)
        self._order += 1
        heapq.heappush(self._planned, (max(t_s, self._now_s), self._order, timer))
        return timer

    def stamp_ns(self) -> int:
        return 0

    def run(self) -> None:
        """Runs until nothing is planned any more."""
        while self._planned:
            self._now_s, _, timer = heapq.heappop(self._planned)
            if timer.action is not None:
                timer.action()
