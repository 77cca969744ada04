"""The fields of a cellular modem's line: numbers, types of address, names and release causes, each checked for being one."""

from ..call import SHOWN, UNAVAILABLE, WITHHELD
from .text import number_of, plain_text

BLANK, UNLAWFUL = -1, -2

_WITHHELD_BY_CALLER = 1  # CLI validity, TS 27.007 clause 7.11; 0 is valid, all others say that the network has none
_INTERNATIONAL = 1  # type of number, TS 24.008 clause 10.5.4.7
_MORE_DIGITS = b"ABCDEabcdePpWwTt"
"""What dialling strings hold beside digits: the further codes of TS 24.008 table 10.5.118, and pauses."""
_SHORTEST_HEX = 20
"""A number in UCS2 hexadecimal has so many characters at least; in decimal few have."""
_SCHEMES = (b"sip:", b"sips:", b"tel:")

_CAUSES = (
    (b"UNASSIGNED", "1"),
    (b"UNALLOCATED", "1"),
    (b"NO ROUTE", "3"),
    (b"NORMAL CALL CLEAR", "16"),
    (b"NORMAL CLEARING", "16"),
    (b"USER BUSY", "17"),
    (b"NO USER RESPOND", "18"),
    (b"ALERTING", "19"),
    (b"NO ANSWER", "19"),
    (b"CALL REJECTED", "21"),
    (b"NUMBER CHANGED", "22"),
    (b"OUT OF ORDER", "27"),
    (b"INVALID NUMBER", "28"),
    (b"NORMAL, UNSPECIFIED", "31"),
    (b"NORMAL UNSPECIFIED", "31"),
    (b"NO CIRCUIT", "34"),
    (b"TEMPORARY FAILURE", "41"),
    (b"CONGESTION", "42"),
)
"""Words of Q.850 with its decimal causes."""


class Fields:
    """The comma-separated fields of a line; `is_whole` is False where a quote is not closed, or stands where none may."""

    __slots__ = ("is_whole", "quoted", "values")

    def __init__(self, text: bytes) -> None:
        """A comma or a quote inside a quoted field belongs to it: only a quote before a comma, or at the end, closes it."""
        self.values: list[bytes] = []  # without their quotes
        self.quoted: list[bool] = []
        self.is_whole = True
        for piece in text.split(b","):
            value = piece.strip()
            is_quoted = value[:1] == b'"'
            if is_quoted:
                value = value[1:-1] if len(value) > 1 and value[-1:] == b'"' else b'"'
            if b'"' in value:
                # a comma or a quote is part of the field, or the line is damaged
                self._cut(text)
                return
            self.values.append(value)
            self.quoted.append(is_quoted)

    def _cut(self, text: bytes) -> None:
        self.values = []
        self.quoted = []
        rest: bytes | None = text
        while rest is not None:
            value, rest, is_quoted = _first(rest.strip())
            if b'"' in value and not is_quoted:
                self.is_whole = False
            self.values.append(value)
            self.quoted.append(is_quoted)

    def __len__(self) -> int:
        return len(self.values)

    def value(self, place: int) -> bytes:
        """A field's text; empty where the line ends before it."""
        return self.values[place] if place < len(self.values) else b""

    def is_quoted(self, place: int) -> bool:
        """Whether the field stands in quotes."""
        return place < len(self.quoted) and self.quoted[place]

    def integer(self, place: int, most: int) -> int:
        """The field's number, 0 ... `most`; BLANK or UNLAWFUL."""
        return UNLAWFUL if self.is_quoted(place) else integer(self.value(place), most)

    def has_type(self, place: int) -> bool:
        """Whether the field may be the type of an address: an octet with its first bit set, or left out."""
        return type_of(self.value(place)) != UNLAWFUL

    def number(self, place: int) -> "tuple[str, int] | None":
        """The number in a field, its type in the next, and its presentation; None if the two are no such thing, whole."""
        value, kind = self.value(place), type_of(self.value(place + 1))
        if not self.is_whole:
            return None
        if value:
            if kind == UNLAWFUL or (kind == BLANK and len(self) > 1 and not self.is_quoted(place)):
                # with quotes and type lost, nothing tells where the number ends
                return None
        elif kind < 0 and not self.is_quoted(place):
            return None
        found = _number(value, self.is_quoted(place))
        if found is None or not found[0] or found[0][0] == "+":
            return found
        return ("+" + found[0] if kind >= 128 and (kind >> 4) & 7 == _INTERNATIONAL else found[0]), SHOWN

    def address(self, place: int) -> str:
        """The number in a field, wherever its type stands; empty where it holds none."""
        found = _number(self.value(place), self.is_quoted(place))
        return found[0] if found is not None else ""

    def name(self, place: int) -> str:
        """The name in a field; empty where it holds none."""
        value = self.value(place)
        if not self.is_quoted(place) and integer(value, 999) != UNLAWFUL:
            return ""
        return name_of(value)


def _first(text: bytes) -> "tuple[bytes, bytes | None, bool]":
    """A field, what follows its comma (None at the end), and whether it was quoted."""
    if text[:1] == b'"':
        end = text.find(b'"', 1)
        while end >= 0:
            after = text[end + 1 :].strip()
            if not after or after[:1] == b",":
                return text[1:end], after[1:] if after else None, True
            end = text.find(b'"', end + 1)
    comma = text.find(b",")
    if comma < 0:
        return text, None, False
    return text[:comma].strip(), text[comma + 1 :], False


def integer(text: bytes, most: int) -> int:
    """A decimal number, 0 ... `most`; BLANK or UNLAWFUL."""
    if not text:
        return BLANK
    found = 0
    for byte in text:
        if not 48 <= byte <= 57 or found > most:
            return UNLAWFUL
        found = found * 10 + byte - 48
    return found if found <= most else UNLAWFUL


def type_of(text: bytes) -> int:
    """A type of address, 128 ... 255 (TS 24.008 clause 10.5.4.7), decimal or as 0x..; BLANK or UNLAWFUL."""
    is_hex = text[:2].lower() == b"0x" and 2 < len(text) <= 4
    found = _hex(text[2:]) if is_hex else integer(text, 255)
    return found if found == BLANK or found >= 128 else UNLAWFUL


def presentation_of(number: str, said: int, validity: int) -> int:
    """An index of call.PRESENTATIONS, from what stands in the number's place (`said`) and CLI validity (negative: none)."""
    if number:
        return SHOWN
    if validity == _WITHHELD_BY_CALLER:
        return WITHHELD
    return UNAVAILABLE if validity > _WITHHELD_BY_CALLER or said != WITHHELD else WITHHELD


def name_of(text: bytes) -> str:
    """A name as the characters that it stands for, in UCS2 hexadecimal (TS 27.007 clause 5.5), UTF-8 or latin-1."""
    spelled = _ucs2(text) if len(text) >= 8 and (text[:2] == b"00" or _is_mixed(text)) else ""
    if not spelled:
        return plain_text(text).strip(" ")
    return "".join([letter for letter in spelled if ord(letter) >= 32 and not 127 <= ord(letter) < 160]).strip(" ")


def cause_of(text: bytes) -> str:
    """The release cause (Q.850, decimal) in what +CEER answers: by its words, else its last number; empty where there is none.

    Makers differ: "User busy", "17 User busy", 17,CM_USER_BUSY, 0,0,5,16,..., "CC setup error",17,"User busy", Error 17.
    """
    words = text.upper().replace(b"_", b" ")
    for packets in (b"EMM", b"ESM", b"GMM", b"PDP", b"PDN", b"ATTACH", b"DEACTIVAT", b"SM:"):
        if packets in words:
            return ""
    for said, cause in _CAUSES:
        if said in words:
            return cause
    found = BLANK
    for word in words.replace(b",", b" ").replace(b'"', b" ").replace(b":", b" ").split():
        number = integer(word, 127)
        if number >= 0:
            found = number
    return str(found) if found > 0 else ""


def _number(value: bytes, is_quoted: bool) -> "tuple[str, int] | None":
    """The number that a field shows, and its presentation; None for what only damage can have made of one."""
    digits_of = value[1:] if value[:1] == b"+" else value
    if digits_of.isdigit() and 2 < len(digits_of) < _SHORTEST_HEX:
        return value.decode(), SHOWN
    for scheme in _SCHEMES:
        if value[: len(scheme)].lower() == scheme:
            value = value[len(scheme) :].split(b"@")[0].split(b";")[0]
    if len(value) >= _SHORTEST_HEX:
        value = _ucs2(value, b"0123456789+*#").encode() or value
    digits = letters = others = 0
    for byte in value:
        if byte < 32 or byte > 126 or byte == 34:
            return None
        if 48 <= byte <= 57:
            digits += 1
        elif 65 <= byte <= 90 or 97 <= byte <= 122:
            letters += 1
            others += byte not in _MORE_DIGITS
    if not digits or not letters or b"x" in value.lower():
        # a lone digit or two without quotes is a setting, as in +CLIP: 1,1
        return number_of(value) if is_quoted or digits == 0 or digits > 2 else None
    if others or value[:1] not in b"+*#0123456789":
        return None
    return number_of(bytes([byte for byte in value if byte not in _MORE_DIGITS]))


def spelled_in(text: bytes) -> str:
    """The characters of UCS2 hexadecimal (TS 27.007 clause 5.5); empty if it is none."""
    return _ucs2(text)


def _is_mixed(text: bytes) -> bool:
    """Whether letters and digits are in it, as in no word and no number."""
    digits = sum([48 <= byte <= 57 for byte in text])
    return 0 < digits < len(text)


def _ucs2(text: bytes, letters: bytes = b"") -> str:
    """The characters of UCS2 hexadecimal; empty if it is none, or has any but `letters` in it where they are given."""
    if len(text) % 4:
        return ""
    spelled = ""
    for place in range(0, len(text), 4):
        code = _hex(text[place : place + 4])
        if code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000 or (letters and (code > 127 or code not in letters)):
            return ""
        spelled += chr(code)
    return spelled


def _hex(text: bytes) -> int:
    found = 0
    for byte in text.upper():
        if 48 <= byte <= 57:
            found = found * 16 + byte - 48
        elif 65 <= byte <= 70:
            found = found * 16 + byte - 55
        else:
            return UNLAWFUL
    return found
