"""How the numbers of a pool take turns: what a person can count in their latest calls, each with a reason code.

14:00:05  A  line 3  talked 57 s       B has waited longest: it is next, and next but one, and again ...       pool.turn-order
14:02:10  B  line 9                    nobody calls again before three minutes have passed                     pool.gap-floor
14:03:30  C  line 1  talked 59 s       nobody talks beyond a minute, most come close                           pool.talk-limit
14:05:40  A  line 7                    whom they call they do not call again                                   pool.no-contact
"""

from ..memory.table import DAY_S

LIKELY = 5500
"""From this score on a call is likelier a SIM bank's than not, with some reserve."""

LIKELY_S = 4 * 3600
"""So long such a number counts as one of a pool that is calling."""

CALLS = 48
LEAST = 8
"""Fewer calls than this show no order."""

TURN_ORDER, GAP_FLOOR, SILENCE = "pool.turn-order", "pool.gap-floor", "pool.silence"
TALK_LIMIT, NO_CONTACT, RENEWAL, CEILING = "pool.talk-limit", "pool.no-contact", "pool.renewal", "pool.ceiling"


class Turn:
    """One call of a likely member; `end_s` is 0 until it has ended, `talk_s` negative where nobody is known to have answered."""

    __slots__ = ("end_s", "key", "line", "start_s", "talk_s")

    def __init__(self, key: str, line: int, start_s: int) -> None:
        self.key = key
        self.line = line
        self.start_s = start_s
        self.end_s = 0
        self.talk_s = -1


class Turns:
    """At most CALLS of them, in order of time."""

    def __init__(self) -> None:
        self.calls: list[Turn] = []

    def rang(self, key: str, line: int, now_s: int) -> None:
        """Takes a call of a likely member in; once, however often it is decided."""
        if self.calls and self.calls[-1].key == key and self.calls[-1].start_s == now_s:
            return
        if len(self.calls) >= CALLS:
            self.calls.pop(0)
        self.calls.append(Turn(key, line, now_s))

    def ended(self, key: str, now_s: int, talk_s: int) -> None:
        """Takes in that the last call of a number is over."""
        for place in range(len(self.calls) - 1, -1, -1):
            turn = self.calls[place]
            if turn.key == key:
                turn.end_s = now_s
                turn.talk_s = talk_s
                return

    def latest(self, now_s: int) -> "list[str]":
        """The numbers that have called within LIKELY_S."""
        found: list[str] = []
        for turn in self.calls:
            if now_s - turn.start_s <= LIKELY_S and turn.key not in found:
                found.append(turn.key)
        return found

    def others(self, key: str, now_s: int) -> int:
        """How many numbers other than this one have called within LIKELY_S."""
        found = self.latest(now_s)
        return len(found) - (key in found)

    def reasons(self, members: "list[str]") -> "list[str]":
        """The codes of all that the calls of these members show."""
        calls = [turn for turn in self.calls if turn.key in members]
        return [code for code, _ in shown_by(calls)]


def shown_by(calls: "list[Turn]") -> "list[tuple[str, int]]":
    """What calls in order of time show: codes, each with the number that bears it out (see the functions below)."""
    if len(calls) < LEAST:
        return []
    tests = (
        (TURN_ORDER, turn_order),
        (GAP_FLOOR, gap_floor_s),
        (SILENCE, silence_s),
        (TALK_LIMIT, talk_limit_s),
        (NO_CONTACT, no_contact),
        (RENEWAL, renewal),
        (CEILING, ceiling),
    )
    found = [(code, test(calls)) for code, test in tests]
    return [(code, figure) for code, figure in found if figure]


def turn_order(calls: "list[Turn]") -> int:
    """How far back in the order of last calls those stand who call again, in percent: 50 by chance, 100 if always the longest idle.

    0 unless that is three standard deviations (of a mean of n even shares, 1 / sqrt(12 n)) from chance.
    """
    order: list[str] = []
    total = count = 0
    for turn in calls:
        if turn.key in order:
            if len(order) > 2:
                total += 100 * (len(order) - 1 - order.index(turn.key)) // (len(order) - 1)
                count += 1
            order.remove(turn.key)
        order.append(turn.key)
    if count < LEAST:
        return 0
    beyond = total - 50 * count
    return total // count if beyond > 0 and 12 * beyond * beyond >= 90000 * count else 0


def gap_floor_s(calls: "list[Turn]") -> int:
    """The shortest time that any number waited before it called again; 0 unless chance would have made it shorter 199 times in 200.

    Of n waits, evenly likely at any moment, none is shorter than a part 5.3 / n of their mean once in 200 times.
    """
    last_s: dict[str, int] = {}
    least = total = count = 0
    for turn in calls:
        if turn.key in last_s:
            wait_s = turn.start_s - last_s[turn.key]
            least = wait_s if not count or wait_s < least else least
            total += min(wait_s, DAY_S)
            count += 1
        last_s[turn.key] = turn.start_s
    return least if count >= LEAST and 10 * least * count * count >= 53 * total else 0


def silence_s(calls: "list[Turn]") -> int:
    """The longest time within a day's work that all were silent; 0 unless it is 16 median gaps long and three came back after it.

    Of 48 gaps, evenly likely at any moment, one is so long once in 1,400 times.
    """
    gaps = [calls[place].start_s - calls[place - 1].start_s for place in range(1, len(calls))]
    usual = sorted(gaps)[len(gaps) >> 1]
    found = 0
    for place, gap_s in enumerate(gaps):
        if found < gap_s <= LIKELY_S and gap_s >= 16 * (usual + 1):
            before = {turn.key for turn in calls[: place + 1]}
            if len({turn.key for turn in calls[place + 1 :]} & before) >= 3:
                found = gap_s
    return found


def talk_limit_s(calls: "list[Turn]") -> int:
    """The longest talk; 0 unless a third of the talks came within a tenth of it, and at least four."""
    talks = [turn.talk_s for turn in calls if turn.talk_s > 0]
    if len(talks) < LEAST:
        return 0
    longest = max(talks)
    near = 0
    for talk_s in talks:
        if 10 * talk_s >= 9 * longest:
            near += 1
    return longest if near >= 4 and 3 * near >= len(talks) else 0


def no_contact(calls: "list[Turn]") -> int:
    """The part of later calls of a number that went to a line it had not called before, in percent; 0 below 80, and on few lines."""
    seen: set[tuple[str, int]] = set()
    keys: set[str] = set()
    fresh = count = 0
    for turn in calls:
        if turn.key in keys:
            count += 1
            fresh += (turn.key, turn.line) not in seen
        keys.add(turn.key)
        seen.add((turn.key, turn.line))
    share = 100 * fresh // count if count >= LEAST else 0
    return share if share >= 80 and len({turn.line for turn in calls}) >= 4 else 0


def renewal(calls: "list[Turn]") -> int:
    """How many numbers fell silent after the first half of the calls; 0 below three, or unless as many new ones came, give or take one."""
    half = len(calls) >> 1
    early, late = {turn.key for turn in calls[:half]}, {turn.key for turn in calls[half:]}
    gone, new = len(early - late), len(late - early)
    return gone if gone >= 3 and len(early & late) >= 2 and -1 <= gone - new <= 1 else 0


def ceiling(calls: "list[Turn]") -> int:
    """How many called at once at most; 0 unless that was two or more, and came up four times."""
    most = times = 0
    for place, turn in enumerate(calls):
        at_once = 1
        for earlier in calls[:place]:
            if earlier.end_s > turn.start_s and earlier.key != turn.key:
                at_once += 1
        if at_once > most:
            most, times = at_once, 0
        times += at_once == most
    return most if most >= 2 and times >= 4 else 0
