"""Stopping calls: at once, never on a line in use, checked to have worked, and never taken in by the answer to another command."""

import asyncio

import pytest

from catflap_probe.call import FAILED, GONE, IN_USE, NONE, STOPPED, Call
from catflap_probe.command import REPLY_MS
from catflap_probe.dialect.profiles import Profile
from catflap_probe.events import OFF_HOOK
from tests.unit.fake_line import DENIED, FRIEND, FakeLine, play_line, ring
from tests.unit.fake_modem import FakeModem

STOPS = ("ATH", "ATH1", "AT+CHUP", "AT+CHLD=0")


def stops(line: FakeLine) -> list[str]:
    """The commands sent that do something to a call."""
    return [command for command in line.modem.commands() if command in STOPS]


async def ready(line: FakeLine) -> None:
    """The modem is set up, and will not be asked anything for some seconds."""
    await line.until("modem-ready")
    await asyncio.sleep(1.0)


async def over(line: FakeLine) -> Call:
    """The next call that ends."""
    count = len(line.ended_calls)
    while len(line.ended_calls) == count:
        await asyncio.sleep(0.1)
    return line.ended_calls[-1]


def test_an_analogue_line_is_taken_at_once_held_and_left_again() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        await ring(line)
        await asyncio.sleep(1.0)
        shown_s = line.now_s()
        line.modem.say(f"NMBR = {DENIED}")
        call = await over(line)
        taken_s, left_s = [t_s for t_s, command in line.modem.sent if command in ("ATH1", "ATH0")]
        assert taken_s == shown_s
        assert left_s - taken_s == pytest.approx(line.commander.profile.hold_ms / 1000, abs=0.01)
        assert call.outcome == STOPPED

    play_line(play, FakeModem())


def test_caller_id_before_the_first_ring_is_acted_on_at_that_ring() -> None:
    """Peers' pain 3, UK and DTMF countries: only a ring proves that nobody is talking on the line."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.say(f"NMBR = {DENIED}")
        await asyncio.sleep(1.0)
        assert stops(line) == []
        rang_s = line.now_s()
        await ring(line)
        call = await over(line)
        assert line.modem.since(rang_s) == ["ATH1", "ATH0"]
        assert call.outcome == STOPPED

    play_line(play, FakeModem())


def test_a_caller_id_in_the_middle_of_a_talk_takes_no_line() -> None:
    """Peers' pain 5: never touch a line in use. A waiting call shows its caller ID without a ring."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.say(f"NMBR = {DENIED}")
        call = await over(line)
        assert stops(line) == []
        assert call.outcome == IN_USE

    play_line(play, FakeModem())


def test_a_line_that_somebody_took_is_not_touched() -> None:
    """Peers' pain 5: never touch a line in use."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        now_ms = line.clock.now_ms()
        line.line.heard(OFF_HOOK, now_ms, now_ms, "", 0)
        line.modem.say(f"NMBR = {DENIED}")
        call = await over(line)
        assert stops(line) == []
        assert call.calling == DENIED and call.outcome == IN_USE

    play_line(play, FakeModem())


def test_a_modem_that_senses_the_use_of_the_line_need_not_wait_for_a_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = Profile("sensing", (("AT+VCID=1", "AT+VCID?"),), "ATH1", hang_up="ATH0", hold_ms=2000, senses_use=True)
    monkeypatch.setattr("tests.unit.fake_line.find_profile", lambda *_: (profile, True))
    monkeypatch.setattr("catflap_probe.actions.find_profile", lambda *_: (profile, True))

    async def play(line: FakeLine) -> None:
        await ready(line)
        shown_s = line.now_s()
        line.modem.say(f"NMBR = {DENIED}")
        await over(line)
        assert line.modem.since(shown_s)[0] == "ATH1"
        line.modem.answers["ATH1"] = "LINE-IN-USE!"
        await asyncio.sleep(3.0)
        shown_s = line.now_s()
        line.modem.say(f"NMBR = {DENIED}")
        call = await over(line)
        assert [command for command in line.modem.since(shown_s) if command != "AT+VCID?"] == ["ATH1"]
        assert call.outcome == IN_USE

    play_line(play, FakeModem(), profile="sensing")


def test_a_waiting_call_is_rejected_by_its_own_command_and_the_talk_goes_on() -> None:
    """Peers' pain 5: never touch a line in use."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        await ring(line)
        line.modem.say(f'+CLIP: "{FRIEND}",129,,,,0')
        await asyncio.sleep(3.0)
        line.modem.say("^CONN:1,0")
        await asyncio.sleep(20.0)
        line.modem.say(f'+CCWA: "{DENIED}",129,1,,0')
        waiting = await over(line)
        assert stops(line) == ["AT+CHLD=0"]
        assert waiting.calling == DENIED and waiting.outcome == STOPPED
        talk = line.line.call
        assert talk is not None and talk.calling == FRIEND and talk.answered_ms >= 0

    play_line(play, FakeModem(), "3gpp", "huawei")


def test_the_late_answer_to_a_question_is_not_taken_for_the_stop_s() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.delays_s["AT+CLIP=1"] = line.modem.delays_s["AT+CLIP?"] = 1.0
        line.modem.deaf = {"AT+CHUP"}
        asked = len(line.modem.sent)
        while len(line.modem.sent) == asked:
            await asyncio.sleep(0.1)
        # the question is on its way, its OK comes while the stop is waited for
        await ring(line)
        shown_s = line.now_s()
        line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
        await asyncio.sleep(REPLY_MS / 1000 - 0.1)
        assert line.modem.since(shown_s) == ["AT+CHUP"]
        await asyncio.sleep(0.2)
        assert line.modem.since(shown_s) == ["AT+CHUP", "AT+CHUP"]
        call = await over(line)
        assert call.outcome == FAILED

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_question_on_its_way_delays_no_stop() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.deaf = {"AT+CLIP?", "AT+CLIP=1"}
        asked = len(line.modem.sent)
        while len(line.modem.sent) == asked:
            await asyncio.sleep(0.1)
        await ring(line)
        shown_s = line.now_s()
        line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
        await asyncio.sleep(0.1)
        assert [t_s for t_s, command in line.modem.sent if command == "AT+CHUP"] == [shown_s]
        # its OK is given to the unanswered question, so it is said once more
        line.modem.deaf.clear()
        call = await over(line)
        assert stops(line) == ["AT+CHUP", "AT+CHUP"]
        assert call.outcome == STOPPED

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_name_that_comes_late_stops_nothing_again() -> None:
    """Peers' pain 6: a late NAME re-runs the decision with an empty number."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        await ring(line)
        line.modem.say(f"NMBR = {DENIED}")
        await asyncio.sleep(1.0)
        line.modem.say("NAME = SCAM LIKELY")
        call = await over(line)
        assert stops(line) == ["ATH1"]
        assert (call.calling, call.name, call.outcome) == (DENIED, "SCAM LIKELY", STOPPED)
        assert len(line.calls) == 1

    play_line(play, FakeModem())


def test_a_stop_that_is_not_obeyed_is_sent_once_more_and_told_as_failed() -> None:
    """Peers' pain 15: the hang-up not obeyed. What the modem answers is not believed while the line rings on."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        for _ in range(6):
            await ring(line)
            line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
            await asyncio.sleep(5.0)
        call = await over(line)
        assert stops(line) == ["AT+CHUP", "AT+CHUP"]
        assert call.outcome == FAILED

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_an_analogue_line_that_rings_on_is_told_as_failed_and_not_taken_blindly() -> None:
    """Peers' pain 15: verify that the line really dropped. The ring may be another caller's, whose number is still to come."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        await ring(line)
        line.modem.say(f"NMBR = {DENIED}")
        for _ in range(4):
            await asyncio.sleep(5.0)
            await ring(line)
        call = await over(line)
        assert stops(line) == ["ATH1"]
        assert (call.rings, call.outcome, len(line.calls)) == (5, FAILED, 1)

    play_line(play, FakeModem())


def test_the_next_caller_on_an_analogue_line_just_cleared_is_a_call_of_his_own() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        await ring(line)
        line.modem.say(f"NMBR = {DENIED}")
        await asyncio.sleep(5.0)
        await ring(line)
        await asyncio.sleep(1.0)
        line.modem.say(f"NMBR = {FRIEND}")
        await asyncio.sleep(30.0)
        assert stops(line) == ["ATH1"]
        assert [(call.calling, call.rings, call.outcome) for call in line.ended_calls] == [(DENIED, 1, STOPPED), (FRIEND, 1, NONE)]

    play_line(play, FakeModem())


def test_a_caller_who_dials_again_after_a_rejection_is_rejected_again() -> None:
    """Peers' pain 10, call bombing; the modem, as some do, tells no end of the call that it rejected."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        for _ in range(4):
            await ring(line)
            line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
            await asyncio.sleep(9.0)
        assert [call.outcome for call in line.ended_calls] == [STOPPED] * 4
        assert stops(line) == ["AT+CHUP"] * 4

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_stop_that_is_answered_by_an_error_is_sent_once_more() -> None:
    """Peers' pain 15: the hang-up not obeyed."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.answers["AT+CHUP"] = "ERROR!"
        await ring(line)
        line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
        call = await over(line)
        assert stops(line) == ["AT+CHUP", "AT+CHUP"]
        assert call.outcome == FAILED

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_the_release_that_a_modem_tells_confirms_a_stop_without_its_ok() -> None:
    """Peers' pain 15: verify that the line really dropped."""

    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.answers["AT+CHUP"] = "^CEND:1,0,104,16!"
        await ring(line)
        line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
        call = await over(line)
        assert stops(line) == ["AT+CHUP"]
        assert call.outcome == STOPPED

    play_line(play, FakeModem(), "3gpp", "huawei")


def test_a_call_that_is_answered_meanwhile_is_left_alone() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.deaf = {"AT+CHUP"}
        await ring(line)
        line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
        await asyncio.sleep(0.5)
        line.modem.say("^CONN:1,0")
        await asyncio.sleep(10.0)
        assert stops(line) == ["AT+CHUP"]

    play_line(play, FakeModem(), "3gpp", "huawei")


def test_a_call_decided_anew_before_its_ring_may_ring_after_all() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.say(f"NMBR = {DENIED}")
        await asyncio.sleep(0.5)
        line.commander.spare(line.calls[0])
        await ring(line)
        call = await over(line)
        assert stops(line) == []
        assert call.outcome == NONE

    play_line(play, FakeModem())


def test_a_call_that_is_over_or_answered_is_not_stopped() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        ended, answered = Call(0, 1, 0), Call(0, 2, 0)
        ended.ended_ms = answered.answered_ms = 5
        for call in (ended, answered):
            line.commander.stop(call)
        assert (ended.outcome, answered.outcome) == (GONE, IN_USE)
        assert stops(line) == []

    play_line(play, FakeModem())


def test_the_next_denied_call_is_stopped_as_soon_as_the_last_command_is_done() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        line.modem.delays_s["AT+CHUP"] = 1.0
        for _ in range(2):
            await ring(line)
            line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
            await asyncio.sleep(0.2)
            line.modem.say("^CEND:1,0,104,16")
            await asyncio.sleep(0.2)
        await ring(line)
        line.modem.say(f'+CLIP: "{DENIED}",129,,,,0')
        call = await over(line)
        assert call.outcome == STOPPED

    play_line(play, FakeModem(), "3gpp", "huawei")


def test_a_line_being_held_is_left_when_its_port_is_let_go() -> None:
    async def play(line: FakeLine) -> None:
        await ready(line)
        await ring(line)
        line.modem.say(f"NMBR = {DENIED}")
        await asyncio.sleep(0.5)
        line.watch.link.close()
        assert line.modem.commands()[-2:] == ["ATH1", "ATH0"]

    play_line(play, FakeModem())
