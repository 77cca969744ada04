"""A small MQTT 3.1.1 client: a batch out at QoS 1, and the aggregator's answer to it (PROTOCOL.md section 10).

catflap/v1/batch/demo-a/7    {"v":1,...              the batch, its number at the end of the topic
catflap/v1/answer/demo-a/7   200 {"v":1,...          the status and the answer
"""

from binascii import hexlify
from hashlib import sha256

from .stream import StreamClient, StreamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from ssl import SSLContext

    from ..board import Board

BATCHES = "catflap/v1/batch/"
ANSWERS = "catflap/v1/answer/"

FIRST_WAIT_S, LONGEST_WAIT_S = 4, 32
"""A broker that restarts loses what it has and says nothing, so the first wait is short; a slow line has twice as long each time."""

KEEP_ALIVE_S = 60
IDLE_US = 45000000
"""A connection that was idle for so long is opened anew rather than kept alive."""

MAX_PACKET = 16896
"""An answer of as many bytes as HTTP may bring, its topic and its status."""

CONNECT, CONNACK, PUBLISH, SUBSCRIBE, SUBACK = 0x10, 0x20, 0x30, 0x82, 0x90
QOS_1 = 0x02
CLEAN_SESSION, WITH_PASSWORD, WITH_USER = 0x02, 0x40, 0x80
REFUSALS = ("", "it speaks another version", "it does not take the client's name", "it is out of service", "wrong password", "not allowed")


class MqttClient(StreamClient):
    """Posts to whatever answers behind a broker."""

    wait_s = FIRST_WAIT_S

    def __init__(self, board: "Board", probe: str, password: bytes, places: "list[tuple[str, int]]", tls: "SSLContext | None") -> None:
        """`probe` is the user's name at the broker, too; an empty password is not sent."""
        super().__init__(places, tls)
        self.board = board
        self.probe = probe
        self._password = password
        self._number = board.random_bytes(1)[0]
        self._used_us = 0

    async def post(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        """See StreamClient."""
        began_us = self.board.monotonic_us()
        if began_us - self._used_us > IDLE_US:
            self.close()
        try:
            answer = await super().post(path, content_type, body)
        except StreamError:
            # not where the broker was away: that says nothing of how slow the line is
            if self.board.monotonic_us() - began_us >= self.wait_s * 1000000:
                self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)
            raise
        self.wait_s = FIRST_WAIT_S
        self._used_us = self.board.monotonic_us()
        return answer

    async def opened(self, reader: "StreamReader", writer: "StreamWriter") -> None:
        """See StreamClient."""
        flags = CLEAN_SESSION | WITH_USER | (WITH_PASSWORD if self._password else 0)
        name = self.probe.encode()
        # 23 letters and digits: the one form of a client's name that every broker has to take
        client = b"catflap" + hexlify(sha256(name).digest())[:16]
        head = _text(b"MQTT") + bytes((4, flags, 0, KEEP_ALIVE_S)) + _text(client) + _text(name)
        await _send(writer, CONNECT, head + (_text(self._password) if self._password else b""))
        answer = await _read(reader, CONNACK)
        if answer[1]:
            raise OSError("the broker refuses us: %s" % (REFUSALS[answer[1]] if answer[1] < len(REFUSALS) else answer[1]))
        await _send(writer, SUBSCRIBE, b"\x00\x01" + _text((ANSWERS + self.probe + "/+").encode()) + b"\x00")
        if (await _read(reader, SUBACK))[2] & 0x80:
            raise OSError("the broker does not let us hear %s%s/+" % (ANSWERS, self.probe))

    async def exchange(
        self, reader: "StreamReader", writer: "StreamWriter", path: str, content_type: str, body: bytes
    ) -> "tuple[int, bytes]":
        """See StreamClient."""
        self._number = self._number % 0xFFFF + 1
        topic = "%s/%d" % (self.probe, self._number)
        head = _text((BATCHES + topic).encode()) + self._number.to_bytes(2, "big")
        await _send(writer, PUBLISH | QOS_1, head, body)
        awaited = _text((ANSWERS + topic).encode())
        while True:
            # that the broker has the batch says nothing; a late answer to an earlier one is passed over
            content = await _read(reader, PUBLISH)
            if content.startswith(awaited):
                status, _, answer = content[len(awaited) :].partition(b" ")
                return int(status), answer


def _text(text: bytes) -> bytes:
    return len(text).to_bytes(2, "big") + text


async def _send(writer: "StreamWriter", kind: int, head: bytes, body: bytes = b"") -> None:
    length = len(head) + len(body)
    sizes = bytearray((kind,))
    while length > 0x7F:
        sizes.append(length & 0x7F | 0x80)
        length >>= 7
    sizes.append(length)
    writer.write(bytes(sizes) + head)
    writer.write(body)
    await writer.drain()


async def _read(reader: "StreamReader", kind: int) -> bytes:
    """What follows the length of the next packet of a kind, those of others passed over; raises EOFError, ValueError."""
    while True:
        found = (await reader.readexactly(1))[0] & 0xF0
        length = shift = 0
        more = 0x80
        while more & 0x80:
            more = (await reader.readexactly(1))[0]
            length |= (more & 0x7F) << shift
            shift += 7
            if length > MAX_PACKET or shift > 28:
                raise ValueError("a packet of no sensible length")
        content = await reader.readexactly(length)
        if found == kind & 0xF0:
            return content
