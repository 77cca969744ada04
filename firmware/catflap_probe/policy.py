"""What may be done to a call: the owner's lists, the exemptions that keep help within reach, and shadow mode (PROTOCOL.md section 4)."""

import json

from .actions import ANSWER, KINDS, NOTHING, REJECT, RINGING, STATES, WAITING, LineActions, state_of
from .call import ALLOW, BLOCK, LABEL, Call
from .mark import MarkRule
from .rules.layout import ALLOWED, DENIED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .exemptions import Exemptions
    from .rules.budget import Budget
    from .rules.hours import Calendar, Hours
    from .rules.lists import PagedLists
    from .rules.registers import Registers
    from .verdict.judge import Finding

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

ONLY_COMPILED = ("hours", "holidays", "actions", "budget", "registers")
"""Rules that would be lost without a word if a policy with them were read as it is written."""


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
    """One version of the owner's wishes.

    Of a compiled one (rules/compiled.py) alone: lists: the numbers that are allowed and denied; allowed_kinds, denied_kinds: bits of KINDS;
    allowed_countries, denied_countries: two letters each, one behind the other; actions: label, least score, action; hours; budget.
    """

    def __init__(self, country: str) -> None:
        self.version = ""
        self.serial = 0  # of one that the aggregator compiled
        self.shadow = False
        self.stop = [BEST, BEST]  # how a ringing, and how a waiting call is to be stopped
        self.emergency: tuple[str, ...] = EMERGENCY.get(country, ("112",))
        self.allow = NumberSet()
        self.deny = NumberSet()
        self.lists: PagedLists | None = None
        self.allowed_kinds = self.denied_kinds = 0
        self.allowed_countries = self.denied_countries = ""
        self.actions: list[tuple[int, int, int]] = []
        self.hours: list[Hours] = []
        self.calendar: Calendar | None = None
        self.budget: Budget | None = None
        self.mark: MarkRule | None = None
        self.registers: Registers | None = None

    def lists_of(self, number: str) -> int:
        """The lists (bits) that a number is in, as it is written here; raises OSError."""
        found = ALLOWED if self.allow.has(number) else DENIED if self.deny.has(number) else 0
        return found if self.lists is None else found | self.lists.find(number.encode())

    def lists_of_sort(self, kind: int, country: str) -> int:
        """The lists (bits) that numbers of such a kind, or of a country, are in."""
        found = self.allowed_kinds >> kind & 1 | (self.denied_kinds >> kind & 1) << 1
        if country:
            found |= _has(self.allowed_countries, country) | _has(self.denied_countries, country) << 1
        return found

    def action_for(self, label: int, score: int, otherwise: int) -> int:
        """What is done to calls of a label and score by the first rule that fits; `otherwise` where there is none."""
        for of_label, least, action in self.actions:
            if of_label == label and score >= least:
                return action
        return otherwise


def decide(policy: Policy, exemptions: "Exemptions", call: Call, key: str, finding: "Finding", now_s: int, line: LineActions) -> int:
    """The action for a call that detection would treat as `finding` says, on a line that can do no more than `line` says.

    Puts the policy's reason in front of the finding's, and behind them why a call that ought to be blocked is only labelled. `key` is the
    number's canonical form; a list entry may have been written either way. Raises OSError.
    """
    reason = ""
    action = finding.action
    calling = call.calling
    lists = _lists(policy, call, key) if calling and calling not in policy.emergency else 0
    if calling and calling in policy.emergency:
        action, reason = ALLOW, "policy.emergency"
    elif lists & ALLOWED:
        action, reason = ALLOW, "policy.allow"
    elif lists & DENIED:
        action, reason = BLOCK, "policy.deny"
    else:
        action, reason = _by_rules(policy, call, finding, now_s)
        if policy.registers is not None:
            graver, why = policy.registers.found(policy, call, lists, line)
            if graver > action:
                action, reason = graver, why
    if action == BLOCK:
        exempt = exemptions.reason(calling, now_s) or (exemptions.reason(key, now_s) if key != calling else "")
        if exempt:
            action, reason = ALLOW, exempt
    if reason:
        finding.reasons.insert(0, reason)
    if action == BLOCK:
        hindrance = "policy.after-off-hook" if exemptions.is_relaxed(now_s) else hindrance_of(policy, call, line, now_s)
        if hindrance:
            action = LABEL
            finding.reasons.append(hindrance)
    return action


def _lists(policy: Policy, call: Call, key: str) -> int:
    """The lists (bits) that a call's number is in, however it is written."""
    lists = policy.lists_of(call.calling)
    if key != call.calling:
        lists |= policy.lists_of(key)
    if call.numbering is not None:
        lists |= policy.lists_of_sort(call.numbering.kind, call.numbering.country)
    return lists


def _by_rules(policy: Policy, call: Call, finding: "Finding", now_s: int) -> "tuple[int, str]":
    """The action by label and score and by calling hours, and the reason code where it is another than detection's."""
    action = finding.action
    reason = ""
    wanted = policy.action_for(finding.label, finding.score, action)
    if wanted != action:
        reason = "policy.action"
        action = wanted
        if wanted == BLOCK and not finding.may_stop:
            action, reason = LABEL, "policy.lone-call"
    kind = call.numbering.kind if call.numbering is not None and call.calling else -1
    for hours in policy.hours:
        by_kind = hours.kind == kind and kind >= 0
        if hours.action <= action or not (by_kind or hours.label == finding.label) or policy.calendar is None:
            continue
        if hours.are_open(policy.calendar, now_s):
            continue
        if hours.action == BLOCK and not by_kind and not finding.may_stop:
            if action < LABEL:
                action, reason = LABEL, "policy.lone-call"
        else:
            action, reason = hours.action, "policy.hours"
    return action, reason


def hindrance_of(policy: Policy, call: Call, line: LineActions, now_s: int) -> str:
    """The reason code of what keeps a call, as it is now, from being stopped: its line, the owner's word, or that the budget is spent.

    Empty where nothing does; then the block is taken out of the budget, once a call.
    """
    state = state_of(call)
    kind = line.to(state).kind
    if kind == NOTHING:
        return CANNOT_STOP
    wish = policy.stop[state]
    if wish == NEVER or WISHES[state].get(wish, kind) not in (-1, kind):
        return "policy.never-stop"
    is_blocked = call.decision is not None and call.decision.action == BLOCK
    if policy.budget is not None and not is_blocked and not policy.budget.take(now_s):
        return "policy.budget"
    return ""


def parse(text: str, country: str, lines: "list[LineActions]") -> Policy:
    """The policy written in `text` for a trunk of `lines`; raises PolicyError, also for what one of them cannot do."""
    try:
        tree = json.loads(text)
    except ValueError as fault:
        raise PolicyError("not JSON: %s" % fault)
    if not isinstance(tree, dict) or tree.get("catflap_policy") != 1:
        raise PolicyError('no "catflap_policy": 1 at the top: not a policy, or one of another version')
    for name in ONLY_COMPILED:
        if name in tree:
            raise PolicyError("%s: the aggregator compiles such rules for the probe; a file of one's own has lists alone" % name)
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
    policy.mark = _mark(tree.get("mark"))
    _set_stop(policy, tree.get("stop", {}), lines)
    if _list(tree, "deny") and all(line.to(RINGING).kind == NOTHING for line in lines):
        raise PolicyError("deny[0]: no line of the trunk can stop a call: %s" % ", ".join([_can(line, RINGING) for line in lines]))
    return policy


def _mark(tree: object) -> "MarkRule | None":
    """How the called may mark calls; raises PolicyError."""
    if tree is None:
        return None
    if not isinstance(tree, dict):
        raise PolicyError("mark: an object with code, sms")
    senders = [_number(value, "mark.sms[%d]" % index) for index, value in enumerate(_list(tree, "sms"))]
    try:
        return MarkRule(tree.get("code", ""), senders)
    except (TypeError, ValueError) as fault:
        raise PolicyError("mark.%s" % fault)


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


def _has(countries: str, country: str) -> int:
    """1 if two letters are among those of `countries`, else 0."""
    for at in range(0, len(countries), 2):
        if countries[at : at + 2] == country:
            return 1
    return 0


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
