"""Analogue caller-ID modems (ITU-T V.253, formatted caller ID as +VCID=1 gives it).

The exchange it reads, as users posted it:

    modem:  RING <CR><LF>
            DATE = 0410 <CR><LF>        the caller-ID block: between the first two rings, before the first,
            TIME = 1844 <CR><LF>        after the second, or never; its fields in any order, any may be missing
            NMBR = 7632280000 <CR><LF>  -> NUMBER, stamped with the block's first byte
            NAME = SCHWARTZ,LAWREN <CR><LF>
            RING <CR><LF>
    probe:  ATH1 <CR>       takes the line
    modem:  OK <CR><LF>     -> REPLY
"""

from ..events import FAINT_RING, NAME, NUMBER, REPLY, RING
from .text import Listener, TextDialect, letters_of_ring, number_of, plain_text

_NUMBER_KEYS = (b"NMBR", b"DDN_NMBR", b"DDN")
_BLOCK_KEYS = (b"DATE", b"TIME", b"DATE TIME", b"MESG")
_REPLIES = (b"OK", b"ERROR", b"NO CARRIER", b"BUSY", b"NO DIALTONE", b"NO ANSWER", b"CONNECT")

BLOCK_MS = 2000
"""A caller-ID block is over this long after its last line (at 1200 baud even the longest message is)."""


class V253(TextDialect):
    """Reads an analogue modem."""

    def __init__(self, listener: Listener) -> None:
        TextDialect.__init__(self, listener)
        self._block_ms = -1  # first byte of the caller-ID block that is coming in
        self._block_last_ms = 0

    def line(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """Takes one line; see TextDialect."""
        if text[:4] == b"RING":
            self._ring(RING, t_ms, now_ms)
            # seen with both ends of line lost: RING DATE = ...
            if b"=" in text:
                self._field(t_ms, now_ms, text[4:].strip())
            return
        if b"=" in text:
            self._field(t_ms, now_ms, text)
            return
        if text in _REPLIES:
            self.listener.heard(REPLY, t_ms, now_ms, text.decode(), 0)
            return
        letters = letters_of_ring(text)
        if letters >= 2:
            self._ring(RING if letters > 2 else FAINT_RING, t_ms, now_ms)
        elif text == b"CID RING":
            self._ring(RING, t_ms, now_ms)

    def unplugged(self) -> None:
        """Forgets what was half received."""
        TextDialect.unplugged(self)
        self._block_ms = -1

    def _ring(self, kind: int, t_ms: int, now_ms: int) -> None:
        self._block_ms = -1
        self.listener.heard(kind, t_ms, now_ms, "", 0)

    def _field(self, t_ms: int, now_ms: int, text: bytes) -> None:
        key, _, value = text.partition(b"=")
        key = key.strip().upper()
        is_number = key in _NUMBER_KEYS
        is_name = key == b"NAME"
        if not (is_number or is_name or key in _BLOCK_KEYS):
            return
        if self._block_ms < 0 or t_ms - self._block_last_ms > BLOCK_MS:
            self._block_ms = t_ms
        self._block_last_ms = now_ms
        value = value.strip()
        if is_number:
            number, presentation = number_of(value)
            self.listener.heard(NUMBER, self._block_ms, now_ms, number, presentation)
        elif is_name:
            self.listener.heard(NAME, self._block_ms, now_ms, plain_text(value), 0)
