"""A telephone line as its exchange sees it: it rings in its country's cadence until the caller gives up or somebody takes it.

caller ID "between"   ~~ring~~____[FSK]_________~~ring~~_________     (CN, US)
caller ID "before"    _[FSK]_~~ring~~_______~~ring~~_______            (GB)
"""

from collections.abc import Callable
from dataclasses import dataclass
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


COUNTRIES = {
    "CN": Ringing(period_s=5.0, burst_end_s=1.0, caller_id="between"),
    "US": Ringing(period_s=6.0, burst_end_s=2.0, caller_id="between"),
    "GB": Ringing(period_s=3.0, burst_end_s=1.0, caller_id="before"),
}

GUARD_S = 0.4
"""From caller ID sent before ringing to the first burst."""
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


class Line:
    """One line, one call at a time."""

    def __init__(self, clock: Clock, ringing: Ringing, on_end: Callable[[CallTruth], None], caller_holds_s: float = 0.0) -> None:
        self.subscriber: Subscriber
        self.state = "idle"
        """`idle`, `ringing`, `talk` (a person), `taken` (the modem), `held` (by a caller not yet cleared), `seized` (off-hook, no call)."""
        self.call: CallTruth | None = None
        self.idle_seizures = 0
        """How often the modem went off-hook with no call there."""
        self._clock = clock
        self._ringing = ringing
        self._on_end = on_end
        self._caller_holds_s = caller_holds_s
        self._first_burst_s = 0.0
        self._timers: dict[str, Timer] = {}

    def offer(self, call: CallTruth) -> None:
        """A call arrives now: the line begins to ring, or the caller hears the busy tone."""
        if self.state != "idle":
            call.outcome = "busy"
            self._on_end(call)
            return
        self.state, self.call = "ringing", call
        now_s = self._clock.now_s()
        self._first_burst_s = now_s
        if self._ringing.caller_id == "before":
            self._first_burst_s = now_s + self._ringing.caller_id_s + GUARD_S
            self._plan("caller-id", now_s + self._ringing.caller_id_s, self._send_caller_id)
        self._plan("ring", self._first_burst_s + self._ringing.burst_end_s, self._ring)
        self._plan_caller()

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
                cycles = (now_s - self._first_burst_s) // self._ringing.period_s + 1
                self._plan("ring", self._first_burst_s + cycles * self._ringing.period_s + self._ringing.burst_end_s, self._ring)
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

    def _plan_caller(self) -> None:
        assert self.call is not None
        planned = self.call.planned
        if planned.answer_s is not None and planned.answer_s < planned.patience_s:
            self._plan("caller", self._first_burst_s + planned.answer_s, self._answer)
        else:
            self._plan("caller", self._first_burst_s + planned.patience_s, self._give_up)

    def _ring(self) -> None:
        assert self.call is not None
        call, now_s = self.call, self._clock.now_s()
        call.rings += 1
        # planned before the modem hears it: what it does about the call may call these off
        self._plan("ring", now_s + self._ringing.period_s, self._ring)
        if {"between": 1, "after-second": 2}.get(self._ringing.caller_id) == call.rings:
            self._plan("caller-id", now_s + self._ringing.caller_id_s, self._send_caller_id)
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
        in_cycle_s = (self._clock.now_s() - self._first_burst_s) % self._ringing.period_s
        if HEARD_S <= in_cycle_s < self._ringing.burst_end_s:
            self.call.rings += 1
            self.subscriber.heard_ring(self.call)

    def _end(self) -> None:
        assert self.call is not None
        call = self.call
        self._cancel("caller")
        self.state, self.call, call.ended_s = "idle", None, self._clock.now_s()
        self.subscriber.ended(call)
        self._on_end(call)

    def _plan(self, what: str, t_s: float, action: Callable[[], None]) -> None:
        self._timers[what] = self._clock.at(t_s, action)

    def _cancel(self, *what: str) -> None:
        for name in what:
            if name in self._timers:
                self._timers.pop(name).cancel()
