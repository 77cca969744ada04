"""Where the RP2040 and the RP2350 have the registers that MicroPython gives no other access to (their data sheets)."""

import sys

from machine import mem32

IS_RP2350 = "RP2350" in sys.implementation._machine

UARTS = (0x40070000, 0x40078000) if IS_RP2350 else (0x40034000, 0x40038000)
RECEIVE_REQUESTS = (29, 31) if IS_RP2350 else (21, 23)
"""DREQ numbers of the UARTs' receivers."""

UART_DR, UART_FR, UART_IMSC, UART_DMACR = 0x00, 0x18, 0x38, 0x48
TRANSMIT_FULL = 1 << 5
RECEIVE_BY_DMA = 1

_TIMER = 0x400B0000 if IS_RP2350 else 0x40054000
TIMER_HIGH, TIMER_LOW = _TIMER + 0x24, _TIMER + 0x28

_WATCHDOG = 0x400D8000 if IS_RP2350 else 0x40058000
_WATCHDOG_ENABLE = 1 << 30
_CLEAR = 0x3000
"""Offset of a peripheral's alias that clears the bits written."""

SCRATCH = _WATCHDOG + 0x0C
"""First of the words that outlive a reset; the boot loader uses the last four of eight."""


def microseconds() -> int:
    """The 64-bit timer: since power-on, never back to 0."""
    while True:
        high = mem32[TIMER_HIGH]
        # mem32 takes the top bit for a sign
        low = mem32[TIMER_LOW] & 0xFFFFFFFF
        if high == mem32[TIMER_HIGH]:
            return high << 32 | low


def stop_watchdog() -> None:
    """MicroPython can only start it; whoever wants the REPL has to be able to type in peace."""
    mem32[_WATCHDOG + _CLEAR] = _WATCHDOG_ENABLE
