"""The numbering check: which Chinese numbers cannot be true, and that no allocated one is refused."""

import csv
import os
from pathlib import Path

import pytest

from catflap_probe.call import SHOWN, WITHHELD, Call
from catflap_probe.verdict.numbering import (
    IMPLAUSIBLE,
    IMPOSSIBLE,
    INTERNATIONAL,
    LANDLINE,
    MOBILE,
    PLAUSIBLE,
    SERVICE,
    Numbering,
    OwnNumbers,
    check,
)

OWN = OwnNumbers(["01062345601", "01062345610-01062345619"], "010")


def judge(calling: str, role: str = "subscriber", presentation: int = SHOWN) -> Numbering:
    call = Call(0, 1, 0)
    call.calling, call.presentation = calling, presentation
    return check(call, "CN", role, OWN)


@pytest.mark.parametrize("role", ["subscriber", "international", "interconnect"])
@pytest.mark.parametrize(
    ("calling", "reason"),
    [
        ("008613812345678", "cn.0086"),
        *((prefix + code, "cn.service-from-abroad") for prefix in ("00", "+86") for code in ("110", "10086", "12345", "95588", "96110")),
        *((prefix + code, "cn.service-from-abroad") for prefix in ("00", "+86") for code in ("4008123456", "8008123456")),
        *((str(block) + "12345678", "cn.unallocated-range") for block in (*range(140, 145), 154, 160, 163, 164, 168, 169, 179, 194)),
        ("16112345678", "cn.unallocated-range"),
        ("014012345678", "cn.unallocated-range"),
        ("1381234567", "cn.bad-length"),
        ("138123456789", "cn.bad-length"),
        ("1381234567890", "cn.bad-length"),
        ("010623456", "cn.bad-length"),
        ("010623456010", "cn.bad-length"),
        ("000123456", "number.zeros"),
        ("01062345601", "number.own"),
        ("62345601", "number.own"),
        ("01062345615", "number.own"),
        ("199", "cn.unknown-code"),
        ("1999", "cn.unknown-code"),
    ],
)
def test_impossible(calling: str, reason: str, role: str) -> None:
    found = judge(calling, role)
    assert (found.verdict, found.reason) == (IMPOSSIBLE, reason)


@pytest.mark.parametrize(
    ("calling", "kind"),
    [
        ("13812345678", MOBILE),
        ("013812345678", MOBILE),
        ("+8613812345678", MOBILE),
        ("16191234567", MOBILE),
        ("1400123456789", MOBILE),
        ("1410123456789", MOBILE),
        ("1440123456789", MOBILE),
        ("01062345600", LANDLINE),
        ("+861062345600", LANDLINE),
        ("+951234567", INTERNATIONAL),
        ("03151234567", LANDLINE),
        ("62345600", LANDLINE),
        ("110", SERVICE),
        ("10086", SERVICE),
        ("95588", SERVICE),
        ("96110", SERVICE),
        ("+442079460000", INTERNATIONAL),
        ("00442079460000", INTERNATIONAL),
    ],
)
def test_plausible(calling: str, kind: int) -> None:
    found = judge(calling)
    assert (found.verdict, found.kind, found.reason) == (PLAUSIBLE, kind, "")


@pytest.mark.parametrize(
    ("calling", "role"),
    [
        ("4008123456", "subscriber"),
        ("+8613812345678", "international"),
        ("62345600", "interconnect"),
        ("17912*45678", "subscriber"),
        ("999", "subscriber"),
    ],
)
def test_implausible(calling: str, role: str) -> None:
    found = judge(calling, role)
    assert found.verdict == IMPLAUSIBLE
    assert found.reason


@pytest.mark.parametrize("calling", ["0", "1", "+", "00", "+86", "+860", "0086", "01", "9" * 40])
def test_stumps_are_judged_too(calling: str) -> None:
    assert judge(calling).verdict != PLAUSIBLE


def test_ways_to_write_a_foreign_number_share_a_key() -> None:
    assert judge("00442079460000").key == judge("+442079460000").key == "+442079460000"


def test_ways_to_write_a_chinese_mobile_share_a_key() -> None:
    assert judge("013812345678").key == judge("+8613812345678").key == "13812345678"


def test_no_number_is_nothing_to_judge() -> None:
    found = judge("", presentation=WITHHELD)
    assert (found.verdict, found.reason, found.key) == (PLAUSIBLE, "", "")


@pytest.mark.parametrize("entry", ["", "+861062345601", "0106234560-01062345619", "01062345619-01062345610", "62345601-"])
def test_an_own_number_that_cannot_be_read_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="own number") as refused:
        OwnNumbers([entry], "010")
    assert repr(entry) in str(refused.value)


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_no_allocated_range_is_impossible() -> None:
    path = Path(os.environ["CATFLAP_DATA"]) / "cn_numbering" / "cn_mobile_ndc_h0_2023-03.csv"
    with path.open(encoding="utf-8") as file:
        ranges = [row["ndc"] + row["h0"] for row in csv.DictReader(file) if row["holder"]]
    assert len(ranges) > 400
    assert [prefix for prefix in ranges if judge((prefix + "5" * 11)[:11]).verdict == IMPOSSIBLE] == []
