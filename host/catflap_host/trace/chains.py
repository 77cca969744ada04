"""Legs joined into calls: the way of each from the trunk that let it in to the line that it rang.

08:00:00.0  international  gz-gateway   +8613812345678   let it in
08:00:00.9  interconnect   gz-hub       008613812345678
08:00:01.7  subscriber     clinic       13812345678      forwards it
08:00:03.1  interconnect   gz-hub       13812345678      to somebody else
08:00:03.8  subscriber     surgery      13812345678
"""

from collections.abc import Sequence
from dataclasses import dataclass

from catflap_host.trace.legs import Leg

RANKS = {"international": 0, "interconnect": 1, "subscriber": 2}
INWARD = 1
"""The rank of a trunk of which nothing is known: anything may come before it and after it."""

SLACK_MS = 2_000
"""How far two clocks may still be apart once their errors are taken out: a probe's own milliseconds and a batch's way."""

TRANSIT_MS = 5_000
"""The longest time from one leg's beginning to the next one's, while a network sets the call up."""

FORWARDED_MS = 30_000
"""The same where who was called lets it ring before he sends it on."""


@dataclass(frozen=True, slots=True)
class TracedCall:
    """One call's legs in order of its way."""

    legs: tuple[Leg, ...]

    def entry(self) -> Leg:
        """Where it was seen first."""
        return self.legs[0]

    def is_entry_known(self) -> bool:
        """Whether it was seen coming in from another network: else it was let in where no probe listens."""
        return self.legs[0].role in ("international", "interconnect")


def join(legs: Sequence[Leg]) -> list[TracedCall]:
    """The calls that legs of one number belong to, each leg to one, in order of time."""
    calls: list[list[Leg]] = []
    # of two legs that errors of the clocks may have turned round the one nearer to the border goes first
    for leg in sorted(legs, key=lambda leg: (leg.at_ms + _rank(leg) * SLACK_MS, leg.probe, leg.trunk, leg.line, leg.call)):
        fitting = [call for call in calls if _follows(call, leg)]
        if fitting:
            min(fitting, key=lambda call: (_called_differs(call[-1], leg), abs(leg.at_ms - call[-1].at_ms))).append(leg)
        else:
            calls.append([leg])
    return sorted((TracedCall(tuple(call)) for call in calls), key=lambda call: (call.entry().at_ms, call.entry().probe, call.entry().call))


def _follows(call: Sequence[Leg], leg: Leg) -> bool:
    last = call[-1]
    if leg.role == "international":
        return False
    is_forwarded = bool(last.called_number and leg.called_number and last.called_number != leg.called_number)
    if not -SLACK_MS <= leg.at_ms - last.at_ms <= (FORWARDED_MS if is_forwarded else TRANSIT_MS):
        return False
    if is_forwarded:
        # only who was called can send it on, and he has been called once
        return last.role == "subscriber" and all(leg.called_number != other.called_number for other in call)
    if any((other.probe, other.trunk) == (leg.probe, leg.trunk) for other in call):
        return False
    return _rank(leg) > _rank(last) or (leg.role == last.role and leg.role != "subscriber")


def _called_differs(last: Leg, leg: Leg) -> int:
    if not last.called_number or not leg.called_number:
        return 1
    return 0 if last.called_number == leg.called_number else 2


def _rank(leg: Leg) -> int:
    return RANKS.get(leg.role, INWARD)
