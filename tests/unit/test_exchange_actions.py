"""Experiments behind the table of actions: what each command really does to a ringing, a waiting and an answered call, family by family."""

import pytest

from catflap_probe.actions import ANSWER, ANSWERED, NOTHING, REJECT, RINGING, WAITING, LineActions
from catflap_probe.dialect.profiles import Profile
from catflap_probe.dialect.table import find_profile
from tests.exchange.desk import Desk
from tests.exchange.families import FAMILIES
from tests.exchange.family import Family
from tests.exchange.truth import CallTruth

CELLULAR = [name for name, family in FAMILIES.items() if family.is_cellular]
ANALOGUE = [name for name, family in FAMILIES.items() if not family.is_cellular]
ACT_S = 80.0


def profile_of(family: Family) -> Profile:
    """The probe's data for a family; its options are what switches on what its commands need."""
    profile, is_known = find_profile(family.dialect, family.profile)
    assert is_known
    return profile


def ready(name: str) -> Desk:
    """A desk whose modem has had what the probe says to it at the start."""
    family = FAMILIES[name]
    desk = Desk(family)
    desk.set_up()
    for command in profile_of(family).options:
        desk.modem.receive(f"{command}\r".encode(), 1)
    desk.clock.run()
    return desk


def after_on_a_ringing_call(name: str, *commands: str) -> CallTruth:
    """What became of a call that rings when the commands are typed, two seconds apart."""
    desk = ready(name)
    call = desk.call(ACT_S - 6.0, patience_s=30.0)
    for place, command in enumerate(commands):
        desk.type(ACT_S + 2.0 * place, f"{command}\r")
    desk.written()
    return call


def after_on_a_talk(name: str, *commands: str, waits: bool) -> tuple[CallTruth, CallTruth | None]:
    """What became of a talk, and of the call that waits meanwhile, when the commands are typed."""
    desk = ready(name)
    talk = desk.call(ACT_S - 30.0, answer_s=4.0, talk_s=60.0)
    waiting = desk.call(ACT_S - 5.0, calling="13987654321", patience_s=15.0) if waits else None
    for place, command in enumerate(commands):
        desk.type(ACT_S + 2.0 * place, f"{command}\r")
    desk.written()
    return talk, waiting


def actions(name: str) -> LineActions:
    """What the table says of a family."""
    family = FAMILIES[name]
    return LineActions("L01", family.dialect, family.profile)


@pytest.mark.parametrize("name", CELLULAR)
def test_a_ringing_call_is_rejected_by_the_command_of_its_family(name: str) -> None:
    assert actions(name).to(RINGING).kind == REJECT
    call = after_on_a_ringing_call(name, profile_of(FAMILIES[name]).stop)
    assert (call.outcome, call.answered_s, call.on_hook_s) == ("blocked", None, None)
    assert call.ended_s == pytest.approx(ACT_S, abs=0.2)


@pytest.mark.parametrize("name", CELLULAR)
def test_a_waiting_call_is_rejected_and_the_talk_goes_on(name: str) -> None:
    assert actions(name).to(WAITING).kind == REJECT
    talk, waiting = after_on_a_talk(name, profile_of(FAMILIES[name]).stop_waiting, waits=True)
    assert waiting is not None
    assert waiting.outcome == "blocked"
    assert waiting.ended_s == pytest.approx(ACT_S, abs=0.2)
    assert (talk.touched_in_use, talk.ended_s) == (False, ACT_S - 30.0 + 4.0 + 60.0)


@pytest.mark.parametrize("command", ["ATH", "AT+CHUP"])
@pytest.mark.parametrize("name", CELLULAR)
def test_what_rejects_a_ringing_call_would_end_the_talk_that_another_waits_behind(name: str, command: str) -> None:
    talk, waiting = after_on_a_talk(name, command, waits=True)
    does_nothing = name == "huawei" and command == "ATH"
    assert talk.touched_in_use != does_nothing
    assert waiting is not None and waiting.outcome == "given-up"


@pytest.mark.parametrize("name", CELLULAR)
def test_an_answered_call_is_left_alone_and_what_would_be_done_ends_it(name: str) -> None:
    assert actions(name).to(ANSWERED).kind == NOTHING
    talk, _ = after_on_a_talk(name, profile_of(FAMILIES[name]).stop, waits=False)
    assert talk.touched_in_use
    untouched, _ = after_on_a_talk(name, "AT+CHLD=0", waits=False)
    assert not untouched.touched_in_use


@pytest.mark.parametrize("name", ANALOGUE)
def test_an_analogue_modem_can_only_answer_a_ringing_call_and_hang_up(name: str) -> None:
    means = actions(name).to(RINGING)
    profile = profile_of(FAMILIES[name])
    assert (means.kind, means.caller_may_pay, means.may_hold) == (ANSWER, True, True)
    call = after_on_a_ringing_call(name, profile.stop, profile.hang_up)
    assert (call.outcome, call.off_hook_s is not None, call.on_hook_s) == ("blocked", True, ACT_S + 2.0)


@pytest.mark.parametrize("command", ["ATH", "ATH0", "AT+CHUP", "AT+CHLD=0", "ATZ"])
def test_nothing_else_stops_a_call_on_an_analogue_line(command: str) -> None:
    for name in ANALOGUE:
        assert after_on_a_ringing_call(name, command).outcome == "given-up"


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("name", ANALOGUE)
def test_going_off_hook_disturbs_a_talk_unless_the_modem_senses_it(name: str, waits: bool) -> None:
    assert [actions(name).to(state).kind for state in (WAITING, ANSWERED)] == [NOTHING, NOTHING]
    profile = profile_of(FAMILIES[name])
    talk, _ = after_on_a_talk(name, profile.stop, profile.hang_up, waits=waits)
    assert talk.touched_in_use == (not FAMILIES[name].in_use_setting)


def test_an_exchange_may_hold_the_line_after_the_hang_up() -> None:
    desk = ready("usr")
    desk.line._caller_holds_s = 60.0
    call = desk.call(ACT_S - 6.0, patience_s=30.0)
    second = desk.call(ACT_S + 30.0)
    desk.type(ACT_S, "ATH1\r")
    desk.type(ACT_S + 2.0, "ATH0\r")
    desk.written()
    assert (call.outcome, call.ended_s, second.outcome) == ("blocked", ACT_S + 62.0, "busy")
