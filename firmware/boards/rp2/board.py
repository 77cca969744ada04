"""A board with an RP2040 or RP2350 (Raspberry Pi Pico and its like) under MicroPython's rp2 port."""

import asyncio
import gc
import os
import time
from binascii import hexlify

import machine

from catflap_probe.board import FAULT, Board, Port
from catflap_probe.verdict.int8 import Classifier

from . import chip, crash
from .light import Light
from .uart import BLOCK, UartPort
from .usb import UsbPort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext
    from typing import BinaryIO

PINS = {"uart0": (0, 1), "uart1": (4, 5)}
"""Transmit and receive pin of each UART where the configuration names none."""

WATCHDOG_MS = 8300


class FlashFile:
    """A file on littlefs of which every write is on the flash when it returns."""

    def __init__(self, path: str) -> None:
        """Opens it for appending; raises OSError."""
        self._file = open(path, "ab")

    def write(self, data: bytes) -> int:
        """Writes and syncs; raises OSError."""
        count = self._file.write(data)
        self._file.flush()
        return count

    def flush(self) -> None:
        """Nothing is ever left over."""

    def close(self) -> None:
        """Closes it."""
        self._file.close()


class Rp2Board(Board):
    """The machine."""

    def __init__(self) -> None:
        self.light = Light()
        self.usb = UsbPort()
        self._wall_us = 0  # Unix time at power-on, once somebody has told it
        self._ports: dict[str, UartPort] = {}
        # kept over closing and opening: the heap would not stay in one piece
        self._blocks: dict[str, bytearray] = {}
        self._watchdog: machine.WDT | None = None
        self._showing: asyncio.Task[None] | None = None

    def monotonic_us(self) -> int:
        """See Board."""
        return chip.microseconds()

    def unix_us(self) -> int:
        """See Board; counts from 1970 until it is told the time."""
        return self._wall_us + chip.microseconds()

    def set_unix_us(self, unix_us: int) -> None:
        """See Board."""
        self._wall_us = unix_us - chip.microseconds()

    def unit(self) -> str:
        """See Board: the flash's serial number."""
        return hexlify(machine.unique_id()).decode()

    def random_bytes(self, count: int) -> bytes:
        """See Board: from the ring oscillator."""
        return os.urandom(count)

    def open_port(self, path: str, baud: int) -> Port:
        """See Board: "usb", "uart0" or "uart1", or "uart1:8,9" with its transmit and receive pins."""
        if path == "usb":
            return self.usb
        name, _, pins = path.partition(":")
        if name not in PINS:
            raise OSError("a board has uart0, uart1 and usb")
        if name not in self._blocks:
            self._blocks[name] = bytearray(BLOCK)
        try:
            transmit, receive = [int(pin) for pin in pins.split(",")] if pins else PINS[name]
            port = UartPort(int(name[4:]), baud, transmit, receive, self._blocks[name])
        except ValueError as fault:
            raise OSError("%s: %s" % (path, fault))
        self._ports[name] = port
        return port

    def append_to(self, path: str) -> "BinaryIO":
        """See Board."""
        return FlashFile(path)  # type: ignore[return-value]

    async def sync(self, file: "BinaryIO") -> None:
        """See Board; a FlashFile leaves nothing to do."""

    def open_classifier(self, data: bytes) -> Classifier:
        """See Board."""
        return Classifier(data)

    def tls(self, ca_file: str) -> "SSLContext":
        """See Board; this image has no network."""
        raise OSError("a board reaches its aggregator through a gateway on USB")

    def show(self, state: int) -> None:
        """See Board."""
        self.light.state = state

    def alive(self) -> None:
        """See Board: feeds the watchdog, once it was started."""
        if self._watchdog is not None:
            self._watchdog.feed()
            crash.lives(chip.microseconds() // 1000000)

    def condition(self) -> str:
        """See Board."""
        gc.collect()
        volts = machine.ADC(machine.ADC.CORE_TEMP).read_u16() * 3.3 / 65535
        celsius = 27 - (volts - 0.706) / 0.001721
        heap = (gc.mem_alloc(), gc.mem_free(), largest_block())
        return "%d degrees, %d bytes of heap in use, %d free, %d of them in one piece" % ((celsius,) + heap)

    def last_words(self) -> str:
        """See Board."""
        return crash.last_words()

    def begin(self) -> None:
        """Starts light and watchdog: from now on alive() must be called every 8.3 s."""
        self._showing = asyncio.create_task(self.light.run())
        crash.began()
        self._watchdog = machine.WDT(timeout=WATCHDOG_MS)

    def release(self) -> None:
        """Gives everything back: ports, light and watchdog."""
        chip.stop_watchdog()
        self._watchdog = None
        crash.ended()
        for port in self._ports.values():
            port.close()
        self.light.show(0)

    def restart(self, fault: BaseException) -> None:
        """Keeps what the run died of and starts the machine anew, after a while in which Ctrl-C brings the REPL."""
        crash.keep(fault)
        self.release()
        self.light.show(FAULT)
        time.sleep(crash.pause_s())
        machine.reset()


def largest_block() -> int:
    """How many bytes of the heap can be had in one piece, to a quarter."""
    count = 1 << 17
    while count > 256:
        try:
            bytearray(count)
            return count
        except MemoryError:
            count = count * 3 >> 2
    return 0
