"""A real board on the serial port that PORT names, and on FEED, if given, a serial adapter wired to its UART in the modem's place."""

import time
from collections.abc import Iterable, Mapping

import pytest
import serial

from tests.hil.board import BoardFault, Command
from tests.hil.repl import Repl

NOT_FED = "no serial adapter is wired to the board's UART (FEED=/dev/ttyUSB0)"
POWER_S = 10.0
READ_BYTES = 4096
SAVE = """
from binascii import hexlify
try:
    with open(%r, "rb") as file:
        print("found")
        while True:
            piece = file.read(512)
            if not piece:
                break
            print(hexlify(piece).decode())
except OSError:
    pass
"""
FOLDERS = """
import os
path = %r
at = path.find("/", 1)
while at > 0:
    try:
        os.mkdir(path[:at])
    except OSError:
        pass
    at = path.find("/", at + 1)
open(path, "wb").close()
"""
APPEND = """
from binascii import unhexlify
with open(%r, "ab") as file:
    file.write(unhexlify(%r))
"""
PIECE = 1024
REMOVE = """
import os
try:
    os.remove(%r)
except OSError:
    pass
"""


class RealBoard:
    """One board; see Board. Its own files come back when it is closed."""

    def __init__(self, port: str, feed: str = "") -> None:
        """Opens the ports; raises OSError."""
        self._port = port
        self._serial = serial.Serial(port, timeout=0.01)
        self._feeder = serial.Serial(feed, timeout=0) if feed else None
        self.usb = bytearray()
        self.commands: list[Command] = []
        self._kept: dict[str, bytes | None] = {}
        self._events: list[tuple[int, bytes]] = []
        self._reply_us = -1
        self._line = bytearray()
        self._began_us = self._fed_us = 0
        self._started = time.monotonic()

    @property
    def now_us(self) -> int:
        """Microseconds since `power()`."""
        return int((time.monotonic() - self._started) * 1e6)

    def put(self, files: Mapping[str, bytes]) -> None:
        """See Board; what was in the way of these files is kept."""
        repl = Repl(self)
        for path, content in files.items():
            if path not in self._kept:
                found = repl.run(SAVE % path).split()
                self._kept[path] = bytes.fromhex("".join(found[1:])) if found else None
            _store(repl, path, content)

    def power(self) -> None:
        """See Board: a reset, which is as much as can be done over USB."""
        Repl(self)
        self.write(b"import machine\nmachine.reset()\x04")
        self._serial.close()
        until = time.monotonic() + POWER_S
        time.sleep(0.5)
        while True:
            try:
                self._serial = serial.Serial(self._port, timeout=0.01)
                break
            except OSError:
                if time.monotonic() > until:
                    raise BoardFault(f"{self._port} did not come back after a reset") from None
                time.sleep(0.05)
        self._started = time.monotonic()
        self.usb.clear()
        self.commands.clear()

    def write(self, data: bytes) -> None:
        """See Board."""
        self._serial.write(data)

    def run(self, us: int, until: bytes | None = None) -> bool:
        """See Board."""
        start, end_us = len(self.usb), self.now_us + us
        while self.now_us < end_us:
            self.usb += self._serial.read(READ_BYTES)
            self._play()
            if until is not None and until in self.usb[start:]:
                return True
        return False

    def modem(self, uart: int, baud: int, reply_us: int = 0) -> None:
        """See Board; without an adapter the modem is the real one that is wired there."""
        if self._feeder is not None:
            self._feeder.baudrate = baud
            self._reply_us = reply_us

    def feed(self, uart: int, events: Iterable[tuple[int, str]]) -> None:
        """See Board; as exactly as this machine's clock and adapter are."""
        if self._feeder is None:
            pytest.skip(NOT_FED)
        self._events = sorted([*self._events, *((us, text.encode("latin-1")) for us, text in events)])

    def close(self) -> None:
        """See Board."""
        repl = Repl(self)
        for path, content in self._kept.items():
            if content is None:
                repl.run(REMOVE % path)
            else:
                _store(repl, path, content)
        self._serial.close()
        if self._feeder is not None:
            self._feeder.close()

    def _play(self) -> None:
        if self._feeder is None:
            return
        while self._events and self._events[0][0] <= self.now_us:
            self._feeder.write(self._events.pop(0)[1])
            self._fed_us = self.now_us
        for byte in self._feeder.read(READ_BYTES):
            if not self._line:
                self._began_us = self.now_us
            if byte != ord("\r"):
                self._line.append(byte)
                continue
            self.commands.append(Command(0, self._line.decode("latin-1"), self._began_us, self._fed_us))
            self._line.clear()
            if self._reply_us >= 0:
                self._events = sorted([*self._events, (self.now_us + self._reply_us, b"\r\nOK\r\n")])


def _store(repl: Repl, path: str, content: bytes) -> None:
    """Writes a file; a board has no room for a large one at once."""
    repl.run(FOLDERS % path)
    for at in range(0, len(content), PIECE):
        repl.run(APPEND % (path, content[at : at + PIECE].hex()))
