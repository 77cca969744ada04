"""Whether a number can be true: a first set of Chinese rules and the trunk's own numbers, offline."""

from ..call import SHOWN, Call

PLAUSIBLE, IMPLAUSIBLE, IMPOSSIBLE = 0, 1, 2
UNKNOWN, MOBILE, LANDLINE, SERVICE, INTERNATIONAL = 0, 1, 2, 3, 4

# MIIT notice of 2023: three leading digits of mobile numbers that have a holder; 161 only as 1619 (satellite)
_MOBILE_DIGITS = {
    "13": "0123456789",
    "14": "56789",
    "15": "012356789",
    "16": "2567",
    "17": "012345678",
    "18": "0123456789",
    "19": "012356789",
}
_NEVER = ("140", "141", "142", "143", "144", "154", "160", "161", "163", "164", "168", "169", "179", "194")
_IOT = ("140", "141", "144")  # cards in machines, thirteen digits
_THREE_DIGITS = ("110", "112", "114", "117", "119", "120", "121", "122")
_TWO_DIGIT_AREAS = ("010", "020", "021", "022", "023", "024", "025", "027", "028", "029")


class Numbering:
    """The answer: verdict, the number's kind, a reason code (empty if plausible) and the form that the memory keys on."""

    __slots__ = ("key", "kind", "reason", "verdict")

    def __init__(self, verdict: int, kind: int, reason: str, key: str) -> None:
        self.verdict = verdict
        self.kind = kind
        self.reason = reason
        self.key = key

    def is_mobile(self) -> bool:
        """True for the numbers that SIM cards have."""
        return self.kind == MOBILE


class OwnNumbers:
    """The called line's own numbers: single ones and ranges `first-last`, with or without the area code."""

    def __init__(self, numbers: "list[str]", area_code: str) -> None:
        """Raises ValueError, naming the entry, for one that is neither digits nor a range of equally long digits."""
        self.ranges: list[tuple[str, str]] = []
        for entry in numbers:
            first, dash, last = entry.partition("-")
            if not dash:
                last = first
            if not (first.isdigit() and last.isdigit() and len(first) == len(last) and first <= last):
                raise ValueError("own number %r is neither digits nor FIRST-LAST of equally many digits" % entry)
            self.ranges.append((first, last))
            if area_code and first.startswith(area_code) and last.startswith(area_code):
                self.ranges.append((first[len(area_code) :], last[len(area_code) :]))

    def has(self, calling: str) -> bool:
        """True if `calling` is one of them."""
        return any(len(calling) == len(first) and first <= calling <= last for first, last in self.ranges)


def check(call: Call, country: str, role: str, own: OwnNumbers) -> Numbering:
    """Judges the calling number of a call under the trunk's country and role (`subscriber`, `international`, `interconnect`)."""
    calling = call.calling
    if call.presentation != SHOWN or not calling:
        return Numbering(PLAUSIBLE, UNKNOWN, "", "")
    if own.has(calling):
        return Numbering(IMPOSSIBLE, UNKNOWN, "number.own", calling)
    if country == "CN":
        return _check_cn(calling, role)
    return Numbering(PLAUSIBLE, INTERNATIONAL if calling.startswith("+") else UNKNOWN, "", calling)


def _check_cn(calling: str, role: str) -> Numbering:
    digits = calling[1:] if calling.startswith("+") else calling
    if not digits.isdigit():
        return Numbering(IMPLAUSIBLE, UNKNOWN, "number.not-digits", calling)
    if digits.startswith("000"):
        return Numbering(IMPOSSIBLE, UNKNOWN, "number.zeros", calling)
    if calling.startswith("0086"):
        return Numbering(IMPOSSIBLE, UNKNOWN, "cn.0086", calling)
    if calling.startswith("+86"):
        return _check_plus86(calling[3:], role)
    if calling.startswith("+") or calling.startswith("00"):
        abroad = digits if calling.startswith("+") else calling[2:]
        # +95 and seven to nine digits is Myanmar, not a firm's 95xxx
        if _is_service(abroad) and not 7 <= len(abroad) <= 9:
            return Numbering(IMPOSSIBLE, SERVICE, "cn.service-from-abroad", calling)
        if not 6 <= len(abroad) <= 15:
            return Numbering(IMPLAUSIBLE, INTERNATIONAL, "number.length", calling)
        return Numbering(PLAUSIBLE, INTERNATIONAL, "", "+" + abroad)
    return _check_national(digits, role)


def _check_plus86(national: str, role: str) -> Numbering:
    if _is_service(national):
        return Numbering(IMPOSSIBLE, SERVICE, "cn.service-from-abroad", "+86" + national)
    # landlines drop their 0 behind +86; 10 and eight digits is Beijing, no mobile begins so
    is_whole = national.startswith(("0", "1")) and not (national.startswith("10") and len(national) == 10)
    found = _check_national(national if is_whole else "0" + national, role)
    if found.verdict == PLAUSIBLE and role == "international":
        return Numbering(IMPLAUSIBLE, found.kind, "cn.plus86-from-abroad", found.key)
    return found


def _check_national(digits: str, role: str) -> Numbering:
    if _is_service(digits):
        if digits.startswith(("400", "800")):
            return Numbering(IMPLAUSIBLE, SERVICE, "cn.called-only-number", digits)
        return Numbering(PLAUSIBLE, SERVICE, "", digits)
    if digits.startswith("0"):
        return _check_trunk_prefix(digits)
    if digits.startswith("1"):
        return _check_one(digits)
    if 7 <= len(digits) <= 8:
        if role == "subscriber":
            return Numbering(PLAUSIBLE, LANDLINE, "", digits)
        return Numbering(IMPLAUSIBLE, LANDLINE, "cn.no-area-code", digits)
    return Numbering(IMPLAUSIBLE, UNKNOWN, "number.length", digits)


def _check_trunk_prefix(digits: str) -> Numbering:
    if digits[1:2] == "1" and digits[2:3] > "0":
        # a mobile shown with 0 in front; 010 is Beijing
        return _check_one(digits[1:])
    area = 3 if digits[:3] in _TWO_DIGIT_AREAS else 4
    subscriber = digits[area:]
    if _is_service(subscriber):
        return Numbering(PLAUSIBLE, SERVICE, "", digits)
    if len(subscriber) == 8 or (len(subscriber) == 7 and area == 4):
        return Numbering(PLAUSIBLE, LANDLINE, "", digits)
    return Numbering(IMPOSSIBLE, LANDLINE, "cn.bad-length", digits)


def _check_one(digits: str) -> Numbering:
    """Numbers that begin with 1: mobiles of eleven digits, IoT cards of thirteen, codes of three to six."""
    length = len(digits)
    if length == 3 or length == 4:
        return Numbering(IMPOSSIBLE, UNKNOWN, "cn.unknown-code", digits)
    if length <= 8 or digits[1] < "3":
        return Numbering(IMPLAUSIBLE, UNKNOWN, "cn.unknown-code", digits)
    if length == 13 and digits.startswith(_IOT):
        return Numbering(PLAUSIBLE, MOBILE, "", digits)
    if length != 11:
        return Numbering(IMPOSSIBLE, MOBILE, "cn.bad-length", digits)
    if digits[2] in _MOBILE_DIGITS[digits[:2]] or digits.startswith("1619"):
        return Numbering(PLAUSIBLE, MOBILE, "", digits)
    if digits[:3] in _NEVER:
        return Numbering(IMPOSSIBLE, MOBILE, "cn.unallocated-range", digits)
    return Numbering(IMPLAUSIBLE, MOBILE, "cn.unknown-range", digits)


def _is_service(digits: str) -> bool:
    """Short codes of the networks, the state and of firms (1xx, 100xx, 12xxx, 95xxx, 96xxx), and 400/800 numbers."""
    length = len(digits)
    if length == 3:
        return digits in _THREE_DIGITS
    if length == 10:
        return digits.startswith(("400", "800"))
    if length == 5 or length == 6:
        return digits.startswith(("95", "96", "100", "101", "111", "12"))
    return length <= 9 and digits.startswith("95")
