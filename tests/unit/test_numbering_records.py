"""What the trunk makes of a numbering verdict: the call's record, the classifier's vector, the label in the end."""

import json
from array import array

import pytest

from catflap_probe import records
from catflap_probe.call import ALLOW, BLOCK, LEGIT, OUT, SHOWN, SPOOF, WANGIRI, WITHHELD, Call
from catflap_probe.features import NAMES, YES, fill
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy, parse
from catflap_probe.trunk import Observer, Trunk, TrunkSettings


@pytest.fixture
def trunk() -> Trunk:
    line = {"id": "L01", "dialect": "3gpp", "profile": "generic", "numbers": ["01062345601"]}
    settings = TrunkSettings({"id": "t", "country": "CN", "area_code": "010", "lines": [line]})
    trunk = Trunk(settings, TrunkMemory("t", "board"), None, Policy("CN"), Observer())
    trunk.start(settings, 1_800_000_000_000)
    return trunk


def decided(trunk: Trunk, calling: str, presentation: int = SHOWN) -> Call:
    call = Call(0, 1, 1000)
    call.calling, call.presentation, call.number_ms = calling, presentation, 1500
    trunk.decide(call, 1500)
    return call


@pytest.mark.parametrize(
    ("calling", "kind", "country", "holder", "place"),
    [
        ("13812345678", "mobile", "CN", "中国移动", ""),
        ("+862152345678", "landline", "CN", "", "上海"),
        ("95588", "service", "CN", "工商银行", ""),
        ("+442079460000", "landline", "GB", "", ""),
        ("16012345678", "mobile", "CN", "", ""),
        ("12*34", "unknown", "", "", ""),
    ],
)
def test_the_record_of_a_call_says_what_its_number_is(trunk: Trunk, calling: str, kind: str, country: str, holder: str, place: str) -> None:
    record = records.of_decision(decided(trunk, calling), "t", "L01", 0, False, "")
    assert (record["number_kind"], record["country"], record["holder"], record["place"]) == (kind, country, holder, place)


def test_the_record_of_an_outgoing_call_says_what_was_dialled(trunk: Trunk) -> None:
    call = Call(0, 1, 1000)
    call.direction, call.called = OUT, "17951013812345678"
    trunk.decide(call, 1500)
    record = records.of_decision(call, "t", "L01", 0, False, "")
    assert (record["number_kind"], record["holder"], record["k"]) == ("mobile", "中国移动", "call")


@pytest.mark.parametrize(
    ("dialled", "calling"),
    [("17951013812345678", "+8613812345678"), ("62345678", "01062345678"), ("0085223456789", "+85223456789"), ("01095588", "95588")],
)
def test_whoever_was_dialled_may_call_back_in_any_form(trunk: Trunk, dialled: str, calling: str) -> None:
    trunk.policy = parse(json.dumps({"catflap_policy": 1, "deny": [{"number": calling}]}), "CN", trunk.actions)
    assert decided(trunk, calling).decision.action == BLOCK  # type: ignore[union-attr]
    call = Call(0, 2, 2000)
    call.direction, call.called = OUT, dialled
    trunk.decide(call, 2500)
    decision = decided(trunk, calling).decision
    assert decision is not None
    assert (decision.action, decision.reasons[0]) == (ALLOW, "policy.call-back")


def test_the_record_of_a_call_without_number_says_nothing_of_it(trunk: Trunk) -> None:
    record = records.of_decision(decided(trunk, "", WITHHELD), "t", "L01", 0, False, "")
    assert (record["number_kind"], record["country"], record["holder"], record["place"]) == ("unknown", "", "", "")
    assert record["reasons"] == ["model.missing"]


def test_an_impossible_number_is_blocked_as_false_and_an_implausible_one_rings(trunk: Trunk) -> None:
    false = decided(trunk, "0086138").decision
    assert false is not None
    assert (false.label, false.action, false.reasons) == (SPOOF, BLOCK, ["cn.0086"])
    odd = decided(trunk, "4008123456").decision
    assert odd is not None
    assert (odd.label, odd.reasons[0]) == (LEGIT, "cn.called-only-number")


def kinds_of(trunk: Trunk, calling: str, presentation: int = SHOWN) -> set[str]:
    """The features about the number itself that are set."""
    call = Call(0, 1, 1000)
    call.calling, call.presentation = calling, presentation
    trunk.decide(call, 1500)
    assert call.numbering is not None
    vector = array("h", (0 for _ in NAMES))
    fill(vector, trunk.memory, trunk.memory.look(call.numbering.key, 10**8), call, call.numbering)
    return {name for name, value in zip(NAMES, vector, strict=True) if name.startswith("kind.") and value}


@pytest.mark.parametrize(
    ("calling", "expected"),
    [
        ("13812345678", {"kind.mobile"}),
        ("1400123456789", {"kind.mobile"}),
        ("+447700900123", {"kind.international"}),
        ("+85223456789", {"kind.international"}),
        ("95588", {"kind.service"}),
        ("95012345", {"kind.service"}),
        ("4008123456", {"kind.service", "kind.implausible"}),
        ("13491234567", {"kind.mobile", "kind.implausible"}),
        ("02152345678", set()),
        ("12*34", {"kind.implausible"}),
        ("62345602", set()),
    ],
)
def test_the_classifier_is_told_of_the_number(trunk: Trunk, calling: str, expected: set[str]) -> None:
    assert kinds_of(trunk, calling) == expected


def test_a_call_centre_s_range_is_told_from_a_service(trunk: Trunk) -> None:
    service = NAMES.index("kind.service")
    told = []
    for calling in ("95012345", "95588"):
        call = Call(0, 1, 1000)
        call.calling, call.presentation = calling, SHOWN
        trunk.decide(call, 1500)
        assert call.numbering is not None
        vector = array("h", (0 for _ in NAMES))
        fill(vector, trunk.memory, trunk.memory.look(call.numbering.key, 10**8), call, call.numbering)
        told.append(vector[service])
    assert told == [YES, YES >> 1]


def test_a_withheld_number_is_neither_false_nor_of_a_kind(trunk: Trunk) -> None:
    assert kinds_of(trunk, "", WITHHELD) == {"kind.withheld"}


@pytest.mark.parametrize(("calling", "label"), [("+23276123456", WANGIRI), ("13812345678", LEGIT), ("+8613812345678", LEGIT)])
def test_a_stranger_from_abroad_who_rings_once_is_found_in_the_end(trunk: Trunk, calling: str, label: int) -> None:
    call = decided(trunk, calling)
    call.rings, call.ended_ms = 1, 9000
    trunk.ended(call, 9000, True)
    assert call.final_label == label
