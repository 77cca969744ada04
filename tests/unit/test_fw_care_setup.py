"""Setting a modem up: its name asked, its country and caller ID set by the first command that works, what is refused told."""

import asyncio

from catflap_probe.care.watch import CHECK_MS
from tests.unit.fake_line import FakeLine, play_line
from tests.unit.fake_modem import FakeModem


def test_a_modem_is_set_up_and_told_ready() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers["ATI3"] = "U.S. Robotics 56K FAX USB V1.2.23"
        await line.until("modem-ready")
        assert line.modem.is_on and not line.modem.echoes
        assert line.detail("modem-is") == "U.S. Robotics 56K FAX USB V1.2.23"
        commands = line.modem.commands()
        assert commands.index("ATZ") < commands.index("AT+GCI=26") < commands.index("AT+VCID=1")

    play_line(play, FakeModem())


def test_the_first_pair_for_caller_id_that_works_holds() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers |= {"AT+VCID=1": "ERROR!", "AT#CID?": "1"}
        await line.until("modem-ready")
        await asyncio.sleep(3 * CHECK_MS / 1000)
        assert line.modem.commands()[-1] == "AT#CID?"
        line.modem.answers["AT#CID?"] = "0"
        await line.until("caller-id-off")

    play_line(play, FakeModem())


def test_where_no_command_for_caller_id_is_taken_that_is_told_and_tried_again() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers |= {"AT+VCID=1": "ERROR!", "AT#CID=1": "ERROR!"}
        await line.until("modem-not-ready")
        assert line.detail("modem-not-ready") == "AT+VCID=1: ERROR; AT#CID=1: ERROR"
        await asyncio.sleep(600.0)
        assert line.whats().count("modem-not-ready") == 1
        line.modem.answers.clear()
        await line.until("modem-ready", limit_s=1200.0)

    play_line(play, FakeModem())


def test_a_network_that_gives_no_caller_id_and_a_country_refused_are_told() -> None:
    async def cellular(line: FakeLine) -> None:
        line.modem.answers["AT+CLIP?"] = "+CLIP: 1,0"
        await line.until("modem-ready")
        assert "caller-id-not-provisioned" in line.whats()

    async def analogue(line: FakeLine) -> None:
        line.modem.answers["AT+GCI=26"] = "ERROR!"
        await line.until("modem-ready")
        assert line.detail("country-refused") == "AT+GCI=26: ERROR"

    play_line(cellular, FakeModem(), "3gpp", "quectel")
    play_line(analogue, FakeModem())


def test_the_network_is_not_asked_for_its_caller_id_service_at_every_check() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        await asyncio.sleep(3600.0)
        commands = line.modem.commands()
        assert commands.count("AT+CLIP?") < 20
        assert commands.count("AT+CLIP=1") > 300

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_modem_configured_as_generic_is_recognised_and_used_as_its_family() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers |= {"AT+CGMI": "SIMCOM INCORPORATED", "AT+CGMM": "SIMCOM_SIM7600E"}
        await line.until("modem-ready")
        assert line.family == line.detail("modem-recognised") == "simcom"
        assert line.commander.profile.name == "simcom"
        assert line.detail("modem-is") == "SIMCOM INCORPORATED, SIMCOM_SIM7600E"

    play_line(play, FakeModem(), "3gpp", "generic")


def test_a_modem_of_another_family_than_configured_is_named() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers["AT+CGMI"] = "huawei"
        await line.until("modem-ready")
        assert line.detail("modem-differs") == "configured as simcom, answers as huawei"
        assert line.commander.profile.name == "simcom"

    play_line(play, FakeModem(), "3gpp", "simcom")


def test_what_a_modem_calls_itself_is_cleaned_and_bounded() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers["ATI3"] = "Evil\x1b[2J\x07 modem " + "x" * 500
        await line.until("modem-is")
        assert line.detail("modem-is").isprintable() and len(line.detail("modem-is")) <= 160

    play_line(play, FakeModem())


def test_a_call_in_progress_that_nobody_told_of_is_not_ended_by_setting_up() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers["AT+CPAS"] = "+CPAS: 4"
        await asyncio.sleep(60.0)
        assert "ATZ" not in line.modem.commands() and line.modem.is_on
        line.modem.answers.clear()
        await line.until("modem-ready")
        assert "ATZ" in line.modem.commands()

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_slow_network_is_no_silent_modem() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.delays_s["AT+CLIP?"] = 9.0
        await line.until("modem-ready")
        await asyncio.sleep(600.0)
        assert "modem-silent" not in line.whats() and "re-initialised" not in line.whats()

    play_line(play, FakeModem(), "3gpp", "telit")
