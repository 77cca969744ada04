"""Joins the line events of one line to calls, in whatever order the caller ID comes, and says when each must be decided."""

from .call import OUT, SHOWN, Call
from .dialect.text import Listener
from .events import ANSWERED, DIALLED, FAINT_RING, NAME, NUMBER, RELEASED, RING

DECIDE_MS = 7000
"""A call without a number is decided so long after its first sign, at the latest."""

SILENCE_MS = 13000
"""No ring for so long: the caller has gone. Twice the longest cadence in use (6 s) and a second, so that one lost RING ends no call."""

CADENCE_MS = 7500
"""Two rings of one call are no further apart than this, if none was lost."""

RING_TO_NUMBER_MS = 4500
"""A caller ID belongs to the ring before it if it comes within this time."""

NEVER_MS = 1 << 62


class Desk:
    """Whoever decides calls and hears of their end."""

    def decide(self, call: Call, now_ms: int) -> None:
        """Decides a call, now, from what is known of it."""

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        """Takes leave of a call; its `ended_ms` is set. `released`: the line said that it was over."""


class Line(Listener):
    """One line: at most one call at a time."""

    def __init__(self, index: int, desk: Desk) -> None:
        self.index = index
        self.desk = desk
        self.repeats_number = False  # the dialect shows a call's number with every ring, and may garble it anew each time
        self.call: Call | None = None
        self.calls = 0
        self.due_ms = NEVER_MS
        self._previous_ring_ms = 0
        self._number_first = False  # this line shows its caller ID before the first ring

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """Takes one line event."""
        if kind in (RING, FAINT_RING):
            self._ring(kind, t_ms, now_ms)
        elif kind == NUMBER:
            self._number(t_ms, now_ms, text, detail)
        elif kind == NAME:
            if self.call is not None:
                self.call.name = text
        elif kind == ANSWERED:
            self._answered(t_ms, now_ms)
        elif kind == RELEASED:
            self._end(now_ms, True)
        elif kind == DIALLED:
            self._dialled(t_ms, now_ms, text)

    def tick(self, now_ms: int) -> None:
        """Does what was due by `now_ms`, at the moment it was due."""
        while self.due_ms <= now_ms:
            call = self.call
            if call is None:
                self.due_ms = NEVER_MS
            elif call.decision is None and call.t_ms + DECIDE_MS <= self.due_ms:
                self._decide(call, self.due_ms)
            else:
                self._end(self.due_ms)

    def unplugged(self, now_ms: int) -> None:
        """The modem is gone, and the call with it."""
        self._end(now_ms)

    def _ring(self, kind: int, t_ms: int, now_ms: int) -> None:
        call = self.call
        if call is not None and (call.answered_ms >= 0 or call.direction == OUT):
            if kind == FAINT_RING:
                return
            # the line is free again, only its release was not told
            self._end(now_ms)
            call = None
        if call is None:
            if kind == FAINT_RING:
                return
            call = self._begin(t_ms)
        self._previous_ring_ms = call.last_ring_ms
        call.last_ring_ms = t_ms
        call.rings += 1
        if call.rings == 2 and call.decision is None:
            self._decide(call, now_ms)
        else:
            self._plan(call)

    def _number(self, t_ms: int, now_ms: int, number: str, presentation: int) -> None:
        call = self.call
        if call is not None and (call.direction == OUT or call.answered_ms >= 0):
            return
        if call is not None and self._is_next_caller(call, number, presentation):
            rang_ms = -1
            if call.last_ring_ms > call.number_ms and t_ms - call.last_ring_ms <= RING_TO_NUMBER_MS and not self._number_first:
                # the last ring was already the new caller's
                rang_ms = call.last_ring_ms
                call.last_ring_ms = self._previous_ring_ms
                call.rings -= 1
            self._end(now_ms)
            call = self._begin(rang_ms if rang_ms >= 0 else t_ms)
            if rang_ms >= 0:
                call.rings = 1
        elif call is None:
            call = self._begin(t_ms)
        elif call.number_ms >= 0 and (call.presentation == SHOWN or presentation != SHOWN):
            if self.repeats_number:
                # the same once more: it still rings
                call.last_ring_ms = t_ms
                self._plan(call)
            return
        if call.rings == 0:
            self._number_first = True
            call.last_ring_ms = t_ms
        elif call.rings == 1:
            self._number_first = False
        call.calling = number
        call.presentation = presentation
        call.number_ms = now_ms
        self._decide(call, now_ms)

    def _is_next_caller(self, call: Call, number: str, presentation: int) -> bool:
        """Whether a number heard during a call is another caller's: the one before went away without a word."""
        both_shown = presentation == SHOWN and call.presentation == SHOWN
        if self.repeats_number:
            # such a modem tells the end of a call; without it, only a clearly different number is another's
            return both_shown and not are_alike(number, call.calling)
        if call.number_ms >= 0 and both_shown and number != call.calling:
            return True
        # no cadence is that slow: what rang since is another call, whatever its number
        return call.last_ring_ms > call.number_ms and call.last_ring_ms - self._previous_ring_ms > CADENCE_MS

    def _answered(self, t_ms: int, now_ms: int) -> None:
        call = self.call
        if call is None or call.answered_ms >= 0:
            return
        if call.decision is None:
            self._decide(call, now_ms)
        call.answered_ms = t_ms
        self._plan(call)

    def _dialled(self, t_ms: int, now_ms: int, called: str) -> None:
        call = self.call
        if call is not None:
            if call.direction == OUT:
                return
            self._end(now_ms)
        call = self._begin(t_ms)
        call.direction = OUT
        call.called = called
        self._decide(call, now_ms)

    def _begin(self, t_ms: int) -> Call:
        self.calls += 1
        call = Call(self.index, self.calls, t_ms)
        self.call = call
        self._previous_ring_ms = t_ms
        return call

    def _decide(self, call: Call, now_ms: int) -> None:
        self.desk.decide(call, now_ms)
        self._plan(call)

    def _end(self, now_ms: int, released: bool = False) -> None:
        call = self.call
        if call is None:
            return
        if call.decision is None:
            self.desk.decide(call, now_ms)
        call.ended_ms = now_ms
        self.call = None
        self.due_ms = NEVER_MS
        self.desk.ended(call, now_ms, released)

    def _plan(self, call: Call) -> None:
        if call.answered_ms >= 0 or call.direction == OUT:
            self.due_ms = NEVER_MS
            return
        due_ms = call.last_ring_ms + SILENCE_MS
        if call.decision is None and call.t_ms + DECIDE_MS < due_ms:
            due_ms = call.t_ms + DECIDE_MS
        self.due_ms = due_ms


def are_alike(one: str, other: str) -> bool:
    """True if two numbers may be one that lost digits on the wire: their longest common subsequence has six tenths of the shorter."""
    shorter = len(one) if len(one) < len(other) else len(other)
    row = [0] * (len(other) + 1)
    for digit in one:
        diagonal = 0
        for place in range(len(other)):
            above = row[place + 1]
            if digit == other[place]:
                row[place + 1] = diagonal + 1
            elif row[place] > above:
                row[place + 1] = row[place]
            diagonal = above
    return row[len(other)] * 10 >= shorter * 6
