"""The switch: offers each planned call to its line when its time has come, and keeps what became of it."""

from collections.abc import Iterable, Iterator, Sequence

from catflap_models.plan import PlannedCall
from tests.exchange.clock import Clock, Timer
from tests.exchange.line import Line
from tests.exchange.truth import CallTruth


class Switch:
    """Plays planned calls, taken one by one in order of time, over its lines."""

    def __init__(self, clock: Clock, names: Sequence[str], lines: Sequence[Line]) -> None:
        self._clock = clock
        self._names = names
        self._lines = lines
        self._plan: Iterator[PlannedCall] = iter(())
        self._next: Timer | None = None

    def play(self, plan: Iterable[PlannedCall], truth: list[CallTruth] | None = None) -> None:
        """Starts to play a plan; every call offered is added to `truth`, if one is kept."""
        self._plan = iter(plan)
        self._wait_for_next(truth)

    def stop(self) -> None:
        """Starts no more calls; those under way go on."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    @property
    def playing(self) -> bool:
        """Whether calls are still to come."""
        return self._next is not None

    @property
    def lines_in_use(self) -> int:
        """How many lines are not idle."""
        return sum(line.state != "idle" for line in self._lines)

    def _wait_for_next(self, truth: list[CallTruth] | None) -> None:
        planned = next(self._plan, None)
        self._next = None if planned is None else self._clock.at(planned.t_s, lambda: self._offer(planned, truth))

    def _offer(self, planned: PlannedCall, truth: list[CallTruth] | None) -> None:
        call = CallTruth(planned, self._names[planned.line])
        if truth is not None:
            truth.append(call)
        self._lines[planned.line].offer(call)
        self._wait_for_next(truth)
