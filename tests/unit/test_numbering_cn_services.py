"""Chinese services: which codes may call, which are for being called, and that none comes behind 00 or +86."""

import pytest

from catflap_probe.verdict.kinds import CALL_CENTRE, SERVICE, SHARED_COST, TOLL_FREE
from catflap_probe.verdict.numbering import describe
from catflap_probe.verdict.plausibility import IMPLAUSIBLE, IMPOSSIBLE, PLAUSIBLE
from tests.unit.judged import judge, verdict

ROLES = ("subscriber", "international", "interconnect")


@pytest.mark.parametrize(
    ("calling", "holder"),
    [
        ("110", "公安报警"),
        ("119", "消防救援"),
        ("120", "医疗急救"),
        ("122", "交通事故报警"),
        ("114", "号码百事通"),
        ("96110", "反诈劝阻"),
        ("12345", "政务服务"),
        ("12381", "涉诈预警"),
        ("10000", "中国电信"),
        ("10010", "中国联通"),
        ("10086", "中国移动"),
        ("1008611", "中国移动"),
        ("10099", "中国广电"),
        ("11185", "中国邮政"),
        ("95588", "工商银行"),
        ("955881", "工商银行"),
        ("95588123", "工商银行"),
        ("95338", "顺丰"),
        ("95598", "电力"),
        ("95105105", "铁路订票"),
        ("95599", "农业银行"),
        ("96345", "地方服务"),
        ("963456", "地方服务"),
    ],
)
def test_who_may_call_from_a_code(calling: str, holder: str) -> None:
    found = judge(calling)
    assert (found.verdict, found.reason, found.kind, found.key) == (PLAUSIBLE, "", SERVICE, calling)
    assert describe(found)[0] == holder
    assert found.is_service()


@pytest.mark.parametrize("code", ["950", "951", "952", "954", "957"])
@pytest.mark.parametrize("behind", ["12", "123", "12345", "1234567", "12345678"])
def test_the_ranges_of_call_centres_are_a_kind_of_their_own(code: str, behind: str) -> None:
    found = judge(code + behind)
    assert (found.verdict, found.kind) == (PLAUSIBLE, CALL_CENTRE)


@pytest.mark.parametrize("code", ["953", "955", "956", "958", "959"])
def test_other_95_codes_are_services(code: str) -> None:
    assert judge(code + "12").kind == SERVICE


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("prefix", ["00", "+86", "+", "+0086", "0086"])
@pytest.mark.parametrize(
    "code",
    [
        "110",
        "119",
        "120",
        "122",
        "10000",
        "10010",
        "10086",
        "12345",
        "12315",
        "95588",
        "955881",
        "95001",
        "9501234",
        "96110",
        "4008123456",
        "8008123456",
    ],
)
def test_behind_00_or_86_a_service_is_impossible(prefix: str, code: str, role: str) -> None:
    found = judge(prefix + code, role=role)
    assert (found.verdict, found.reason) == (IMPOSSIBLE, "cn.0086" if "0086" in prefix else "cn.service-from-abroad")


@pytest.mark.parametrize(
    ("calling", "country"),
    [("+95 1 234567", "MM"), ("+95 9 450 123456", "MM"), ("+961 1 123456", "LB"), ("+40 21 312 3456", "RO"), ("+1 212 555 0123", "US")],
)
def test_a_foreign_number_that_begins_like_a_service_is_none(calling: str, country: str) -> None:
    found = judge(calling)
    assert (found.verdict, found.country, found.is_foreign, found.is_service()) == (PLAUSIBLE, country, True, False)


@pytest.mark.parametrize("calling", ["+86 951 6234567", "+86 953 2234567", "+86 955 7234567"])
def test_landlines_of_ningxia_begin_with_95_and_are_no_services(calling: str) -> None:
    assert verdict(calling) == ("plausible", "")


@pytest.mark.parametrize(
    ("calling", "kind"),
    [("400 812 3456", SHARED_COST), ("800 812 3456", TOLL_FREE), ("112", SERVICE), ("12117", SERVICE), ("117", SERVICE)],
)
def test_numbers_for_being_called_are_implausible_as_callers(calling: str, kind: int) -> None:
    found = judge(calling)
    assert (found.verdict, found.reason, found.kind) == (IMPLAUSIBLE, "cn.called-only-number", kind)


@pytest.mark.parametrize("calling", ["10655", "10690000", "106575123456", "10698765432101234"])
def test_a_sender_of_messages_never_calls(calling: str) -> None:
    assert verdict(calling) == ("implausible", "cn.messages-only")


@pytest.mark.parametrize("calling", ["113", "115", "118", "199", "1234", "1999", "1001", "1350"])
def test_an_unknown_code_of_three_or_four_digits_is_impossible(calling: str) -> None:
    for role in ROLES:
        assert verdict(calling, role=role) == ("impossible", "cn.unknown-code")


@pytest.mark.parametrize("calling", ["10300", "13800", "102345", "1123456"])
def test_an_unknown_longer_code_is_implausible(calling: str) -> None:
    assert verdict(calling) == ("implausible", "cn.unknown-code")


@pytest.mark.parametrize(
    ("calling", "key", "holder", "place"),
    [
        ("010 95580", "95580", "邮政储蓄银行", ""),
        ("0571 95588", "95588", "工商银行", ""),
        ("0571 10086", "10086", "中国移动", ""),
        ("010 12345", "12345", "政务服务", ""),
        ("0571 12345", "057112345", "政务服务", "杭州"),
        ("0571 96345", "057196345", "地方服务", "杭州"),
        ("021 110", "021110", "公安报警", "上海"),
        ("+86 571 96345", "057196345", "地方服务", "杭州"),
    ],
)
def test_a_service_behind_an_area_code(calling: str, key: str, holder: str, place: str) -> None:
    found = judge(calling)
    assert (found.verdict, found.kind, found.key) == (PLAUSIBLE, SERVICE, key)
    assert describe(found) == (holder, place)


def test_an_area_code_makes_no_400_number_a_caller() -> None:
    assert verdict("010 4008123456") == ("implausible", "cn.called-only-number")


@pytest.mark.parametrize("calling", ["0110", "012345"])
def test_a_zero_alone_before_a_service_is_implausible(calling: str) -> None:
    assert verdict(calling) == ("implausible", "cn.zero-before-service")


def test_an_impossible_number_has_no_holder() -> None:
    assert describe(judge("+8695588")) == describe(judge("1381234567")) == ("", "")
