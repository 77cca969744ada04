"""Lists of a cellular modem's calls, sent unasked or as the answer to AT+CLCC: which end they have, and what their end tells.

    asked:      AT+CLCC (seen on its way, or its echo)     unasked, where +CLCC=1:
                +CLCC: 1,0,0,0,0,"10086",129               +CLCC: 1,1,4,0,0,"13812345678",129
                +CLCC: 2,1,5,0,0,"13812345678",129         RING
                OK       all calls were shown              and no more: other calls may be up

An OK says nothing of a list that a modem sends unasked. Where neither the command nor its echo is seen, a list that OK follows at once was
asked for, unless this modem was seen to send one that something else followed.
"""

from .ts27007_calls import OVER, Calls
from .ts27007_fields import Fields, presentation_of

MOST_IDS = 9
"""3GPP TS 22.030 clause 6.5.5.1 numbers calls from 1 to 7; a number of two digits is two fields that lost their comma."""

ANSWER_MS = 500
"""OK follows the list that AT+CLCC asked for within this time."""

_DATA_MODES = (1, 6, 7, 8)
"""<mode> of a call of data (TS 27.007 clause 7.18); VoLTE modems list their packet bearer as one."""


class Lists:
    """Hands the rows of lists to `calls`, and what a complete list no longer shows."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.forget()

    def forget(self) -> None:
        """Forgets what is known of this modem's lists."""
        self._is_asked = False
        self._is_reporter = False  # this modem sends lists unasked
        self._rows: list[int] = []  # the calls of the list that is coming in
        self._row_ms = 0
        self._is_sound = True  # no line since the last result code, or other line that was read, was unreadable
        self._says_its_end = False  # it is of the kind that does

    def asked(self) -> None:
        """AT+CLCC was sent."""
        self.interrupted()
        self._is_asked = True
        self._is_sound = True

    def interrupted(self) -> None:
        """A line of another kind was read: a list that was not asked for ends there."""
        if self._is_asked or self._says_its_end:
            return
        if self._rows:
            self._is_reporter = True
            self._rows = []
        self._is_sound = True

    def damaged(self) -> None:
        """A line could not be read; it may have been a row."""
        self._is_sound = False

    def closed_row(self, t_ms: int, now_ms: int, text: bytes) -> bool:
        """A line of a list that an empty line ends; a field more than +CLCC has tells whether the call has a channel."""
        if text:
            return self.row(t_ms, now_ms, text, 6, True)
        if self._is_sound:
            self._calls.listed(t_ms, now_ms, self._rows)
        self._rows = []
        self._is_sound = True
        self._says_its_end = False
        return True

    def row(self, t_ms: int, now_ms: int, text: bytes, number_at: int, says_its_end: bool) -> bool:
        """A line of a list, its number in field `number_at`; False if it is none, or not soundly one."""
        fields = Fields(text)
        id_, direction, state = fields.integer(0, MOST_IDS), fields.integer(1, 1), fields.integer(2, OVER)
        mode, parties = fields.integer(3, 9), fields.integer(4, 1)
        shown = fields.number(number_at) if len(fields) > number_at else None
        if id_ <= 0 or direction < 0 or state < 0 or mode < 0 or parties < 0 or (len(fields) > number_at and shown is None):
            if len(fields) > 2:
                self._calls.doubted_ms = now_ms
            return False
        self._says_its_end = says_its_end
        self._rows.append(id_)
        self._row_ms = now_ms
        if mode in _DATA_MODES:
            return True
        if shown is not None:
            shown = shown[0], presentation_of(shown[0], shown[1], fields.integer(number_at + 4, 4))
        self._calls.shown(t_ms, now_ms, id_, direction == 0, state, shown, fields.name(number_at + 2), True)
        return True

    def replied(self, t_ms: int, now_ms: int, is_ok: bool) -> None:
        """A result code came: it may end a list of all calls."""
        if self._says_its_end:
            return
        if self._rows and not self._is_asked and now_ms - self._row_ms > ANSWER_MS:
            self._is_reporter = True
        if is_ok and self._is_sound and (self._is_asked or (self._rows and not self._is_reporter)):
            self._calls.listed(t_ms, now_ms, self._rows)
        self._is_asked = False
        self._is_sound = True
        self._rows = []
