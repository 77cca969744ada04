"""Numbers of the world by libphonenumber's plans: foreign ones on any trunk, and those of a trunk's own country outside China.

A plan ages, so a number that it does not know is implausible. Impossible is only what the structure of the North American plan forbids
its own trunks (area code and exchange begin with 2 ... 9), as long as it is no placeholder and no foreign number that lost its prefix.
"""

from .kinds import LANDLINE, NEVER, UNKNOWN
from .number_layout import MAX_LENGTH
from .number_table import CHINA, code_of, kind_in, kind_of, lengths_of, letters_of, region_in
from .plausibility import IMPLAUSIBLE, IMPOSSIBLE, PLAUSIBLE, Numbering
from .trunk_plan import INTERNATIONAL, SUBSCRIBER, TrunkPlan

_ZERO, _ONE, _TWO = 48, 49, 50
_LEAST_ABROAD, _MOST_ABROAD = 7, 15  # E.164: fifteen digits with the country's code
_MOST_SHORT = 6


def check(calling: str, digits: bytes, plan: TrunkPlan) -> Numbering:
    """Judges a number shown on a trunk outside China; `digits` is `calling` without its +."""
    if len(digits) < len(calling):
        return abroad(digits, plan)
    if plan.country < 0:
        return Numbering(PLAUSIBLE, "", UNKNOWN, calling, "")
    if _is_placeholder(digits):
        return Numbering(IMPLAUSIBLE, "number.placeholder", UNKNOWN, calling, "")
    foreign = None
    if digits.startswith(plan.international):
        foreign = abroad(digits[len(plan.international) :], plan)
    elif digits.startswith(b"00"):
        foreign = abroad(digits[2:], plan)
    if foreign is not None and foreign.verdict == PLAUSIBLE:
        return foreign
    found = _national(digits, plan)
    if foreign is not None and foreign.country and found.verdict != PLAUSIBLE:
        return foreign
    if plan.role == INTERNATIONAL:
        found.doubt(IMPLAUSIBLE, "number.national-from-abroad")
    return found


def abroad(digits: bytes, plan: TrunkPlan) -> Numbering:
    """Judges a number that begins with a calling code; that of the trunk's own country makes it a national one."""
    code = code_of(digits, 0)
    length = len(digits)
    if not code:
        reason = "number.unknown-country" if length > _MOST_SHORT else "number.length"
        return Numbering(IMPLAUSIBLE, reason, UNKNOWN, "+" + digits.decode(), "", True)
    size = code >> 8
    country = code & 255
    if country == plan.country:
        kind = kind_in(country, digits, size)
        found = _home(digits, size, kind, plan) if kind else _unfit(digits, size, plan)
        if plan.role == INTERNATIONAL:
            found.doubt(IMPLAUSIBLE, "number.national-from-abroad")
        return found
    region = region_in(country, digits, size)
    letters = letters_of(region)
    kind = _kind_in_china(digits[2:]) if letters == "CN" else kind_in(country, digits, size)
    key = "+" + digits.decode()
    if kind:
        return Numbering(PLAUSIBLE, "", kind, key, letters, True)
    if _LEAST_ABROAD <= length <= _MOST_ABROAD and lengths_of(country) >> length - size - 1 & 1:
        return Numbering(IMPLAUSIBLE, "number.unknown-range", UNKNOWN, key, letters, True)
    return Numbering(IMPLAUSIBLE, "number.length", UNKNOWN, key, letters, True)


def _kind_in_china(digits: bytes) -> int:
    """The kind of a Chinese number without its country's code; landlines drop their 0 there."""
    if digits[:1] != b"1" or digits[1:2] == b"0":
        digits = b"0" + digits
    kind = kind_of(CHINA, digits, 0)
    return kind if kind < NEVER else UNKNOWN


def _national(digits: bytes, plan: TrunkPlan) -> Numbering:
    """Judges a number without a country's code."""
    size = _prefix_size(digits, plan)
    kind = kind_in(plan.country, digits, size)
    if not kind and size:
        kind = kind_in(plan.country, digits, 0)
        if kind:
            size = 0
    if kind:
        return _home(digits, size, kind, plan)
    length = len(digits)
    if plan.letters == "AR":
        mobile = _argentine_mobile(digits[size:], plan)
        if mobile:
            return mobile
    if length <= MAX_LENGTH and plan.local_lengths >> length - 1 & 1:
        return _local(digits, plan)
    code = code_of(digits, 0)
    if code and code & 255 == plan.country:
        # many networks show their own country's numbers so
        kind = kind_in(plan.country, digits, code >> 8)
        if kind:
            return _home(digits, code >> 8, kind, plan)
    return _unfit(digits, size, plan)


def _home(digits: bytes, at: int, kind: int, plan: TrunkPlan) -> Numbering:
    """A number that the country's own plan has, from `at` on; North America and zone 7 are several countries in one plan."""
    region = region_in(plan.country, digits, at)
    letters = letters_of(region)
    is_foreign = plan.is_shared and letters != "" and region != plan.region
    return Numbering(PLAUSIBLE, "", kind, _key(digits, at, plan), letters or plan.letters, is_foreign)


def _unfit(digits: bytes, at: int, plan: TrunkPlan) -> Numbering:
    """A number that the country's own plan has not."""
    length = len(digits)
    is_forbidden = False
    start = length - 10
    if plan.is_american and (start == 0 or (start == 1 and digits[0] == _ONE)):
        is_forbidden = digits[start] < _TWO or digits[start + 3] < _TWO
    is_of_length = 0 < length - at <= MAX_LENGTH and lengths_of(plan.country) >> length - at - 1 & 1
    if is_forbidden or not is_of_length:
        code = code_of(digits, 0)
        if length > _MOST_SHORT and code and code & 255 != plan.country:
            foreign = abroad(digits, plan)
            if foreign.verdict == PLAUSIBLE:
                return foreign.doubt(IMPLAUSIBLE, "number.no-prefix")
    if is_forbidden:
        return Numbering(IMPOSSIBLE, "nanp.bad-structure", UNKNOWN, digits[start:].decode(), plan.letters)
    key = _key(digits, at, plan)
    if is_of_length:
        return Numbering(IMPLAUSIBLE, "number.unknown-range", UNKNOWN, key, plan.letters)
    return Numbering(IMPLAUSIBLE, "number.short" if length <= _MOST_SHORT else "number.length", UNKNOWN, digits.decode(), plan.letters)


def _local(digits: bytes, plan: TrunkPlan) -> Numbering:
    """A number without area code."""
    if plan.role != SUBSCRIBER:
        return Numbering(IMPLAUSIBLE, "number.no-area-code", LANDLINE, digits.decode(), plan.letters)
    whole = plan.area_code.encode() + digits
    if not plan.area_code.isdigit():
        return Numbering(PLAUSIBLE, "", LANDLINE, digits.decode(), plan.letters)
    size = _prefix_size(whole, plan)
    kind = kind_in(plan.country, whole, size)
    if kind:
        return _home(whole, size, kind, plan)
    return Numbering(IMPLAUSIBLE, "number.unknown-range", LANDLINE, _key(whole, size, plan), plan.letters)


def _prefix_size(digits: bytes, plan: TrunkPlan) -> int:
    """How many digits of the national prefix a number begins with; of 80 in BY there may be the 8 alone."""
    prefix = plan.national
    if not prefix:
        return 0
    if digits.startswith(prefix):
        return len(prefix)
    return 1 if digits.startswith(prefix[:1]) else 0


def _argentine_mobile(digits: bytes, plan: TrunkPlan) -> "Numbering | None":
    """Area code, 15, number: at home the 15 stands for the 9 that is in front of the area code everywhere else."""
    if len(digits) == 12:
        for area in (2, 3, 4):
            if digits[area : area + 2] == b"15":
                whole = b"9" + digits[:area] + digits[area + 2 :]
                kind = kind_in(plan.country, whole, 0)
                if kind:
                    return _home(whole, 0, kind, plan)
    return None


def _key(digits: bytes, at: int, plan: TrunkPlan) -> str:
    """The form that people write: with 0 where that is the national prefix, else the bare number."""
    key = digits[at:].decode()
    return "0" + key if plan.national == b"0" else key


def _is_placeholder(digits: bytes) -> bool:
    """What exchanges send in place of a number: one digit all along, or 1 and zeros."""
    length = len(digits)
    if length < 7:
        return digits == b"0" * length
    first = digits[0]
    return digits[1:] == digits[1:2] * (length - 1) and (first == digits[1] or (first == _ONE and digits[1] == _ZERO))
