"""Events that a modem in voice mode reports as one character behind <DLE> (ITU-T V.253 table 14; TIA/EIA IS-101).

The codes that matter here:

    <DLE> R                          a ring
    <DLE> H / h   <DLE> P / p        handset on the modem / extension on the line: off-hook / on-hook
    <DLE> / <DLE> 5 ... <DLE> ~      a DTMF key, repeated while it is held; some modems leave out / and ~
    <DLE> X NAME = ... <DLE> .       a complex event: its lines are read as ever
    <DLE> b d r s q c e a ...        tones
"""

from ..events import OFF_HOOK, ON_HOOK, RING, TONE
from .dtmf_caller_id import LONGEST, STARTS, is_stopped

DLE = 0x10
HEADER, TERMINATOR = 88, 46  # X and . around a complex event
CALL_WAITING = 119  # w

_TONES = {
    97: "data",  # a: answer tone of fax or data (2100 Hz)
    98: "busy",
    99: "fax",  # c: fax calling (1100 Hz)
    100: "dial",
    101: "data",  # e: data calling (1300 Hz)
    102: "data",  # f: data answer (2225 Hz)
    105: "dial",  # i: stuttered
    109: "fax",  # m: fax answer
    113: "quiet",  # q: somebody spoke, and has been silent since
    114: "ringback",
    115: "silence",  # s: nobody has spoken
    75: "busy",  # K: reorder, fast busy
}
_KEYS = b"0123456789*#ABCD"
_HELD, _LET_GO = 47, b"~\x7f"  # / and ~; one maker's manual has 7F for ~
_RUN_MS = 2000
"""Keys further apart are not of one run; the exchange sends one every 140 ms."""


def event_of(code: int) -> "tuple[int, str]":
    """Kind and text of the event that a code reports by itself, keys left out; kind 0 where it reports none that matters."""
    if code == 82:  # R
        return RING, ""
    if code in b"HP":
        return OFF_HOOK, ""
    if code in b"hp":
        return ON_HOOK, ""
    if code in _TONES:
        return TONE, _TONES[code]
    return 0, ""


class KeyRun:
    """DTMF keys one after the other, each counted once however long it is held."""

    def __init__(self) -> None:
        self.keys = b""
        self.began_ms = 0
        self.is_broken = False  # a key, or more than one, was lost
        self._last_ms = 0
        self._is_held = False
        self._is_new = True

    def take(self, now_ms: int, code: int) -> str:
        """The key that was pressed, if `code` says that one was; empty otherwise."""
        if code == _HELD:
            self._is_held = self._is_new = True
        elif code in _LET_GO:
            self._is_held = False
        if code not in _KEYS:
            return ""
        if self._is_held and not self._is_new:
            return ""
        self._is_new = False
        if not self.keys or now_ms - self._last_ms > _RUN_MS or len(self.keys) >= LONGEST:
            self.keys = b""
            self.began_ms = now_ms
            self.is_broken = False
        self._last_ms = now_ms
        self.keys += bytes((code,))
        return chr(code)

    def between(self, text: bytes) -> None:
        """Characters came between the keys; where they are keys, their <DLE> was lost, and the run is not to be trusted."""
        self.is_broken = self.is_broken or all(byte in _KEYS for byte in text)

    def finished(self) -> bytes:
        """The run, if it may be a caller ID and its stop key was the last; it is forgotten then."""
        if self.keys and self.keys[0] in STARTS and is_stopped(self.keys):
            return self._forget()
        return b""

    def cut_off(self, now_ms: int) -> bytes:
        """The run that a ring cut off, its stop key lost; it is forgotten."""
        if self.keys and self.keys[0] in STARTS and now_ms - self._last_ms <= _RUN_MS:
            return self._forget()
        self.keys = b""
        return b""

    def _forget(self) -> bytes:
        keys = self.keys
        self.keys = b""
        return keys
