"""A Linux machine under CPython: pyserial ports on the event loop, LiteRT, the system's certificates."""

import asyncio
import os
import select
import ssl
import time
from typing import BinaryIO

import serial

from boards.linux import ports
from boards.linux.litert import open_classifier
from catflap_probe.board import Board, Port
from catflap_probe.verdict.int8 import Classifier

READ_BYTES = 4096


class SerialPort(Port):
    """A serial port whose bytes wake the event loop."""

    def __init__(self, path: str, baud: int) -> None:
        """Opens it for this program alone; raises OSError."""
        self._serial = serial.Serial(path, baud, timeout=0, exclusive=True)
        self._fd: int = self._serial.fileno()
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._loop.add_reader(self._fd, self._wake)

    async def read(self) -> bytes:
        """Waits for bytes and returns what there is; empty or OSError once the port is gone."""
        while True:
            self._waiter = self._loop.create_future()
            await self._waiter
            data = os.read(self._fd, READ_BYTES)
            # the loop may have noticed the bytes of the last read twice; a tty that hung up says so
            if data or self._hung_up():
                return data

    def _hung_up(self) -> bool:
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        return any(events & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, events in poll.poll(0))

    def write(self, data: bytes) -> None:
        """Hands bytes to the port without waiting; raises OSError where it takes none."""
        os.write(self._fd, data)

    def close(self) -> None:
        """Lets the port go."""
        self._loop.remove_reader(self._fd)
        self._serial.close()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class LinuxBoard(Board):
    """A Raspberry Pi or any other Linux machine."""

    def __init__(self) -> None:
        self._holders = ports.Holders()

    def monotonic_us(self) -> int:
        """See Board."""
        return time.monotonic_ns() // 1000

    def unix_us(self) -> int:
        """See Board."""
        return time.time_ns() // 1000

    def random_bytes(self, count: int) -> bytes:
        """See Board."""
        return os.urandom(count)

    def open_port(self, path: str, baud: int) -> Port:
        """See Board."""
        return SerialPort(path, baud)

    def stable_name(self, path: str) -> str:
        """See Board."""
        return ports.stable_name(path)

    def group_of(self, path: str) -> str:
        """See Board."""
        return ports.group_of(path)

    async def who_has(self, path: str) -> str:
        """See Board; in a thread, for there may be many processes to look through."""
        return await asyncio.get_running_loop().run_in_executor(None, self._holders.of, path)

    def append_to(self, path: str) -> BinaryIO:
        """See Board."""
        return open(path, "ab", buffering=0)

    async def sync(self, file: BinaryIO) -> None:
        """See Board; in a thread, for a slow disk must not hold up a decision."""
        await asyncio.get_running_loop().run_in_executor(None, os.fsync, file.fileno())

    def open_classifier(self, data: bytes) -> Classifier:
        """See Board."""
        return open_classifier(data)

    def tls(self, ca_file: str) -> ssl.SSLContext:
        """See Board."""
        return ssl.create_default_context(cafile=ca_file or None)
