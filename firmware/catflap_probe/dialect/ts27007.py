"""Cellular modems (3GPP TS 27.007 and its vendors' additions); `3gpp` in a recording.

The exchange it reads, as users posted it:

    modem:  +CRING: VOICE                          (RING where +CRC=0)
            +CLIP: "+420123456789",145,,,,0        -> NUMBER; comes again after every ring; last field: CLI validity
            ^CEND:1,0,104,16 | NO CARRIER | MISSED_CALL: ...   -> RELEASED
    probe:  AT+CHUP                                rejects the call
    modem:  OK                                     -> REPLY

    +CLCC: 4,1,4,0,0,"08020866256",128             id, direction (1 in), state (0 active, 2 dialling, 4 incoming, 6 released)
    VOICE CALL: BEGIN / VOICE CALL: END: 000008    -> ANSWERED / RELEASED
"""

from ..call import SHOWN, UNAVAILABLE, WITHHELD
from ..events import ANSWERED, DIALLED, FAINT_RING, NUMBER, RELEASED, REPLY, RING
from .text import TextDialect, letters_of_ring, number_of

_REPLIES = (b"OK", b"ERROR", b"NO CARRIER", b"BUSY", b"NO ANSWER", b"COMMAND NOT SUPPORT")
_RELEASES = (b"NO CARRIER", b"BUSY", b"NO ANSWER")
_INTERNATIONAL = b"145"  # TS 24.008: type of number international, ISDN numbering plan
_CLI_WITHHELD, _CLI_UNAVAILABLE = b"1", b"2"  # TS 27.007 clause 7.11
_VOICE = (b"VOIC", b"OICE", b"VICE", b"VOCE", b"VOIE")
"""What one lost letter leaves of the end of +CRING: VOICE."""

_STATE_ACTIVE, _STATE_DIALLING, _STATE_INCOMING, _STATE_RELEASED = b"0", b"2", b"4", b"6"  # clause 7.18; 6 is SIMCom's


class Ts27007(TextDialect):
    """Reads a cellular modem."""

    REPEATS_NUMBER = True

    def line(self, t_ms: int, now_ms: int, text: bytes) -> None:
        """Takes one line; see TextDialect."""
        heard = self.listener.heard
        if text[:4] == b"RING" or text[:6] == b"+CRING":
            heard(RING, t_ms, now_ms, "", 0)
        elif text[:6] == b"+CLIP:":
            number, presentation = _clip(text[6:])
            heard(NUMBER, t_ms, now_ms, number, presentation)
        elif text[:6] == b"+CLCC:":
            self._clcc(t_ms, now_ms, text[6:])
        elif text in _REPLIES or text[:10] == b"+CME ERROR":
            if text in _RELEASES:
                heard(RELEASED, t_ms, now_ms, "", 0)
            heard(REPLY, t_ms, now_ms, text.decode(), 0)
        elif text[:5] == b"^CEND" or text[:11] == b"MISSED_CALL" or text[:15] == b"VOICE CALL: END":
            heard(RELEASED, t_ms, now_ms, "", 0)
        elif text[:5] == b"^CONN" or text[:17] == b"VOICE CALL: BEGIN":
            heard(ANSWERED, t_ms, now_ms, "", 0)
        else:
            self._remains(t_ms, now_ms, text)

    def _remains(self, t_ms: int, now_ms: int, text: bytes) -> None:
        letters = letters_of_ring(text)
        if letters > 2:
            self.listener.heard(RING, t_ms, now_ms, "", 0)
        elif letters == 2 or (text[:1] in b"+C" and (b'"' in text or text[-4:] in _VOICE)):
            self.listener.heard(FAINT_RING, t_ms, now_ms, "", 0)

    def _clcc(self, t_ms: int, now_ms: int, text: bytes) -> None:
        fields = text.split(b",")
        if len(fields) < 3:
            return
        is_incoming = fields[1].strip() == b"1"
        state = fields[2].strip()
        heard = self.listener.heard
        if state == _STATE_RELEASED:
            heard(RELEASED, t_ms, now_ms, "", 0)
        elif state == _STATE_ACTIVE:
            heard(ANSWERED, t_ms, now_ms, "", 0)
        elif len(fields) < 7:
            return
        elif state == _STATE_INCOMING and is_incoming:
            number, presentation = number_of(fields[5].strip())
            heard(NUMBER, t_ms, now_ms, _with_plus(number, fields[6]), presentation)
        elif state == _STATE_DIALLING and not is_incoming:
            number, _ = number_of(fields[5].strip())
            heard(DIALLED, t_ms, now_ms, _with_plus(number, fields[6]), SHOWN)


def _clip(text: bytes) -> "tuple[str, int]":
    """Number and presentation of +CLIP: <number>,<type>[,<subaddr>,<satype>[,<alpha>[,<validity>]]] (TS 27.007 clause 7.11)."""
    fields = text.split(b",")
    number, presentation = number_of(fields[0].strip())
    if presentation == SHOWN:
        return _with_plus(number, fields[1] if len(fields) > 1 else b""), SHOWN
    validity = fields[5].strip() if len(fields) > 5 else b""
    if validity == _CLI_WITHHELD:
        return "", WITHHELD
    return "", UNAVAILABLE if validity == _CLI_UNAVAILABLE or presentation != WITHHELD else WITHHELD


def _with_plus(number: str, type_of_number: bytes) -> str:
    if number and number[0] != "+" and type_of_number.strip() == _INTERNATIONAL:
        return "+" + number
    return number
