"""What a Chinese trunk's role makes of a number: calls from abroad carry 00 or +, long-distance calls an area code."""

import pytest

from catflap_probe.verdict.plausibility import IMPLAUSIBLE, IMPOSSIBLE, NOT_SHOWN, PLAUSIBLE
from tests.unit.judged import judge, verdict

ROLES = ("subscriber", "international", "interconnect")


@pytest.mark.parametrize("calling", ["+8613812345678", "+861062345678", "+86 755 82345678"])
def test_86_is_evidence_on_an_international_trunk_alone(calling: str) -> None:
    assert [verdict(calling, role=role) for role in ROLES] == [
        ("plausible", ""),
        ("implausible", "cn.plus86-from-abroad"),
        ("plausible", ""),
    ]


@pytest.mark.parametrize("calling", ["13812345678", "013812345678", "010 62345678", "10086", "95588", "12345"])
def test_a_call_from_abroad_without_its_country_is_implausible(calling: str) -> None:
    assert [verdict(calling, role=role) for role in ROLES] == [
        ("plausible", ""),
        ("implausible", "cn.national-from-abroad"),
        ("plausible", ""),
    ]


def test_a_landline_without_area_code_is_plausible_on_a_subscribers_line_alone() -> None:
    assert [verdict("62345678", role=role) for role in ROLES] == [
        ("plausible", ""),
        ("implausible", "cn.no-area-code"),
        ("implausible", "cn.no-area-code"),
    ]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("calling", "country"),
    [
        ("+852 2345 6789", "HK"),
        ("00852 2345 6789", "HK"),
        ("+853 6612 3456", "MO"),
        ("+886 912 345 678", "TW"),
        ("+886 2 2345 6789", "TW"),
        ("+44 20 7946 0000", "GB"),
        ("+1 876 234 5678", "JM"),
        ("+81 90 1234 5678", "JP"),
        ("+65 9123 4567", "SG"),
        ("+7 727 234 5678", "KZ"),
        ("+7 495 123 4567", "RU"),
        ("+232 76 123456", "SL"),
        ("+870 773 111 632", ""),
    ],
)
def test_numbers_from_abroad_are_plausible_and_foreign_on_every_trunk(calling: str, country: str, role: str) -> None:
    found = judge(calling, role=role)
    assert (found.verdict, found.reason, found.country, found.is_foreign) == (PLAUSIBLE, "", country, True)
    assert not found.is_mobile()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("calling", ["0086", "008613812345678", "00861062345678", "0086110", "+008613812345678"])
def test_0086_is_impossible_on_every_trunk(calling: str, role: str) -> None:
    assert verdict(calling, role=role) == ("impossible", "cn.0086")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("calling", ["000", "000123456", "0000000000", "00012345678", "+00085212345678"])
def test_three_zeros_are_impossible_on_every_trunk(calling: str, role: str) -> None:
    assert verdict(calling, role=role) == ("impossible", "number.zeros")


@pytest.mark.parametrize(
    ("calling", "reason"),
    [
        ("+999 1234 5678", "number.unknown-country"),
        ("+852 0000 0000", "number.unknown-range"),
        ("+44 20 7946", "number.length"),
        ("+1 012 345 6789", "number.unknown-range"),
        ("00", "number.length"),
        ("+1", "number.length"),
        ("86 13812345678", "number.no-prefix"),
        ("852 2345 6789", "number.no-prefix"),
        ("999", "number.length"),
        ("17912*45678", "number.not-digits"),
        ("1380013800x", "number.not-digits"),
        ("+", "number.not-digits"),
        ("\ud800", "number.not-digits"),
        ("13812345٦٧٨", "number.not-digits"),
    ],
)
def test_what_cannot_be_placed_is_implausible_and_no_more(calling: str, reason: str) -> None:
    found = judge(calling)
    assert (found.verdict, found.reason) == (IMPLAUSIBLE, reason)


@pytest.mark.parametrize("calling", ["0", "1", "01", "031", "+", "+8", "+86", "+860", "10", "9" * 40, "1" * 400, "17951" * 100])
def test_stumps_and_monsters_are_not_plausible(calling: str) -> None:
    for role in ROLES:
        assert judge(calling, role=role).verdict in (IMPLAUSIBLE, IMPOSSIBLE)


def test_no_number_is_nothing_to_judge() -> None:
    found = judge("")
    assert (found.verdict, found.reason, found.key, found.is_foreign) == (NOT_SHOWN, "", "", False)
