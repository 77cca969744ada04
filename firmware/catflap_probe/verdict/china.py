"""China's rules: what a number shown on a Chinese trunk is, and whether it can be true.

13812345678      mobile, eleven digits; also as 013812345678 and +8613812345678
01062345678      area code and landline; 62345678 in its own area; +861062345678
10086  95588     services; behind an area code too (01095580), never behind + or 00
00852..., +852   from abroad; 0086... is no form that a network shows
"""

from . import world
from .kinds import (
    CALLED_ONLY,
    CARRIER_PREFIX,
    IOT,
    LANDLINE,
    MESSAGES_ONLY,
    MOBILE,
    NEVER,
    OPENED_LATER,
    PREMIUM,
    SATELLITE,
    SECOND_NUMBER,
    SERVICE,
    SHARED_COST,
    TOLL_FREE,
    UNKNOWN,
)
from .number_table import CHINA, kind_of, lengths_at, walk
from .plausibility import IMPLAUSIBLE, IMPOSSIBLE, PLAUSIBLE, Numbering
from .trunk_plan import INTERNATIONAL, SUBSCRIBER, TrunkPlan

_HANDSETS = (MOBILE, IOT, SATELLITE)
_ZERO, _ONE, _TWO, _THREE, _NINE = 48, 49, 50, 51, 57
_LONGEST = 24  # no more digits are taken apart
_NINGXIA = (b"951", b"952", b"953", b"954", b"955")  # area codes without their 0, and services


def check(calling: str, digits: bytes, plan: TrunkPlan) -> Numbering:
    """Judges a number shown on a Chinese trunk; `digits` is `calling` without its +."""
    is_plus = len(digits) < len(calling)
    if digits[0] == _ZERO and digits[1:2] == b"0":
        if digits[2:3] == b"0":
            return _china(IMPOSSIBLE, "number.zeros", UNKNOWN, calling)
        if digits[2:4] == b"86":
            return _china(IMPOSSIBLE, "cn.0086", UNKNOWN, calling)
        return _from_abroad(digits if is_plus else digits[2:], calling, plan)
    if is_plus:
        return _behind_86(digits[2:], plan) if digits.startswith(b"86") else _from_abroad(digits, calling, plan)
    found = national(calling, digits, plan)
    if plan.role == INTERNATIONAL:
        found.doubt(IMPLAUSIBLE, "cn.national-from-abroad")
    return found


def national(shown: str, digits: bytes, plan: TrunkPlan) -> Numbering:
    """Judges a number in its national form: with 0 and area code, without them in its own area, or a code; `shown` are its digits."""
    first = digits[0]
    if first == _ONE:
        return _one(shown, digits, plan)
    if first == _ZERO:
        if len(digits) > 2 and digits[1] == _ONE and digits[2] != _ZERO:
            # a mobile shown with 0 in front; 010 is Beijing
            found = _one(shown[1:], digits[1:], plan)
            return found.doubt(IMPLAUSIBLE, "cn.zero-before-service") if found.kind == SERVICE else found
        return _area(shown, digits, plan)
    length = len(digits)
    kind = kind_of(CHINA, digits, 0)
    if kind:
        return _service(kind, shown)
    if length == 7 or length == 8:
        return _local(shown, length, plan)
    return _without_prefix(shown, digits, plan)


def _from_abroad(digits: bytes, calling: str, plan: TrunkPlan) -> Numbering:
    found = world.abroad(digits, plan)
    # +95 1 234567 is Myanmar, +95588 a bank's number that no foreign network has
    if found.verdict != PLAUSIBLE and _is_service(digits):
        return _china(IMPOSSIBLE, "cn.service-from-abroad", SERVICE, calling)
    return found


def _behind_86(digits: bytes, plan: TrunkPlan) -> Numbering:
    shown = digits.decode()
    if _is_service(digits):
        return _china(IMPOSSIBLE, "cn.service-from-abroad", SERVICE, "+86" + shown)
    if not digits:
        return _china(IMPLAUSIBLE, "number.length", UNKNOWN, "+86")
    first = digits[0]
    if first == _ZERO:
        found = national(shown, digits, plan).doubt(IMPLAUSIBLE, "cn.zero-behind-86")
    elif first == _ONE and (digits[1:2] != b"0" or kind_of(CHINA, digits, 0) == IOT):
        found = _one(shown, digits, plan)
    else:
        # landlines drop their 0 behind +86; of what begins with 10 all but cards in machines is Beijing
        found = _area("0" + shown, b"0" + digits, plan)
    if plan.role == INTERNATIONAL:
        found.doubt(IMPLAUSIBLE, "cn.plus86-from-abroad")
    return found


def _is_service(digits: bytes) -> bool:
    """Codes and 400/800 numbers, which nobody shows with a country's code."""
    length = len(digits)
    if length < 3 or digits[0] == _ZERO or (length > 9 and digits[:3] in _NINGXIA):
        return False
    kind = kind_of(CHINA, digits, 0)
    return kind == CALLED_ONLY or (UNKNOWN < kind < NEVER and kind not in _HANDSETS and kind != PREMIUM)


def _one(key: str, digits: bytes, plan: TrunkPlan) -> Numbering:
    """Numbers that begin with 1: mobiles of eleven digits, cards in machines of thirteen, codes of three to eight."""
    kind = kind_of(CHINA, digits, 0)
    if kind in _HANDSETS:
        return Numbering(PLAUSIBLE, "", kind, key, "CN")
    if kind == NEVER:
        return _china(IMPOSSIBLE, "cn.unallocated-range", MOBILE, key)
    if kind == OPENED_LATER:
        return _china(IMPLAUSIBLE, "cn.opened-later", MOBILE, key)
    if kind and kind < NEVER:
        return _service(kind, key)
    if kind == CALLED_ONLY:
        return _china(IMPLAUSIBLE, "cn.called-only-number", SERVICE, key)
    length = len(digits)
    if length == 3 or length == 4:
        return _china(IMPOSSIBLE, "cn.unknown-code", UNKNOWN, key)
    leaf = walk(CHINA, digits, 0)
    if lengths_at(leaf, MESSAGES_ONLY):
        return _china(IMPLAUSIBLE, "cn.messages-only", SERVICE, key)
    if 11 < length <= _LONGEST and lengths_at(leaf, SECOND_NUMBER):
        return national(key[6:], digits[6:], plan)
    if 5 <= length <= _LONGEST and length != 11 and lengths_at(leaf, CARRIER_PREFIX):
        found = national(key[5:], digits[5:], plan) if length > 5 else _china(PLAUSIBLE, "", UNKNOWN, key)
        return found.doubt(IMPLAUSIBLE, "cn.carrier-prefix")
    if length < 7 or digits[1] < _THREE:
        return _china(IMPLAUSIBLE, "cn.unknown-code", UNKNOWN, key)
    if length != 11:
        return _china(IMPOSSIBLE, "cn.bad-length", MOBILE, key)
    return _china(IMPLAUSIBLE, "cn.unknown-range", MOBILE, key)


def _service(kind: int, key: str) -> Numbering:
    if kind in (SHARED_COST, TOLL_FREE, PREMIUM):
        return _china(IMPLAUSIBLE, "cn.called-only-number", kind, key)
    return Numbering(PLAUSIBLE, "", kind, key, "CN")


def _area(key: str, digits: bytes, plan: TrunkPlan) -> Numbering:
    """0, area code, then a landline or a service."""
    length = len(digits)
    if length < 4:
        return _china(IMPLAUSIBLE, "number.length", UNKNOWN, key)
    size = 3 if digits[1] == _ONE or digits[1] == _TWO else 4
    kind = UNKNOWN
    if length > size:
        first = digits[size]
        is_landline = kind_of(CHINA, digits, 0) == LANDLINE
        if first != _ZERO and (first == _NINE or not is_landline):
            kind = kind_of(CHINA, digits, size)
        if is_landline and (first != _NINE or not kind):
            if first < _TWO:
                return _china(IMPLAUSIBLE, "cn.bad-subscriber", LANDLINE, key)
            return Numbering(PLAUSIBLE, "", LANDLINE, key, "CN")
    leaf = walk(CHINA, digits, 0)
    if UNKNOWN < kind < NEVER and kind not in _HANDSETS:
        found = _service(kind, _service_key(key, size, plan))
        return found if leaf else found.doubt(IMPLAUSIBLE, "cn.unknown-area")
    if kind == CALLED_ONLY:
        return _china(IMPLAUSIBLE, "cn.called-only-number", SERVICE, key)
    if 3 <= length - size <= 4 and digits[size] == _ONE:
        # cities have had codes of their own
        return _china(IMPLAUSIBLE, "cn.unknown-code", UNKNOWN, key)
    if digits[1] == _ONE and kind_of(CHINA, digits, 1) == IOT:
        return _china(PLAUSIBLE, "", IOT, key[1:])
    if not leaf and 10 <= length <= 12:
        return _china(IMPLAUSIBLE, "cn.unknown-area", LANDLINE, key)
    if leaf and length - size == 8:
        # areas have grown from seven digits to eight, never back
        return _china(IMPLAUSIBLE, "cn.longer-than-known", LANDLINE, key)
    return _china(IMPOSSIBLE, "cn.bad-length", LANDLINE, key)


def _service_key(key: str, size: int, plan: TrunkPlan) -> str:
    """A nation's service is the same behind any area code; a city's, in its own area, without."""
    code = key[size:]
    if len(code) == 3 or code.startswith(("12", "96")):
        return code if key[:size] == plan.area_code else key
    return code


def _local(digits: str, length: int, plan: TrunkPlan) -> Numbering:
    """A landline without area code."""
    if plan.role != SUBSCRIBER:
        return _china(IMPLAUSIBLE, "cn.no-area-code", LANDLINE, digits)
    key = plan.area_code + digits
    if not plan.local_lengths or plan.local_lengths >> length - 1 & 1:
        return _china(PLAUSIBLE, "", LANDLINE, key)
    if length == 8:
        return _china(IMPLAUSIBLE, "cn.longer-than-known", LANDLINE, key)
    return _china(IMPOSSIBLE, "cn.bad-length", LANDLINE, key)


def _without_prefix(shown: str, digits: bytes, plan: TrunkPlan) -> Numbering:
    """Neither a local number nor a code: one that has lost its 0 or its +, perhaps."""
    if len(digits) >= 9:
        found = _area("0" + shown, b"0" + digits, plan)
        if found.verdict == PLAUSIBLE:
            return found.doubt(IMPLAUSIBLE, "number.no-prefix")
        if digits.startswith(b"86"):
            found = _behind_86(digits[2:], plan)
            if found.verdict != IMPOSSIBLE:
                return found.doubt(IMPLAUSIBLE, "number.no-prefix")
        found = world.abroad(digits, plan)
        if found.verdict == PLAUSIBLE:
            return found.doubt(IMPLAUSIBLE, "number.no-prefix")
    return _china(IMPLAUSIBLE, "number.length", UNKNOWN, shown)


def _china(verdict: int, reason: str, kind: int, key: str) -> Numbering:
    return Numbering(verdict, reason, kind, key, "CN")
