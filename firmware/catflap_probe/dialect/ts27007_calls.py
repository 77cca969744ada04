"""What a cellular modem has told of its calls, by its own numbers for them, so that lists and reports that repeat it tell nothing twice."""

from ..call import SHOWN, UNAVAILABLE
from ..events import ANSWERED, DIALLED, NAME, NUMBER, RELEASED, RING, WAITING
from .text import Listener

ACTIVE, HELD, ON_DIALLING, ALERTING, INCOMING, ON_WAITING, OVER, CONNECTED = 0, 1, 2, 3, 4, 5, 6, 7
"""States of +CLCC (TS 27.007 clause 7.18); 6 and 7 are vendors'."""

MOST = 8
"""So many calls are remembered; 3GPP TS 22.030 clause 6.5.5.1 numbers them 1 to 7."""

SAME_RELEASE_MS = 2000
"""Two different words for a release within this time are of one release."""

SAME_RING_MS = 1000
"""A RING this soon after the report of an incoming call is its own."""

RINGING_MS = 13000
"""A call that rings is reported or rings again within this time."""

DOUBT_MS = 300000
"""So long after a line of a call that could not be read, others may have gone by unseen."""

STILL_MS = 6500
"""A call that lists show to ring is told again after so long without a RING: half the time after which it would be given up."""

BY_LIST, BY_CARRIER, BY_FAILURE, BY_VOICE, BY_MISSED, BY_CEND, BY_VENDOR, BY_COMMAND = 1, 2, 4, 8, 16, 32, 64, 128
"""What told a release: +CLCC; NO CARRIER; BUSY and its like; VOICE CALL: END; MISSED_CALL; ^CEND; another vendor's line; OK after ATH."""

WAITING_MS = 60000
"""A waiting call is told of once; nobody waits longer than this."""

THE_WAITING = -1
"""As the detail of RELEASED: the waiting call (line.THE_WAITING)."""


class Known:
    """One call of the modem."""

    __slots__ = ("id", "is_listed", "is_outgoing", "is_told", "is_up", "number", "seen_ms")

    def __init__(self, id_: int, is_outgoing: "bool | None") -> None:
        self.id = id_
        self.is_outgoing = is_outgoing  # None: not told
        self.is_told = False  # its arrival or dialling was told,
        self.number = ""  # with this number
        self.is_up = False  # its answer was told
        self.is_listed = False  # a list of calls showed it
        self.seen_ms = 0


class Calls:
    """Tells the listener what is new; bounded, and never in doubt about what the modem repeats."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.last_clip = b":"  # the fields of the last +CLIP that could be read,
        self.last_caller = ("", UNAVAILABLE, "")  # and whom they name: number, presentation, name
        self.forget()

    def forget(self) -> None:
        """Forgets all calls: the modem is gone or has started anew."""
        self._known: list[Known] = []
        self.doubted_ms = -DOUBT_MS - 1  # the last line of a call that could not be read
        self._rang_ms = -RINGING_MS  # a ring or a report of an incoming call
        self._reported_ms = -RINGING_MS  # a report alone
        self._held_ms = -1  # a ring that came while a call was up
        self._is_unnumbered = False  # it rings, and no number was told
        self._is_talking = False  # an answer or a waiting call was told, and no release since
        self._waits_ms = -WAITING_MS  # a waiting call was told
        self._over_ms = -SAME_RELEASE_MS
        self._over_by = 0
        self._over_id = 0

    def is_idle(self, now_ms: int) -> bool:
        """Whether no call is known and none rang a moment ago."""
        return not self._known and not self.is_waiting(now_ms) and now_ms - self._rang_ms >= RINGING_MS

    def rang(self, t_ms: int, now_ms: int, text: str) -> None:
        """The modem wrote RING."""
        is_same = t_ms - self._reported_ms <= SAME_RING_MS
        self._reported_ms = -RINGING_MS
        if is_same:
            return
        for known in self._known:
            if known.is_up:
                # SIM800 writes RING before +CCWA too: the next line tells whether it is a waiting call's
                self._held_ms = t_ms
                return
        self._waits_ms = -WAITING_MS
        self._ring(t_ms, now_ms, text)

    def holds_ring(self) -> bool:
        """Whether it depends on the next line whose ring the last one was."""
        return self._held_ms >= 0

    def next_line(self, now_ms: int, is_waiting: bool) -> None:
        """The line after RING has come; `is_waiting`: it shows a waiting call, whose ring that was."""
        if self.holds_ring():
            t_ms, self._held_ms = self._held_ms, -1
            if not is_waiting:
                # the line is free again, only its release was not told: it may not be told of the next call
                self._known = [known for known in self._known if not known.is_up]
                self._waits_ms = -WAITING_MS
                self._ring(t_ms, now_ms, "")

    def numbered(self, t_ms: int, now_ms: int, number: str, presentation: int, name: str) -> None:
        """The number of the call that rings was shown."""
        self._rang_ms = now_ms
        self._is_unnumbered = False
        self._tell(NUMBER, t_ms, now_ms, number, presentation, name)

    def waits(self, t_ms: int, now_ms: int, number: str, presentation: int, name: str) -> None:
        """A waiting call was shown."""
        self._waits_ms = now_ms
        self._is_talking = True
        self._tell(WAITING, t_ms, now_ms, number, presentation, name)

    def shown(
        self,
        t_ms: int,
        now_ms: int,
        id_: int,
        is_outgoing: "bool | None",
        state: int,
        called: "tuple[str, int] | None" = None,
        name: str = "",
        is_listed: bool = False,
    ) -> None:
        """A call's state was shown, with its number and presentation where the line has them; `id_` is 0 where it has none."""
        if state == OVER:
            self.released(t_ms, now_ms, id_, BY_LIST if is_listed else BY_VENDOR)
            return
        if not id_:
            self._arrive(t_ms, now_ms, Known(0, is_outgoing), state, called, name)
            if state in (ACTIVE, CONNECTED):
                self.answered(t_ms, now_ms, 0)
            return
        known = self._find(id_)
        begins = state in (ON_DIALLING, ALERTING, INCOMING, ON_WAITING)
        if known is not None and begins:
            turned = is_outgoing is not None and known.is_outgoing not in (None, is_outgoing)
            if known.is_up or turned:
                # the number was given to another call, the end of the one before went by unseen
                self.released(t_ms, now_ms, id_, BY_LIST)
                known = None
            elif now_ms - known.seen_ms > RINGING_MS:
                known.is_told = False
        if known is None:
            known = self._add(id_, is_outgoing)
        if known.is_outgoing is None:
            known.is_outgoing = is_outgoing
        known.seen_ms = now_ms
        known.is_listed = known.is_listed or is_listed
        self._arrive(t_ms, now_ms, known, state, called, name)
        if state in (ACTIVE, HELD, CONNECTED) and not known.is_up:
            self._up(t_ms, now_ms, known)

    def answered(self, t_ms: int, now_ms: int, id_: int) -> None:
        """A call was answered; `id_` is 0 where the modem did not say which."""
        known = self._find(id_) if id_ else self._lone(False)
        if known is None and id_:
            known = self._add(id_, None)
        if known is not None:
            self._up(t_ms, now_ms, known)
        else:
            self._is_unnumbered = False
            self._is_talking = True
            self._over_by = 0
            self.listener.heard(ANSWERED, t_ms, now_ms, "", 0)

    def released(self, t_ms: int, now_ms: int, id_: int, by: int, cause: str = "") -> None:
        """A call is over; `id_` is 0 where the modem did not say which."""
        known = self._find(id_) if id_ else None
        is_near = self._over_by > 0 and now_ms - self._over_ms <= SAME_RELEASE_MS and not self._over_by & by
        if is_near and known is None and (not id_ or not self._over_id or id_ == self._over_id):
            # another word for the same
            self._over_by |= by
            return
        if not id_:
            known = self._meant(by)
            if known is not None:
                id_ = known.id
            elif by == BY_MISSED and self.is_waiting(now_ms):
                id_ = THE_WAITING
        if known is not None:
            self._known.remove(known)
        if id_ == THE_WAITING or (known is not None and not known.is_up):
            self._waits_ms = -WAITING_MS
        self._over_ms = now_ms
        self._over_by = by
        self._over_id = id_ if id_ > 0 else 0
        self._is_unnumbered = False
        if id_ != THE_WAITING and (known is None or known.is_up):
            self._is_talking = any([other.is_up for other in self._known])
        self._rang_ms = -RINGING_MS
        self.listener.heard(RELEASED, t_ms, now_ms, cause, id_)

    def hung_up(self, t_ms: int, now_ms: int) -> None:
        """The modem has taken a command that ends its calls; one that only rings may ring on (gammu/gammu#357)."""
        if self._is_talking:
            self.released(t_ms, now_ms, 0, BY_COMMAND)

    def missed(self, t_ms: int, now_ms: int, number: str, presentation: int) -> None:
        """The modem tells of a call that nobody answered; its number counts if it was not told before."""
        if self._is_unnumbered and presentation == SHOWN:
            self.numbered(t_ms, now_ms, number, presentation, "")
        self.released(t_ms, now_ms, 0, BY_MISSED)

    def listed(self, t_ms: int, now_ms: int, ids: "list[int]") -> None:
        """A complete list showed these calls and no other: what a list showed before and this one does not, is over."""
        for known in list(self._known):
            if known.is_listed and known.id not in ids:
                self.released(t_ms, now_ms, known.id, BY_LIST)

    def _arrive(self, t_ms: int, now_ms: int, known: Known, state: int, shown: "tuple[str, int] | None", name: str) -> None:
        """Tells a call's arrival or dialling, once, and again only for a number not told yet."""
        number, presentation = shown if shown is not None else ("", UNAVAILABLE)
        still_rings = state == INCOMING and shown is not None and now_ms - self._rang_ms > STILL_MS
        if known.is_told and not still_rings and (not number or number == known.number):
            return
        if known.is_outgoing:
            self._tell(DIALLED, t_ms, now_ms, number, presentation, "")
        elif state == ON_WAITING:
            self.waits(t_ms, now_ms, number, presentation, name)
        elif state == INCOMING and shown is None:
            # without a field for the number, the modem has only said that it rings
            if now_ms - self._rang_ms >= RINGING_MS:
                self._reported_ms = t_ms
                self._ring(t_ms, now_ms, "")
            return
        elif state == INCOMING or self._came_unseen(now_ms, known, number):
            self.numbered(t_ms, now_ms, number, presentation, name)
        else:
            return
        known.is_told = True
        known.number = number

    def _came_unseen(self, now_ms: int, known: Known, number: str) -> bool:
        """Whether a call is first shown when it is answered already; on a bad wire it is rather one that was shown under another number."""
        if not number or known.is_up or known.is_outgoing is None or known.number:
            return False
        return now_ms - self.doubted_ms > DOUBT_MS

    def _up(self, t_ms: int, now_ms: int, known: Known) -> None:
        if not known.is_outgoing:
            self._is_unnumbered = False
            self._waits_ms = -WAITING_MS
        known.is_up = True
        self._is_talking = True
        self._over_by = 0
        self.listener.heard(ANSWERED, t_ms, now_ms, "", known.id)

    def _ring(self, t_ms: int, now_ms: int, text: str) -> None:
        if now_ms - self._rang_ms >= RINGING_MS:
            self._is_unnumbered = True
        self._rang_ms = now_ms
        self._over_by = 0
        self.listener.heard(RING, t_ms, now_ms, text, 0)

    def _tell(self, kind: int, t_ms: int, now_ms: int, number: str, presentation: int, name: str) -> None:
        self._over_by = 0
        self.listener.heard(kind, t_ms, now_ms, number, presentation)
        if name:
            self.listener.heard(NAME, t_ms, now_ms, name, 0)

    def _meant(self, by: int) -> "Known | None":
        """The call that a release without a number is of: the only one that it can be."""
        if by == BY_MISSED:
            return self._lone(False)
        talks_unnamed = self._is_talking and not any([known.is_up for known in self._known])
        if len(self._known) == 1 and not talks_unnamed:
            return self._known[0]
        failed = self._lone(False) if by == BY_FAILURE else None
        return failed if failed is not None and failed.is_outgoing else self._lone(True)

    def is_waiting(self, now_ms: int) -> bool:
        """Whether a waiting call was told of, and may wait still."""
        return now_ms - self._waits_ms < WAITING_MS

    def _lone(self, is_up: bool) -> "Known | None":
        """The only call that is (or is not) answered."""
        found: Known | None = None
        for known in self._known:
            if known.is_up == is_up:
                if found is not None:
                    return None
                found = known
        return found

    def _find(self, id_: int) -> "Known | None":
        for known in self._known:
            if known.id == id_:
                return known
        return None

    def _add(self, id_: int, is_outgoing: "bool | None") -> Known:
        if len(self._known) >= MOST:
            self._known.pop(0)
        known = Known(id_, is_outgoing)
        self._known.append(known)
        return known
