"""A modem's serial port for the probe to open: the far end of a pseudo-terminal."""

import asyncio
import os
import pty
import time
import tty
from collections.abc import Callable


class PtyPort:
    """A raw pty. What the probe writes goes to `receive` with the time it was read; what it does not read in time is lost, as on a UART."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # our own end of the slave stays open, so that the port outlives the probe
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self.lost_bytes = 0

    def listen(self, receive: Callable[[bytes, int], None]) -> None:
        """Hands over whatever the probe writes, with a `time.monotonic_ns` reading."""
        self._loop.add_reader(self._master, self._read, receive)

    def write(self, data: bytes) -> None:
        """Puts bytes on the wire to the probe."""
        try:
            written = os.write(self._master, data)
        except BlockingIOError:
            written = 0
        self.lost_bytes += len(data) - written

    def close(self) -> None:
        """Unplugs the modem."""
        self._loop.remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)

    def _read(self, receive: Callable[[bytes, int], None]) -> None:
        data = os.read(self._master, 4096)
        receive(data, time.monotonic_ns())
