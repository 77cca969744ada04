"""The numbering check, offline: whether the number that a line shows can be true, what kind it is, and where it is from.

Reason codes are listed in PROTOCOL.md section 8; china.py and world.py hold the rules, number_table.py what they look up.
"""

from . import china, world
from .kinds import CALL_CENTRE, LANDLINE, SERVICE, UNKNOWN
from .number_table import texts_of
from .own_numbers import NEIGHBOUR_DIGITS, OwnNumbers
from .plausibility import IMPLAUSIBLE, IMPOSSIBLE, PLAUSIBLE, Numbering, not_shown
from .trunk_plan import TrunkPlan

_PLUS = 43
_NOT_DIGITS = "number.not-digits"

# reasons that say nothing against a number that is dialled
_FINE_TO_DIAL = (
    "cn.0086",
    "cn.called-only-number",
    "cn.carrier-prefix",
    "cn.messages-only",
    "cn.service-from-abroad",
    "number.short",
)


def check(calling: str, plan: TrunkPlan, own: OwnNumbers) -> Numbering:
    """Judges the calling number of an incoming call, empty where none is shown. Never raises."""
    if not calling:
        return not_shown()
    found = _judge(calling, plan)
    if found.reason == _NOT_DIGITS:
        return found
    key = found.key
    # nearly every number is far from them; a board takes bytes apart faster than a str, which it looks up among all names that it knows
    if key.encode()[:-NEIGHBOUR_DIGITS] in own.heads or own.wide or (calling != key and calling.encode()[:-NEIGHBOUR_DIGITS] in own.heads):
        if own.has(key) or own.has(calling):
            found.doubt(IMPOSSIBLE, "number.own")
        elif found.verdict == PLAUSIBLE and own.is_neighbour(key):
            found.is_neighbour = True
            found.doubt(IMPLAUSIBLE, "number.neighbour")
    return found


def check_dialled(called: str, plan: TrunkPlan) -> Numbering:
    """Judges the number that an outgoing call dials: codes, numbers without area code and carriers' prefixes are in order there."""
    if not called:
        return not_shown()
    if called[0] in "*#":
        # a supplementary service (TS 22.030), or a caller-ID code before a number
        return Numbering(PLAUSIBLE, "", SERVICE, called, plan.letters)
    found = _judge(called, plan)
    if found.reason in _FINE_TO_DIAL:
        found.verdict = PLAUSIBLE
        found.reason = ""
    return found


def check_presented(calling: str, plan: TrunkPlan, own: OwnNumbers) -> Numbering:
    """Judges the number that an outgoing call presents: one of the line's own, as far as they are known."""
    if not calling:
        return not_shown()
    found = _judge(calling, plan)
    if own.ranges and found.reason != _NOT_DIGITS:
        if own.has(found.key) or own.has(calling):
            found.verdict = PLAUSIBLE
            found.reason = ""
        else:
            found.doubt(IMPLAUSIBLE, "number.not-own")
    return found


def describe(found: Numbering) -> "tuple[str, str]":
    """Holder and place of a Chinese number for a person to read, either empty where unknown. Slow: not for the decision."""
    if found.country != "CN" or found.kind == UNKNOWN or found.verdict == IMPOSSIBLE:
        return "", ""
    digits = found.key.encode()
    if digits.startswith(b"+86"):
        digits = b"0" + digits[3:] if found.kind == LANDLINE else digits[3:]
    if not digits.isdigit():
        return "", ""
    holder, place = texts_of(digits, 0)
    if found.kind in (SERVICE, CALL_CENTRE) and digits.startswith(b"0"):
        holder = texts_of(digits, 3 if digits[1] in b"12" else 4)[0]
    return holder, place


def _judge(number: str, plan: TrunkPlan) -> Numbering:
    try:
        digits = number.encode()
        if digits[0] == _PLUS:
            digits = digits[1:]
    except ValueError:
        # half of a surrogate pair
        digits = b""
    if not digits.isdigit():
        return Numbering(IMPLAUSIBLE, _NOT_DIGITS, UNKNOWN, number, "")
    if plan.letters == "CN":
        return china.check(number, digits, plan)
    return world.check(number, digits, plan)
