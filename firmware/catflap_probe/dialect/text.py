"""What all text dialects share: lines out of a byte stream that may split anywhere, and the telling of rings that lost letters."""

from ..call import SHOWN, UNAVAILABLE, WITHHELD

MAX_LINE = 256
"""Longer lines are noise (a wrong baud rate); their beginning is thrown away."""

PAUSE_MS = 1000
"""A modem that writes a line does not pause for so long."""

_WITHHELD = (b"P", b"A", b"PVT")
_WITHHELD_STEMS = (b"PRIVA", b"WITHH", b"RESTRICT", b"ANONYM", b"BLOCK", b"CONFIDEN", b"SECRET", b"HIDDEN", b"SUPPRESS", b"OCULT")
"""Parts of the words that modems and networks use for a caller who does not want to be known."""

_LONGEST_NUMBER = 32
_NUMBER_BYTES = b"0123456789*#xX"
_SEPARATORS = b" -()./\"'"


class TextDialect:
    """Cuts the modem's bytes into lines and hands each to `line()`; subclasses know what a line means.

    `listener.heard(kind, t_ms, now_ms, text, detail)` is told every line event; nothing is ever raised on input.
    """

    REPEATS_NUMBER = False

    def __init__(self, listener: "Listener") -> None:
        self.listener = listener
        self._tail = b""
        self._tail_ms = 0
        self._last_ms = 0  # when bytes came last

    def feed(self, now_ms: int, data: bytes) -> None:
        """Takes bytes that arrived at `now_ms`."""
        self.paused(now_ms)
        self._last_ms = now_ms
        pieces = data.replace(b"\r", b"\n").split(b"\n")
        last = len(pieces) - 1
        for index in range(last + 1):
            piece = pieces[index]
            if piece:
                if not self._tail:
                    self._tail_ms = now_ms
                self._tail += piece
                if len(self._tail) > MAX_LINE:
                    self._tail = self._tail[-MAX_LINE:]
            if index < last and self._tail:
                self._end_line(now_ms)

    def paused(self, now_ms: int) -> None:
        """Reads a line that lost its end, if nothing has come for too long; to be called before a silence is held against a call."""
        if self._tail and now_ms - self._last_ms > PAUSE_MS:
            self._end_line(now_ms)

    def _end_line(self, now_ms: int) -> None:
        text = self._tail.strip()
        self._tail = b""
        if text:
            self.line(self._tail_ms, now_ms, text)

    def line(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """Takes one line without its ends; `t_ms` is when it began."""
        raise AttributeError("a dialect says what a line means")

    def sent(self, now_ms: int, data: bytes) -> None:
        """Takes bytes that were sent to the modem: what it says next may be the answer."""

    def settle(self, now_ms: int) -> None:
        """Nothing more will come: tells what was held back until more was known."""

    def unplugged(self) -> None:
        """Forgets a half-received line."""
        self._tail = b""


class Listener:
    """Whoever wants to know what a dialect hears."""

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """Takes one line event (kinds in events.py)."""


def are_left_of(whole: bytes, text: bytes) -> bool:
    """Whether all characters of a text, in order, are some of `whole`."""
    place = 0
    for byte in whole:
        if place < len(text) and text[place] == byte:
            place += 1
    return place == len(text)


def letters_of_ring(text: bytes) -> int:
    """How many letters of RING are left, in order, in a line that holds nothing else; 0 for any other line."""
    length = len(text)
    if length > 4:
        return 0
    place = 0
    for letter in b"RING":
        if place < length and text[place] == letter:
            place += 1
    return place if place == length else 0


def number_of(text: bytes) -> "tuple[str, int]":
    """The calling number that a caller-ID field shows, and its presentation.

    Separators go, a leading + stays; what holds no digit is a word: P and its like mean withheld, all else unavailable.
    """
    digits = b""
    plus = ""
    for byte in text:
        if byte in _NUMBER_BYTES:
            digits += bytes((byte,))
        elif byte == 43 and not digits:  # +
            plus = "+"
        elif byte not in _SEPARATORS:
            digits = b""
            break
    if not _has_digit(digits) or len(digits) > _LONGEST_NUMBER:
        return "", WITHHELD if is_withheld(text) else UNAVAILABLE
    return plus + digits.decode(), SHOWN


def is_withheld(text: bytes) -> bool:
    """Whether what stands in place of a number, or of a name, says that the caller withholds it."""
    word = text.strip().upper()
    return word in _WITHHELD or any(stem in word for stem in _WITHHELD_STEMS)


def plain_text(text: bytes) -> str:
    """Bytes as characters, UTF-8 if they are that and latin-1 if not, without control characters, so that any name can be passed on."""
    characters = text.decode() if _is_utf8(text) else "".join([chr(byte) for byte in text])
    return "".join([character for character in characters if ord(character) >= 32 and not 127 <= ord(character) < 160])


def _is_utf8(text: bytes) -> bool:
    """RFC 3629 to the letter: MicroPython's own decoder is less strict than CPython's."""
    at = 0
    while at < len(text):
        byte = text[at]
        size = 1 if byte < 0x80 else 2 if 0xC2 <= byte < 0xE0 else 3 if 0xE0 <= byte < 0xF0 else 4 if 0xF0 <= byte < 0xF5 else 0
        rest = text[at + 1 : at + size]
        if not size or len(rest) < size - 1 or any(not 0x80 <= more < 0xC0 for more in rest):
            return False
        # neither longer than it need be, nor a surrogate, nor beyond the last character
        if (byte == 0xE0 and rest[0] < 0xA0) or (byte == 0xED and rest[0] > 0x9F) or (byte == 0xF0 and rest[0] < 0x90):
            return False
        if byte == 0xF4 and rest[0] > 0x8F:
            return False
        at += size
    return True


def _has_digit(text: bytes) -> bool:
    return any(48 <= byte <= 57 for byte in text)
