"""Tells one caller-ID block as line events: one number at once, name and called number behind it, or that there was no number.

What becomes of a block:

    first field ... number  -> NUMBER (WAITING where the modem had announced a waiting call), stamped with the block's first byte
    name before the number: held until the number is told; after it: told when it comes
    ring, or 2 s without a field: the block is over; without a number field it was a call whose number is not available
"""

from ..call import UNAVAILABLE, WITHHELD
from ..events import CALLED, NAME, NUMBER, WAITING
from .caller_id_message import UNTOLD, CallerId
from .text import Listener, is_withheld

BLOCK_MS = 2000
"""A caller-ID block is over this long after its last field (at 1200 baud even the longest message is)."""

LATE_MS = 7500
"""That a block had no number is not told later than this: its call has been decided without, and may be over."""

_ANNOUNCED_MS = 5000
"""A waiting call's caller ID follows the tones that announce it within this time."""

_LATE_NAME_MS = 5000
"""A name by itself so soon after a number is that caller's."""

_NO_NAMES = ("", "O", "P")
"""What stands in a name's place where there is none."""


class CallerIdBlock:
    """The block that is coming in, if any."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._announced_ms = -_ANNOUNCED_MS - 1
        self._told_ms = -_LATE_NAME_MS - 1
        self.forget()

    def forget(self) -> None:
        """Drops what came in, untold."""
        self._began_ms = -1
        self._last_ms = 0
        self._stamps = 0
        self._is_told = False
        self._is_evident = False  # something in it belongs to a call
        self._is_blank = False  # its number field was empty
        self._is_call = True
        self._name = ""
        self._name_is_withheld = False
        self._called = ""

    def announce_waiting(self, now_ms: int) -> None:
        """The modem heard the tones of a waiting call."""
        self._announced_ms = now_ms

    def is_open(self) -> bool:
        """Whether a block is coming in."""
        return self._began_ms >= 0

    def touch(self, t_ms: int, now_ms: int) -> None:
        """A field came in; the first opens a block."""
        if self._began_ms < 0:
            self._began_ms = t_ms
        self._last_ms = now_ms

    def stamp(self, t_ms: int, now_ms: int, value: bytes) -> None:
        """Takes date or time; a third one behind a number belongs to the next block."""
        if self._is_told and self._stamps >= 2:
            self.close(now_ms)
        self.touch(t_ms, now_ms)
        # date and time in one field
        self._stamps += 2 if len(value) > 7 else 1
        self._is_evident = True

    def damaged(self, t_ms: int, now_ms: int) -> None:
        """A message came in that cannot be believed, only that it was one."""
        self.touch(t_ms, now_ms)
        self._is_evident = True

    def no_call(self, t_ms: int, now_ms: int) -> None:
        """The block is about a message lamp."""
        self.touch(t_ms, now_ms)
        self._is_call = False

    def number(self, t_ms: int, now_ms: int, number: str, presentation: int) -> None:
        """Takes the number, or the word that there is none; the first of a block holds."""
        self.touch(t_ms, now_ms)
        if not self._is_told and self._is_call:
            self._tell(now_ms, number, presentation)

    def blank(self, t_ms: int, now_ms: int) -> None:
        """Takes an empty number field: the name, or the block's end, says why."""
        self.touch(t_ms, now_ms)
        self._is_evident = self._is_blank = True

    def name(self, t_ms: int, now_ms: int, name: str) -> None:
        """Takes the caller's name."""
        if self._began_ms < 0 and now_ms - self._told_ms <= _LATE_NAME_MS:
            self._is_told = True
        self.touch(t_ms, now_ms)
        self._is_evident = True
        self._name_is_withheld = is_withheld(name.encode())
        self._name = "" if name in _NO_NAMES else name
        if self._is_blank:
            self._is_blank = False
            self.number(t_ms, now_ms, "", self._absence())
        self._tell_rest(now_ms)

    def called(self, t_ms: int, now_ms: int, number: str) -> None:
        """Takes the number that was dialled."""
        self.touch(t_ms, now_ms)
        self._called = number
        self._tell_rest(now_ms)

    def elapsed(self, now_ms: int) -> None:
        """Closes a block that is over by now."""
        if self._began_ms >= 0 and now_ms - self._last_ms > BLOCK_MS:
            self.close(now_ms)

    def close(self, now_ms: int) -> None:
        """Ends the block; one that showed a call but no number is told as such, unless that is old news."""
        if self._is_evident and self._is_call and not self._is_told and now_ms - self._last_ms <= LATE_MS:
            self._tell(now_ms, "", self._absence())
        self.forget()

    def tell(self, t_ms: int, now_ms: int, caller: CallerId) -> None:
        """Takes all that a message says."""
        if not caller.is_call:
            self.no_call(t_ms, now_ms)
        elif caller.presentation != UNTOLD:
            self.number(t_ms, now_ms, caller.number, caller.presentation)
        if caller.called:
            self.called(t_ms, now_ms, caller.called)
        if caller.name:
            self.name(t_ms, now_ms, caller.name)

    def _absence(self) -> int:
        return WITHHELD if self._name_is_withheld else UNAVAILABLE

    def _tell(self, now_ms: int, number: str, presentation: int) -> None:
        waits = now_ms - self._announced_ms <= _ANNOUNCED_MS
        if waits:
            self._announced_ms = now_ms - _ANNOUNCED_MS - 1
        self._is_told = True
        self._told_ms = now_ms
        self.listener.heard(WAITING if waits else NUMBER, self._began_ms, now_ms, number, presentation)
        self._tell_rest(now_ms)

    def _tell_rest(self, now_ms: int) -> None:
        if not self._is_told:
            return
        if self._called:
            self.listener.heard(CALLED, self._began_ms, now_ms, self._called, 0)
            self._called = ""
        if self._name:
            self.listener.heard(NAME, self._began_ms, now_ms, self._name, 0)
            self._name = ""
