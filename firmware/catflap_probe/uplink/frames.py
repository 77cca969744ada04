"""Frames of the serial link: a checked line of text each, so that noise costs the frame that it hits and no other (PROTOCOL.md section 9).

^Q 7 532198412 1 13812345678 L01 5e0d1b7a\\n
"""

from binascii import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 1024
"""Bytes of a frame, sign and end of line included."""

SIGN = b"^"
ESCAPES = ((b"~", b"~0"), (b"\n", b"~1"), (b"^", b"~2"), (b"\r", b"~3"), (b"\x03", b"~4"))
"""Byte 3, Ctrl-C, would stop a board that listens on its USB."""


_CRC = 9  # a blank and eight hex digits


def frame(content: bytes) -> bytes:
    """The frame that carries `content`."""
    for plain, written in ESCAPES:
        content = content.replace(plain, written)
    return b"^%s %08x\n" % (content, crc32(content))


class FrameReader:
    """Takes bytes as they come and hands on the content of every whole frame; holds no more than one frame of them."""

    def __init__(self, heard: "Callable[[bytes], None]", other: "Callable[[bytes], None] | None" = None) -> None:
        """`other` gets each line that is no frame, without its end: what the machine at the other end prints beside them."""
        self.damaged = 0
        self._heard = heard
        self._other = other
        self._line = b""
        self._is_too_long = False

    def feed(self, data: bytes) -> None:
        """Takes bytes, split anywhere."""
        start = 0
        while start < len(data):
            end = data.find(b"\n", start)
            self._add(data[start:] if end < 0 else data[start:end])
            if end < 0:
                return
            line, self._line = self._line, b""
            if self._is_too_long:
                self._is_too_long = False
                self.damaged += 1
            else:
                self._take(line[:-1] if line[-1:] == b"\r" else line)
            start = end + 1

    def _add(self, part: bytes) -> None:
        sign = part.rfind(SIGN)
        if sign >= 0:
            # whatever came before on this line is a frame that lost its end, or noise
            if self._line or sign:
                self.damaged += 1
            part = part[sign:]
            self._line = b""
            self._is_too_long = False
        if len(self._line) + len(part) < LONGEST and not self._is_too_long:
            self._line += part
        else:
            self._line = b""
            self._is_too_long = True

    def _take(self, line: bytes) -> None:
        if line[:1] != SIGN:
            if line and self._other is not None:
                self._other(line)
            return
        content = line[1:-_CRC]
        if line[-_CRC:] != b" %08x" % crc32(content):
            self.damaged += 1
            return
        for at in range(len(ESCAPES) - 1, -1, -1):
            plain, written = ESCAPES[at]
            content = content.replace(written, plain)
        self._heard(content)
