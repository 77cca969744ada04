"""A modem's serial port for the probe to open: the far end of a pseudo-terminal behind a name that stays."""

import asyncio
import os
import pty
import random
import termios
import time
import tty
from collections.abc import Callable
from pathlib import Path

_SPEEDS = {getattr(termios, f"B{baud}"): baud for baud in (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800)}


class PtyPort:
    """A raw pty. What the probe writes goes to `receive` with the time it was read; what it does not read in time is lost, as on a UART.

    `path` is a link that survives unplugging, as those in /dev/serial/by-id are made anew. With a `baud`, bytes are noise both ways
    unless the probe has set that speed.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, link: Path, baud: int = 0) -> None:
        self.path = str(link)
        self.lost_bytes = 0
        self._loop = loop
        self._link = link
        self._baud = baud
        self._noise = random.Random(baud)
        self._receive: Callable[[bytes, int], None] | None = None
        self._master = self._slave = -1
        self.plug()

    @property
    def is_plugged(self) -> bool:
        """Whether the port is there."""
        return self._master >= 0

    def speed(self) -> int:
        """The speed that the probe has set, in baud; 0 for one that no modem has."""
        return _SPEEDS.get(termios.tcgetattr(self._slave)[5], 0)

    def listen(self, receive: Callable[[bytes, int], None]) -> None:
        """Hands over whatever the probe writes, with a `time.monotonic_ns` reading."""
        self._receive = receive

    def write(self, data: bytes) -> None:
        """Puts bytes on the wire to the probe."""
        if not self.is_plugged:
            return
        try:
            written = os.write(self._master, self._heard(data))
        except BlockingIOError:
            written = 0
        self.lost_bytes += len(data) - written

    def plug(self) -> None:
        """The port appears, on a new tty."""
        # our own end of the slave stays open, so that the port outlives the probe
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(self._slave))
        self._loop.add_reader(self._master, self._read)

    def unplug(self) -> None:
        """The port vanishes; whoever has it open sees it hang up."""
        if self.is_plugged:
            self._loop.remove_reader(self._master)
            self._link.unlink(missing_ok=True)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = -1

    def _read(self) -> None:
        data = os.read(self._master, 4096)
        if self._receive is not None:
            self._receive(self._heard(data), time.monotonic_ns())

    def _heard(self, data: bytes) -> bytes:
        """What arrives at the other end: noise, at the wrong speed."""
        if not self._baud or self.speed() == self._baud:
            return data
        return bytes(self._noise.randrange(256) for _ in data)
