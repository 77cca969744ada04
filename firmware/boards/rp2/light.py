"""What the light on the board says.

idle       |................................|        a blink every four seconds
ringing    |.|.|.|.|.|.|.|.|.|.|.|.|.|.|.|.|.        quick
blocked    |||||||||||||||||||||||||||||||||||        on
no modem   |.|.............|.|.............          two blinks
fault      |.|.|.|.........|.|.|.|.........          four blinks
"""

import asyncio

from machine import Pin

from catflap_probe.board import BLOCKING, FAULT, IDLE, NO_MODEM, RINGING

_BLINK = 40
_GAP = 200
_PATTERNS = {
    IDLE: (_BLINK, 4000),
    RINGING: (100, 100),
    BLOCKING: (1000, 0),
    NO_MODEM: (_BLINK, _GAP, _BLINK, 1500),
    FAULT: (_BLINK, _GAP, _BLINK, _GAP, _BLINK, _GAP, _BLINK, 1500),
}
"""Milliseconds on, off, on, off ..."""


class Light:
    """The board's light."""

    def __init__(self) -> None:
        self.state = IDLE
        self._pin = Pin("LED", Pin.OUT)

    async def run(self) -> None:
        """Shows `state` for ever; a change is seen when the pattern has come to its end."""
        while True:
            is_on = True
            for ms in _PATTERNS[self.state]:
                self._pin.value(is_on)
                await asyncio.sleep_ms(ms)
                is_on = not is_on

    def show(self, state: int) -> None:
        """Shows it where no loop runs: on for a fault, off for all else."""
        self._pin.value(state == FAULT)
