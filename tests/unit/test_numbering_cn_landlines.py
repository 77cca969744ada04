"""Chinese landlines: area codes and the lengths behind them, with and without 0, +86 and the area code."""

import csv
import os
import re
from pathlib import Path

import pytest
from phonenumbers.phonemetadata import PhoneMetadata

from catflap_models.numbering import china
from catflap_probe.verdict.kinds import LANDLINE
from catflap_probe.verdict.numbering import describe
from catflap_probe.verdict.plausibility import PLAUSIBLE
from tests.unit.judged import judge, verdict


@pytest.mark.parametrize(
    ("calling", "place"),
    [
        ("010 62345678", "北京"),
        ("021 52345678", "上海"),
        ("0755 82345678", "深圳"),
        ("0311 82345678", "石家庄"),
        ("0315 2345678", "唐山"),
        ("0971 6234567", "西宁"),
        ("0851 82345678", "贵阳/遵义/安顺"),
        ("0433 2345678", "延边"),
        ("0951 6234567", "银川"),
    ],
)
def test_a_landline_is_plausible_with_its_area_code_and_behind_86_without_the_zero(calling: str, place: str) -> None:
    for shown in (calling, "+86" + calling[1:]):
        found = judge(shown, area_code="0571")
        assert (found.verdict, found.kind, found.reason) == (PLAUSIBLE, LANDLINE, "")
        assert found.key == calling.replace(" ", "")
        assert describe(found) == ("", place)


@pytest.mark.parametrize(
    ("calling", "area_code", "key"),
    [
        ("62345678", "010", "01062345678"),
        ("62345678", "10", "01062345678"),
        ("82345678", "0571", "057182345678"),
        ("2345678", "0315", "03152345678"),
        ("2345678", "0433", "04332345678"),
        ("22345678", "0433", "043322345678"),
        ("62345678", "", "62345678"),
        ("6234567", "", "6234567"),
    ],
)
def test_without_area_code_a_landline_is_of_the_trunks_own_area(calling: str, area_code: str, key: str) -> None:
    found = judge(calling, area_code=area_code)
    assert (found.verdict, found.kind, found.key) == (PLAUSIBLE, LANDLINE, key)
    assert judge(key, area_code=area_code).key == key


@pytest.mark.parametrize(
    "calling",
    [
        "010 6234567",
        "010 623456789",
        "010 623456",
        "0755 8234567",
        "0755 823456789",
        "0315 234567",
        "0315 234567890",
        "021 5",
        "010",
    ],
)
def test_a_landline_of_another_length_is_impossible(calling: str) -> None:
    for shown in (calling, "+86" + calling[1:]):
        if len(calling) > 3:
            assert verdict(shown) == ("impossible", "cn.bad-length")
    assert judge(calling).verdict != PLAUSIBLE


def test_a_local_number_too_short_for_the_trunks_area_is_impossible() -> None:
    assert verdict("6234567", area_code="010") == ("impossible", "cn.bad-length")


@pytest.mark.parametrize(("calling", "area_code"), [("0315 22345678", "010"), ("22345678", "0315")])
def test_eight_digits_where_seven_are_known_may_be_an_area_that_has_grown(calling: str, area_code: str) -> None:
    assert verdict(calling, area_code=area_code) == ("implausible", "cn.longer-than-known")


@pytest.mark.parametrize("calling", ["0999 12345678", "0250 1234567", "0330 6234567", "0733 2234567", "0853 6234567"])
def test_an_area_code_that_the_table_has_no_word_on_is_no_more_than_implausible(calling: str) -> None:
    assert judge(calling).verdict <= 1


def test_an_unknown_area_code_is_named() -> None:
    assert verdict("0330 6234567") == ("implausible", "cn.unknown-area")


@pytest.mark.parametrize("calling", ["010 12345678", "0315 0234567", "021 02345678"])
def test_no_landline_begins_with_0_or_1(calling: str) -> None:
    assert verdict(calling) == ("implausible", "cn.bad-subscriber")


@pytest.mark.parametrize(("calling", "key"), [("21 52345678", "02152345678"), ("755 82345678", "075582345678")])
def test_an_area_code_without_its_zero_is_implausible(calling: str, key: str) -> None:
    found = judge(calling)
    assert (found.reason, found.key) == ("number.no-prefix", key)


def test_a_zero_behind_86_is_implausible() -> None:
    found = judge("+86 010 62345678")
    assert (found.reason, found.key) == ("cn.zero-behind-86", "01062345678")


def test_lengths_are_those_of_libphonenumber() -> None:
    plan = PhoneMetadata.metadata_for_region("CN", None)
    assert plan is not None
    assert plan.fixed_line is not None
    assert plan.fixed_line.national_number_pattern is not None
    pattern = re.compile(re.sub(r"\s", "", plan.fixed_line.national_number_pattern))
    for code, lengths, kind, _, _ in china.ranges():
        if kind == LANDLINE and code not in ("0634",):
            assert [length for length in (7, 8) if pattern.fullmatch(code[1:] + "5" * length)] == [n - len(code) for n in lengths], code


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_every_area_code_is_known_by_one_of_its_cities() -> None:
    path = Path(os.environ["CATFLAP_DATA"]) / "cn_numbering" / "area_codes.csv"
    with path.open(encoding="utf-8") as file:
        cities = {row["area_code"]: row["cities"].split("/") for row in csv.DictReader(file)}
    # 00479 is 0479 written twice, and an area code begins with one 0
    del cities["00479"]
    known = {code: place for code, _, kind, _, place in china.ranges() if kind == LANDLINE}
    assert set(known) - set(cities) == {"0978"}
    for code, names in cities.items():
        assert any(name.startswith(place) or place.startswith(name) for place in known[code].split("/") for name in names), code
