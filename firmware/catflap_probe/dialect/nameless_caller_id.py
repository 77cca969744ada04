"""Caller ID in lines that have no field names: a message in hex, a run of DTMF keys, or nothing but digits.

What modems write so:

    801E01083130313532303338020A38343735353530303031070C552E532E    one line or several, blanks between the bytes or not (+VCID=2, #CID=2)
    443035333934363238303743                                        the keys D 0539462807 C in hex (the Netherlands)
    A13812345678C                                                   the keys themselves
    5551212                                                         digits only (ELINK 301)
"""

from ..call import SHOWN
from ..events import INFORMATION
from .caller_id_block import LATE_MS, CallerIdBlock
from .caller_id_message import MDMF_CALL, SDMF_CALL, are_digits, hex_bytes, is_printable, read_message, read_unchecked, whole_length
from .dtmf_caller_id import STOPS, read_keys

_SHORTEST_DIGITS, _LONGEST_DIGITS = 7, 15
"""A line of digits only is a number if it has so many (ITU-T E.164); with fewer it is an answer to a question."""

_SHORTEST_DAMAGED = 8
"""So many bytes that begin as a message does were one."""

_SHORTEST_KEYS = 5
"""A line of keys with fewer digits is a word in some answer."""


class NamelessCallerId:
    """Reads such lines into a block; holds back a message whose rest is still to come, and digits that may be an answer."""

    def __init__(self, block: CallerIdBlock) -> None:
        self.block = block
        self.forget()

    def forget(self) -> None:
        """Drops what is held back."""
        self._hex = b""
        self._hex_ms = 0
        self._is_read = False  # all but its checksum has come, and was told
        self._digits = b""
        self._digits_ms = 0

    def take(self, t_ms: int, now_ms: int, text: bytes, is_expected: bool, is_answer: bool) -> bool:
        """Takes a line; False if it is no caller ID.

        is_expected: it rings, or the modem has announced a caller ID; is_answer: a command was echoed and is not answered yet.
        """
        caller = read_keys(text) if text[-1] in b"CD#" else None
        data = hex_bytes(text)
        if caller is None and data and is_printable(data) and data[-1] in STOPS:
            caller = read_keys(data)
        if caller is not None and not 0 < len(caller.number) < _SHORTEST_KEYS:
            self.block.tell(t_ms, now_ms, caller)
            return True
        if not is_answer and _SHORTEST_DIGITS <= len(text) <= _LONGEST_DIGITS and are_digits(text):
            if is_expected:
                self.block.number(t_ms, now_ms, text.decode(), SHOWN)
            else:
                self._digits, self._digits_ms = text, t_ms
            return True
        self._hex_ms = t_ms
        return self._takes_hex(now_ms, data)

    def next_line(self, now_ms: int, text: bytes, is_reply: bool) -> bool:
        """Before any line is read: settles what is held back; True if the line belonged to it."""
        if self._hex and self._takes_hex(now_ms, hex_bytes(text)):
            return True
        self.settle(now_ms, is_reply)
        return False

    def settle(self, now_ms: int, is_reply: bool = False) -> None:
        """Nothing more comes of what is held back; `is_reply`: a result code does, so that digits were an answer."""
        if len(self._hex) >= _SHORTEST_DAMAGED and not self._is_read:
            self.block.damaged(self._hex_ms, now_ms)
        if self._digits and is_reply:
            self.block.listener.heard(INFORMATION, self._digits_ms, now_ms, self._digits.decode(), 0)
        elif self._digits and now_ms - self._digits_ms <= LATE_MS:
            self.block.number(self._digits_ms, now_ms, self._digits.decode(), SHOWN)
        self._hex = self._digits = b""
        self._is_read = False

    def message(self, t_ms: int, now_ms: int, data: bytes) -> None:
        """Takes a whole message, its checksum perhaps left out by the modem; one that is wrong shows no more than that there was one."""
        caller = read_message(data) or read_unchecked(data)
        if caller is not None:
            self.block.tell(t_ms, now_ms, caller)
        elif data[0] in (SDMF_CALL, MDMF_CALL) and len(data) >= _SHORTEST_DAMAGED:
            self.block.damaged(t_ms, now_ms)

    def _takes_hex(self, now_ms: int, more: bytes) -> bool:
        """Adds bytes to a message in hex, and reads it once it is whole; False if they do not belong to one."""
        # what is left of the channel seizure
        data = self._hex + more if self._hex else more.lstrip(b"U")
        if not more or not data:
            return False
        length = whole_length(data)
        if not length:
            if not self._hex and len(data) >= _SHORTEST_DAMAGED and whole_length(data[:3]):
                self.block.damaged(self._hex_ms, now_ms)
                return True
            return False
        self._hex = data if len(data) < length else b""
        was_read = self._is_read
        self._is_read = len(data) == length - 1 and read_unchecked(data) is not None
        if not was_read and (self._is_read or not self._hex):
            self.message(self._hex_ms, now_ms, data[:length])
        return True
