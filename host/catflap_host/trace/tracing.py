"""The calls of one number, or of all numbers of a pool, traced."""

from collections import Counter
from collections.abc import Iterable, Sequence

from catflap_host.trace.chains import TracedCall, join
from catflap_host.trace.legs import Source, legs_of_all


def traced(numbers: Iterable[str], since_ms: int, until_ms: int, source: Source) -> list[TracedCall]:
    """The calls of international numbers that began in the window, in order of time. Raises ValueError for what is no such number."""
    legs = legs_of_all(numbers, since_ms, until_ms, source)
    return sorted((call for found in legs.values() for call in join(found)), key=_in_time)


def entries(calls: Sequence[TracedCall]) -> Counter[tuple[str, str, str, bool]]:
    """How many calls each trunk let in, as probe, trunk, role, and whether it was seen to let them in, or they were first seen there."""
    return Counter((call.entry().probe, call.entry().trunk, call.entry().role, call.is_entry_known()) for call in calls)


def _in_time(call: TracedCall) -> tuple[int, str, int]:
    return call.entry().at_ms, call.entry().probe, call.entry().call
