"""Numbers of other countries: libphonenumber's own examples and drawn ones in every form, and the North American structure."""

import csv
import os
import re
from pathlib import Path
from random import Random

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from catflap_models.numbering.regions import regions
from catflap_probe.verdict.kinds import KINDS
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import IMPLAUSIBLE, IMPOSSIBLE, PLAUSIBLE, VERDICTS
from catflap_probe.verdict.trunk_plan import TrunkPlan
from tests.unit.drawn_numbers import drawn
from tests.unit.judged import judge, verdict

CHINA = "CN"
"""Its trunks have rules of their own, which say of libphonenumber's 400 and 800 examples that nobody calls from them."""

KIND_OF_TYPE = {
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "landline-or-mobile",
    PhoneNumberType.TOLL_FREE: "toll-free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared-cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "other",
    PhoneNumberType.PAGER: "other",
    PhoneNumberType.UAN: "other",
    PhoneNumberType.VOICEMAIL: "other",
}
PLANS = {name: TrunkPlan(name, "", "subscriber") for name in sorted(phonenumbers.SUPPORTED_REGIONS)}
NONE = OwnNumbers([], PLANS[CHINA])
PREFIXES = {region.name: region.national for region in regions()}


def examples() -> "list[tuple[str, phonenumbers.PhoneNumber]]":
    found = []
    for region in PLANS:
        for kind in KIND_OF_TYPE:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                found.append((region, number))
    return found


def shown(number: phonenumbers.PhoneNumber, form: int) -> str:
    return re.sub(r"[^+\d]", "", phonenumbers.format_number(number, form))


@pytest.mark.parametrize("role", ["subscriber", "international", "interconnect"])
def test_no_example_number_in_national_format_is_impossible_at_home(role: str) -> None:
    numbers = examples()
    assert len(numbers) > 1000
    plans = {region: TrunkPlan(region, "", role) for region in PLANS}
    found = [(region, shown(number, PhoneNumberFormat.NATIONAL)) for region, number in numbers]
    assert [(region, text) for region, text in found if check(text, plans[region], NONE).verdict == IMPOSSIBLE] == []


@pytest.mark.parametrize("form", [PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164])
def test_every_example_number_is_plausible_and_none_foreign_at_home(form: int) -> None:
    for region, number in examples():
        if region != CHINA:
            found = check(shown(number, form), PLANS[region], NONE)
            assert (found.verdict, found.is_foreign) == (PLAUSIBLE, False), (region, shown(number, form), found.reason)


@pytest.mark.parametrize("trunk", ["CN", "US", "GB", "JP", "RU", "AU", "BR", "DE"])
def test_every_example_number_is_plausible_and_foreign_abroad(trunk: str) -> None:
    plan = PLANS[trunk]
    for region, number in examples():
        if region == CHINA or number.country_code == phonenumbers.country_code_for_region(trunk):
            continue
        text = shown(number, PhoneNumberFormat.E164)
        for form in (text, plan.international.decode() + text[1:]):
            found = check(form, plan, NONE)
            assert (found.verdict, found.is_foreign, found.key) == (PLAUSIBLE, True, text), (trunk, region, form, found.reason)


def test_drawn_numbers_are_plausible_in_every_form_that_networks_show() -> None:
    count = odd = 0
    for region, code, number in drawn(60, Random(4)):
        if region == CHINA:
            continue
        for text, trunk in (
            (number, region),
            (PREFIXES[region] + number, region),
            (f"+{code}{number}", region),
            (f"+{code}{number}", CHINA),
        ):
            found = check(text, PLANS[trunk], NONE)
            assert found.verdict != IMPOSSIBLE, (trunk, text, found.reason)
            count += 1
            odd += found.verdict != PLAUSIBLE
    assert count > 50_000
    assert odd < count // 1000


def test_drawn_numbers_have_the_kind_and_the_country_that_libphonenumber_gives_them() -> None:
    count = kinds = letters = 0
    for region, code, number in drawn(40, Random(5)):
        if region == CHINA:
            continue
        parsed = phonenumbers.parse(f"+{code}{number}")
        found = check(f"+{code}{number}", PLANS[CHINA], NONE)
        count += 1
        kinds += KINDS[found.kind] == KIND_OF_TYPE.get(phonenumbers.number_type(parsed), "unknown")
        letters += found.country in (phonenumbers.region_code_for_number(parsed), "")
    assert kinds > 0.97 * count
    assert letters > 0.99 * count


def test_made_up_numbers_are_told_from_given_ones() -> None:
    rng = Random(6)
    count = wrong = 0
    for region in PLANS:
        if region == CHINA:
            continue
        code = phonenumbers.country_code_for_region(region)
        for _ in range(60):
            parsed = phonenumbers.PhoneNumber(country_code=code, national_number=rng.randrange(10**7, 10**10))
            if not phonenumbers.is_valid_number(parsed):
                count += 1
                wrong += check(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), PLANS[CHINA], NONE).verdict == PLAUSIBLE
    assert count > 5000
    assert wrong < count // 100


@pytest.mark.parametrize(
    ("calling", "country", "area_code", "key"),
    [
        ("805 555 1080", "US", "805", "8055551080"),
        ("1 805 555 1080", "US", "805", "8055551080"),
        ("+1 805 555 1080", "US", "805", "8055551080"),
        ("555 1080", "US", "805", "8055551080"),
        ("020 7946 0000", "GB", "020", "02079460000"),
        ("20 7946 0000", "GB", "020", "02079460000"),
        ("+44 20 7946 0000", "GB", "020", "02079460000"),
        ("7946 0000", "GB", "020", "02079460000"),
        ("00 44 20 7946 0000", "GB", "020", "02079460000"),
        ("44 20 7946 0000", "GB", "020", "02079460000"),
        ("7 926 123 4567", "RU", "495", "9261234567"),
        ("91 98765 43210", "IN", "", "09876543210"),
        ("011 15 2345 6789", "AR", "", "091123456789"),
        ("+54 9 11 2345 6789", "AR", "", "091123456789"),
        ("8 0152 450911", "BY", "", "152450911"),
        ("+39 02 1234 5678", "IT", "", "0212345678"),
        ("011 44 20 7946 0000", "US", "", "+442079460000"),
        ("0011 44 20 7946 0000", "AU", "", "+442079460000"),
        ("010 44 20 7946 0000", "JP", "", "+442079460000"),
        ("8 10 44 20 7946 0000", "RU", "", "+442079460000"),
        ("00 86 138 1234 5678", "GB", "", "+8613812345678"),
        ("+86 10 6234 5678", "GB", "", "+861062345678"),
    ],
)
def test_one_number_has_one_key(calling: str, country: str, area_code: str, key: str) -> None:
    found = judge(calling, country, area_code)
    assert (found.key, found.is_foreign) == (key, key.startswith("+"))
    assert found.verdict == PLAUSIBLE


@pytest.mark.parametrize(
    "calling",
    [
        "012 345 6789",
        "123 456 7890",
        "212 055 1234",
        "212 155 1234",
        "1 012 345 6789",
        "1 212 055 1234",
        "+1 012 345 6789",
        "+1 212 155 1234",
    ],
)
@pytest.mark.parametrize("country", ["US", "CA", "JM"])
def test_what_the_american_plan_forbids_is_impossible_on_its_trunks(calling: str, country: str) -> None:
    assert verdict(calling, country, "") == ("impossible", "nanp.bad-structure")


@pytest.mark.parametrize("calling", ["+1 012 345 6789", "+1 212 055 1234"])
def test_elsewhere_it_is_implausible(calling: str) -> None:
    assert verdict(calling) == ("implausible", "number.unknown-range")


@pytest.mark.parametrize("calling", ["0000000000", "1000000000", "1111111111", "9999999999", "0", "00", "000", "10000000000"])
@pytest.mark.parametrize("country", ["US", "GB"])
def test_what_exchanges_send_in_place_of_a_number_is_implausible(calling: str, country: str) -> None:
    assert judge(calling, country, "").verdict == IMPLAUSIBLE


@pytest.mark.parametrize(
    ("calling", "key"), [("44 20 7946 0000", "+442079460000"), ("91 98765 43210", "+919876543210"), ("65 9123 4567", "+6591234567")]
)
def test_a_foreign_number_without_its_prefix_is_implausible_and_foreign(calling: str, key: str) -> None:
    found = judge(calling, "US", "")
    assert (found.verdict, found.reason, found.key, found.is_foreign) == (IMPLAUSIBLE, "number.no-prefix", key, True)


@pytest.mark.parametrize(
    ("calling", "country", "is_foreign"),
    [
        ("876 234 5678", "JM", True),
        ("416 555 1234", "CA", True),
        ("+1 876 234 5678", "JM", True),
        ("212 555 1234", "US", False),
        ("800 234 5678", "US", False),
        ("900 234 5678", "US", False),
    ],
)
def test_north_america_is_several_countries_in_one_plan(calling: str, country: str, is_foreign: bool) -> None:
    found = judge(calling, "US", "805")
    assert (found.verdict, found.country, found.is_foreign) == (PLAUSIBLE, country, is_foreign)


def test_a_free_number_is_foreign_to_no_trunk_of_north_america() -> None:
    assert not judge("+1 800 234 5678", "CA", "").is_foreign
    assert not judge("8 800 123 4567", "KZ", "").is_foreign


@pytest.mark.parametrize(
    ("calling", "country"), [("911", "US"), ("999", "GB"), ("112", "FR"), ("110", "JP"), ("2120", "US"), ("611", "US")]
)
def test_a_short_number_is_implausible_at_most(calling: str, country: str) -> None:
    assert judge(calling, country, "").verdict != IMPOSSIBLE


@pytest.mark.parametrize("role", ["international", "interconnect"])
def test_a_number_without_area_code_is_a_subscribers_matter(role: str) -> None:
    assert verdict("5551080", "US", "805", "subscriber") == ("plausible", "")
    assert verdict("5551080", "US", "805", role) == ("implausible", "number.no-area-code")


@pytest.mark.parametrize("calling", ["8055551080", "+18055551080", "18055551080"])
def test_a_home_number_from_abroad_is_evidence(calling: str) -> None:
    assert verdict(calling, "US", "805", "international") == ("implausible", "number.national-from-abroad")


def test_a_country_in_small_letters_is_the_same() -> None:
    assert verdict("2120551234", "us", "") == ("impossible", "nanp.bad-structure")
    assert verdict("0086138", "cn") == ("impossible", "cn.0086")


@pytest.mark.parametrize("country", ["", "XX", "USA"])
def test_in_an_unknown_country_only_foreign_numbers_are_judged(country: str) -> None:
    assert verdict("12345", country, "") == ("plausible", "")
    assert judge("+44 20 7946 0000", country, "").is_foreign
    assert verdict("+44 1", country, "") == ("implausible", "number.length")


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_no_number_of_the_real_american_logs_is_impossible() -> None:
    data = Path(os.environ["CATFLAP_DATA"])
    with (data / "callattendant" / "calllog_2018-10.csv").open(encoding="utf-8") as file:
        numbers = {row["Number"] for row in csv.DictReader(file)}
    text = (data / "ncid" / "test-modem-calls.data").read_text(encoding="utf-8")
    numbers |= set(re.findall(r"(?:NMBR|DDN) ?= ?(\d+)", text))
    assert len(numbers) > 40
    found = {number: judge(number, "US", "805") for number in numbers}
    assert [number for number, numbering in found.items() if numbering.verdict == IMPOSSIBLE] == []
    plausible = [number for number, numbering in found.items() if VERDICTS[numbering.verdict] == "plausible"]
    assert len(plausible) > 0.6 * len(numbers)
