"""A number's one form wherever it is shown, the international one (E.164), and the forms in which lines show it."""

from functools import lru_cache

from catflap_probe.verdict import number_table as table
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import ROLES, SUBSCRIBER, TrunkPlan

CACHED_FORMS = 65_536
MAX_DIGITS = 20
_LAST_CODE = 1_000
_CHINESE_MOBILE = 11


@lru_cache(1_024)
def plan_of(country: str, area_code: str, role: str) -> TrunkPlan:
    """The plan of a trunk; letters that no country has are allowed, and a role that is none is a subscriber's."""
    return TrunkPlan(country, area_code, role if role in ROLES else SUBSCRIBER)


def international(shown: str, plan: TrunkPlan) -> str:
    """`+` and digits of a number as a trunk of that plan shows it, whatever form it came in; empty where it is no number.

    A short code gets its country's code too, so that the 110 of two countries is not one number.
    """
    # nearly every call in China is one of these, and shown so
    if len(shown) == _CHINESE_MOBILE and shown[0] == "1" and shown[1] in "3456789" and plan.letters == "CN":
        return "+86" + shown if shown.isascii() and shown.isdigit() else ""
    return _looked_up(shown, plan)


@lru_cache(CACHED_FORMS)
def _looked_up(shown: str, plan: TrunkPlan) -> str:
    digits = shown.removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or len(digits) > MAX_DIGITS:
        return ""
    if digits.startswith("0086"):
        # networks never show that, forgers do: it is one more form of the same number
        shown = "+" + digits[2:]
    key = check(shown, plan, _no_own_numbers(plan)).key
    if key.startswith("+"):
        return key
    code = calling_codes().get(plan.country, "")
    if not code:
        return ""
    is_trunk_zero = key.startswith("0") and (plan.letters == "CN" or plan.national == b"0")
    return f"+{code}{key[1:] if is_trunk_zero else key}"


def shown_forms(number: str) -> list[str]:
    """Every form in which a line may show an international number, itself first; ValueError for anything but `+` and digits."""
    digits = number.removeprefix("+")
    if not number.startswith("+") or not digits.isascii() or not digits.isdigit() or len(digits) > MAX_DIGITS:
        raise ValueError(f"'{number}' is not a number of the form +8613812345678")
    found = table.code_of(digits.encode(), 0)
    national = digits[found >> 8 :]
    forms = [number, digits, "00" + digits, "+00" + digits, national, "0" + national]
    if digits.startswith("86") and len(national) < _CHINESE_MOBILE:
        # a landline, shown at home without its area code; areas' codes have two or three digits behind the 0
        forms += [national[length:] for length in (2, 3) if len(national) - length in (7, 8)]
    return list(dict.fromkeys(form for form in forms if form))


@lru_cache(1)
def calling_codes() -> dict[int, str]:
    """The calling code of every country by its number in the table."""
    codes: dict[int, str] = {}
    for code in range(1, _LAST_CODE):
        digits = str(code)
        found = table.code_of(digits.encode() + b"0000000", 0)
        if found and found >> 8 == len(digits):
            codes.setdefault(found & 0xFF, digits)
    return codes


@lru_cache(1_024)
def _no_own_numbers(plan: TrunkPlan) -> OwnNumbers:
    return OwnNumbers([], plan)
