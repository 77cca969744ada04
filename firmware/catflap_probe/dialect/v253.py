"""Analogue caller-ID modems (ITU-T V.253, and what makers wrote before and beside it).

The exchange it reads, as users posted it:

    modem:  RING <CR><LF>
            DATE = 0410 <CR><LF>        the caller-ID block: between the first two rings, before the first,
            TIME = 1844 <CR><LF>        after the second, or never; its fields in any order, any may be missing
            NMBR = 7632280000 <CR><LF>  -> NUMBER, stamped with the block's first byte
            NAME = SCHWARTZ,LAWREN <CR><LF>
            RING <CR><LF>
    probe:  ATH1 <CR>       takes the line
    modem:  OK <CR><LF>     -> REPLY

A block may also be a message in bytes (raw_caller_id.py) or in hex, DTMF keys or mere digits (nameless_caller_id.py); in voice mode
events are single characters behind <DLE> (dle.py).
"""

from ..call import SHOWN, UNAVAILABLE
from ..events import FAINT_RING, INFORMATION, REPLY, RESET, RING, TONE
from . import caller_id_fields as fields
from .caller_id_block import CallerIdBlock
from .caller_id_fields import in_order
from .caller_id_message import MESSAGE_TYPES, are_digits, are_whole, hex_bytes, read_parameters, whole_length
from .dle import CALL_WAITING, DLE, HEADER, TERMINATOR, KeyRun, event_of
from .dtmf_caller_id import read_keys
from .nameless_caller_id import NamelessCallerId
from .raw_caller_id import RawCallerId
from .ring_cadence import RingCadence
from .text import PAUSE_MS, Listener, TextDialect, are_left_of, letters_of_ring, number_of, plain_text

_REPLIES = (
    b"OK", b"ERROR", b"NO CARRIER", b"BUSY", b"NO DIALTONE", b"NO DIAL TONE", b"NO ANSWER", b"VCON",
    b"LINE IN USE", b"LINE-IN-USE", b"NO LINE", b"BLACKLISTED", b"DELAYED",
)  # fmt: skip
_REMAINS_OF_OK = (b"O", b"K")
_RINGBACKS = (b"RINGING", b"RRING", b"RINGBACK")
"""Heard when the modem itself has dialled: no ring."""

_WAITING_WORDS = (b"CALL WAITING", b"CALLWAITING", b"CIDCW", b"CWID", b"+VCIDR:")
"""Announce a waiting call's caller ID; +VCIDR: is the Si24xx's answer when it is asked for one (AN93)."""

_COMINGS = (b"CIDM", b"STAS")
"""The Si24xx has heard the beginning of a caller ID, or the tones before one in the United Kingdom (AN93)."""

_SILENT = (b"FLASH", b"POLARITY REVERSAL", b"NO POLARITY REVERSAL", b"NO DATA")
_RESETS = (b"RESET", b"REBOOT", b"BOOT", b"POWER ON", b"POWER UP", b"MODEM READY", b"SYSTEM READY")

_SPECIAL = bytes((DLE,)) + MESSAGE_TYPES
"""Bytes that do not occur in lines of text."""

_ANSWER_MS = 5000
"""What a modem answers to a command that it echoed, or writes after it announced a caller ID, comes within this time."""

_ECHO_MS = 1000
"""A command is echoed within this time, as it was or with characters lost."""

_RANG_MS = 6000
"""The longest pause within a cadence: a line that rang no longer ago is ringing."""

_NOISE_MS = 1000
"""So long after bytes that are no text, a single character behind <DLE> is as likely to be noise."""

_LONG_AGO = -60000
_FAINTEST = 8
"""A longer line than this is no ring with noise in it."""

_STRAY = 8
"""So many characters before an event may have lost their own <DLE>."""

_LONGEST_EXTENSION = 6
"""More digits behind RING are no extension that was dialled."""


class V253(TextDialect):
    """Reads an analogue modem."""

    def __init__(self, listener: Listener) -> None:
        TextDialect.__init__(self, listener)
        self._block = CallerIdBlock(listener)
        self._nameless = NamelessCallerId(self._block)
        self._raw = RawCallerId()
        self._start()

    def _start(self) -> None:
        self._keys = KeyRun()
        self._cadence = RingCadence()
        self._is_shielded = False  # the last byte was <DLE>
        self._heard_ms = 0  # when it came
        self._rings_in_words = False  # this modem writes RING: a lone <DLE> R is as likely to be noise
        self._shielded_rings = 0  # since the last such word
        self._noise_ms = _LONG_AGO
        self._rang_ms = _LONG_AGO
        self._asked_ms = _LONG_AGO  # a command was sent, or echoed, and is not answered yet
        self._command = b""  # the one that was sent last
        self._comes_ms = _LONG_AGO  # the modem has announced a caller ID

    def feed(self, now_ms: int, data: bytes) -> None:
        """Takes bytes that arrived at `now_ms`."""
        self._block.elapsed(now_ms)
        self.paused(now_ms)
        self._heard_ms = now_ms
        if self._is_shielded or self._raw.data or any([byte in _SPECIAL for byte in data]):
            for byte in data:
                self._byte(now_ms, byte)
        else:
            TextDialect.feed(self, now_ms, data)

    def sent(self, now_ms: int, data: bytes) -> None:
        """Takes bytes that were sent to the modem."""
        if b"\r" in data:
            self._asked_ms = now_ms
            self._command = data.strip().upper()

    def unplugged(self) -> None:
        """Forgets what was half received."""
        TextDialect.unplugged(self)
        self._block.forget()
        self._nameless.forget()
        self._raw.release()
        self._start()

    def settle(self, now_ms: int) -> None:
        """Nothing more will come: tells what was held back until more was known."""
        self._nameless.settle(now_ms)
        self._block.close(now_ms)

    def line(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """Takes one line; see TextDialect."""
        upper = text.upper()
        is_reply = upper in _REPLIES or upper[:7] == b"CONNECT"
        if self._nameless.next_line(now_ms, text, is_reply or upper in _REMAINS_OF_OK):
            return
        if is_reply:
            self._asked_ms = _LONG_AGO
            self.listener.heard(REPLY, t_ms, now_ms, plain_text(upper), 0)
        elif upper in _RINGBACKS or (upper[:4] == b"RING" and len(upper) > 4 and in_order(upper[4:], b"ING")):
            self.listener.heard(TONE, t_ms, now_ms, "ringback", 0)
        elif upper[:4] == b"RING":
            self._ring_line(t_ms, now_ms, text)
        elif upper[:2] == b"AT" or (now_ms - self._asked_ms <= _ECHO_MS and are_left_of(self._command, upper)):
            self._asked_ms = now_ms
        else:
            is_expected = self._block.is_open() or now_ms - self._rang_ms <= _RANG_MS or now_ms - self._comes_ms <= _ANSWER_MS
            is_answer = now_ms - self._asked_ms <= _ANSWER_MS
            found = fields.box_fields(text) or fields.fields_of(text)
            if found and (is_expected or fields.are_caller_id(found, text, is_answer)):
                self._fields(t_ms, now_ms, found)
            elif not self._nameless.take(t_ms, now_ms, text, is_expected, is_answer):
                self._rest(t_ms, now_ms, text, upper)

    def _byte(self, now_ms: int, byte: int) -> None:
        if self._is_shielded:
            self._is_shielded = False
            self._shielded(now_ms, byte)
        elif self._raw.data:
            if not self._raw.take(now_ms, byte):
                self._give_back()
            elif self._raw.is_whole():
                t_ms, data = self._raw.began_ms(), self._raw.data
                self._raw.release()
                # noise, or what is left of the channel seizure that precedes a message
                self._tail = b""
                self._nameless.message(t_ms, now_ms, data)
        elif byte == DLE:
            self._is_shielded = True
        elif byte in MESSAGE_TYPES:
            self._raw.take(now_ms, byte)
        else:
            TextDialect.feed(self, now_ms, bytes((byte,)))

    def paused(self, now_ms: int) -> None:
        """Reads what is half received, if nothing has come for too long; see TextDialect."""
        if self._is_shielded and now_ms - self._heard_ms > PAUSE_MS:
            # <DLE> has lost its character, which was a ring's if it rings
            self._is_shielded = False
            self._keys.is_broken = True
            if self._shielded_rings:
                self._ring(FAINT_RING, self._heard_ms, now_ms, "")
        if self._raw.stalled(now_ms):
            self._give_back()
        TextDialect.paused(self, now_ms)

    def _give_back(self) -> None:
        for now_ms, data in self._raw.release():
            TextDialect.feed(self, now_ms, data)

    def _shielded(self, now_ms: int, code: int) -> None:
        """Takes the character behind <DLE>. Far within a line it is noise: a modem reports events between its lines."""
        if code not in (HEADER, TERMINATOR) and len(self._tail) > _STRAY:
            return
        if self._tail:
            # noise, characters that lost their <DLE>, or a line that lost its end
            self._keys.between(self._tail)
            self._listen(now_ms, self._tail)
            TextDialect.feed(self, now_ms, b"\n")
        is_noisy = now_ms - self._noise_ms <= _NOISE_MS
        key = self._keys.take(now_ms, code)
        kind, text = event_of(code)
        if key:
            self.listener.heard(TONE, now_ms, now_ms, key, 0)
            self._run(now_ms, self._keys.finished())
        elif kind == RING:
            self._shielded_rings += 1
            is_sure = not is_noisy and (self._shielded_rings > 1 or not self._rings_in_words)
            self._ring(RING if is_sure else FAINT_RING, now_ms, now_ms, "")
        elif code == CALL_WAITING and not is_noisy and not self._rings_in_words:
            self._block.announce_waiting(now_ms)
        elif kind and not is_noisy:
            self.listener.heard(kind, now_ms, now_ms, text, 0)

    def _listen(self, now_ms: int, text: bytes) -> None:
        """Notes when the wire is noisy."""
        if any(not 31 < byte < 127 for byte in text):
            self._noise_ms = now_ms

    def _run(self, now_ms: int, keys: bytes) -> None:
        caller = read_keys(keys)
        if caller is not None and self._keys.is_broken:
            self._block.damaged(self._keys.began_ms, now_ms)
        elif caller is not None:
            self._block.tell(self._keys.began_ms, now_ms, caller)

    def _ring_line(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """RING and what stands behind it: a cadence's name, numbers, or a caller-ID block whose line ends were lost."""
        self._rings_in_words = True
        self._shielded_rings = 0
        rest = text[4:].strip()
        while rest[:4].upper() == b"RING":
            rest = rest[4:].strip()
        # RING B, RING 2: the cadence's name
        self._ring(RING, t_ms, now_ms, rest.decode() if len(rest) == 1 and 48 <= rest[0] <= 90 else "")
        numbers = rest.split(b";") if rest[:1] == b";" else []
        if len(numbers) > 1:
            # ELSA: RING;calling;called
            number, presentation = number_of(numbers[1])
            self._block.number(t_ms, now_ms, number, presentation)
            if len(numbers) > 2:
                self._block.called(t_ms, now_ms, number_of(numbers[2])[0])
        elif text[4:5] == b" " and len(rest) > _LONGEST_EXTENSION and are_digits(rest):
            # terminal adapters: RING 0891234567, the caller
            self._block.number(t_ms, now_ms, rest.decode(), SHOWN)
        elif text[4:5].isdigit() and len(rest) > 2 and are_digits(rest):
            # Multi-Tech: RING5980, the number dialled
            self._block.called(t_ms, now_ms, rest.decode())
        else:
            self._fields(t_ms, now_ms, fields.fields_of(rest))

    def _ring(self, kind: int, t_ms: int, now_ms: int, cadence: str) -> None:
        self._run(now_ms, self._keys.cut_off(now_ms))
        self._block.close(now_ms)
        if kind == RING:
            self._rang_ms = now_ms
            if not self._cadence.ring(t_ms):
                return
            cadence = cadence or self._cadence.taken()
        self.listener.heard(kind, t_ms, now_ms, cadence, 0)

    def _fields(self, t_ms: int, now_ms: int, found: "list[tuple[int, bytes]]") -> None:
        """Takes the fields of a line."""
        for kind, value in found:
            # both ends of line lost before the next ring
            rings = kind != fields.NAME_FIELD and value[-4:] == b"RING" and value[:-4].strip()[-1:].isdigit()
            self._field(t_ms, now_ms, kind, value[:-4].strip() if rings else value)
            if rings:
                self._ring(RING, now_ms, now_ms, "")

    def _field(self, t_ms: int, now_ms: int, kind: int, value: bytes) -> None:
        block = self._block
        if kind in (fields.NUMBER_FIELD, fields.DIALABLE_FIELD):
            number, presentation = number_of(value)
            if value:
                block.number(t_ms, now_ms, number, presentation)
            else:
                block.blank(t_ms, now_ms)
        elif kind == fields.CLIP_FIELD:
            self._clip(t_ms, now_ms, value.split(b","))
        elif kind == fields.NO_NUMBER_FIELD:
            block.number(t_ms, now_ms, "", number_of(value)[1] or UNAVAILABLE)
        elif kind == fields.NAME_FIELD:
            block.name(t_ms, now_ms, plain_text(value).strip(" "))
        elif kind == fields.CALLED_FIELD:
            # FM:12345 TO:55 ON CH:B1
            block.called(t_ms, now_ms, number_of(value)[0] or number_of(value.split(b" ")[0])[0])
        elif kind == fields.STAMP_FIELD:
            block.stamp(t_ms, now_ms, value)
        elif kind == fields.MESSAGE_FIELD:
            self._printed(t_ms, now_ms, hex_bytes(value))
        elif kind == fields.BURST_FIELD:
            self._burst(t_ms, now_ms, value)
        elif kind == fields.PAUSE_FIELD:
            self._cadence.pause(value)
        elif kind == fields.WAITING_TONE_FIELD:
            block.announce_waiting(now_ms)
        else:
            block.touch(t_ms, now_ms)

    def _clip(self, t_ms: int, now_ms: int, values: "list[bytes]") -> None:
        number, presentation = number_of(values[0]) if values[0][-1:] == values[0][:1] else ("", UNAVAILABLE)
        is_bare = values[1:2] == [b"145"] and number[:1] not in ("", "+")
        self._block.number(t_ms, now_ms, "+" + number if is_bare else number, presentation)

    def _burst(self, t_ms: int, now_ms: int, length: bytes) -> None:
        if self._cadence.burst(t_ms, length):
            self._block.close(now_ms)
            self._rang_ms = now_ms
            self.listener.heard(RING, t_ms, now_ms, self._cadence.text, 0)

    def _printed(self, t_ms: int, now_ms: int, data: bytes) -> None:
        """MESG = ...: parameters that the modem does not know by name, or a whole message."""
        if data and whole_length(data) and len(data) >= data[1] + 2:
            self._nameless.message(t_ms, now_ms, data)
        else:
            self._block.touch(t_ms, now_ms)
            if are_whole(data):
                self._block.tell(t_ms, now_ms, read_parameters(data))

    def _is_rest_of_ring(self, text: bytes) -> bool:
        """Whether a short line may be a ring that lost letters between noise, or a voice mode's ring that lost its <DLE>."""
        if self._shielded_rings and text[-1:] == b"R":
            return True
        letters = letters_of_ring(bytes([byte for byte in text if 64 < byte < 91]))
        return letters > 2 or (letters > 0 and text[-1:].isdigit() and text[-2:-1] == b" ")

    def _rest(self, t_ms: int, now_ms: int, text: bytes, upper: bytes) -> None:
        letters = letters_of_ring(text)
        if letters > 2 or upper == b"CID RING" or upper[:7] == b"+CRING:":
            self._ring(RING, t_ms, now_ms, "")
        elif letters == 2 or (len(text) <= _FAINTEST and self._is_rest_of_ring(text)):
            self._ring(FAINT_RING, t_ms, now_ms, "")
        elif upper in _WAITING_WORDS or upper[:7] == b"+VCIDR:":
            self._block.announce_waiting(now_ms)
        elif upper in _COMINGS:
            self._comes_ms = now_ms
        elif any(upper[: len(word)] == word for word in _RESETS):
            self.listener.heard(RESET, t_ms, now_ms, plain_text(text), 0)
        elif upper not in _SILENT:
            self._listen(now_ms, text)
            self.listener.heard(INFORMATION, t_ms, now_ms, plain_text(text), 0)
