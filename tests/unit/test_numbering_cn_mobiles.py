"""Chinese mobiles: which ranges have a holder, which never had one, and the forms in which one number is shown."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from catflap_models.numbering import china
from catflap_probe.verdict.kinds import IOT, MOBILE, SATELLITE
from catflap_probe.verdict.numbering import describe
from catflap_probe.verdict.plausibility import IMPOSSIBLE, PLAUSIBLE
from tests.unit.judged import judge, verdict

ROLES = ("subscriber", "international", "interconnect")
HOLDERS = {
    "China Telecom": ("中国电信", "电信网虚拟运营商", "中国电信卫星"),
    "China Mobile": ("中国移动", "移动网虚拟运营商"),
    "China Unicom": ("中国联通", "联通网虚拟运营商"),
    "China Broadnet": ("中国广电",),
    "China SatNet": ("中国星网",),
    "other": ("卫星通信",),
}


@pytest.mark.parametrize(
    ("calling", "kind", "holder"),
    [
        ("138 1234 5678", MOBILE, "中国移动"),
        ("133 1234 5678", MOBILE, "中国电信"),
        ("130 1234 5678", MOBILE, "中国联通"),
        ("192 1234 5678", MOBILE, "中国广电"),
        ("1703 123 4567", MOBILE, "移动网虚拟运营商"),
        ("1704 123 4567", MOBILE, "联通网虚拟运营商"),
        ("1702 123 4567", MOBILE, "电信网虚拟运营商"),
        ("162 1234 5678", MOBILE, "电信网虚拟运营商"),
        ("165 1234 5678", MOBILE, "移动网虚拟运营商"),
        ("167 1234 5678", MOBILE, "联通网虚拟运营商"),
        ("171 1234 5678", MOBILE, "联通网虚拟运营商"),
        ("1619 123 4567", SATELLITE, "中国星网"),
        ("1740 512 3456", SATELLITE, "中国电信卫星"),
        ("1749 123 4567", SATELLITE, "卫星通信"),
        ("1349 212 3456", SATELLITE, "中国电信卫星"),
        ("140 01234 56789", IOT, "物联网卡"),
        ("141 01234 56789", IOT, "物联网卡"),
        ("144 01234 56789", IOT, "物联网卡"),
        ("1064 8123 45678", IOT, "物联网卡"),
    ],
)
def test_a_number_of_a_range_with_a_holder_is_plausible_in_every_form(calling: str, kind: int, holder: str) -> None:
    for form in ("", "0", "+86"):
        found = judge(form + calling)
        assert (found.verdict, found.reason, found.kind, found.country, found.is_foreign) == (PLAUSIBLE, "", kind, "CN", False)
        assert found.is_mobile()
        assert found.key == calling.replace(" ", "")
        assert describe(found) == (holder, "")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("form", ["", "0", "+86"])
@pytest.mark.parametrize("code", ["140", "141", "142", "143", "144", "154", "160", "161", "163", "164", "168", "169", "179", "194"])
def test_eleven_digits_of_a_range_never_given_out_are_impossible(code: str, form: str, role: str) -> None:
    found = judge(form + code + "12345678", role=role)
    assert (found.verdict, found.reason) == (IMPOSSIBLE, "cn.unallocated-range")


@pytest.mark.parametrize("form", ["", "0", "+86"])
@pytest.mark.parametrize(
    "calling", ["1381234567", "138123456789", "1381234567890", "13812345678901", "138123456", "13812345", "1701234567", "192123456789"]
)
def test_a_mobile_of_another_length_is_impossible(calling: str, form: str) -> None:
    assert verdict(form + calling) == ("impossible", "cn.bad-length")


@pytest.mark.parametrize("calling", ["1349 1234567", "1741 9234567", "1742 1234567", "1748 1234567"])
def test_a_range_that_the_table_has_no_word_on_is_implausible(calling: str) -> None:
    assert verdict(calling) == ("implausible", "cn.unknown-range")


@pytest.mark.parametrize("calling", ["130", "138", "143", "187", "199", "1380", "1999"])
def test_three_and_four_digits_of_a_mobile_are_an_unknown_code(calling: str) -> None:
    for role in ROLES:
        assert verdict(calling, role=role) == ("impossible", "cn.unknown-code")


@pytest.mark.parametrize(
    "codes",
    [
        range(130, 140),
        range(145, 150),
        range(150, 154),
        range(155, 160),
        (162, 165, 166, 167),
        range(170, 174),
        range(175, 179),
        range(180, 194),
        range(195, 200),
    ],
)
def test_every_three_digits_that_the_notice_gives_out_are_plausible(codes: Sequence[int]) -> None:
    for code in codes:
        assert verdict(f"{code}01234567") == ("plausible", "")


@pytest.mark.parametrize("prefix", ["17951", "17909", "12593", "10193"])
def test_a_carriers_prefix_in_front_is_implausible_and_the_number_behind_it_is_the_caller(prefix: str) -> None:
    found = judge(prefix + "13812345678")
    assert (found.reason, found.key, found.kind) == ("cn.carrier-prefix", "13812345678", MOBILE)
    assert judge(prefix + "01062345678").key == "01062345678"
    assert judge(prefix + "16012345678").verdict == IMPOSSIBLE


def test_a_call_to_somebodys_second_number_shows_six_digits_more() -> None:
    found = judge("125831 13812345678")
    assert (found.verdict, found.key) == (PLAUSIBLE, "13812345678")


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_every_range_of_the_notice_has_its_holder() -> None:
    path = Path(os.environ["CATFLAP_DATA"]) / "cn_numbering" / "cn_mobile_ndc_h0_2023-03.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 400
    for row in rows:
        found = judge((row["ndc"] + row["h0"] + "5" * 11)[:11])
        assert (found.verdict, found.kind) == (PLAUSIBLE, SATELLITE if row["note"] == "satellite" else MOBILE), row
        assert describe(found)[0] in HOLDERS[row["holder"]], row
        assert ("虚拟" in describe(found)[0]) == (row["note"] == "MVNO-only"), row


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_no_range_beyond_the_notice_has_a_holder() -> None:
    path = Path(os.environ["CATFLAP_DATA"]) / "cn_numbering" / "cn_mobile_ndc_h0_2023-03.csv"
    with path.open(encoding="utf-8") as file:
        listed = {row["ndc"] + row["h0"] for row in csv.DictReader(file)}
    given = {code for codes in (*china.MOBILES.values(), *china.SATELLITES.values()) for code in codes.split()}
    assert [code for code in given if not any(entry.startswith(code) or code.startswith(entry) for entry in listed)] == []
    for head in range(1300, 2000):
        is_listed = any(entry.startswith(str(head)) or str(head).startswith(entry) for entry in listed)
        assert is_listed or judge(f"{head}1234567").verdict != PLAUSIBLE
