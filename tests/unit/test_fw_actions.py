"""The table of what can be done to a call agrees with the modem families, and knows its limits."""

import pytest

from catflap_probe.actions import ANSWER, ANSWERED, NOTHING, REJECT, RINGING, STATES, TABLE, WAITING, LineActions, state_of
from catflap_probe.call import Call
from catflap_probe.dialect import table
from catflap_probe.dialect.profiles import Profile
from catflap_probe.dialect.table import TO_COME, profile_of

FAMILIES = [(dialect, name) for dialect in table.DIALECTS for name in table.FAMILIES[dialect]]


def test_every_dialect_is_in_the_table_with_every_state() -> None:
    assert set(TABLE) == {*table.DIALECTS, *TO_COME}
    assert all(len(means) == len(STATES) and all(one.source for one in means) for means in TABLE.values())


@pytest.mark.parametrize(("dialect", "name"), FAMILIES)
def test_what_a_line_can_do_its_family_has_a_command_for(dialect: str, name: str) -> None:
    line, family = LineActions("L01", dialect, name), profile_of(dialect, name)
    for state in (RINGING, WAITING):
        means = line.to(state)
        assert means.kind == NOTHING or getattr(family, means.origin)
    assert line.to(ANSWERED).kind == NOTHING


@pytest.mark.parametrize(("dialect", "name"), FAMILIES)
def test_a_line_that_is_taken_is_also_left_again(dialect: str, name: str) -> None:
    family = profile_of(dialect, name)
    assert bool(family.hang_up) == (LineActions("L01", dialect, name).to(RINGING).kind == ANSWER)


def test_an_analogue_modem_cannot_reject_and_can_do_nothing_while_the_line_is_in_use() -> None:
    line = LineActions("L01", "v253", "usr")
    assert [line.to(state).kind for state in range(3)] == [ANSWER, NOTHING, NOTHING]
    assert line.to(RINGING).caller_may_pay and line.to(RINGING).may_hold


@pytest.mark.parametrize("name", table.FAMILIES["3gpp"])
def test_a_cellular_modem_rejects_a_waiting_call_without_touching_the_one_in_progress(name: str) -> None:
    line = LineActions("L01", "3gpp", name)
    assert [line.to(state).kind for state in range(3)] == [REJECT, REJECT, NOTHING]
    assert not line.to(RINGING).caller_may_pay
    assert profile_of("3gpp", name).stop_waiting == "AT+CHLD=0"


@pytest.mark.parametrize("dialect", ["q931", "smdr", "carrier-pigeon"])
def test_a_tap_a_record_port_and_an_unknown_line_can_do_nothing(dialect: str) -> None:
    line = LineActions("L01", dialect, "generic")
    assert [line.to(state).kind for state in range(3)] == [NOTHING] * 3


def test_a_family_without_a_command_can_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mute = Profile(name="mute", caller_id=(("AT+CLIP=1", ""),), stop="ATH")
    monkeypatch.setattr("catflap_probe.actions.find_profile", lambda *_: (mute, True))
    assert LineActions("L01", "3gpp", "mute").to(WAITING).kind == NOTHING
    assert LineActions("L01", "3gpp", "mute").to(RINGING).kind == REJECT


def test_the_state_of_a_call() -> None:
    call = Call(0, 1, 0)
    assert state_of(call) == RINGING
    call.waited = True
    assert state_of(call) == WAITING
    call.answered_ms = 5
    assert state_of(call) == ANSWERED
