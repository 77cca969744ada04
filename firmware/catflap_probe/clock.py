"""The trunk's clock: milliseconds since the probe began, or the emulated exchange's day, which may run faster."""

import asyncio

from .board import Board
from .recording import unix_ms

SLACK_MS = 2000
"""A wall clock that is out by no more is right enough: each correction shifts what the memory knows of."""


class Clock:
    """`now_ms()` never runs back; `start_ms` is its second 0 in Unix time (milliseconds)."""

    def __init__(self, board: Board, settings: "dict[str, object] | None") -> None:
        """`settings` is the configuration's `clock` (PROTOCOL.md section 6) or None; raises ValueError."""
        self._board = board
        self._last_ms = 0
        self._is_world = settings is None
        if settings is None:
            self.speed = 1
            self._read = board.monotonic_us
            # whole milliseconds of the machine's: a stamp falls into the same one whenever the probe began
            self._origin_us = board.monotonic_us() // 1000 * 1000
            self.start_ms = board.unix_us() // 1000
        else:
            speed, origin_ms = settings.get("speed"), settings.get("origin_ms")
            if not isinstance(speed, int) or not isinstance(origin_ms, int) or speed < 1:
                raise ValueError("clock: speed and origin_ms are whole numbers")
            self.speed = speed
            self._read = board.unix_us
            self._origin_us = origin_ms * 1000
            self.start_ms = unix_ms(str(settings.get("start")))

    def now_ms(self) -> int:
        """Milliseconds on the trunk's clock."""
        now_ms = (self._read() - self._origin_us) * self.speed // 1000
        if now_ms > self._last_ms:
            self._last_ms = now_ms
        return self._last_ms

    def at_ms(self, monotonic_us: int) -> int:
        """A moment of the machine's monotonic clock, in milliseconds on the trunk's."""
        if self._is_world:
            return (monotonic_us - self._origin_us) // 1000
        return self.now_ms() - (self._board.monotonic_us() - monotonic_us) * self.speed // 1000

    def follow(self) -> bool:
        """Takes over what the machine's wall clock was set to; True if that moves `start_ms` by more than it may be out."""
        start_ms = self._board.unix_us() // 1000 - self.now_ms()
        if not self._is_world or abs(start_ms - self.start_ms) <= SLACK_MS:
            return False
        self.start_ms = start_ms
        return True

    async def sleep(self, ms: int) -> None:
        """Waits for milliseconds of the trunk's clock, at least one of the world's."""
        real_s = ms / (1000 * self.speed)
        await asyncio.sleep(real_s if real_s > 0.001 else 0.001)
