"""The timing of a call: each moment that its probe told, in milliseconds from the first sign, and places for the drawing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catflap_host.language.marking import N_
from catflap_host.store.rows import Call, Original

FIRST, LAST = 2.0, 98.0
MAX_EVENTS = 64

RING, NUMBER, DECIDED, ANSWERED, ENDED, HEARD = "ring", "number", "decided", "answered", "ended", "heard"
MEANINGS = {
    "begin": N_("first sign of the call"),
    RING: N_("ring"),
    NUMBER: N_("the number was complete"),
    DECIDED: N_("decided"),
    "rang": N_("last sign of ringing"),
    ANSWERED: N_("answered"),
    ENDED: N_("over"),
    HEARD: N_("stored by the aggregator"),
}
"""What the moments are."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A moment `after_ms` the first sign of the call; `at_ms` is its Unix time; `left` its place in the drawing, per cent of its width."""

    what: str
    after_ms: int
    at_ms: int
    left: float


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in the drawing: `ringing` or `talk`; per cent of its width."""

    what: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Ladder:
    """Moments in order, stretches, and the marks of the scale: milliseconds and places."""

    rungs: list[Rung]
    spans: list[Span]
    ticks: list[tuple[int, float]]


def ladder(call: Call, originals: Sequence[Original]) -> Ladder:
    """Of a call and the records that told of it, as far as they say."""
    moments = sorted(_moments(call, originals), key=lambda moment: moment[0])
    # when it was stored belongs to the list, and not to the drawing: a probe may have been offline for days
    longest_ms = max([after_ms for after_ms, what in moments if what != HEARD] + [1])

    def left(after_ms: int) -> float:
        return round(FIRST + (LAST - FIRST) * min(max(after_ms, 0), longest_ms) / longest_ms, 2)

    rungs = [Rung(what, after_ms, call.at_ms + after_ms, left(after_ms)) for after_ms, what in moments]
    spans = [Span("ringing", FIRST, round(left(call.ring_ms) - FIRST, 2))] if call.ring_ms else []
    if call.answered_ms >= 0 and call.ended_ms:
        begun = left(call.ended_ms - call.answered_ms - call.at_ms)
        spans.append(Span("talk", begun, round(left(call.ended_ms - call.at_ms) - begun, 2)))
    step = _step(longest_ms)
    return Ladder(rungs, spans, [(tick, left(tick)) for tick in range(0, longest_ms + 1, step)])


def _moments(call: Call, originals: Sequence[Original]) -> Iterator[tuple[int, str]]:
    if call.at_ms:
        yield 0, "begin"
    if call.decided_ms:
        yield call.decided_ms - call.at_ms, DECIDED
    if call.ended_ms:
        if call.ring_ms:
            yield call.ring_ms, "rang"
        if call.answered_ms >= 0:
            yield call.ended_ms - call.answered_ms - call.at_ms, ANSWERED
        yield call.ended_ms - call.at_ms, ENDED
    for original in originals:
        yield original.received_ms - call.at_ms, HEARD
        yield from _events(original)


def _events(original: Original) -> Iterator[tuple[int, str]]:
    """The line's own events, where the probe sent them: `events`, a list of milliseconds and words, one after the other."""
    fields = json.loads(original.body)
    told = fields.get("events") if isinstance(fields, dict) else None
    if not isinstance(told, list):
        return
    for after_ms, what in zip(told[: 2 * MAX_EVENTS : 2], told[1 : 2 * MAX_EVENTS : 2], strict=False):
        if type(after_ms) is int and isinstance(what, str) and what in (RING, NUMBER):
            yield after_ms, what


def _step(longest_ms: int) -> int:
    """A round step between four and ten marks apart."""
    step = 1
    while longest_ms / step > 10:
        step *= 2 if str(step)[0] in "15" else 5
        if str(step)[0] == "2" and longest_ms / step > 10:
            step = step * 5 // 2
    return step
