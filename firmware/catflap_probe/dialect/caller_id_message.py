"""Caller-ID messages as the exchange sends them by FSK, as bytes: SDMF and MDMF (Telcordia GR-30 / GR-31, ETSI EN 300 659-3).

How they are laid out:

    type length data ... checksum        all bytes together are 0 modulo 256; length counts the data alone

    04 12 "09301224" "6095551212" 51     SDMF: month, day, hour, minute; then the number, P (private) or O (out of area)
    80 20 01 08 "03240902" 07 08 "JOHN DOE" 02 0A "8005551212" 7D
                                         MDMF: parameters, each with type and length of its own, in any order
    82 ..                                MDMF, message waiting (a lamp): no call

Parameters (EN 300 659-3 clause 5.4): 01 date and time, 02 calling number, 03 called line (ETSI) or dialable number of the caller (North
America), 04 / 08 reason for absence of number / name (P, O), 07 name, 0B lamp, 11 call type (81: message waiting), 12 first called line,
13 messages waiting.
"""

from ..call import SHOWN, UNAVAILABLE, WITHHELD
from .text import number_of, plain_text

UNTOLD = -1
"""As a presentation: nothing was said of a number."""

SDMF_CALL, SDMF_WAITING, MDMF_CALL, MDMF_WAITING = 0x04, 0x06, 0x80, 0x82
MESSAGE_TYPES = bytes((SDMF_CALL, SDMF_WAITING, MDMF_CALL, MDMF_WAITING))

_DATE, _NUMBER, _DIALABLE, _NO_NUMBER, _NAME, _LAMP, _CALL_TYPE, _FIRST_CALLED, _MESSAGES = 1, 2, 3, 4, 7, 0x0B, 0x11, 0x12, 0x13
_FIRST_TYPES = bytes((1, 2, 3, 4, 5, 6, 7, 8, 0x0B, 0x11, 0x12, 0x13, 0x15, 0x16))
"""What a message may begin with. CR and LF are not among them, so that text after a stray byte is never held back as a message."""

_TEXTS = bytes((_NUMBER, _DIALABLE, _NAME, _FIRST_CALLED))
_MESSAGE_WAITING = 0x81
_LONGEST_SDMF = 40
_SAME_LINE = 7
"""Two numbers that end in so many equal digits are two ways to write one subscriber."""


class CallerId:
    """What one caller-ID message says; `presentation` is UNTOLD where it says nothing of a number."""

    __slots__ = ("called", "is_call", "name", "number", "presentation")

    def __init__(self, number: str = "", presentation: int = UNTOLD, name: str = "", called: str = "", is_call: bool = True) -> None:
        self.number = number
        self.presentation = presentation
        self.name = name
        self.called = called
        self.is_call = is_call


def whole_length(data: bytes) -> int:
    """How many bytes the message has that begins with `data`, which may be cut anywhere; 0 if no message begins so."""
    kind = data[0]
    if kind not in MESSAGE_TYPES:
        return 0
    if len(data) < 2:
        return 3
    length = data[1]
    body = data[2 : 2 + length]
    if kind == SDMF_CALL:
        is_sound = 9 <= length <= _LONGEST_SDMF and are_digits(body[:8]) and is_printable(body[8:])
    elif kind == SDMF_WAITING:
        # on or off, three times over
        is_sound = length == 3 and all(byte in b"Bo" for byte in body)
    else:
        is_sound = length >= 3 and _are_parameters(body, length)
    return length + 3 if is_sound else 0


def read_message(data: bytes) -> "CallerId | None":
    """Reads a whole message; None where the checksum or the length is wrong: nothing in it is believed then."""
    if len(data) < 5 or len(data) != data[1] + 3 or sum(data) & 0xFF:
        return None
    return _read_body(data[0], data[2:-1])


def read_unchecked(data: bytes) -> "CallerId | None":
    """Reads a message whose checksum the modem left out; None unless every byte of it is what it should be there."""
    if len(data) < 5 or len(data) != data[1] + 2 or not whole_length(data):
        return None
    body = data[2:]
    if data[0] == SDMF_CALL:
        return _read_body(data[0], body) if are_digits(body[8:]) or len(body) == 9 else None
    for kind, value in parameters(body):
        if kind in (_NUMBER, _DIALABLE) and not are_digits(value):
            return None
    return _read_body(data[0], body)


def read_parameters(data: bytes) -> CallerId:
    """Reads parameters that a modem printed by themselves (MESG = ...), with or without a checksum behind them."""
    caller = CallerId()
    dialable = ""
    for kind, value in parameters(data):
        if kind == _NUMBER:
            caller.number, caller.presentation = number_of(value)
        elif kind == _DIALABLE:
            dialable = number_of(value)[0]
        elif kind == _NO_NUMBER and caller.presentation != SHOWN:
            caller.presentation = WITHHELD if value.strip().upper() == b"P" else UNAVAILABLE
        elif kind == _NAME:
            caller.name = plain_text(value).strip(" ")
        elif kind == _FIRST_CALLED and not caller.called:
            caller.called = number_of(value)[0]
        elif kind in (_LAMP, _MESSAGES) or (kind == _CALL_TYPE and value and value[0] == _MESSAGE_WAITING):
            caller.is_call = False
    if dialable and (caller.presentation == UNTOLD or (caller.presentation == SHOWN and _are_same_line(caller.number, dialable))):
        caller.number, caller.presentation = dialable, SHOWN
    elif dialable:
        caller.called = dialable
    return caller


def parameters(data: bytes) -> "list[tuple[int, bytes]]":
    """The (type, value) pairs of MDMF parameters, up to the first that is cut short."""
    found = []
    at = 0
    while at + 1 < len(data):
        end = at + 2 + data[at + 1]
        if end > len(data):
            break
        found.append((data[at], data[at + 2 : end]))
        at = end
    return found


def are_whole(data: bytes) -> bool:
    """Whether parameters fill the data, but for one byte of checksum perhaps."""
    used = sum([2 + len(value) for _, value in parameters(data)])
    return 0 < used >= len(data) - 1


def hex_bytes(text: bytes) -> bytes:
    """The bytes that a line of hex digits stands for, blanks and commas between them or not; empty for any other line."""
    digits = b"".join(text.replace(b",", b" ").split())
    if len(digits) & 1:
        return b""
    try:
        return bytes([int(digits[at : at + 2], 16) for at in range(0, len(digits), 2)]) if _are_hex(digits) else b""
    except ValueError:
        return b""


def are_digits(text: bytes) -> bool:
    """True if there is nothing but decimal digits."""
    return all(48 <= byte <= 57 for byte in text)


def is_printable(text: bytes) -> bool:
    """True if there is no control character."""
    return all(byte >= 32 and byte != 127 for byte in text)


def _read_body(kind: int, body: bytes) -> CallerId:
    if kind == SDMF_CALL:
        number, presentation = number_of(body[8:])
        return CallerId(number, presentation)
    if kind != MDMF_CALL:
        return CallerId(is_call=False)
    caller = read_parameters(body)
    if caller.is_call and caller.presentation == UNTOLD:
        caller.presentation = UNAVAILABLE
    return caller


def _are_parameters(body: bytes, length: int) -> bool:
    """Whether `body`, the beginning of `length` bytes, may be MDMF parameters."""
    at = 0
    while at < len(body):
        kind = body[at]
        if at == 0 and kind not in _FIRST_TYPES:
            return False
        if at + 1 == len(body):
            return at + 1 < length
        end = at + 2 + body[at + 1]
        value = body[at + 2 : end]
        if end > length or (kind == _DATE and not are_digits(value)) or (kind in _TEXTS and not is_printable(value)):
            return False
        at = end
    return True


def _are_same_line(one: str, other: str) -> bool:
    return len(one) >= _SAME_LINE and one[-_SAME_LINE:] == other[-_SAME_LINE:]


def _are_hex(text: bytes) -> bool:
    return all(48 <= byte <= 57 or 65 <= byte <= 70 or 97 <= byte <= 102 for byte in text)
