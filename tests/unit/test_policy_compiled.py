"""A compiled policy on a probe: what it holds for, in which order, and that a damaged one is never taken."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catflap_host import micropython
from catflap_host.policy.compiling import compile_policy, no_pools
from catflap_host.policy.document import parse
from catflap_host.policy.lists import ListEntry
from catflap_host.policy.registers import days_known
from catflap_probe.actions import LineActions
from catflap_probe.call import ALLOW, BLOCK, LABEL, LEGIT, TELEMARKETING, Call
from catflap_probe.exemptions import Exemptions
from catflap_probe.policy import Policy, PolicyError, decide
from catflap_probe.policy import parse as parse_own
from catflap_probe.rules.compiled import read
from catflap_probe.rules.layout import AUTHORISED, DENIED, INBOUND
from catflap_probe.trunk import EPOCH_S
from catflap_probe.verdict.judge import Finding
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan
from tests.replay.recorded import labels, record_world, replayed, rows

CALLER = "13812345678"
CALL_CENTRE = "95013812345"
CELLULAR = LineActions("L01", "3gpp", "simcom")
ANALOGUE = LineActions("L02", "v253", "usr")
PLAN = TrunkPlan("CN", "010", "subscriber")
NOW = datetime(2026, 9, 1, tzinfo=UTC)
Read = Callable[..., Policy]


def compiled(
    fields: dict[str, object],
    members: Callable[[str], Sequence[str]] = no_pools,
    more: Sequence[ListEntry] = (),
    trunks: Sequence[str] = (),
) -> bytes:
    document = parse(json.dumps({"catflap_policy": 1, **fields}))
    return compile_policy(document, "7", members, more, NOW, days_known(document.country), trunks).with_serial(1_795_000_000)


@pytest.fixture
def policy(tmp_path: Path) -> Read:
    def made(members: Callable[[str], Sequence[str]] = no_pools, more: Sequence[ListEntry] = (), **fields: object) -> Policy:
        (tmp_path / "policy").write_bytes(compiled(fields, members, more))
        return read(str(tmp_path / "policy"), "CN")

    return made


def at(text: str) -> int:
    """A second of the trunk's clock by China's wall clock."""
    return int(datetime.fromisoformat(text + "+08:00").timestamp()) - EPOCH_S


def done_to(
    rules: Policy,
    calling: str = CALLER,
    action: int = ALLOW,
    label: int = LEGIT,
    score: int = 0,
    may_stop: bool = True,
    now_s: int = 0,
    exemptions: Exemptions | None = None,
    line: LineActions = CELLULAR,
) -> tuple[int, list[str]]:
    call, finding = Call(0, 1, 0), Finding()
    call.calling = calling
    call.numbering = check(calling, PLAN, OwnNumbers([], PLAN))
    finding.action, finding.label, finding.score, finding.may_stop = action, label, score, may_stop
    return decide(rules, exemptions or Exemptions(), call, call.numbering.key, finding, now_s, line), finding.reasons


@pytest.mark.parametrize(
    ("entry", "inside", "outside"),
    [
        ({"number": "+8613812345678"}, [CALLER, "+86" + CALLER, "0" + CALLER], ["13812345679"]),
        ({"number": "+861062345678"}, ["01062345678", "+861062345678", "62345678"], ["62345679"]),
        ({"range": ["+861062340000", "+861062349999"]}, ["01062345678", "+861062345678"], ["01062350000"]),
        ({"prefix": "0755"}, ["075512345678", "+8675512345678"], ["01062345678"]),
        ({"kind": "call-centre"}, [CALL_CENTRE], [CALLER]),
        ({"holder": "中国移动"}, [CALLER, "+86" + CALLER], ["13012345678"]),
        ({"country": "GB"}, ["+442079460000", "00442079460000"], [CALLER, "+12125550100"]),
        ({"pool": "P1"}, [CALLER, "+86" + CALLER], ["13812345679"]),
    ],
)
def test_an_entry_holds_in_every_form_of_a_number(policy: Read, entry: dict[str, object], inside: list[str], outside: list[str]) -> None:
    def members(pool: str) -> list[str]:
        return ["+86" + CALLER] if pool == "P1" else []

    denied = policy(members, deny=[entry])
    assert [done_to(denied, calling) for calling in inside] == [(BLOCK, ["policy.deny"])] * len(inside)
    assert [done_to(denied, calling) for calling in outside] == [(ALLOW, [])] * len(outside)
    allowed = policy(members, allow=[entry], deny=[{"prefix": str(digit)} for digit in range(10)] + [{"prefix": "+"}])
    assert [done_to(allowed, calling)[1] for calling in inside + outside] == [["policy.allow"]] * len(inside) + [["policy.deny"]] * len(
        outside
    )


def test_entries_of_registers_are_taken_in(policy: Read) -> None:
    assert done_to(policy(more=[ListEntry(CALLER, CALLER, DENIED)])) == (BLOCK, ["policy.deny"])


def test_order_is_emergency_allow_deny_rules_exemptions_line_budget(policy: Read) -> None:
    everything: list[dict[str, object]] = [{"prefix": str(digit)} for digit in range(10)]
    rules = policy(emergency=["110"], deny=everything)
    assert done_to(rules, "110") == (ALLOW, ["policy.emergency"])
    exemptions = Exemptions()
    exemptions.dialled_out(CALLER, False, 10)
    assert done_to(rules, exemptions=exemptions, now_s=20) == (ALLOW, ["policy.call-back"])
    exemptions.off_hook(10)
    assert done_to(rules, "13900000000", exemptions=exemptions, now_s=20) == (LABEL, ["policy.deny", "policy.after-off-hook"])
    assert done_to(rules, line=LineActions("L03", "q931", "generic")) == (LABEL, ["policy.deny", "line.cannot-stop"])


def test_a_wish_that_one_line_cannot_fulfil_spares_the_calls_of_that_line_alone(policy: Read) -> None:
    rules = policy(stop={"ringing": "reject"}, deny=[{"number": CALLER}])
    assert done_to(rules, line=CELLULAR)[0] == BLOCK
    assert done_to(rules, line=ANALOGUE) == (LABEL, ["policy.deny", "policy.never-stop"])


@pytest.mark.parametrize(
    ("score", "may_stop", "action"),
    [
        (9500, True, (BLOCK, ["policy.action"])),
        (9500, False, (LABEL, [])),
        (9499, True, (LABEL, [])),
        (3000, True, (ALLOW, ["policy.action"])),
    ],
)
def test_actions_go_by_label_and_score_and_never_stop_a_lone_first_call(
    policy: Read, score: int, may_stop: bool, action: tuple[int, list[str]]
) -> None:
    rules = policy(
        actions=[
            {"label": "telemarketing", "score": 9500, "action": "block"},
            {"label": "telemarketing", "score": 5000, "action": "label"},
            {"label": "telemarketing", "action": "allow"},
        ]
    )
    found = done_to(rules, action=LABEL, label=TELEMARKETING, score=score, may_stop=may_stop)
    assert found == (action if may_stop else (LABEL, ["policy.lone-call"]))
    assert done_to(rules, action=BLOCK, label=LEGIT) == (BLOCK, [])


HOURS: dict[str, object] = {
    "hours": [
        {"label": "telemarketing", "workday": ["09:00-12:00", "14:00-18:00"], "rest": ["10:00-11:00"], "action": "block"},
        {"kind": "call-centre", "workday": ["08:30-20:00"], "action": "label"},
    ],
}


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-09-30T08:59:59", False),  # a Wednesday
        ("2026-09-30T09:00:00", True),
        ("2026-09-30T11:59:59", True),
        ("2026-09-30T12:00:00", False),
        ("2026-10-01T09:30:00", False),  # National Day
        ("2026-10-01T10:30:00", True),
        ("2026-10-03T10:30:00", True),  # a Saturday
        ("2026-10-10T09:30:00", True),  # a Saturday that is worked
        ("2026-10-11T09:30:00", False),
    ],
)
def test_calling_hours_follow_clock_and_calendar(policy: Read, moment: str, is_open: bool) -> None:
    rules = policy(no_pools, (), **HOURS)
    found = done_to(rules, action=LABEL, label=TELEMARKETING, score=9000, now_s=at(moment))
    assert found == ((LABEL, []) if is_open else (BLOCK, ["policy.hours"]))


def test_calling_hours_go_by_kind_of_number_too_and_need_a_clock(policy: Read) -> None:
    rules = policy(no_pools, (), **HOURS)
    night = at("2026-09-30T23:00:00")
    assert done_to(rules, CALL_CENTRE, now_s=night) == (LABEL, ["policy.hours"])
    assert done_to(rules, CALL_CENTRE, now_s=at("2026-09-30T12:30:00")) == (ALLOW, [])
    assert done_to(rules, CALL_CENTRE, now_s=1000) == (ALLOW, []), "the clock was never set"
    assert done_to(rules, action=ALLOW, label=TELEMARKETING, now_s=night, may_stop=False) == (LABEL, ["policy.lone-call"])


def test_clocks_that_are_changed_are_changed_on_the_probe(policy: Read) -> None:
    rules = policy(no_pools, (), time_zone="Europe/Berlin", **HOURS)
    assert rules.calendar is not None

    def wall(text: str) -> int:
        moment_s = int(datetime.fromisoformat(text).timestamp()) - EPOCH_S
        assert rules.calendar is not None
        return (rules.calendar.wall_s(moment_s) - moment_s) // 3600

    assert [wall(f"2026-10-25T{time}+00:00") for time in ("00:59:59", "01:00:00")] == [2, 1]
    assert [wall(f"2027-03-28T{time}+00:00") for time in ("00:59:59", "01:00:00")] == [1, 2]


def test_the_budget_ends_the_blocking_until_time_has_passed(policy: Read) -> None:
    rules = policy(budget={"blocks": 2, "minutes": 10}, deny=[{"number": CALLER}])
    found = [done_to(rules, now_s=now_s) for now_s in (1000, 1100, 1200, 1599, 1600, 1650)]
    blocked, labelled = (BLOCK, ["policy.deny"]), (LABEL, ["policy.deny", "policy.budget"])
    assert found == [blocked, blocked, labelled, labelled, blocked, labelled]
    assert done_to(rules, now_s=500) == blocked, "a clock put back does not end the blocking"


def test_a_mark_is_told_by_code_or_by_a_sender_in_any_form(policy: Read) -> None:
    rule = policy(mark={"code": "*39", "sms": ["+8613800138000"]}).mark
    assert rule is not None and (rule.code, rule.senders) == ("*39", ("+8613800138000", "13800138000"))
    assert policy().mark is None


@pytest.mark.parametrize("place", [5, 200, -40, -1])
def test_a_damaged_policy_is_refused(tmp_path: Path, place: int) -> None:
    content = bytearray(compiled({"deny": [{"number": str(13_800_000_000 + 2 * n)} for n in range(100)]}))
    for damaged in (content[:place], content[:place] + bytes([content[place] ^ 1]) + content[place:][1:]):
        (tmp_path / "policy").write_bytes(damaged)
        with pytest.raises(PolicyError, match=r"SHA-256|cut short"):
            read(str(tmp_path / "policy"), "CN")


def test_rules_in_a_file_for_one_probe_are_refused_and_not_passed_over() -> None:
    with pytest.raises(PolicyError, match=r"^hours: the aggregator compiles"):
        parse_own(json.dumps({"catflap_policy": 1, "hours": []}), "CN", [CELLULAR])


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_both_runtimes_act_by_it_the_same(tmp_path: Path) -> None:
    recording = record_world(tmp_path / "recording", count=150)
    shown = sorted({row["calling"] for row in labels(recording) if row["calling"]})
    fields: dict[str, object] = {
        "allow": [{"number": number} for number in shown[::7]],
        "deny": [{"number": number} for number in shown[::2]] + [{"kind": "call-centre"}, {"country": "GB"}],
        "hours": [{"kind": "mobile", "workday": ["10:00-11:00"]}, {"label": "simbank", "action": "block"}],
        "actions": [{"label": "telemarketing", "action": "block"}, {"label": "simbank", "score": 9900, "action": "label"}],
        "budget": {"blocks": 3, "minutes": 10},
        "registers": {"ranges": "label", "inbound": "block"},
    }
    registered = [*(ListEntry(number, number, AUTHORISED) for number in shown[::3]), *(ListEntry(n, n, INBOUND) for n in shown[1::11])]
    (tmp_path / "policy").write_bytes(compiled(fields, more=registered, trunks=["beijing-7"]))
    words = ["--policy", str(tmp_path / "policy"), "--tables", "board"]
    verdicts, _ = replayed([recording], tmp_path / "c", *words)
    assert replayed([recording], tmp_path / "m", *words, "--runtime", "micropython")[0] == verdicts
    reasons = {reason for row in rows(verdicts) for reason in row["reasons"].split(";")}
    assert {"policy.allow", "policy.deny", "policy.hours", "policy.budget", "policy.outside-range", "policy.inbound-only"} <= reasons
