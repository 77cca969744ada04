"""A board's end of the serial link to its gateway: batches out and answers in, questions about calls, and the time (PROTOCOL.md section 9).

board   H {"v":1,"probe":"demo-a",...}     every second until it is welcomed
        w 1795424000000 1                  gateway: welcome, it is so late, and you may ask
        B 31 0 700 {"v":1,...              the batch, piece by piece
        b 31 384                           go on from there
        B 31 384 700 ...
        b 31 700
        a 31 200 {"v":1,...                what the aggregator answered, untouched
"""

import asyncio
import json
import logging

from .client import Client
from .frames import FrameReader, frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..board import Board, Port

PIECE = 384
"""Bytes of a batch in one frame: twice as many and its head fit one, should each have to be escaped."""

REOPEN_S = 2
HELLO_S = 1
LOOK_S = 10
"""How often a board that was welcomed looks whether its gateway has fallen silent."""

REPEAT_S = 0.5
TRIES = 8
WAIT_S = 30
"""How long a batch waits for a gateway, and then for its answer."""

log = logging.getLogger("catflap.link")


class LinkError(Exception):
    """A batch was not carried; the message says why."""


class Listener:
    """Whoever wants to know what a gateway tells."""

    def told_time(self, unix_ms: int) -> None:
        """The gateway says how late it is; 0 where its boards keep their own time."""

    def told_evidence(self, number: int, text: str) -> None:
        """The gateway's answer to question `number`."""


class SerialLink(Client):
    """The link, whose port is opened again whenever it is gone; nothing on it ever waits but a batch."""

    max_bytes = 1024

    def __init__(self, board: "Board", path: str, baud: int, hello: "dict[str, object]", listener: Listener) -> None:
        """`hello` is what the board says of itself."""
        self.board = board
        self.path = path
        self.baud = baud
        self.hello = b"H " + json.dumps(hello).encode()
        self.listener = listener
        self.is_up = False  # the gateway has welcomed us, and answered since
        self.may_ask = False
        self._port: Port | None = None
        self._news = asyncio.Event()
        self._number = board.random_bytes(1)[0]
        self._have = 0  # so much of the batch has the gateway
        self._is_new = False
        self._answer: tuple[int, bytes] | None = None

    async def run(self) -> None:
        """Opens the port, says hello and listens until cancelled."""
        is_missing = False
        while True:
            try:
                port = self.board.open_port(self.path, self.baud)
            except (OSError, ValueError) as fault:
                if not is_missing:
                    log.warning("%s: %s", self.path, fault)
                is_missing = True
                await asyncio.sleep(REOPEN_S)
                continue
            is_missing = False
            self._port = port
            greeting = asyncio.create_task(self._greet())
            try:
                await self._listen(port)
            finally:
                greeting.cancel()
                self._port = None
                self.is_up = False
                port.close()
            await asyncio.sleep(REOPEN_S)

    async def post(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        """See Client; the gateway knows where a batch goes. Raises LinkError."""
        self._number = (self._number + 1) & 0xFFFF
        self._have = 0
        self._answer = None
        await self._welcome()
        tries = 0
        whole_us = 0  # when the gateway had all of it
        while self._answer is None:
            # once it is whole there, an empty piece asks for the answer
            have = self._have
            self._is_new = False
            self.send(b"B %d %d %d %s" % (self._number, have, len(body), body[have : have + PIECE]))
            await self._wait(have)
            if self._answer is None and not self._is_new:
                tries += 1
                if tries >= TRIES:
                    self.is_up = False
                    raise LinkError("the gateway does not answer")
            else:
                tries = 0
            if self._have < len(body):
                whole_us = 0
            elif not whole_us:
                whole_us = self.board.monotonic_us()
            elif self.board.monotonic_us() - whole_us > WAIT_S * 1000000:
                raise LinkError("the gateway has the batch, and no answer within %d s" % WAIT_S)
        status, content = self._answer
        if status == 0:
            raise LinkError("the gateway does not reach the aggregator: %s" % content.decode())
        return status, content

    def ask(self, number: int, at_s: int, is_mobile: bool, key: str, line: str) -> bool:
        """Asks what is known of a call; `number` is the question's, `at_s` counts as the memory's seconds, `key` is not empty.

        False if it was not sent.
        """
        if not self.may_ask or not self.is_up:
            return False
        return self.send(b"Q %d %d %d %s %s" % (number, at_s, 1 if is_mobile else 0, key.encode(), line.encode()))

    def tell_end(self, at_s: int, ring_ms: int, talk_s: int, suspicion: int, is_mobile: bool, key: str) -> None:
        """Tells how a call went; `talk_s` as TrunkMemory.ended has it, `suspicion` as Sight has."""
        if self.may_ask and self.is_up:
            self.send(b"X %d %d %d %d %d %s" % (at_s, ring_ms, talk_s, suspicion, 1 if is_mobile else 0, key.encode()))

    def send(self, content: bytes) -> bool:
        """Hands a frame to the port; False where that takes none."""
        if self._port is None:
            return False
        try:
            self._port.write(frame(content))
        except OSError:
            return False
        return True

    async def _listen(self, port: "Port") -> None:
        reader = FrameReader(self._heard)
        while True:
            try:
                data = await port.read()
            except OSError:
                return
            if not data:
                return
            reader.feed(data)

    async def _greet(self) -> None:
        while True:
            if not self.is_up:
                self.send(self.hello)
            await asyncio.sleep(LOOK_S if self.is_up else HELLO_S)

    async def _welcome(self) -> None:
        """Waits until there is a gateway; raises LinkError."""
        for _ in range(int(WAIT_S / REPEAT_S)):
            if self.is_up:
                return
            await asyncio.sleep(REPEAT_S)
        raise LinkError("no gateway on %s" % self.path)

    async def _wait(self, have: int) -> None:
        """Until the gateway has another part of the batch than `have`, or answers, or has had its time."""
        # no wait_for(): CPython 3.11 may lose a cancellation in it
        timer = asyncio.create_task(self._time_out())
        try:
            while not timer.done() and self._answer is None and self._have == have:
                self._news.clear()
                await self._news.wait()
        finally:
            timer.cancel()

    async def _time_out(self) -> None:
        await asyncio.sleep(REPEAT_S)
        self._news.set()

    def _heard(self, content: bytes) -> None:
        fields = content.split(b" ", 3)
        try:
            self._take(fields[0], fields, content)
        except (ValueError, IndexError):
            log.warning("a frame that cannot be read: %s", content[:60])

    def _take(self, kind: bytes, fields: "list[bytes]", content: bytes) -> None:
        if kind == b"e":
            self.listener.told_evidence(int(fields[1]), fields[2].decode())
        elif kind == b"b":
            have = int(fields[2])
            # an echo of an earlier piece says less than we know; 0 says that a new gateway wants it all
            if int(fields[1]) == self._number and (have >= self._have or have == 0):
                self._have = have
                self._is_new = True
                self._news.set()
        elif kind == b"a":
            if int(fields[1]) == self._number:
                self._answer = int(fields[2]), fields[3] if len(fields) > 3 else b""
                self._news.set()
        elif kind == b"w":
            self.may_ask = fields[2] == b"1"
            unix_ms = int(fields[1])
            self.is_up = True
            self._news.set()
            self.listener.told_time(unix_ms)
        elif kind == b"h":
            self.send(self.hello)
