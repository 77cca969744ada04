"""A telephone line as its exchange sees it: it rings in its country's cadence until the caller gives up or somebody takes it.

caller ID "between"        ~~ring~~____[FSK]_________~~ring~~_________     (CN, US)
caller ID "before"         _[FSK]_~~ring~~_______~~ring~~_______            (GB)
caller ID "before", DTMF   _[keys]____~~ring~~_______~~ring~~____           (IN, SE, BR)
caller ID "after-second"   ~~ring~~_________~~ring~~____[FSK]____           (some PBX extensions)

A call that comes during a talk waits, where the line has call waiting: it is heard as a beep, and rings once the talk is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from tests.exchange.clock import Clock, Timer
from tests.exchange.truth import CallTruth


@dataclass(frozen=True, slots=True)
class Ringing:
    """How a line rings: the cadence's period, where in it the last burst ends, and when caller ID is sent."""

    period_s: float
    burst_end_s: float
    caller_id: str
    """`before` the first ring, `between` the first and the second, `after-second`, or `never`."""
    caller_id_s: float = 1.2
    """From the end of the burst (or the start of the call) to the modem's text: half a second of silence, then some 0.7 s of FSK."""
    guard_s: float = 0.4
    """From caller ID sent before ringing to the first burst; for DTMF from its first key, so that the longest number fits."""
    signal: str = "fsk"
    """`fsk` or `dtmf`."""


DTMF_FIRST = Ringing(period_s=5.0, burst_end_s=1.0, caller_id="before", caller_id_s=0.4, guard_s=3.2, signal="dtmf")
AFTER_SECOND = Ringing(period_s=5.0, burst_end_s=1.0, caller_id="after-second")

COUNTRIES = {
    "CN": Ringing(period_s=5.0, burst_end_s=1.0, caller_id="between"),
    "US": Ringing(period_s=6.0, burst_end_s=2.0, caller_id="between"),
    "GB": Ringing(period_s=3.0, burst_end_s=1.0, caller_id="before"),
    "FR": Ringing(period_s=5.0, burst_end_s=1.5, caller_id="between"),
    "DE": Ringing(period_s=5.0, burst_end_s=1.0, caller_id="between"),
    "TW": Ringing(period_s=3.0, burst_end_s=1.0, caller_id="between"),
    "BR": DTMF_FIRST,
    "DK": DTMF_FIRST,
    "NL": DTMF_FIRST,
    "SE": replace(DTMF_FIRST, period_s=6.0),
    "IN": replace(DTMF_FIRST, period_s=3.0),
}

RING_BACK_S = 1.0
"""From the end of a talk to the first burst of the call that waited."""
HEARD_S = 0.3
"""A burst cut off sooner than this is not heard as a ring."""
SEIZURE_S = 0.2
"""Off-hook for less than this is no answer to the exchange: the line rings on."""


class Subscriber(Protocol):
    """What listens on the line: the modem."""

    def heard_ring(self, call: CallTruth) -> None:
        """A burst of ringing has been heard."""

    def heard_caller_id(self, call: CallTruth) -> None:
        """Caller ID has been sent on the line."""

    def answered(self, call: CallTruth) -> None:
        """A person has picked up."""

    def ended(self, call: CallTruth) -> None:
        """The call is over, `call.outcome` says how."""

    def heard_waiting(self, call: CallTruth) -> None:
        """Another call waits while people talk."""

    def extension(self, is_off_hook: bool) -> None:
        """Somebody has taken the line to call out, or left it again."""


class Line:
    """One line: a call, and perhaps one that waits meanwhile."""

    def __init__(
        self,
        clock: Clock,
        ringing: Ringing,
        on_end: Callable[[CallTruth], None],
        caller_holds_s: float = 0.0,
        has_call_waiting: bool = False,
    ) -> None:
        self.subscriber: Subscriber
        self.state = "idle"
        """`idle`, `ringing`, `talk` (a person), `extension` (a person calls out), `taken` (the modem), `held` (by a caller not yet
        cleared), `seized` (off-hook, no call)."""
        self.call: CallTruth | None = None
        self.waiting: CallTruth | None = None
        self.idle_seizures = 0
        """How often the modem went off-hook with no call there."""
        self.intrusions = 0
        """How often it did while somebody called out."""
        self.ringing = ringing
        self._clock = clock
        self._on_end = on_end
        self._caller_holds_s = caller_holds_s
        self._has_call_waiting = has_call_waiting
        self._first_burst_s = 0.0
        self._patience_s = 0.0
        self._waiting_until_s = 0.0
        self._timers: dict[str, Timer] = {}

    @property
    def is_in_use(self) -> bool:
        """Whether people use it, so that nobody else may touch it."""
        return self.state in ("talk", "extension")

    def offer(self, call: CallTruth) -> None:
        """A call arrives now: the line begins to ring, it waits, or the caller hears the busy tone."""
        now_s = self._clock.now_s()
        call.modem_id = 2 if self.call is not None and self.call.modem_id == 1 else 1
        if self.state == "idle":
            self._begin(call, now_s, call.planned.patience_s)
        elif self.state == "talk" and self._has_call_waiting and self.waiting is None:
            call.waited, self.waiting = True, call
            self._waiting_until_s = now_s + call.planned.patience_s
            self._plan("waiting", self._waiting_until_s, self._waiting_gives_up)
            self.subscriber.heard_waiting(call)
        else:
            call.outcome = "busy"
            self._on_end(call)

    def extension_off_hook(self) -> None:
        """Somebody takes the idle line to call out."""
        assert self.state == "idle"
        self.state = "extension"
        self.subscriber.extension(True)

    def extension_on_hook(self) -> None:
        """And leaves it again."""
        assert self.state == "extension"
        self.state = "idle"
        self.subscriber.extension(False)

    def off_hook(self) -> None:
        """The modem takes the line: ringing stops."""
        if self.state == "ringing":
            assert self.call is not None
            self._stop_ringing()
            self.state = "taken"
            self.call.outcome, self.call.off_hook_s = "blocked", self._clock.now_s()
        elif self.state == "talk":
            assert self.call is not None
            self.call.touched_in_use = True
        elif self.state == "extension":
            self.intrusions += 1
        elif self.state == "idle":
            self.state = "seized"
            self.idle_seizures += 1

    def on_hook(self) -> None:
        """The modem leaves the line; a caller who has not cleared holds it for a while."""
        if self.state == "taken":
            assert self.call is not None and self.call.off_hook_s is not None
            now_s = self._clock.now_s()
            if now_s - self.call.off_hook_s < SEIZURE_S:
                self.state, self.call.outcome, self.call.off_hook_s = "ringing", "ringing", None
                cycles = (now_s - self._first_burst_s) // self.ringing.period_s + 1
                self._plan("ring", self._first_burst_s + cycles * self.ringing.period_s + self.ringing.burst_end_s, self._ring)
                self._plan_caller()
                return
            self.state, self.call.on_hook_s = "held", now_s
            if self._caller_holds_s:
                self._plan("caller", now_s + self._caller_holds_s, self._end)
            else:
                self._end()
        elif self.state == "seized":
            self.state = "idle"

    def reject(self) -> None:
        """A cellular modem refuses the ringing call, or hangs up the one that people are talking on."""
        if self.state == "ringing":
            assert self.call is not None
            self._stop_ringing()
            self.call.outcome, self.call.off_hook_s = "blocked", self._clock.now_s()
            self._end()
        elif self.state == "talk":
            assert self.call is not None
            self.call.touched_in_use = True
            self._end()

    def reject_waiting(self) -> None:
        """A cellular modem refuses the call that waits; the talk goes on."""
        if self.waiting is not None:
            self.waiting.outcome, self.waiting.off_hook_s = "blocked", self._clock.now_s()
            self._end_waiting()

    def take_waiting(self) -> None:
        """A cellular modem drops the talk and answers the call that waits."""
        waiting = self.waiting
        if waiting is not None:
            assert self.call is not None
            self.call.touched_in_use = True
            self._cancel("waiting")
            self.waiting = None
            self._end()
            self.state, self.call = "taken", waiting
            waiting.outcome, waiting.off_hook_s = "blocked", self._clock.now_s()

    def _begin(self, call: CallTruth, now_s: float, patience_s: float) -> None:
        """The line begins to ring, caller ID first where that is the custom."""
        self.state, self.call = "ringing", call
        self._first_burst_s = now_s
        self._patience_s = patience_s
        if self.ringing.caller_id == "before":
            self._first_burst_s = now_s + self.ringing.caller_id_s + self.ringing.guard_s
            self._plan("caller-id", now_s + self.ringing.caller_id_s, self._send_caller_id)
        self._plan("ring", self._first_burst_s + self.ringing.burst_end_s, self._ring)
        self._plan_caller()

    def _plan_caller(self) -> None:
        assert self.call is not None
        answer_s = self.call.planned.answer_s
        if answer_s is not None and answer_s < self._patience_s:
            self._plan("caller", self._first_burst_s + answer_s, self._answer)
        else:
            self._plan("caller", self._first_burst_s + self._patience_s, self._give_up)

    def _waiting_gives_up(self) -> None:
        assert self.waiting is not None
        self.waiting.outcome = "given-up"
        self._end_waiting()

    def _end_waiting(self) -> None:
        call = self.waiting
        assert call is not None
        self._cancel("waiting")
        self.waiting, call.ended_s = None, self._clock.now_s()
        self.subscriber.ended(call)
        self._on_end(call)

    def _ring(self) -> None:
        assert self.call is not None
        call, now_s = self.call, self._clock.now_s()
        call.rings += 1
        # planned before the modem hears it: what it does about the call may call these off
        self._plan("ring", now_s + self.ringing.period_s, self._ring)
        if {"between": 1, "after-second": 2}.get(self.ringing.caller_id) == call.rings:
            self._plan("caller-id", now_s + self.ringing.caller_id_s, self._send_caller_id)
        self.subscriber.heard_ring(call)

    def _send_caller_id(self) -> None:
        assert self.call is not None
        self.subscriber.heard_caller_id(self.call)

    def _answer(self) -> None:
        assert self.call is not None
        self._stop_ringing()
        self.state = "talk"
        self.call.outcome, self.call.answered_s = "answered", self._clock.now_s()
        self._plan("caller", self._clock.now_s() + self.call.planned.talk_s, self._end)
        self.subscriber.answered(self.call)

    def _give_up(self) -> None:
        assert self.call is not None
        self._stop_ringing()
        self.call.outcome = "given-up"
        self._end()

    def _stop_ringing(self) -> None:
        """Ends the ringing; a burst in progress is heard if it has lasted long enough."""
        assert self.call is not None
        self._cancel("ring", "caller-id", "caller")
        since_s = self._clock.now_s() - self._first_burst_s
        in_cycle_s = since_s % self.ringing.period_s if since_s >= 0 else 0.0
        if HEARD_S <= in_cycle_s < self.ringing.burst_end_s:
            self.call.rings += 1
            self.subscriber.heard_ring(self.call)

    def _end(self) -> None:
        assert self.call is not None
        call = self.call
        self._cancel("caller")
        now_s = self._clock.now_s()
        self.state, self.call, call.ended_s = "idle", None, now_s
        self.subscriber.ended(call)
        self._on_end(call)
        waiting = self.waiting
        if waiting is not None:
            self.waiting = None
            left_s = self._waiting_until_s - now_s
            self._cancel("waiting")
            self._begin(waiting, now_s + RING_BACK_S, max(left_s - RING_BACK_S, 0.0))

    def _plan(self, what: str, t_s: float, action: Callable[[], None]) -> None:
        self._timers[what] = self._clock.at(t_s, action)

    def _cancel(self, *what: str) -> None:
        for name in what:
            if name in self._timers:
                self._timers.pop(name).cancel()
