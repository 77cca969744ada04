"""What may be done to a call: the owner's lists, the exemptions that keep help within reach, and shadow mode (PROTOCOL.md section 4)."""

import json

from .actions import ANSWER, KINDS, NOTHING, REJECT, RINGING, STATES, WAITING, LineActions, state_of
from .call import ALLOW, BLOCK, LABEL, Call

CALLBACK_S = 24 * 3600
AFTER_EMERGENCY_S = 30 * 60
MAX_DIALLED = 64

EMERGENCY = {
    "CN": ("110", "119", "120", "122"),
    "US": ("911",),
    "GB": ("999", "112"),
}
"""Emergency numbers by country; 112 elsewhere."""

BEST, NEVER = "best", "never"
WISHES = (
    {BEST: -1, "reject": REJECT, "answer": ANSWER, NEVER: NOTHING},
    {BEST: -1, "reject": REJECT, NEVER: NOTHING},
)
"""How a policy may ask for a ringing or a waiting call to be stopped, and what a line must be able to do then (-1: whatever it can)."""

NO_CHALLENGE = "no line can challenge a caller yet: block, or let detection label"


CANNOT_STOP = "line.cannot-stop"


class PolicyError(ValueError):
    """A policy that cannot be read; the message names the place and the fault."""


class NumberSet:
    """Numbers, prefixes and ranges; looked up without walking through them."""

    def __init__(self) -> None:
        self.numbers: set[str] = set()
        self.prefixes: set[str] = set()
        self.prefix_lengths: list[int] = []
        self.ranges: dict[int, list[tuple[str, str]]] = {}  # by length, sorted, merged

    def add(self, entry: "dict[str, object]", place: str) -> None:
        """Adds one entry of a list; raises PolicyError naming `place`."""
        if not isinstance(entry, dict):
            raise PolicyError("%s: an entry is an object with number, prefix or range" % place)
        kinds = [kind for kind in ("number", "prefix", "range") if kind in entry]
        if len(kinds) != 1:
            raise PolicyError("%s: give exactly one of number, prefix, range" % place)
        if entry.get("action") == "challenge":
            raise PolicyError("%s.action: %s" % (place, NO_CHALLENGE))
        value = entry[kinds[0]]
        if kinds[0] == "number":
            self.numbers.add(_number(value, place))
        elif kinds[0] == "prefix":
            prefix = "+" if value == "+" else _number(value, place)
            self.prefixes.add(prefix)
            if len(prefix) not in self.prefix_lengths:
                self.prefix_lengths.append(len(prefix))
        else:
            if not isinstance(value, list) or len(value) != 2:
                raise PolicyError("%s: a range is a list of first and last number" % place)
            first = _number(value[0], place)
            last = _number(value[1], place)
            if len(first) != len(last) or first > last:
                raise PolicyError("%s: first and last of a range have equally many digits, the first not above the last" % place)
            self.ranges.setdefault(len(first), []).append((first, last))

    def close(self) -> None:
        """Sorts and merges the ranges; call it once after the last add."""
        for length, ranges in self.ranges.items():
            ranges.sort()
            merged = [ranges[0]]
            for first, last in ranges[1:]:
                if first <= merged[-1][1]:
                    if last > merged[-1][1]:
                        merged[-1] = (merged[-1][0], last)
                else:
                    merged.append((first, last))
            self.ranges[length] = merged

    def has(self, number: str) -> bool:
        """True if a number, prefix or range of the set covers it."""
        if number in self.numbers:
            return True
        for length in self.prefix_lengths:
            if number[:length] in self.prefixes:
                return True
        ranges = self.ranges.get(len(number))
        if not ranges:
            return False
        low = 0
        high = len(ranges)
        while low < high:
            middle = (low + high) >> 1
            if ranges[middle][0] <= number:
                low = middle + 1
            else:
                high = middle
        return low > 0 and number <= ranges[low - 1][1]


class Policy:
    """One version of the owner's wishes."""

    def __init__(self, country: str) -> None:
        self.version = ""
        self.shadow = False
        self.stop = [BEST, BEST]  # how a ringing, and how a waiting call is to be stopped
        self.emergency: tuple[str, ...] = EMERGENCY.get(country, ("112",))
        self.allow = NumberSet()
        self.deny = NumberSet()


class Exemptions:
    """What the trunk itself dialled lately, bounded: who was called may call back, and after an emergency call everybody may."""

    def __init__(self) -> None:
        self.dialled: list[tuple[str, int]] = []
        self.emergency_s = -1

    def dialled_out(self, called: str, is_emergency: bool, now_s: int) -> None:
        """Notes an outgoing call."""
        if is_emergency:
            self.emergency_s = now_s
        self.dialled = [item for item in self.dialled if item[0] != called]
        self.dialled.append((called, now_s))
        if len(self.dialled) > MAX_DIALLED:
            self.dialled.pop(0)

    def reason(self, calling: str, now_s: int) -> str:
        """The reason code of the exemption that holds for a caller, or an empty string."""
        for called, at_s in self.dialled:
            if called == calling and now_s - at_s <= CALLBACK_S:
                return "policy.call-back"
        if self.emergency_s >= 0 and now_s - self.emergency_s <= AFTER_EMERGENCY_S:
            return "policy.after-emergency"
        return ""


def decide(
    policy: Policy, exemptions: Exemptions, call: Call, key: str, found: int, now_s: int, reasons: "list[str]", line: LineActions
) -> int:
    """The action for a call that detection would treat with `found`, on a line that can do no more than `line` says.

    Puts the policy's reason in front of `reasons`, and behind them why a call that ought to be blocked is only labelled. `key` is the
    number's canonical form; a list entry may have been written either way.
    """
    reason = ""
    action = found
    calling = call.calling
    if calling:
        if calling in policy.emergency:
            action, reason = ALLOW, "policy.emergency"
        elif policy.allow.has(calling) or policy.allow.has(key):
            action, reason = ALLOW, "policy.allow"
        elif policy.deny.has(calling) or policy.deny.has(key):
            action, reason = BLOCK, "policy.deny"
    if action == BLOCK:
        exempt = exemptions.reason(calling, now_s) or (exemptions.reason(key, now_s) if key != calling else "")
        if exempt:
            action, reason = ALLOW, exempt
    if reason:
        reasons.insert(0, reason)
    if action == BLOCK:
        hindrance = hindrance_of(policy, call, line)
        if hindrance:
            action = LABEL
            reasons.append(hindrance)
    return action


def hindrance_of(policy: Policy, call: Call, line: LineActions) -> str:
    """The reason code of what keeps a call, as it is now, from being stopped: its line, or the owner's word; empty where nothing does."""
    state = state_of(call)
    if line.to(state).kind == NOTHING:
        return CANNOT_STOP
    return "policy.never-stop" if policy.stop[state] == NEVER else ""


def parse(text: str, country: str, lines: "list[LineActions]") -> Policy:
    """The policy written in `text` for a trunk of `lines`; raises PolicyError, also for what one of them cannot do."""
    try:
        tree = json.loads(text)
    except ValueError as fault:
        raise PolicyError("not JSON: %s" % fault)
    if not isinstance(tree, dict) or tree.get("catflap_policy") != 1:
        raise PolicyError('no "catflap_policy": 1 at the top: not a policy, or one of another version')
    policy = Policy(country)
    policy.version = str(tree.get("version", ""))
    shadow = tree.get("shadow", False)
    if not isinstance(shadow, bool):
        raise PolicyError("shadow: true or false")
    policy.shadow = shadow
    if "emergency" in tree:
        policy.emergency = tuple(_number(value, "emergency[%d]" % index) for index, value in enumerate(_list(tree, "emergency")))
    for name, numbers in (("allow", policy.allow), ("deny", policy.deny)):
        for index, entry in enumerate(_list(tree, name)):
            numbers.add(entry, "%s[%d]" % (name, index))
        numbers.close()
    if "challenge" in tree:
        raise PolicyError("challenge: %s" % NO_CHALLENGE)
    _set_stop(policy, tree.get("stop", {}), lines)
    if _list(tree, "deny") and all(line.to(RINGING).kind == NOTHING for line in lines):
        raise PolicyError("deny[0]: no line of the trunk can stop a call: %s" % ", ".join([_can(line, RINGING) for line in lines]))
    return policy


def _set_stop(policy: Policy, stop: object, lines: "list[LineActions]") -> None:
    """Takes the owner's word on how calls are stopped; raises PolicyError for what a line cannot do."""
    if not isinstance(stop, dict):
        raise PolicyError("stop: an object with ringing, waiting")
    if stop.get("answered", NEVER) != NEVER:
        raise PolicyError("stop.answered: nothing is ever done to an answered call")
    for state in (RINGING, WAITING):
        place = "stop.%s" % STATES[state]
        wish = stop.get(STATES[state], BEST)
        if wish == "challenge":
            raise PolicyError("%s: %s" % (place, NO_CHALLENGE))
        if not isinstance(wish, str) or wish not in WISHES[state]:
            raise PolicyError("%s: one of %s" % (place, ", ".join(sorted(WISHES[state]))))
        wanted = WISHES[state][wish]
        for line in lines:
            if wanted > NOTHING and line.to(state).kind != wanted:
                raise PolicyError('%s: "%s" is not possible: %s' % (place, wish, _can(line, state)))
        policy.stop[state] = wish


def _can(line: LineActions, state: int) -> str:
    return "line %s (%s) can %s" % (line.id, line.dialect, KINDS[line.to(state).kind])


def _list(tree: "dict[str, object]", name: str) -> "list[dict[str, object]]":
    value = tree.get(name, [])
    if not isinstance(value, list):
        raise PolicyError("%s: a list" % name)
    return value


def _number(value: object, place: str) -> str:
    if isinstance(value, str):
        digits = value[1:] if value.startswith("+") else value
        if digits.isdigit():
            return value
    raise PolicyError("%s: a number is a string of digits with an optional + in front" % place)
