"""Call bombing by one number: the same caller again and again, each time gone before anybody can answer.

    1391234 5678   14:00:05 1.2 s   14:00:31 0.9 s   14:00:58 1.4 s ...      a flood
    1360000 1111   14:00:05  22 s   14:00:41  18 s   14:01:20  25 s ...      somebody who must get through

Many numbers that take turns are the classifier's to find. The mode ends by itself, FLOOD_S after the last such call.
"""

from ..call import BLOCK, Call
from ..memory.counter import ONE
from ..memory.table import DAY_S
from ..memory.trunk import GIVEN_UP, ONE_RING_MS, RANG_ON, Sight, TrunkMemory

FLOOD_S = 600
FLOOD_CALLS = 5
"""So many earlier calls of a number within FLOOD_S, none of which anybody could answer, are a flood,"""

LINE_CALLS = 2
"""if so many of them came in on the line that rings now."""

BLOCK_CALLS = 10
"""So many of a number that the trunk did not know a day ago are reason enough to stop it."""

NAMELESS_CALLS = 4
"""So many calls without a number within FLOOD_S, while a number floods the trunk, are its calls on lines that missed it."""

SCORE = 9900
"""The least score of such a call: set, not measured. The simulator's honest callers come to none of them."""

NUMBER, NAMELESS = "flood.number", "flood.nameless"


def flood_reason(memory: TrunkMemory, sight: Sight, line: int) -> str:
    """NUMBER or NAMELESS for a call of a flood that the memory has not yet taken in; else empty."""
    if not sight.key:
        is_flooded = memory.flood_s and sight.now_s - memory.flood_s <= FLOOD_S
        return NAMELESS if is_flooded and memory.nameless_10min.at(sight.now_s) >= NAMELESS_CALLS * ONE else ""
    since_s = sight.now_s - FLOOD_S
    if memory.recent.brief_calls(sight.key, since_s) < FLOOD_CALLS:
        return ""
    # one who tells all lines of a house something calls each of them once
    return NUMBER if memory.recent.brief_calls(sight.key, since_s, line) >= LINE_CALLS else ""


def was_given_up(call: Call) -> bool:
    """Whether a call that has ended was gone before anybody could answer, by its caller's will.

    A waiting call does not ring, and one that was stopped for another reason would have rung on.
    """
    decision = call.decision
    if call.answered_ms >= 0 or call.waited or call.ring_ms() >= ONE_RING_MS or decision is None:
        return False
    return decision.action != BLOCK or NUMBER in decision.reasons


def talk(call: Call, ended_ms: int) -> int:
    """Seconds of talk of a call that ended then, or RANG_ON, or GIVEN_UP."""
    if call.answered_ms >= 0:
        return (ended_ms - call.answered_ms) // 1000
    return GIVEN_UP if was_given_up(call) else RANG_ON


def is_stoppable(memory: TrunkMemory, sight: Sight) -> bool:
    """Whether the number of a flood may be stopped: one that the trunk knew before, or that somebody answered, gets through."""
    numbers = memory.numbers
    is_known = sight.now_s - numbers.first_s[sight.row] >= DAY_S or numbers.answered[sight.row] > 0
    return not is_known and memory.recent.brief_calls(sight.key, sight.now_s - FLOOD_S) >= BLOCK_CALLS
