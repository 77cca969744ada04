"""The serial port on USB: MicroPython's own terminal, shared by the link to a gateway and what the probe has to say.

A Ctrl-C from the host ends the probe and brings the REPL, so nothing that is sent to a board may hold the byte 3; text does not.
"""

import asyncio
import select
import sys

from catflap_probe.board import Port

QUEUE = 2048
"""Bytes that may wait for the host."""

PACKET = 64
BUSY_MS = 5


class UsbPort(Port):
    """Never waits for the host: what it does not take in time is refused."""

    def __init__(self) -> None:
        self._reader = asyncio.StreamReader(sys.stdin.buffer)
        self._input = select.poll()
        self._input.register(sys.stdin.buffer, select.POLLIN)
        self._output = select.poll()
        self._output.register(sys.stdout.buffer, select.POLLOUT)
        self._queue: list[bytes] = []
        self._queued = 0
        self._task: asyncio.Task[None] | None = None

    async def read(self) -> bytes:
        """Waits for bytes and returns what there is."""
        data = await self._reader.read(1)
        # reading more than there is would block
        rest = bytearray()
        while self._input.poll(0):
            rest += sys.stdin.buffer.read(1)
        return data + rest

    def write(self, data: bytes) -> None:
        """Queues bytes; OSError where the host has left too many waiting."""
        if self._queued + len(data) > QUEUE:
            raise OSError("the host does not read")
        self._queue.append(data)
        self._queued += len(data)
        if self._task is None:
            self._task = asyncio.create_task(self._drain())

    def begin(self) -> None:
        """For a new event loop: whoever wrote in the old one writes no more."""
        self._task = None

    async def _drain(self) -> None:
        while self._queue:
            data = self._queue[0]
            at = 0
            while at < len(data):
                if self._output.poll(0):
                    at += sys.stdout.buffer.write(data[at : at + PACKET]) or 0
                else:
                    await asyncio.sleep_ms(BUSY_MS)
            self._queue.pop(0)
            self._queued -= len(data)
            await asyncio.sleep_ms(0)
        self._task = None


class UsbText:
    """What the log is written to: a line that finds no room is left out."""

    def __init__(self, port: UsbPort) -> None:
        self._port = port

    def write(self, text: str) -> None:
        """Queues text."""
        try:
            self._port.write(text.encode())
        except OSError:
            pass
