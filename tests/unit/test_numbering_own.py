"""The line's own numbers and their neighbours, as callers; and what an outgoing call dials and presents."""

import pytest

from catflap_probe.verdict.kinds import MOBILE, SERVICE
from catflap_probe.verdict.numbering import check_dialled, check_presented
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import IMPLAUSIBLE, IMPOSSIBLE, NOT_SHOWN, PLAUSIBLE
from catflap_probe.verdict.trunk_plan import TrunkPlan
from tests.unit.judged import judge

OWN = ["01062345601", "01062345610-01062345619"]
PLAN = TrunkPlan("CN", "010", "subscriber")


@pytest.mark.parametrize("role", ["subscriber", "international", "interconnect"])
@pytest.mark.parametrize(
    "calling", ["01062345601", "62345601", "+861062345601", "01062345610", "01062345615", "62345619", "+86 010 62345610"]
)
def test_a_line_is_not_called_by_itself(calling: str, role: str) -> None:
    found = judge(calling, role=role, own=OWN)
    assert (found.verdict, found.reason) == (IMPOSSIBLE, "number.own")


@pytest.mark.parametrize(
    ("own", "country", "area_code", "calling"),
    [
        ("62345601", "CN", "010", "01062345601"),
        ("13912345678", "CN", "010", "+8613912345678"),
        ("13912345678", "CN", "010", "013912345678"),
        ("8055551234", "US", "805", "+18055551234"),
        ("8055551234", "US", "805", "5551234"),
        ("5551234", "US", "805", "18055551234"),
        ("02079460000", "GB", "020", "+442079460000"),
        ("02079460000", "GB", "020", "79460000"),
        ("1234", "", "", "1234"),
    ],
)
def test_an_own_number_is_known_in_every_form(own: str, country: str, area_code: str, calling: str) -> None:
    assert judge(calling, country, area_code, own=[own]).reason == "number.own"


@pytest.mark.parametrize("calling", ["01062345600", "62345602", "01062349999", "+861062340000"])
def test_a_neighbour_is_evidence_but_no_false_number(calling: str) -> None:
    found = judge(calling, own=OWN)
    assert (found.verdict, found.reason, found.is_neighbour) == (IMPLAUSIBLE, "number.neighbour", True)
    # an honest colleague calls too: the number itself says nothing against him
    assert not found.is_false()


@pytest.mark.parametrize("calling", ["01062355601", "062345601", "13862345601", "+442079460000", "10086", "0106234560"])
def test_whoever_differs_further_up_or_in_length_is_no_neighbour(calling: str) -> None:
    assert not judge(calling, own=OWN).is_neighbour


def test_a_false_number_stays_false_beside_ours() -> None:
    found = judge("+86 010 62345600", own=OWN)
    assert (found.reason, found.is_neighbour, found.is_false()) == ("cn.zero-behind-86", False, True)


def test_without_own_numbers_nobody_is_a_neighbour() -> None:
    assert judge("62345602").verdict == PLAUSIBLE


@pytest.mark.parametrize("entry", ["", "+861062345601", "0106234560-01062345619", "01062345619-01062345610", "62345601-", "٦٢٣٤٥٦٠١"])
def test_an_own_number_that_cannot_be_read_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="own number") as refused:
        OwnNumbers([entry], PLAN)
    assert repr(entry) in str(refused.value)


@pytest.mark.parametrize(
    "called",
    [
        "110",
        "112",
        "119",
        "12345",
        "10086",
        "95588",
        "4008123456",
        "106575",
        "62345678",
        "01062345678",
        "13812345678",
        "013812345678",
        "17951013812345678",
        "0085223456789",
        "+85223456789",
        "+8695588",
        "008613812345678",
        "*67",
        "#31#13812345678",
        "*21*62345678#",
    ],
)
def test_what_people_dial_is_in_order(called: str) -> None:
    found = check_dialled(called, PLAN)
    assert (found.verdict, found.reason) == (PLAUSIBLE, "")


@pytest.mark.parametrize(
    ("called", "verdict"), [("16012345678", IMPOSSIBLE), ("1381234567", IMPOSSIBLE), ("13491234567", IMPLAUSIBLE), ("", NOT_SHOWN)]
)
def test_what_does_not_exist_cannot_be_dialled(called: str, verdict: int) -> None:
    assert check_dialled(called, PLAN).verdict == verdict


def test_a_dialled_number_has_a_kind_and_a_key() -> None:
    found = check_dialled("17951013812345678", PLAN)
    assert (found.kind, found.key) == (MOBILE, "13812345678")
    assert check_dialled("911", TrunkPlan("US", "805", "subscriber")).verdict == PLAUSIBLE
    assert check_dialled("*67", PLAN).kind == SERVICE


def test_a_line_presents_its_own_number_and_no_other() -> None:
    own = OwnNumbers(OWN, PLAN)
    for calling in ("01062345601", "62345615", "+861062345601"):
        assert check_presented(calling, PLAN, own).verdict == PLAUSIBLE
    for calling, verdict, reason in (
        ("01062345602", IMPLAUSIBLE, "number.not-own"),
        ("13812345678", IMPLAUSIBLE, "number.not-own"),
        ("008613812345678", IMPOSSIBLE, "cn.0086"),
        ("", NOT_SHOWN, ""),
    ):
        found = check_presented(calling, PLAN, own)
        assert (found.verdict, found.reason) == (verdict, reason)
    assert check_presented("13812345678", PLAN, OwnNumbers([], PLAN)).verdict == PLAUSIBLE
