"""Care of a modem: what a technician would have to drive out for is set right, or named, by the probe itself."""

import asyncio
from pathlib import Path

import pytest

from catflap_probe.care.link import QUIET_MS
from catflap_probe.care.power import PowerSwitch
from catflap_probe.care.watch import CHECK_MS
from tests.unit.fake_line import FRIEND, NAMED_S, FakeLine, play_line, ring
from tests.unit.fake_modem import FakeModem


async def show(line: FakeLine, number: str) -> None:
    """A call with caller ID between its two rings."""
    await ring(line)
    await asyncio.sleep(1.0)
    line.modem.say(f"NMBR = {number}")
    await asyncio.sleep(4.0)
    await ring(line)


async def unnamed_call(line: FakeLine) -> None:
    """A call without caller ID that rings twice and is given up."""
    await ring(line, 2)
    await asyncio.sleep(20.0)


def test_the_setting_lost_after_a_reset_is_seen_and_made_again() -> None:
    """Peers' pain 2: AT+VCID=1 is lost after ATZ, and calls pass unseen."""

    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        line.modem.is_on = False
        lost_s = line.now_s()
        await line.until("re-initialised")
        assert line.told_at("caller-id-off") - lost_s <= NAMED_S
        assert line.modem.is_on

    play_line(play, FakeModem())


def test_a_reset_without_a_word_shows_by_the_echo() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        line.modem.reset()
        lost_s = line.now_s()
        await line.until("re-initialised")
        assert line.told_at("modem-reset") - lost_s <= NAMED_S
        assert line.modem.is_on and not line.modem.echoes

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_modem_that_says_it_started_anew_is_set_up_at_once() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        await asyncio.sleep(5.0)
        line.modem.reset()
        for banner in ("RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready"):
            line.modem.say(banner)
            await asyncio.sleep(0.4)
        booted_s = line.now_s()
        await line.until("re-initialised")
        assert line.whats().count("modem-reset") == 1
        assert line.now_s() - booted_s < 5.0
        assert line.modem.is_on

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_wedged_modem_is_power_cycled(tmp_path: Path) -> None:
    """Peers' pain 2: the modem wedges after weeks and needs a power cycle."""
    switch = tmp_path / "relay"
    switch.write_text("1")

    async def power(line: FakeLine) -> None:
        while True:
            if switch.read_text() == "0":
                line.modem.is_wedged = False
                line.modem.reset()
            await asyncio.sleep(0.5)

    async def play(line: FakeLine) -> None:
        watcher = asyncio.create_task(power(line))
        await line.until("modem-ready")
        line.modem.is_wedged = True
        wedged_s = line.now_s()
        await line.until("modem-ready", 2)
        watcher.cancel()
        assert line.told_at("modem-silent") - wedged_s <= NAMED_S
        assert line.told_at("power-cycled") - wedged_s <= NAMED_S
        assert switch.read_text() == "1"
        assert line.modem.is_on

    play_line(play, FakeModem(), power=PowerSwitch(str(switch), "0", "1", 5))


def test_a_wedged_modem_that_nothing_can_switch_is_named_and_never_given_up() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        line.modem.is_wedged = True
        wedged_s = line.now_s()
        await line.until("needs-power-cycle")
        assert line.now_s() - wedged_s <= NAMED_S
        await asyncio.sleep(40000.0)
        assert line.whats().count("modem-silent") == line.whats().count("needs-power-cycle") == 1
        line.modem.is_wedged = False
        line.modem.reset()
        back_s = line.now_s()
        await line.until("modem-ready", 2)
        assert line.now_s() - back_s <= NAMED_S
        assert line.modem.is_on

    play_line(play, FakeModem())


def test_a_power_switch_that_cannot_be_written_is_named() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.is_wedged = True
        await line.until("power-failed")
        assert "/nowhere/relay" in line.detail("power-failed")

    play_line(play, FakeModem(), power=PowerSwitch("/nowhere/relay", "0", "1", 5))


@pytest.mark.parametrize("baud", [9600, 57600, 230400])
def test_a_wrong_speed_is_found_named_and_used(baud: int) -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready", limit_s=NAMED_S)
        assert line.detail("wrong-baud") == f"answers at {baud}, not at 115200 as configured"
        line.modem.unplug()
        await line.until("unplugged")
        line.modem.is_plugged = True
        await line.until("modem-ready", 2)
        assert line.modem.opened[-1] == baud and line.whats().count("wrong-baud") == 1

    play_line(play, FakeModem(baud=baud))


def test_noise_alone_makes_the_speed_suspect() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        await asyncio.sleep(1.0)
        line.modem.baud = 9600
        changed_s = line.now_s()
        line.modem.say("RING RING")
        line.modem.say("NMBR = 01062345678")
        await line.until("wrong-baud")
        assert line.now_s() - changed_s < CHECK_MS / 1000 + 5.0

    play_line(play, FakeModem())


def test_calls_that_rang_without_caller_id_are_counted_and_the_modem_set_up_again() -> None:
    """Peers' pain 2: no caller ID while ringing, so calls pass unseen."""

    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        await unnamed_call(line)
        assert "rings-without-caller-id" not in line.whats()
        await unnamed_call(line)
        assert line.detail("rings-without-caller-id") == "2 calls in a row"
        await line.until("re-initialised", limit_s=NAMED_S)
        await show(line, FRIEND)
        await asyncio.sleep(20.0)
        await unnamed_call(line)
        await asyncio.sleep(60.0)
        assert line.whats().count("rings-without-caller-id") == 1

    play_line(play, FakeModem())


def test_a_modem_that_answers_but_stays_deaf_loses_its_power(tmp_path: Path) -> None:
    """Peers' pain 2, as in thess/callattendant#105: it rings, never any caller ID, until it is unplugged."""
    switch = tmp_path / "relay"

    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        for _ in range(4):
            await unnamed_call(line)
        await line.until("power-cycled")
        await line.until("modem-ready", 2)
        assert switch.read_text() == "on"

    play_line(play, FakeModem(), power=PowerSwitch(str(switch), "off", "on", 5))


def test_a_line_without_the_service_does_not_fill_the_spool() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        for _ in range(40):
            await unnamed_call(line)
        assert line.whats().count("rings-without-caller-id") == 5
        assert line.whats().count("needs-power-cycle") == 1

    play_line(play, FakeModem())


def test_nothing_is_sent_while_a_call_is_there_and_for_some_seconds_after() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        await asyncio.sleep(CHECK_MS / 1000 - 1.0)
        begun_s = line.now_s()
        await show(line, FRIEND)
        for _ in range(10):
            await asyncio.sleep(5.0)
            await ring(line)
        while not line.ended_calls:
            await asyncio.sleep(0.1)
        await asyncio.sleep(QUIET_MS / 1000 - 1.0)
        assert line.modem.since(begun_s) == []
        await asyncio.sleep(QUIET_MS / 1000 + CHECK_MS / 1000)
        assert line.modem.since(begun_s)[0] == "AT+VCID?"

    play_line(play, FakeModem())


def test_no_call_is_lost_that_a_silent_modem_still_shows() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        # its command side is dead, its reports live on
        line.modem.deaf = {"AT", "ATQ0V1E0", "AT+VCID?", "AT+VCID=1", "ATZ"}
        for hour in range(12):
            await asyncio.sleep(61.7)
            seen = len(line.ended_calls)
            await show(line, f"0106234{hour:04d}")
            await asyncio.sleep(20.0)
            assert [call.calling for call in line.ended_calls[seen:]] == [f"0106234{hour:04d}"]
        assert "modem-silent" in line.whats()

    play_line(play, FakeModem())


def test_a_modem_left_without_answers_or_with_numbers_is_brought_back() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.deaf = {"AT"}
        await line.until("modem-ready")
        assert "modem-silent" not in line.whats()

    play_line(play, FakeModem())


def test_a_reset_during_a_call_on_an_analogue_line_switches_caller_id_on_and_waits_with_the_rest() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        await asyncio.sleep(8.0)
        await ring(line)
        await asyncio.sleep(0.5)
        line.modem.reset()
        line.modem.say("RESET")
        reset_s = line.now_s()
        await asyncio.sleep(4.5)
        await ring(line)
        assert line.modem.is_on and "ATZ" not in line.modem.since(reset_s)
        await line.until("re-initialised")
        assert "ATZ" in line.modem.since(reset_s)

    play_line(play, FakeModem())


def test_late_answers_are_no_silence() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        await asyncio.sleep(3600.0)
        assert line.whats() == ["modem-ready"]

    play_line(play, FakeModem(delay_s=1.2))


def test_one_question_unanswered_is_no_silence() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        line.modem.deaf = {"AT+VCID?"}
        await line.until("re-initialised")
        assert "modem-silent" not in line.whats()

    play_line(play, FakeModem())


def test_a_modem_that_falls_silent_just_before_a_call_is_named_after_it() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        asked = len(line.modem.sent)
        line.modem.deaf = {"AT", "ATQ0V1E0", "AT+VCID?", "AT+VCID=1", "ATZ"}
        while len(line.modem.sent) == asked:
            await asyncio.sleep(0.1)
        for _ in range(3):
            await ring(line)
            await asyncio.sleep(5.0)
        assert len(line.modem.sent) == asked + 1
        while not line.ended_calls:
            await asyncio.sleep(0.1)
        over_s = line.now_s()
        await line.until("needs-power-cycle")
        assert line.now_s() - over_s <= NAMED_S
        assert "country-refused" not in line.whats() and "modem-not-ready" not in line.whats()

    play_line(play, FakeModem())


def test_a_modem_that_starts_anew_all_the_time_does_not_fill_the_spool() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        for _ in range(1000):
            line.modem.reset()
            line.modem.say("RDY")
            await asyncio.sleep(12.0)
        assert 60 < len(line.told) < 120
        assert "more were not told" in line.told[-1][2]
        assert line.modem.is_on

    play_line(play, FakeModem(), "3gpp", "sim800")


def test_a_modem_left_without_power_by_a_probe_that_was_killed_is_switched_on(tmp_path: Path) -> None:
    switch = tmp_path / "relay"
    switch.write_text("0")

    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        assert switch.read_text() == "1"
        assert "power-cycled" not in line.whats()

    play_line(play, FakeModem(), power=PowerSwitch(str(switch), "0", "1", 5))
