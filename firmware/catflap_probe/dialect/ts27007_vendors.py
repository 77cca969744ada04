"""Lines of single makers that tell the state of a call, each brought to the states of +CLCC.

Huawei:            ^ORIG:1,0   ^CONF:1   ^CONN:1,0   ^CEND:1,<duration>,<end status>[,<cc cause>]
SIMCom:            VOICE CALL: BEGIN   VOICE CALL: END: 000008   MISSED_CALL: 11:53AM 08020866256
Quectel:           ^DSCI: 1,1,4,0,13022100000,129,0     id, direction, state (3 connected, 7 alerting), type, number
ZTE and others:    ^DSCI: 1,1,6,0,0,"1369...",161,,16   as +CLCC, then service and cause;  +ZCEND:28   HANGUP: 1   CONNECT
u-blox, Intel:     +UCALLSTAT: 1,4   +XCALLSTAT: 1,4    id, state (6 over, 7 connected)
Telit, Ericsson:   #ECAM: 0,6,1,,,   *ECAV: 1,6,1       id, state, voice or data, .., .., number called, its type
Wavecom, Sierra:   +WIND: 2          +WIND: 6,1         the called party's phone rings; call 1 is over
Ai-Thinker:        +CIEV: "CALL",0                      no call is up
"""

from .text import number_of
from .ts27007_calls import (
    ACTIVE,
    ALERTING,
    BY_CEND,
    BY_MISSED,
    BY_VENDOR,
    BY_VOICE,
    CONNECTED,
    HELD,
    INCOMING,
    ON_DIALLING,
    ON_WAITING,
    OVER,
    Calls,
)
from .ts27007_fields import BLANK, Fields, integer
from .ts27007_lists import MOST_IDS

_MOST_SECONDS = 999999
_DATA = 1  # <call_type> of ^ORIG and <mode> of +CLCC: a call of data
_PACKETS = 2
_ECAM = (OVER, ON_DIALLING, ALERTING, ACTIVE, HELD, ON_WAITING, INCOMING)
"""States of #ECAM 0 ... 6; busy, retrieved and name, 7 ... 9, change nothing."""
_CALL_TYPES = (1, 2, 4, 128)  # of #ECAM: voice, data, fax, voice on the second line
_CALL_CONTROL = 8  # <processid> of *ECAV: the exit cause is one of TS 24.008


def orig(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """^ORIG: <id>,<call type>."""
    fields = Fields(text)
    id_, kind = fields.integer(0, MOST_IDS), fields.integer(1, 9)
    if id_ <= 0 or kind < BLANK or kind == _PACKETS:
        return False
    calls.shown(t_ms, now_ms, id_, True, ON_DIALLING)
    return True


def conn(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """^CONN: <id>,<call type>."""
    id_ = Fields(text).integer(0, MOST_IDS)
    calls.answered(t_ms, now_ms, id_ if id_ > 0 else 0)
    return True


def cend(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """^CEND: <id>,<duration>,<end status>[,<cc cause>[,...]]; the end status is the maker's own, the cause that of TS 24.008."""
    fields = Fields(text)
    id_, cause = fields.integer(0, MOST_IDS), fields.integer(3, 127)
    calls.released(t_ms, now_ms, id_ if id_ > 0 else 0, BY_CEND, str(cause) if cause > 0 else "")
    return True


def voice_call(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """VOICE CALL: BEGIN, VOICE CALL: END[: <duration>]."""
    words = text.replace(b" ", b"")
    if words == b"BEGIN":
        calls.answered(t_ms, now_ms, 0)
    elif words[:3] == b"END" and (not words[3:] or (words[3:4] == b":" and integer(words[4:], _MOST_SECONDS) >= 0)):
        calls.released(t_ms, now_ms, 0, BY_VOICE)
    else:
        return False
    return True


def missed_call(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """MISSED_CALL: <time> <number>."""
    words = text.split()
    number, presentation = number_of(words[-1]) if len(words) > 1 else ("", 0)
    if number:
        calls.missed(t_ms, now_ms, number, presentation)
    else:
        calls.released(t_ms, now_ms, 0, BY_MISSED)
    return True


def dsci(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """^DSCI, in the layout of +CLCC or in Quectel's, which has no field for conferences and states of its own."""
    fields = Fields(text)
    id_, direction, state = fields.integer(0, MOST_IDS), fields.integer(1, 1), fields.integer(2, 7)
    if id_ <= 0 or direction < 0 or state < 0 or fields.integer(3, 9) < 0 or len(fields) < 7:
        return False
    is_quectel = fields.integer(4, 1) < 0
    shown = fields.number(4 if is_quectel else 5)
    if shown is None:
        return False
    if is_quectel and state in (ALERTING, CONNECTED):
        state = CONNECTED if state == ALERTING else ALERTING
    if state == OVER:
        cause = BLANK if is_quectel else fields.integer(8, 127)
        calls.released(t_ms, now_ms, id_, BY_VENDOR, str(cause) if cause > 0 else "")
    elif fields.integer(3, 9) != _DATA or shown[0]:
        calls.shown(t_ms, now_ms, id_, direction == 0, state, shown)
    return True


def callstat(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+UCALLSTAT: <id>,<state>[,...]."""
    fields = Fields(text)
    id_, state = fields.integer(0, MOST_IDS), fields.integer(1, CONNECTED)
    if id_ <= 0 or state < 0:
        return False
    calls.shown(t_ms, now_ms, id_, _direction(state), state)
    return True


def ecam(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """#ECAM: <index>,<state>,<type>[,...]: Telit counts calls from 0, where it counts them at all; the second is +CLCC's 2."""
    fields = Fields(text)
    index = fields.integer(0, MOST_IDS)
    return _event(calls, t_ms, now_ms, fields, index + 1 if index > 0 else index)


def ecav(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """*ECAV: <id>,<state>,<type>[,<process>,<exit cause>,[<number>,<type>]]."""
    fields = Fields(text)
    return _event(calls, t_ms, now_ms, fields, fields.integer(0, MOST_IDS))


def _event(calls: Calls, t_ms: int, now_ms: int, fields: Fields, id_: int) -> bool:
    state = fields.integer(1, 9)
    if id_ < 0 or state < 0 or fields.integer(2, 255) not in _CALL_TYPES:
        return False
    if state >= len(_ECAM):
        return True
    state = _ECAM[state]
    if state == OVER:
        cause = fields.integer(4, 127) if fields.integer(3, 255) == _CALL_CONTROL else BLANK
        calls.released(t_ms, now_ms, id_, BY_VENDOR, str(cause) if cause > 0 else "")
    else:
        calls.shown(t_ms, now_ms, id_, _direction(state), state, fields.number(5) if fields.value(5) else None)
    return True


def indicator(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+CIEV: "CALL",0; its 1 is told when a call begins already."""
    fields = Fields(text)
    if fields.value(0) != b"CALL" or fields.integer(1, 1) != 0:
        return False
    calls.released(t_ms, now_ms, 0, BY_VENDOR)
    return True


def hang_up(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """HANGUP: <id>."""
    id_ = Fields(text).integer(0, MOST_IDS)
    if id_ < 0:
        return False
    calls.released(t_ms, now_ms, id_, BY_VENDOR)
    return True


def zcend(calls: Calls, t_ms: int, now_ms: int, text: bytes) -> bool:
    """+ZCEND: <the maker's own cause>."""
    if Fields(text).integer(0, 999) < BLANK:
        return False
    calls.released(t_ms, now_ms, 0, BY_VENDOR)
    return True


def _direction(state: int) -> "bool | None":
    """Whether a call in such a state is outgoing, where the state alone says it."""
    if state in (ON_DIALLING, ALERTING):
        return True
    return False if state in (INCOMING, ON_WAITING) else None


READERS = {
    b"^ORIG": orig,
    b"^CONN": conn,
    b"^CEND": cend,
    b"VOICE CALL": voice_call,
    b"MISSED_CALL": missed_call,
    b"^DSCI": dsci,
    b"+UCALLSTAT": callstat,
    b"+XCALLSTAT": callstat,
    b"#ECAM": ecam,
    b"*ECAV": ecav,
    b"+CIEV": indicator,
    b"HANGUP": hang_up,
    b"+ZCEND": zcend,
}
"""By what stands before the colon; each returns False for a line that is not, or not soundly, what it reads."""
