"""Cellular modems (3GPP TS 27.007 and its vendors' additions); `3gpp` in a recording.

The exchange it reads, as users posted it:

    modem:  +CRING: VOICE                          (RING where +CRC=0)
            +CLIP: "+420123456789",145,,,,0        -> NUMBER; comes again after every ring; last field: CLI validity
            ^CEND:1,0,104,16 | NO CARRIER | MISSED_CALL: ...   -> RELEASED
    probe:  AT+CHUP                                rejects the call
    modem:  OK                                     -> REPLY

            +CCWA: "13812345678",129,1,"",0        -> WAITING; while another call is up
            +CLCC: 4,1,4,0,0,"08020866256",128     -> NUMBER; id, direction (1 in), state, mode, multiparty, number, type[, name]
            +COLP: "01062345678",129               -> CALLED, ANSWERED; the party that an outgoing call reached
            +CDIP: "01062345601",129               -> CALLED
            +CNAP: "SMITH",0                       -> NAME
            +CEER: "User busy"                     -> CAUSE
            RDY | ^SYSSTART | +WIND: 3             -> RESET
            +CMTI: "SM",3                          -> STORED
            +CMT: ... | +CMGR: ..., then the text  -> MESSAGE

Lines that lost bytes are read strictly: a number counts only where prefix, quotes and type are sound, a state only where every field is
lawful. What is left of a ring or of a +CLIP prolongs a call (FAINT_RING) and tells no number.

ts27007_standard.py and ts27007_vendors.py read single lines, ts27007_lists.py lists of calls; ts27007_calls.py keeps what was told.
"""

from ..call import UNAVAILABLE
from ..events import FAINT_RING, INFORMATION, MESSAGE, RELEASED, REPLY, RESET, STORED
from .sent import Sent
from .text import Listener, TextDialect, letters_of_ring, plain_text
from .ts27007_calls import BY_CARRIER, BY_FAILURE, BY_VENDOR, ON_DIALLING, Calls
from .ts27007_fields import Fields
from .ts27007_lists import MOST_IDS, Lists
from .ts27007_messages import place_of, sender_of, text_of
from .ts27007_remains import LOST_RING, is_letter, is_rest_of_ccwa, is_rest_of_clip, is_rest_of_header, letters_of, place_inside, trimmed
from .ts27007_standard import READERS as STANDARD
from .ts27007_vendors import READERS as VENDORS

_FAILURES = (b"BUSY", b"NO ANSWER", b"NO DIALTONE", b"NO DIAL TONE")
_REPLIES = (b"OK", b"ERROR", b"NO CARRIER", b"CONNECT", b"COMMAND NOT SUPPORT", b"TOO MANY PARAMETERS") + _FAILURES
_ERRORS = (b"+CME ERROR", b"+CMS ERROR")
_HEADERS = (b"+CMT", b"+CBM", b"+CDS", b"+CMGR", b"+CMGL", b"+CMGRD")
"""After these comes the text of a message, which anybody may have written."""
BODY_MS = 300
"""Its lines begin within this time after the header or one another."""

_STARTS = (b"RDY", b"START", b"*ATREADY: 1", b"^SYSSTART", b"+SYSSTART", b"MODEM:STARTUP", b"+WIND: 3", b"CALL READY")
"""The module has started anew."""
_LATER = (b"APP RDY", b"SMS READY", b"SMS DONE", b"PB DONE", b"+PBREADY", b"+WIND: 4", b"READY", b"+QIND: SMS DONE", b"+QIND: PB DONE")
"""The rest of a start, or of the SIM being read once more: it counts only where no start was seen, and no call is known."""
NOISE_BYTES = 6
"""A line that is no longer, and no word that is known, is noise between others."""
BOOT_MS = 60000
"""All banners of one start come within this time."""

_HANG_UPS = (b"ATH", b"ATH0", b"AT+CHUP")
MOST_TYPED = 64


class Ts27007(TextDialect):
    """Reads a cellular modem."""

    REPEATS_NUMBER = True

    def __init__(self, listener: Listener) -> None:
        TextDialect.__init__(self, listener)
        self._calls = Calls(listener)
        self._lists = Lists(self._calls)
        self._echoed = Sent(listener)
        self._typed = b""
        self._is_watched = False  # what is sent to it is seen as well as what it echoes
        self._command = b""  # the last command seen on its way to the modem, or echoed; not yet answered
        self._is_alerting = False  # +WIND: 2 came: the next OK is the called party's answer
        self._body_ms = -1  # until when a line of a message's text may begin
        self._ends_body = False  # OK ends it: it was asked for
        self._sender = ("", False)  # of the message whose text comes next, and whether that is in UCS2
        self._booted_ms = -BOOT_MS
        self._banners: list[bytes] = []

    def sent(self, now_ms: int, data: bytes) -> None:
        """Takes bytes that were sent to the modem; see TextDialect."""
        self._is_watched = True
        self._typed = (self._typed + data)[-MOST_TYPED:]
        end = self._typed.rfind(b"\r")
        if end >= 0:
            self._asked(self._typed[:end])
            self._typed = self._typed[end + 1 :]

    def settle(self, now_ms: int) -> None:
        """Tells a ring that was held back; see TextDialect."""
        self._calls.next_line(now_ms, False)

    def unplugged(self) -> None:
        """Forgets what was half received, and all calls."""
        TextDialect.unplugged(self)
        self._begin_anew()

    def line(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """Takes one line; see TextDialect."""
        text = trimmed(text)
        if not text:
            return
        if t_ms <= self._body_ms and not (self._ends_body and text in (b"OK", b"ERROR")):
            self._body_ms = now_ms + BODY_MS
            self._message(t_ms, now_ms, text)
            self._inform(t_ms, now_ms, text)
            return
        self._body_ms = -1
        if self._calls.holds_ring() and (len(text) > NOISE_BYTES or text in _REPLIES or text == b"RING"):
            self._calls.next_line(now_ms, text[:5] == b"+CCWA" or is_rest_of_ccwa(text))
        if not (self._named(t_ms, now_ms, text) or self._word(t_ms, now_ms, text)):
            self._remains(t_ms, now_ms, text)

    def _word(self, t_ms: int, now_ms: int, text: bytes) -> bool:
        """A line that is known as a whole: RING, a result code, an echo, a banner."""
        if text[:4] == b"RING" and not is_letter(text[4:5]):
            self._lists.interrupted()
            rest = text[4:].strip()
            if rest[:1] == b":":
                # the end of +CRING: ...
                return STANDARD[b"+CRING"](self._calls, t_ms, now_ms, rest[1:].strip())
            if letters_of(b"GPRS", rest[:3]) > 1:
                return False
            self._calls.rang(t_ms, now_ms, "")
            if rest[:1] in (b"+", b"^"):
                self.line(t_ms, now_ms, rest)
        elif text in _REPLIES or text[:10] in _ERRORS:
            self._reply(t_ms, now_ms, text)
        elif text[:2] in (b"AT", b"at", b"At") and text[2:3] not in (b" ", b":"):
            self._echo(now_ms, text)
        elif text[:9] == b"^SYSSTART" or text.upper() in _STARTS:
            self._banner(t_ms, now_ms, text, True)
        elif text.upper() in _LATER:
            self._banner(t_ms, now_ms, text, False)
        elif text == b"MO CONNECTED":
            self._calls.answered(t_ms, now_ms, 0)
        else:
            return False
        return True

    def _named(self, t_ms: int, now_ms: int, text: bytes) -> bool:
        """A line of the form NAME: fields."""
        colon = text.find(b":")
        if colon <= 0:
            return False
        name = text[:colon].strip()
        rest = text[colon + 1 :].strip()
        if name in (b"+CLCC", b"^CLCC"):
            return self._lists.row(t_ms, now_ms, rest, 5, False)
        if name == b"^SLCC":
            return self._lists.closed_row(t_ms, now_ms, rest)
        if name in STANDARD:
            is_read = STANDARD[name](self._calls, t_ms, now_ms, rest)
        elif name in VENDORS:
            is_read = VENDORS[name](self._calls, t_ms, now_ms, rest)
        elif name == b"+WIND":
            is_read = self._wind(t_ms, now_ms, rest)
        else:
            is_read = name in _HEADERS
            if is_read:
                self._body_ms = now_ms + BODY_MS
                self._ends_body = name[:4] == b"+CMG"
                self._sender = sender_of(name, rest)
                self._inform(t_ms, now_ms, text)
            elif name == b"+CMTI":
                self._stored(t_ms, now_ms, rest)
        if is_read:
            self._lists.interrupted()
        return is_read

    def _remains(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """A line that is nothing of a call, or what is left of one."""
        place = place_inside(text)
        if place:
            self._remains(t_ms, now_ms, text[:place])
            self.line(t_ms, now_ms, text[place:])
            return
        self._lists.damaged()
        letters, extended = letters_of_ring(text), letters_of(LOST_RING, text.replace(b" ", b""))
        if letters > 2 or extended >= 9:
            self._calls.rang(t_ms, now_ms, "")
            # it says also that the wire is bad
            self._inform(t_ms, now_ms, text)
        elif is_rest_of_ccwa(text):
            self._calls.waits(t_ms, now_ms, "", UNAVAILABLE, "")
        elif letters == 2 or extended >= 6 or is_rest_of_clip(text):
            self._calls.doubted_ms = now_ms
            self.listener.heard(FAINT_RING, t_ms, now_ms, "", 0)
        else:
            if is_rest_of_header(text):
                self._body_ms = now_ms + BODY_MS
                self._ends_body = True
                self._sender = ("", False)
            self._inform(t_ms, now_ms, text)

    def _message(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """The first line of a message's text tells it."""
        sender, is_wide = self._sender
        if sender:
            self._sender = ("", False)
            self.listener.heard(MESSAGE, t_ms, now_ms, "%s %s" % (sender, text_of(text, is_wide)), 0)

    def _stored(self, t_ms: int, now_ms: int, rest: bytes) -> None:
        place = place_of(rest)
        if place:
            self.listener.heard(STORED, t_ms, now_ms, place, 0)

    def _inform(self, t_ms: int, now_ms: int, text: bytes) -> None:
        self.listener.heard(INFORMATION, t_ms, now_ms, plain_text(text), 0)

    def _reply(self, t_ms: int, now_ms: int, text: bytes) -> None:
        is_ok = text == b"OK"
        self._lists.replied(t_ms, now_ms, is_ok)
        if text == b"NO CARRIER":
            self._calls.released(t_ms, now_ms, 0, BY_CARRIER)
        elif text in _FAILURES:
            self._calls.released(t_ms, now_ms, 0, BY_FAILURE)
        elif text == b"CONNECT" or (is_ok and (self._is_alerting or self._command == b"ATA")):
            self._calls.answered(t_ms, now_ms, 0)
        elif is_ok and self._command in _HANG_UPS:
            self._calls.hung_up(t_ms, now_ms)
        elif not is_ok and self._command[:3] == b"ATD":
            # the modem did not take the dialling command
            self.listener.heard(RELEASED, t_ms, now_ms, "", 0)
        self._is_alerting = False
        self._command = b""
        self.listener.heard(REPLY, t_ms, now_ms, text.decode() if text in _REPLIES else plain_text(text), 0)

    def _echo(self, now_ms: int, text: bytes) -> None:
        self._lists.interrupted()
        self._asked(text)
        if not self._is_watched and b"#" not in text and b"*99" not in text:
            # codes for services and for packet data make no call
            self._echoed.feed(now_ms, text + b"\r")

    def _asked(self, text: bytes) -> None:
        """A command is on its way to the modem: what it answers depends on it."""
        self._command = text.strip().upper().replace(b" ", b"")
        if self._command[-5:] == b"+CLCC":
            self._lists.asked()

    def _wind(self, t_ms: int, now_ms: int, text: bytes) -> bool:
        """+WIND: <event>[,<id>] (Wavecom); 2: the called party's phone rings, 6: a call is over."""
        fields = Fields(text)
        event, id_ = fields.integer(0, 16), fields.integer(1, MOST_IDS)
        if event == 2 and not self._calls.is_waiting(now_ms):
            # during a waiting call it is what is left of 5,2: that call's number
            self._is_alerting = True
            self._calls.shown(t_ms, now_ms, 0, True, ON_DIALLING)
        elif event == 6 and id_ > 0:
            self._calls.released(t_ms, now_ms, id_, BY_VENDOR)
        else:
            return False
        return True

    def _banner(self, t_ms: int, now_ms: int, text: bytes, is_start: bool) -> None:
        self._lists.interrupted()
        is_same = bool(self._banners) and now_ms - self._booted_ms <= BOOT_MS and text not in self._banners
        if is_same or not (is_start or self._calls.is_idle(now_ms)):
            self._banners.append(text)
            self._inform(t_ms, now_ms, text)
            return
        self._begin_anew()
        self._booted_ms = now_ms
        self._banners = [text]
        self.listener.heard(RESET, t_ms, now_ms, plain_text(text), 0)

    def _begin_anew(self) -> None:
        self._calls.forget()
        self._lists.forget()
        self._is_alerting = False
        self._command = b""
        self._body_ms = -1
        self._sender = ("", False)
