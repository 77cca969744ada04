"""What TS 27.007 lets a cellular modem tell of a caller or a called party, apart from the states of calls.

Each reader takes the fields of one line and returns False for a line that is not, or not soundly, what it reads. Answers to AT+...? and
AT+...=?, such as +CLIP: 1,1 or +CCWA: (0,1), are none.
"""

from ..call import UNAVAILABLE
from ..events import CALLED, CAUSE, FAINT_RING, NAME
from .text import plain_text
from .ts27007_calls import Calls
from .ts27007_fields import BLANK, Fields, cause_of, presentation_of
from .ts27007_remains import letters_of

_BEARERS = (b"ASYNC", b"SYNC", b"REL ASYNC", b"REL SYNC", b"FAX")
"""Data and fax: such calls ring too, and where the network does not say what a call is it may be voice."""


def cring(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+CRING: <type>, clause 6.11; GPRS is the network's offer of a packet connection and no call, + begins a line that has run in."""
    if text[:4] == b"GPRS" or b"+" in text:
        return False
    if text in _BEARERS or text[:4] == b"ALT " or b"/" in text:
        calls.rang(t_ms, now_ms, plain_text(text))
    elif not text or letters_of(b"VOICE", text):
        calls.rang(t_ms, now_ms, "")
    else:
        calls.listener.heard(FAINT_RING, t_ms, now_ms, "", 0)
    return True


def clip(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+CLIP: <number>,<type>[,<subaddress>,<its type>[,[<name>][,<CLI validity>]]], clause 7.11."""
    if text != calls.last_clip:
        # else it is that of the ring before
        fields = Fields(text)
        if _is_setting(fields):
            return False
        shown = fields.number(0)
        if shown is None:
            calls.listener.heard(FAINT_RING, t_ms, now_ms, "", 0)
            return True
        number, said = shown
        presentation = presentation_of(number, said, fields.integer(5 if len(fields) > 5 else 4, 4))
        calls.last_clip = text
        calls.last_caller = (number, presentation, fields.name(2 if len(fields) == 3 else 4))
    number, presentation, name = calls.last_caller
    calls.numbered(t_ms, now_ms, number, presentation, name)
    return True


def ccwa(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+CCWA: <number>,<type>,<class>[,[<name>][,<CLI validity>[,...]]], clause 7.12."""
    fields = Fields(text)
    shown = None if _is_setting(fields) else fields.number(0)
    if shown is None or (len(fields) == 1 and not shown[0]) or fields.integer(2, 255) < BLANK:
        if b'"' not in text:
            return False
        # no setting has quotes: somebody waits, whatever the number was
        calls.waits(t_ms, now_ms, "", UNAVAILABLE, "")
        return True
    number, said = shown
    calls.waits(t_ms, now_ms, number, presentation_of(number, said, fields.integer(4, 4)), fields.name(3))
    return True


def cnap(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+CNAP: <name>[,<CNI validity>], clause 7.30."""
    fields = Fields(text)
    name = fields.name(0) if fields.is_whole and not _is_setting(fields) else ""
    if name:
        calls.listener.heard(NAME, t_ms, now_ms, name, 0)
    return bool(name)


def colp(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+COLP: <number>,<type>[,...], clause 7.8: it comes when the call is answered, on some networks when it has a channel."""
    fields = Fields(text)
    shown = None if _is_setting(fields) else fields.number(0)
    if shown is None:
        return False
    if shown[0]:
        calls.listener.heard(CALLED, t_ms, now_ms, shown[0], 0)
    calls.answered(t_ms, now_ms, 0)
    return True


def cdip(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+CDIP: <number>,<type>[,...], clause 7.9."""
    fields = Fields(text)
    shown = None if _is_setting(fields) else fields.number(0)
    if shown is None or not shown[0]:
        return False
    calls.listener.heard(CALLED, t_ms, now_ms, shown[0], 0)
    return True


def ceer(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+CEER: <report>, clause 6.10."""
    cause = cause_of(text)
    if cause:
        calls.listener.heard(CAUSE, t_ms, now_ms, cause, 0)
    return bool(cause)


def _is_setting(fields: Fields) -> bool:
    """Whether a line is what AT+...? or AT+...=? is answered: one or two small numbers, or lists in brackets."""
    if fields.value(0)[:1] == b"(":
        return True
    return len(fields) <= 2 and fields.integer(0, 9) >= 0 and fields.integer(1, 9) >= BLANK


READERS = {b"+CRING": cring, b"+CLIP": clip, b"+CCWA": ccwa, b"+CNAP": cnap, b"+COLP": colp, b"+CDIP": cdip, b"+CEER": ceer}
"""By what stands before the colon."""
