"""The policy: faults that name their place, lists, and who may ring whatever was found."""

import json

import pytest

from catflap_probe.actions import LineActions
from catflap_probe.call import ALLOW, BLOCK, LABEL, Call
from catflap_probe.exemptions import AFTER_EMERGENCY_S, AFTER_OFF_HOOK_S, CALLBACK_S, MAX_DIALLED, Exemptions
from catflap_probe.policy import Policy, PolicyError, decide, parse
from catflap_probe.verdict.judge import Finding

CALLER = "13812345678"
ANALOGUE = LineActions("L01", "v253", "usr")
CELLULAR = LineActions("L02", "3gpp", "simcom")
TAP = LineActions("L03", "q931", "generic")
RECORDS = LineActions("L04", "smdr", "generic")


def policy(*lines: LineActions, **fields: object) -> Policy:
    return parse(json.dumps({"catflap_policy": 1, **fields}), "CN", list(lines) or [ANALOGUE, CELLULAR])


def ringing(calling: str) -> Call:
    call = Call(0, 1, 0)
    call.calling = calling
    return call


def finding(action: int, *reasons: str) -> Finding:
    found = Finding()
    found.action = action
    found.reasons += reasons
    return found


def decided(rules: Policy, calling: str, found: int, exemptions: Exemptions | None = None, now_s: int = 0) -> tuple[int, list[str]]:
    detected = finding(found)
    return decide(rules, exemptions or Exemptions(), ringing(calling), calling, detected, now_s, CELLULAR), detected.reasons


def done_to(rules: Policy, line: LineActions, waited: bool = False, answered: bool = False) -> tuple[int, list[str]]:
    """What is done to a call that detection would block."""
    call = ringing(CALLER)
    call.waited = waited
    call.answered_ms = 9000 if answered else -1
    detected = finding(BLOCK, "number")
    return decide(rules, Exemptions(), call, CALLER, detected, 0, line), detected.reasons


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"shadow": 1}, "shadow: true or false"),
        ({"emergency": "110"}, "emergency: a list"),
        ({"emergency": ["110", 119]}, r"emergency\[1\]: a number"),
        ({"allow": {}}, "allow: a list"),
        ({"deny": ["138"]}, r"deny\[0\]: an entry is an object"),
        ({"deny": [{"prefix": "138"}, {"note": "x"}]}, r"deny\[1\]: give exactly one"),
        ({"allow": [{"number": "1", "prefix": "1"}]}, r"allow\[0\]: give exactly one"),
        ({"allow": [{"number": "+"}]}, r"allow\[0\]: a number"),
        ({"allow": [{"number": "12a"}]}, r"allow\[0\]: a number"),
        ({"allow": [{"range": ["1"]}]}, r"allow\[0\]: a range"),
        ({"allow": [{"range": ["1", "22"]}]}, r"allow\[0\]: first and last"),
        ({"allow": [{"range": ["2", "1"]}]}, r"allow\[0\]: first and last"),
        ({"mark": "*39"}, "mark: an object with code, sms"),
        ({"mark": {"code": 39}}, "mark.code"),
        ({"mark": {"code": "*39#"}}, "mark.code"),
        ({"mark": {"sms": ["li.wei"]}}, r"mark.sms\[0\]: a number"),
        ({"mark": {"sms": ["10086"] * 21}}, "mark.sms: at most 20"),
    ],
)
def test_a_fault_names_its_place(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(PolicyError, match=f"^{fault}"):
        policy(**fields)


@pytest.mark.parametrize(("text", "fault"), [("{", "not JSON"), ("[]", "catflap_policy"), ('{"catflap_policy": 2}', "catflap_policy")])
def test_what_is_no_policy_is_refused(text: str, fault: str) -> None:
    with pytest.raises(PolicyError, match=fault):
        parse(text, "CN", [CELLULAR])


@pytest.mark.parametrize(
    ("entry", "inside", "outside"),
    [
        ({"number": CALLER}, [CALLER], ["1381234567", CALLER + "0"]),
        ({"prefix": "138"}, [CALLER, "138"], ["13", "13912345678"]),
        ({"prefix": "+"}, ["+442079460000"], ["00442079460000"]),
        ({"range": ["13800000000", "13812345678"]}, ["13800000000", CALLER], ["13812345679", "13799999999", "138000000000"]),
    ],
)
def test_number_prefix_and_range(entry: dict[str, object], inside: list[str], outside: list[str]) -> None:
    rules = policy(deny=[entry])
    assert all(decided(rules, calling, ALLOW) == (BLOCK, ["policy.deny"]) for calling in inside)
    assert all(decided(rules, calling, ALLOW) == (ALLOW, []) for calling in outside)


def test_ranges_that_overlap_or_enclose_each_other_cover_all_they_cover() -> None:
    rules = policy(deny=[{"range": ["20", "29"]}, {"range": ["10", "50"]}, {"range": ["45", "60"]}, {"range": ["70", "71"]}])
    assert [value for value in range(10, 100) if rules.deny.has(str(value))] == [*range(10, 61), 70, 71]


def test_a_list_entry_holds_for_either_form_of_a_number() -> None:
    rules = policy(deny=[{"number": CALLER}])
    assert decide(rules, Exemptions(), ringing("+86" + CALLER), CALLER, finding(ALLOW), 0, CELLULAR) == BLOCK


def test_emergency_comes_before_allow_before_deny_before_detection() -> None:
    everything = [{"prefix": str(digit)} for digit in range(10)]
    assert decided(policy(allow=everything, deny=everything), "110", BLOCK) == (ALLOW, ["policy.emergency"])
    assert decided(policy(allow=everything, deny=everything), CALLER, BLOCK) == (ALLOW, ["policy.allow"])
    assert decided(policy(deny=everything), CALLER, ALLOW) == (BLOCK, ["policy.deny"])
    assert decided(policy(), CALLER, LABEL) == (LABEL, [])


def test_emergency_numbers_are_the_country_s_unless_given() -> None:
    assert decided(policy(), "119", BLOCK)[0] == ALLOW
    assert decided(policy(emergency=["999"]), "119", BLOCK)[0] == BLOCK
    assert decided(policy(emergency=["999"]), "999", BLOCK)[0] == ALLOW


def test_whoever_was_dialled_may_call_back_for_a_day_even_if_denied() -> None:
    rules, exemptions = policy(deny=[{"number": CALLER}]), Exemptions()
    exemptions.dialled_out(CALLER, False, 1000)
    assert decided(rules, CALLER, ALLOW, exemptions, 1000 + CALLBACK_S) == (ALLOW, ["policy.call-back"])
    assert decided(rules, CALLER, ALLOW, exemptions, 1001 + CALLBACK_S) == (BLOCK, ["policy.deny"])


def test_everybody_may_call_after_an_emergency_call() -> None:
    exemptions = Exemptions()
    exemptions.dialled_out("120", True, 1000)
    assert decided(policy(), CALLER, BLOCK, exemptions, 1000 + AFTER_EMERGENCY_S) == (ALLOW, ["policy.after-emergency"])
    assert decided(policy(), CALLER, BLOCK, exemptions, 1001 + AFTER_EMERGENCY_S) == (BLOCK, [])


def test_nothing_is_stopped_after_a_call_whose_digits_the_line_does_not_show() -> None:
    exemptions = Exemptions()
    exemptions.off_hook(1000)
    everything = policy(deny=[{"number": CALLER}])
    assert decided(everything, CALLER, ALLOW, exemptions, 1000 + AFTER_OFF_HOOK_S) == (LABEL, ["policy.deny", "policy.after-off-hook"])
    assert decided(everything, CALLER, ALLOW, exemptions, 1001 + AFTER_OFF_HOOK_S) == (BLOCK, ["policy.deny"])


def test_the_longest_ago_dialled_number_is_forgotten_first() -> None:
    exemptions = Exemptions()
    for index in range(MAX_DIALLED):
        exemptions.dialled_out(str(index), False, index)
    exemptions.dialled_out("0", False, MAX_DIALLED)
    exemptions.dialled_out("new", False, MAX_DIALLED)
    assert [exemptions.reason(number, MAX_DIALLED) for number in ("0", "1", "2")] == ["policy.call-back", "", "policy.call-back"]


def test_no_number_meets_no_list() -> None:
    assert decided(policy(deny=[{"prefix": "+"}]), "", ALLOW) == (ALLOW, [])


@pytest.mark.parametrize(
    ("lines", "fields", "fault"),
    [
        (
            [CELLULAR, ANALOGUE],
            {"stop": {"ringing": "reject"}},
            r"stop.ringing: .*line L01 \(v253\) can answer it and hang up",
        ),
        ([ANALOGUE, CELLULAR], {"stop": {"ringing": "answer"}}, r"stop.ringing: .*line L02 \(3gpp\) can reject it"),
        ([ANALOGUE, CELLULAR], {"stop": {"waiting": "reject"}}, r"stop.waiting: .*line L01 \(v253\) can do nothing"),
        ([CELLULAR, TAP], {"stop": {"ringing": "reject"}}, r"stop.ringing: .*line L03 \(q931\) can do nothing"),
        ([RECORDS], {"stop": {"ringing": "answer"}}, r"stop.ringing: .*line L04 \(smdr\) can do nothing"),
        ([CELLULAR], {"stop": {"waiting": "answer"}}, "stop.waiting: one of best, never, reject"),
        ([CELLULAR], {"stop": {"ringing": "challenge"}}, "stop.ringing: no line can challenge"),
        ([CELLULAR], {"stop": {"ringing": ["best"]}}, "stop.ringing: one of"),
        ([CELLULAR], {"stop": {"answered": "reject"}}, "stop.answered: nothing is ever done"),
        ([CELLULAR], {"stop": "best"}, "stop: an object"),
        ([CELLULAR], {"challenge": {}}, "challenge: no line can challenge"),
        ([CELLULAR], {"deny": [{"prefix": "+", "action": "challenge"}]}, r"deny\[0\].action: no line can challenge"),
        (
            [TAP, RECORDS],
            {"deny": [{"prefix": "+"}]},
            r"deny\[0\]: no line of the trunk can stop a call: .*L03.*L04 \(smdr\)",
        ),
    ],
)
def test_what_a_line_cannot_do_is_refused_when_the_policy_is_read(lines: list[LineActions], fields: dict[str, object], fault: str) -> None:
    with pytest.raises(PolicyError, match=f"^{fault}"):
        policy(*lines, **fields)


def test_what_every_line_can_do_may_be_asked_for() -> None:
    assert policy(ANALOGUE, stop={"ringing": "answer"}).stop == ["answer", "best"]
    assert policy(CELLULAR, stop={"ringing": "reject", "waiting": "reject"}).stop == ["reject", "reject"]
    assert policy(ANALOGUE, CELLULAR, TAP, stop={"ringing": "never", "waiting": "never"}).stop == ["never", "never"]
    assert policy(TAP, CELLULAR, deny=[{"prefix": "+"}]).deny.has("+1")


def test_a_call_about_which_its_line_can_do_nothing_is_labelled() -> None:
    labelled = (LABEL, ["number", "line.cannot-stop"])
    assert done_to(policy(), TAP) == done_to(policy(), RECORDS) == labelled
    assert done_to(policy(), ANALOGUE, waited=True) == labelled
    assert done_to(policy(), ANALOGUE, answered=True) == done_to(policy(), CELLULAR, answered=True) == labelled
    assert done_to(policy(), ANALOGUE) == done_to(policy(), CELLULAR) == done_to(policy(), CELLULAR, waited=True) == (BLOCK, ["number"])


def test_an_answer_may_be_forbidden_so_that_no_caller_learns_that_the_number_lives() -> None:
    """Peers' pain 13."""
    labelled = (LABEL, ["number", "policy.never-stop"])
    assert done_to(policy(stop={"ringing": "never"}), ANALOGUE) == labelled
    assert done_to(policy(stop={"ringing": "never"}), CELLULAR, waited=True) == (BLOCK, ["number"])
    assert done_to(policy(stop={"waiting": "never"}), CELLULAR, waited=True) == labelled
