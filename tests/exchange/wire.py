"""The wire from a modem to the probe: text becomes bytes, with the faults of modem and cable."""

import random
from collections.abc import Callable

from tests.exchange.clock import Clock
from tests.exchange.faults import Faults, garble
from tests.exchange.truth import CallTruth

CHARACTER_S = 0.001
"""A character at 9600 baud, start and stop bit included."""


class Wire:
    """Puts text on the wire; nothing while it is dead."""

    def __init__(self, clock: Clock, write: Callable[[bytes], None], faults: Faults, rng: random.Random) -> None:
        self.is_dead = False
        self._clock = clock
        self._write = write
        self._faults = faults
        self._rng = rng
        self._free_s = 0.0

    def send(self, text: str, call: CallTruth | None = None, number_end: int = 0) -> None:
        """Puts text on the wire, faults and all; the piece that completes its first `number_end` characters stamps the call."""
        if not text or self.is_dead:
            return
        encoded = text.encode()
        end = len(text[:number_end].encode())
        for piece, completes_number in garble(encoded, end, self._faults, self._rng):
            stamped = call if completes_number else None
            if self._faults.split_bytes:
                self._free_s = max(self._free_s, self._clock.now_s()) + CHARACTER_S
                self._clock.at(self._free_s, lambda piece=piece, stamped=stamped: self._put(piece, stamped))  # type: ignore[misc]
            else:
                self._put(piece, stamped)

    def _put(self, piece: bytes, call: CallTruth | None) -> None:
        if self.is_dead:
            return
        if call is not None and call.number_written_ns is None:
            # before the write, so that the probe's time is never taken too short
            call.number_written_ns = self._clock.stamp_ns()
        if piece:
            self._write(piece)
