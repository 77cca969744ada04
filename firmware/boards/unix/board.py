"""A Unix machine under MicroPython's Unix port: ttys over poll, our own int8 interpreter."""

import asyncio
import os
import select
import ssl
import termios
import time
from binascii import a2b_base64
from errno import EAGAIN

from catflap_probe.board import Board, Port
from catflap_probe.verdict.int8 import Classifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

READ_BYTES = 256
POLL_S = 0.001
SPEEDS = {
    1200: 9,
    2400: 11,
    4800: 12,
    9600: 13,
    19200: 14,
    38400: 15,
    57600: 4097,
    115200: 4098,
    230400: 4099,
    460800: 4100,
    921600: 4103,
}
"""Linux's codes of the line speeds (termbits.h)."""

_CC = 6
_VTIME, _VMIN = 5, 6


class TtyPort(Port):
    """A tty, raw; reads return what there is."""

    def __init__(self, path: str, baud: int) -> None:
        """Opens it; raises OSError, ValueError for a speed that has no code."""
        if baud not in SPEEDS:
            raise ValueError("no speed of %d" % baud)
        self._file = open(path, "r+b")
        fd = self._file.fileno()
        termios.setraw(fd)
        attributes = termios.tcgetattr(fd)
        attributes[4] = attributes[5] = SPEEDS[baud]
        # a read must return what has come, not wait for its full length
        attributes[_CC][_VMIN] = 0
        attributes[_CC][_VTIME] = 0
        termios.tcsetattr(fd, termios.TCSANOW, attributes)
        self._reader = asyncio.StreamReader(self._file)

    async def read(self) -> bytes:
        """Waits for bytes and returns what there is; empty or OSError once the port is gone."""
        while True:
            data = await self._reader.read(READ_BYTES)
            # with VMIN 0 an empty read may only mean that nothing has come yet; a tty that hung up says so
            if data or self._hung_up():
                return data
            await asyncio.sleep(POLL_S)

    def _hung_up(self) -> bool:
        poll = select.poll()
        poll.register(self._file, select.POLLIN)
        return any(events & (select.POLLHUP | select.POLLERR) for _, events in poll.poll(0))

    def write(self, data: bytes) -> None:
        """Hands bytes to the port; raises OSError where it takes none."""
        poll = select.poll()
        poll.register(self._file, select.POLLOUT)
        if not any(events & select.POLLOUT for _, events in poll.poll(0)):
            # nobody reads at the other end: writing would hold up every line
            raise OSError(EAGAIN)
        self._file.write(data)

    def close(self) -> None:
        """Lets the port go."""
        self._file.close()


class UnixBoard(Board):
    """MicroPython's Unix port."""

    def monotonic_us(self) -> int:
        """See Board."""
        return time.ticks_us()

    def unix_us(self) -> int:
        """See Board."""
        return time.time_ns() // 1000

    def random_bytes(self, count: int) -> bytes:
        """See Board."""
        return os.urandom(count)

    def open_port(self, path: str, baud: int) -> Port:
        """See Board."""
        return TtyPort(path, baud)

    def append_to(self, path: str) -> "BinaryIO":
        """See Board; this port's files are not buffered."""
        return open(path, "ab")

    async def sync(self, file: "BinaryIO") -> None:
        """See Board; flush is fsync here."""
        file.flush()

    def open_classifier(self, data: bytes) -> Classifier:
        """See Board."""
        return Classifier(data)

    def tls(self, ca_file: str) -> "ssl.SSLContext":
        """See Board; this port has no certificates of its own, so `ca_file` must name some."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.verify_mode = ssl.CERT_REQUIRED
        with open(ca_file) as file:
            context.load_verify_locations(cadata=_first_certificate(file.read()))
        return context


def _first_certificate(pem: str) -> bytes:
    """The DER bytes of the first certificate of a PEM file; raises ValueError."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    start = pem.find(begin)
    stop = pem.find(end)
    if start < 0 or stop < start:
        raise ValueError("no certificate in the ca_file")
    return a2b_base64(pem[start + len(begin) : stop])
