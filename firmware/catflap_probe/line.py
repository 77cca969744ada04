"""Joins the line events of one line to calls, in whatever order the caller ID comes, and says when each must be decided."""

from .call import MOST_RUNG, OUT, SHOWN, Call
from .desk import Desk
from .dialect.text import Listener
from .events import (
    ANSWERED,
    CALLED,
    CAUSE,
    DIALLED,
    FAINT_RING,
    INFORMATION,
    MESSAGE,
    NAME,
    NUMBER,
    OFF_HOOK,
    ON_HOOK,
    RELEASED,
    REPLY,
    RESET,
    RING,
    TONE,
    WAITING,
)
from .lost_digits import are_alike

DECIDE_MS = 7000
"""A call without a number is decided so long after its first sign, at the latest."""

SILENCE_MS = 13000
"""No ring for so long: the caller has gone. Twice the longest cadence in use (6 s) and a second, so that one lost RING ends no call."""

NOISY_SILENCE_MS = 19000
"""The same where lines could not be read lately: two lost in a row end no call."""

WAITING_MS = 60000
"""A waiting call is told of once; nobody waits longer than this."""

CADENCE_MS = 7500
"""Two rings of one call are no further apart than this, if none was lost."""

SLOWEST_MS = 6500
"""The same on a wire where nothing is lost: the slowest cadence, and some delay."""

RING_TO_NUMBER_MS = 4500
"""A caller ID belongs to the ring before it if it comes within this time."""

NOISE_MS = 300000
"""So long after a line that could not be read, numbers may have lost digits."""

LOST_DIGITS = 4
"""So many of eleven at most, of which a bad wire loses every fifth."""

CAUSE_MS = 5000
"""A cause belongs to the call that ended no longer ago than this."""

CLEARED = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE")
"""Result codes after which an outgoing call is over (V.250 clause 5.7.1)."""

STALE_MS = 2000
"""A line that takes longer to come lost its end, and was read only when the next one came."""

RING_TO_WAITING_MS = 1000
"""A RING that belongs to a waiting call comes no sooner before it."""

NEVER_MS = 1 << 62
THE_WAITING = -1
"""As the detail of RELEASED: the waiting call, whatever its number."""


class Line(Listener):
    """One line: a call, and perhaps one that waits meanwhile."""

    def __init__(self, index: int, desk: Desk) -> None:
        self.index = index
        self.desk = desk
        self.repeats_number = False  # the dialect shows a call's number with every ring, and may garble it anew each time
        self.call: Call | None = None
        self.waiting: Call | None = None
        self.in_use = False  # somebody took the line beside the modem, and no call of ours is known
        self.calls = 0
        self.due_ms = NEVER_MS
        self._last: Call | None = None  # the call that ended last
        self.came: Call | None = None  # the last of those that came in
        self._latest: Call | None = None  # the call that a name belongs to
        self._previous_ring_ms = 0
        self._rings_when_shown = 0
        self._number_first = False  # this line shows its caller ID before the first ring
        self._noise_ms = -NOISE_MS

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """Takes one line event."""
        if kind in (RING, FAINT_RING, NUMBER) and self._is_late(t_ms, now_ms):
            return
        if kind in (RING, FAINT_RING):
            if kind == FAINT_RING:
                self._noise_ms = now_ms
            self._ring(kind, t_ms, now_ms, text)
        elif kind == NUMBER:
            self._number(t_ms, now_ms, text, detail)
        elif kind == NAME:
            if self._latest is not None:
                self._latest.name = text
        elif kind == ANSWERED:
            self._answered(t_ms, now_ms, detail)
        elif kind == RELEASED:
            self._released(now_ms, text, detail)
        elif kind == DIALLED:
            self.desk.signalled(self, kind, text, now_ms)
            self._dialled(t_ms, now_ms, text)
        elif kind == WAITING:
            self._waits(t_ms, now_ms, text, detail)
        elif kind == CALLED:
            if self._latest is not None:
                self._latest.called = text
        elif kind in (TONE, MESSAGE):
            self.desk.signalled(self, kind, text, now_ms)
        elif kind == OFF_HOOK:
            self._off_hook(t_ms, now_ms)
        elif kind == ON_HOOK:
            self._on_hook(now_ms)
        elif kind == REPLY:
            # a cellular modem's dialect knows which of several calls is over, and tells it
            if text in CLEARED and not self.repeats_number and self.call is not None and self.call.direction == OUT:
                self._end(self.call, now_ms, True)
        elif kind == CAUSE:
            self._explained(now_ms, text)
        elif kind == RESET:
            # a cellular modem drops its calls; an analogue line rings on beside the modem
            if self.repeats_number:
                self.unplugged(now_ms)
        elif kind == INFORMATION and self._rings():
            # what comes at other times may be the answer to a question
            self._noise_ms = now_ms

    def tick(self, now_ms: int) -> None:
        """Does what was due by `now_ms`, at the moment it was due."""
        while self.due_ms <= now_ms:
            due_ms = self.due_ms
            call = self.call
            if call is not None and self._due_of(call) <= due_ms:
                if call.decision is None and call.t_ms + DECIDE_MS <= due_ms:
                    self._decide(call, due_ms)
                else:
                    self._end(call, due_ms)
            elif self.waiting is not None and self._due_of(self.waiting) <= due_ms:
                self._end(self.waiting, due_ms)
            else:
                self._plan()

    def is_ringing(self) -> bool:
        """True while a call comes in that nobody has answered."""
        return self.call is not None and self.call.direction != OUT and self.call.answered_ms < 0

    def unplugged(self, now_ms: int) -> None:
        """The modem is gone, and its calls with it."""
        self.in_use = False
        if self.waiting is not None:
            self._end(self.waiting, now_ms)
        if self.call is not None:
            self._end(self.call, now_ms)

    def _rings(self) -> bool:
        if self.waiting is not None:
            return True
        return self.call is not None and self.call.answered_ms < 0 and self.call.direction != OUT

    def _is_noisy(self, now_ms: int) -> bool:
        return now_ms - self._noise_ms <= NOISE_MS

    def _is_late(self, t_ms: int, now_ms: int) -> bool:
        """Whether what is told now came while the call before this still was there."""
        last = self._last
        return self.call is None and last is not None and t_ms <= last.ended_ms and now_ms - t_ms > STALE_MS

    def _ring(self, kind: int, t_ms: int, now_ms: int, cadence: str) -> None:
        call = self.call
        if call is not None and (call.answered_ms >= 0 or call.direction == OUT):
            if kind == FAINT_RING:
                return
            # the line is free again, only its release was not told
            self._end(call, now_ms)
            call = None
        if kind == RING:
            self.in_use = False
            if call is None and self.waiting is not None:
                call = self._promote(t_ms)
        if call is None:
            if kind == FAINT_RING:
                return
            call = self._begin(t_ms)
        was_waiting = call.waited
        call.waited = False
        self._previous_ring_ms = call.last_ring_ms
        call.last_ring_ms = t_ms
        call.rings += 1
        if len(call.rung) < MOST_RUNG:
            call.rung.append(t_ms)
        if cadence:
            call.cadence = cadence
        if call.rings == 1 and call.number_ms >= 0 and not self._is_noisy(now_ms):
            self._number_first = True
        if was_waiting:
            self.desk.freed(call, now_ms)
        if call.rings == 2 and call.decision is None:
            self._decide(call, now_ms)
        else:
            self._plan()

    def _number(self, t_ms: int, now_ms: int, number: str, presentation: int) -> None:
        call = self.call
        if call is None and self.waiting is not None and self._shows(number, presentation, self.waiting, now_ms):
            # it waits no longer: the line is free again
            call = self._promote(t_ms)
            call.waited = False
            self.in_use = False
            self.desk.freed(call, now_ms)
            self._plan()
            return
        if self.in_use or (call is not None and (call.direction == OUT or call.answered_ms >= 0)):
            if call is None or not self._shows(number, presentation, call, now_ms):
                self._waits(t_ms, now_ms, number, presentation)
            elif call.number_ms < 0 and call.direction != OUT:
                # shown only now, after it was answered
                self._numbered(call, now_ms, number, presentation)
            return
        if call is not None and self._is_next_caller(call, number, presentation, now_ms):
            rang_ms = -1
            if call.last_ring_ms > call.number_ms and t_ms - call.last_ring_ms <= RING_TO_NUMBER_MS and not self._number_first:
                # the last ring was already the new caller's
                rang_ms = call.last_ring_ms
                call.last_ring_ms = self._previous_ring_ms
                call.rings -= 1
                if len(call.rung) > call.rings:
                    call.rung.pop()
            self._end(call, now_ms)
            call = self._begin(rang_ms if rang_ms >= 0 else t_ms)
            if rang_ms >= 0:
                call.rings = 1
                call.rung.append(rang_ms)
        elif call is None:
            call = self._begin(t_ms)
        elif call.number_ms >= 0 and (call.presentation == SHOWN or presentation != SHOWN):
            self._rings_when_shown = call.rings
            if self.repeats_number:
                # the same once more: it still rings
                call.last_ring_ms = t_ms
                self._plan()
            return
        if call.rings == 0:
            call.last_ring_ms = t_ms
        elif call.rings == 1:
            self._number_first = False
        self._numbered(call, now_ms, number, presentation)

    def _is_next_caller(self, call: Call, number: str, presentation: int, now_ms: int) -> bool:
        """Whether a number heard during a call is another caller's: the one before went away without a word."""
        if not self._shows(number, presentation, call, now_ms):
            # a cellular modem tells the end of a call: without it, a number that differs little has lost digits, on however clean a wire
            return not (self.repeats_number and are_alike(number, call.calling, LOST_DIGITS))
        # a cellular modem tells the end of a call
        if self.repeats_number or self._is_noisy(now_ms) or call.last_ring_ms <= call.number_ms:
            return False
        # elsewhere no cadence is that slow, and who shows a number again does so at every ring: what rang since is another call
        shown_before = call.number_ms >= 0 and call.rings - self._rings_when_shown > 1
        return shown_before or call.last_ring_ms - self._previous_ring_ms > SLOWEST_MS

    def _shows(self, number: str, presentation: int, call: Call, now_ms: int) -> bool:
        """Whether a number shown again may be that of a call, digits lost perhaps; no number says nothing against it."""
        if presentation != SHOWN or call.presentation != SHOWN or number == call.calling:
            return True
        return are_alike(number, call.calling, LOST_DIGITS if self._is_noisy(now_ms) else 0)

    def _waits(self, t_ms: int, now_ms: int, number: str, presentation: int) -> None:
        call = self.call
        rang: Call | None = None
        if call is None:
            # nobody waits for a free line: the call that holds it was not told, or is forgotten
            self.in_use = True
        elif call.direction != OUT and call.answered_ms < 0:
            if call.number_ms < 0 and call.rings == 1 and t_ms - call.t_ms <= RING_TO_WAITING_MS:
                # some modems write RING for a waiting call too
                self.call = None
                self.in_use = True
                rang = call
            else:
                # nobody waits behind a call that only rings: it was answered, and this is how we learn of it
                self._answered(t_ms, now_ms, 0)
        waiting = self.waiting
        if waiting is not None:
            is_soon = t_ms - waiting.last_ring_ms <= CADENCE_MS
            if self._shows(number, presentation, waiting, now_ms) or (is_soon and are_alike(number, waiting.calling, LOST_DIGITS)):
                waiting.last_ring_ms = t_ms
                if presentation == SHOWN and waiting.presentation != SHOWN:
                    self._numbered(waiting, now_ms, number, presentation)
                self._plan()
                return
            self._end(waiting, now_ms)
        waiting = rang if rang is not None else self._new(t_ms)
        waiting.waited = True
        self.waiting = waiting
        self._numbered(waiting, now_ms, number, presentation)

    def _numbered(self, call: Call, now_ms: int, number: str, presentation: int) -> None:
        call.calling = number
        call.presentation = presentation
        call.number_ms = now_ms
        self._rings_when_shown = call.rings
        self._latest = call
        self._decide(call, now_ms)

    def _answered(self, t_ms: int, now_ms: int, which: int) -> None:
        call = self.call
        if call is not None and call.answered_ms >= 0:
            if self.waiting is None or which == (call.id or 1):
                # told again, perhaps only now with its number
                call.id = call.id or which
                return
            call = self.waiting
        if call is None or call.answered_ms >= 0:
            return
        # before it is decided: nothing may be done to an answered call
        call.answered_ms = t_ms
        if call.decision is None:
            self._decide(call, now_ms)
        call.id = which
        call.waited = False
        self._plan()

    def _off_hook(self, t_ms: int, now_ms: int) -> None:
        if self.call is None:
            self.in_use = True
            self.desk.off_hook(t_ms)
        elif self.call.answered_ms < 0:
            self._answered(t_ms, now_ms, 0)

    def _on_hook(self, now_ms: int) -> None:
        self.in_use = False
        if self.call is not None and self.call.answered_ms >= 0:
            self._released(now_ms, "", 0)

    def _released(self, now_ms: int, cause: str, which: int) -> None:
        call = self.call
        waiting = self.waiting
        if call is None and self.in_use and which in (0, 1):
            # the call that held the line: it came first, and has the lowest number
            self.in_use = False
            return
        if waiting is not None and (call is None or which == THE_WAITING or (which and which != (call.id or 1))):
            call = waiting
        elif which == THE_WAITING or (which and call is not None and call.id and which != call.id):
            # of a call that we no longer know
            return
        if call is not None:
            call.cause = cause
            self._end(call, now_ms, True)

    def _explained(self, now_ms: int, cause: str) -> None:
        call = self._last
        if self.call is None and call is not None and not call.cause and now_ms - call.ended_ms <= CAUSE_MS:
            call.cause = cause
            self.desk.explained(call)

    def _dialled(self, t_ms: int, now_ms: int, called: str) -> None:
        call = self.call
        if call is not None:
            if call.direction == OUT:
                call.called = call.called or called
                return
            self._end(call, now_ms)
        call = self._begin(t_ms)
        call.direction = OUT
        call.called = called
        self._decide(call, now_ms)

    def _begin(self, t_ms: int) -> Call:
        call = self._new(t_ms)
        self.call = call
        self._previous_ring_ms = t_ms
        return call

    def _new(self, t_ms: int) -> Call:
        self.calls += 1
        call = Call(self.index, self.calls, t_ms)
        self._latest = call
        return call

    def _promote(self, t_ms: int) -> Call:
        """The waiting call becomes the line's own; its cadence counts from here."""
        call = self.waiting
        assert call is not None
        self.waiting = None
        self.call = call
        self._latest = call
        self._previous_ring_ms = call.last_ring_ms = t_ms
        return call

    def _decide(self, call: Call, now_ms: int) -> None:
        self.desk.decide(call, now_ms)
        self._plan()

    def _end(self, call: Call, now_ms: int, released: bool = False) -> None:
        if call.decision is None:
            self.desk.decide(call, now_ms)
        call.ended_ms = now_ms
        if call is self.waiting:
            self.waiting = None
        else:
            self.call = None
            if self.waiting is not None and self.waiting.answered_ms >= 0:
                self._promote(now_ms)
        if self._latest is call:
            self._latest = self.call
        self._last = call
        if call.direction != OUT:
            self.came = call
        self._plan()
        self.desk.ended(call, now_ms, released)

    def _plan(self) -> None:
        due_ms = self._due_of(self.call) if self.call is not None else NEVER_MS
        if self.waiting is not None:
            waiting_ms = self._due_of(self.waiting)
            if waiting_ms < due_ms:
                due_ms = waiting_ms
        self.due_ms = due_ms

    def _may_wait(self, call: Call) -> bool:
        """Whether a call may be one that waits, told by a line that lost what says so: one sign of it, and then no more."""
        if self.repeats_number:
            return call.number_ms < 0 and call.decision is not None and call.last_ring_ms - call.t_ms <= RING_TO_WAITING_MS
        return call.rings == 0 and not self._number_first

    def _due_of(self, call: Call) -> int:
        """When something about a call is due by itself: its decision, or its end for want of a sign."""
        if call.answered_ms >= 0 or call.direction == OUT:
            return NEVER_MS
        if call.waited:
            return call.last_ring_ms + WAITING_MS
        is_noisy = self._is_noisy(call.last_ring_ms)
        if is_noisy and self._may_wait(call):
            return call.last_ring_ms + WAITING_MS
        due_ms = call.last_ring_ms + (NOISY_SILENCE_MS if is_noisy else SILENCE_MS)
        if call.decision is None and call.t_ms + DECIDE_MS < due_ms:
            due_ms = call.t_ms + DECIDE_MS
        return due_ms
