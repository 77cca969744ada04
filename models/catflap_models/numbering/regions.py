"""The world's numbering plans out of libphonenumber's metadata, China's apart."""

import re
from dataclasses import dataclass, field
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat
from phonenumbers.phonemetadata import PhoneMetadata

from catflap_models.numbering.automaton import Pattern
from catflap_probe.verdict import kinds

CHINA = "86"
SATELLITES = ("870", "881", "882", "883")

# the first type that a number fits names its kind
KIND_OF_TYPE = {
    "toll_free": kinds.TOLL_FREE,
    "premium_rate": kinds.PREMIUM,
    "shared_cost": kinds.SHARED_COST,
    "voip": kinds.VOIP,
    "personal_number": kinds.OTHER,
    "pager": kinds.OTHER,
    "uan": kinds.OTHER,
    "voicemail": kinds.OTHER,
    "mobile": kinds.MOBILE,
    "fixed_line": kinds.LANDLINE,
}


@dataclass(frozen=True)
class Range:
    """The numbers of one kind in one region."""

    pattern: Pattern
    kind: int
    region: str


@dataclass
class Country:
    """One calling code: its regions, the main one first, their numbers, and the lengths without an area code (bit n - 1: n digits)."""

    code: str
    regions: list[str]
    local_lengths: int = 0
    ranges: list[Range] = field(default_factory=list)


@dataclass(frozen=True)
class Region:
    """What a trunk in a region needs: its calling code and the digits in front of national and of foreign numbers."""

    name: str
    code: str
    national: str
    international: str


def countries() -> list[Country]:
    """All calling codes, those of no region too (satellites, shared networks), in the order of their digits."""
    found = []
    for code, names in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        country = Country(str(code), [name for name in names if name != "001"])
        for name in names:
            _add(country, name, _metadata(name, code))
        found.append(country)
    return found


def regions() -> list[Region]:
    """All regions, in the order of their letters."""
    found = []
    for name in sorted(phonenumbers.SUPPORTED_REGIONS):
        plan = _metadata(name, 0)
        found.append(Region(name, str(plan.country_code), _national_prefix(plan), _international_prefix(plan)))
    return found


def _metadata(name: str, code: int) -> PhoneMetadata:
    plan = PhoneMetadata.metadata_for_nongeo_region(code, None) if name == "001" else PhoneMetadata.metadata_for_region(name, None)
    assert plan is not None
    return plan


@cache
def _pattern(text: str) -> Pattern:
    return Pattern(text)


def _add(country: Country, name: str, plan: PhoneMetadata) -> None:
    for length in plan.general_desc.possible_length_local_only if plan.general_desc else ():
        country.local_lengths |= 1 << (length - 1)
    same = plan.fixed_line and plan.mobile and plan.fixed_line.national_number_pattern == plan.mobile.national_number_pattern
    for type_name, kind in KIND_OF_TYPE.items():
        rule = getattr(plan, type_name)
        if rule is None or not rule.national_number_pattern:
            continue
        country.ranges.append(Range(_pattern(rule.national_number_pattern), _kind(kind, bool(same), country.code), name))


def _kind(kind: int, same: bool, code: str) -> int:
    """The kind, where a plan has one pattern for mobiles and landlines, or its mobiles are satellite telephones."""
    if same and kind in (kinds.MOBILE, kinds.LANDLINE):
        return kinds.LANDLINE_OR_MOBILE
    return kinds.SATELLITE if kind == kinds.MOBILE and code in SATELLITES else kind


def _national_prefix(plan: PhoneMetadata) -> str:
    """What stands in front of a number in its national form, or may: BY writes 80 though it dials 8."""
    wanted = plan.national_prefix or ""
    example = phonenumbers.example_number(plan.id)
    if example is not None:
        shown = re.sub(r"\D", "", phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL))
        before = shown.removesuffix(phonenumbers.national_significant_number(example))
        if before.startswith(wanted) and before != shown:
            wanted = before
    return wanted


def _international_prefix(plan: PhoneMetadata) -> str:
    """The digits before a foreign number, without a chosen carrier's; 00 where the rule has nothing of two digits in common."""
    digits = re.sub(r"\D", "", plan.preferred_international_prefix or "")
    if not digits:
        start = re.match(r"\d*", plan.international_prefix or "")
        digits = start.group() if start else ""
    return digits if len(digits) > 1 else "00"
