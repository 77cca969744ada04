"""The emulated modem: what each family writes, the commands it takes and the faults it has, in virtual time."""

import pytest

from tests.exchange.at import Command, parse
from tests.exchange.desk import Desk
from tests.exchange.families import FAMILIES

CLCC = '\r\n+CLCC: 1,1,{},0,0,"+8613912345678",145\r\n'
SPACED = "\r\nDATE = 0302\r\nTIME = 0801\r\nNMBR = +8613912345678\r\n"
MISSED = {
    "usr": f"\r\nRING\r\n{SPACED}\r\nRING\r\n",
    "conexant": f"\r\nRING\r\n{SPACED}\r\nRING\r\n",
    "agere": f"\r\nDRON=10\r\n\r\nRING\r\n{SPACED}\r\nDRON=10\r\n\r\nRING\r\n",
    "zoom": "\r\nRING\r\n\r\nDATE=0302\r\nTIME=0801\r\nNMBR=+8613912345678\r\n\r\nRING\r\n",
    "rockwell": "\r\nRING\r\n\r\nDATE = 0302\r\nTIME = 0801\r\nNAME = O\r\nDDN_NMBR= +8613912345678\r\n\r\nRING\r\n",
    "ti": "\r\nRING\r\n\r\nDATE TIME=03-02 08:01\r\nNMBR=+8613912345678\r\n\r\nRING\r\n",
    "si24xx": "\r\nRING\r\n\r\nCIDM\r\n\r\nDATE=0302\r\nTIME=0801\r\nNMBR=+8613912345678\r\n\r\nRING\r\n",
    "hayes": f"\r\nRING 1\r\n{SPACED}\r\nRING 1\r\n",
    # single data message: type, length, 03020801 and the number in ASCII, checksum
    "v253-hex": "\r\nRING\r\n\r\n041630333032303830312B383631333931323334353637387E\r\n\r\nRING\r\n",
    "dtmf": "".join("\x10" + key for key in "D8613912345678C") + "\x10R\x10R",
    "voice": f"\x10R\x10X{SPACED}\x10.\x10R",
    "zyxel": "\r\nRING\r\n\r\nTIME: 03-02 08:01\r\nCALLER NUMBER: +8613912345678\r\n\r\nRING\r\n",
    "3gpp-generic": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145\r\n' * 2 + "\r\nNO CARRIER\r\n",
    "simcom": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",0,"",0\r\n'
    + CLCC.format(4)
    + '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",0,"",0\r\n' * 2
    + CLCC.format(6)
    + "\r\nMISSED_CALL: 08:01AM +8613912345678\r\n",
    "sim800": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",0,"",0\r\n' * 2 + "\r\nNO CARRIER\r\n",
    "huawei": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,,,,0\r\n' * 2 + "\r\n^CEND:1,0,104,16\r\n",
    "quectel": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",,"",0\r\n' * 2 + "\r\nNO CARRIER\r\n",
    "ublox": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",,"",0\r\n'
    + "\r\n+UCALLSTAT: 1,4\r\n"
    + '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",,"",0\r\n'
    + "\r\n+UCALLSTAT: 1,6\r\n\r\nNO CARRIER\r\n",
    "telit": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",128,"",0\r\n'
    + "\r\n#ECAM: 0,6,1,,,\r\n"
    + '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",128,"",0\r\n'
    + "\r\n#ECAM: 0,0,1,,,\r\n\r\nNO CARRIER\r\n",
    "wavecom": '\r\n+CRING: VOICE\r\n\r\n+CLIP: "+8613912345678",145\r\n' * 2 + "\r\nNO CARRIER\r\n\r\n+WIND: 6,1\r\n",
    "sierra": '\r\n+CRING: VOICE\r\n\r\n+CLIP: "+8613912345678",145,,,,0\r\n' * 2 + "\r\nNO CARRIER\r\n",
}
CALL_WAITING = {
    "3gpp-generic": '\r\n+CCWA: "13987654321",129,1\r\n',
    "simcom": '\r\n+CCWA: "13987654321",129,1,"",0\r\n\r\n+CLCC: 2,1,5,0,0,"13987654321",129\r\n',
    "sim800": '\r\nRING\r\n\r\n+CCWA: "13987654321",129,1,""\r\n',
    "huawei": '\r\n+CCWA: "13987654321",129,1\r\n',
    "quectel": '\r\n+CCWA: "13987654321",129,1,,0\r\n',
    "ublox": '\r\n+CCWA: "13987654321",129,1,"",0\r\n\r\n+UCALLSTAT: 2,5\r\n',
    "telit": '\r\n+CCWA: "13987654321",129,1,"",0\r\n\r\n#ECAM: 1,5,1,,,\r\n',
    "wavecom": '\r\n+CCWA: "13987654321",129,1\r\n\r\n+WIND: 5,2\r\n',
    "sierra": '\r\n+CCWA: "13987654321",129,1,,0\r\n',
    "voice": "\x10X\r\nDATE = 0302\r\nTIME = 0801\r\nNMBR = 13987654321\r\n\x10.",
}
"""The families that tell of a second caller; the others write nothing."""
CELLULAR = [name for name, family in FAMILIES.items() if family.is_cellular]
ANALOGUE = [name for name, family in FAMILIES.items() if not family.is_cellular]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_writes_a_missed_call_its_own_way(name: str) -> None:
    desk = Desk(FAMILIES[name])
    desk.set_up()
    call = desk.call(60.0)
    assert desk.written() == MISSED[name]
    assert call.shown == "+8613912345678"


@pytest.mark.parametrize("name", FAMILIES)
def test_caller_id_shows_only_once_switched_on_and_not_after_a_reset(name: str) -> None:
    desk = Desk(FAMILIES[name])
    first = desk.call(1.0)
    for place, command in enumerate(FAMILIES[name].setup):
        desk.type(20.0 + place, f"{command}\r")
    second = desk.call(30.0)
    desk.type(60.0, "ATZ\r")
    third = desk.call(70.0)
    assert desk.written().count("ERROR") == 0
    assert [bool(call.shown) for call in (first, second, third)] == [False, True, False]


def test_a_name_follows_or_precedes_the_number_and_fills_the_raw_message() -> None:
    written = {}
    for name in ("usr", "rockwell", "zyxel", "v253-hex"):
        desk = Desk(FAMILIES[name])
        desk.set_up()
        desk.call(60.0, calling="5551234", name="A B")
        written[name] = desk.written()
    assert "NMBR = 5551234\r\nNAME = A B\r\n" in written["usr"]
    assert "NAME = A B\r\nDDN_NMBR= 5551234\r\n" in written["rockwell"]
    assert "CALLER NUMBER: 5551234\r\nCALLER NAME: A B\r\n" in written["zyxel"]
    # multiple data message: parameters 01 date and time, 02 number, 07 name
    assert "8018010830333032303830310207353535313233340703412042B2" in written["v253-hex"]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_waiting_call_is_told_by_the_families_that_can(name: str) -> None:
    desk = Desk(FAMILIES[name])
    desk.set_up()
    talk = desk.call(60.0, answer_s=4.0, talk_s=40.0)
    waiting = desk.call(80.0, calling="13987654321")
    written: list[str] = []
    desk.clock.at(79.0, desk.pieces.clear)
    desk.clock.at(83.0, lambda: written.append(b"".join(desk.pieces).decode("latin-1")))
    desk.clock.run()
    assert written == [CALL_WAITING.get(name, "")]
    assert (talk.outcome, talk.touched_in_use, waiting.outcome) == ("answered", False, "given-up")
    assert (waiting.reported_s is not None) == (name in CALL_WAITING)


@pytest.mark.parametrize("name", CELLULAR)
def test_a_cellular_modem_refuses_a_waiting_call_and_the_talk_goes_on(name: str) -> None:
    desk = Desk(FAMILIES[name])
    desk.set_up()
    talk = desk.call(60.0, answer_s=4.0, talk_s=40.0)
    waiting = desk.call(80.0, calling="13987654321")
    desk.type(82.0, "AT+CHLD=0\r")
    assert desk.written().count("ERROR") == 0
    assert (waiting.outcome, round(waiting.ended_s or 0.0)) == ("blocked", 82)
    assert (talk.outcome, talk.touched_in_use, talk.ended_s) == ("answered", False, 104.0)


@pytest.mark.parametrize("command", ["ATH", "AT+CHUP", "AT+CHLD=1"])
def test_other_commands_during_a_waiting_call_end_the_talk(command: str) -> None:
    desk = Desk(FAMILIES["quectel"])
    desk.set_up()
    talk = desk.call(60.0, answer_s=4.0, talk_s=40.0)
    desk.call(80.0, calling="13987654321")
    desk.type(82.0, f"{command}\r")
    desk.written()
    assert talk.touched_in_use


@pytest.mark.parametrize("name", ["quectel", "voice"])
def test_a_call_that_waited_rings_once_the_talk_is_over(name: str) -> None:
    desk = Desk(FAMILIES[name])
    desk.set_up()
    desk.call(60.0, answer_s=4.0, talk_s=20.0)
    waiting = desk.call(80.0, calling="13987654321", patience_s=30.0, answer_s=8.0)
    desk.clock.at(84.5, desk.pieces.clear)
    assert desk.written().count("13987654321") == {"quectel": 2, "voice": 1}[name]
    assert (waiting.outcome, waiting.rings, waiting.waited) == ("answered", 2, True)


def test_a_modem_that_senses_the_line_in_use_does_not_go_off_hook() -> None:
    desk = Desk(FAMILIES["conexant"])
    desk.set_up()
    talk = desk.call(60.0, answer_s=4.0, talk_s=40.0)
    desk.type(80.0, "ATH1\r")
    assert desk.written().endswith("\r\nLINE-IN-USE\r\n")
    assert not talk.touched_in_use


def test_the_others_do_and_the_talk_is_disturbed() -> None:
    desk = Desk(FAMILIES["usr"])
    talk = desk.call(60.0, answer_s=4.0, talk_s=40.0)
    desk.type(80.0, "ATH1\r")
    assert desk.written().endswith("OK\r\n")
    assert talk.touched_in_use


def test_hook_states_are_told_as_events_in_voice_mode() -> None:
    desk = Desk(FAMILIES["voice"])
    desk.set_up()
    desk.call(60.0, answer_s=4.0)
    desk.clock.at(90.0, desk.line.extension_off_hook)
    desk.clock.at(95.0, desk.line.extension_on_hook)
    assert desk.written().replace(SPACED, "") == "\x10R\x10X\x10.\x10H\x10h\x10H\x10h"


def test_caller_id_before_the_ring_is_heard_where_the_country_is_set() -> None:
    for command, shown in (("AT+GCI=B4", True), ("AT+GCI=B5", False)):
        desk = Desk(FAMILIES["usr"], country="GB")
        desk.set_up()
        desk.type(0.5, f"{command}\r")
        call = desk.call(60.0)
        assert desk.written().startswith("\r\nOK\r\n" + (SPACED if shown else "\r\nRING"))
        assert bool(call.shown) == shown


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_says_who_it_is(name: str) -> None:
    for command, answer in FAMILIES[name].identity.items():
        desk = Desk(FAMILIES[name])
        desk.type(1.0, f"ATE0{command}\r")
        assert f"\r\n{answer}\r\n\r\nOK\r\n" in desk.written()


@pytest.mark.parametrize(
    ("name", "presentation", "text"),
    [
        ("usr", "withheld", "NMBR = P\r\n"),
        ("usr", "unavailable", "NMBR = O\r\n"),
        ("huawei", "withheld", '+CLIP: "",128,,,,1'),
        ("quectel", "unavailable", '+CLIP: "",128,"",,"",2'),
        ("rockwell", "withheld", "DDN_NMBR= P\r\n"),
        ("ti", "unavailable", "NMBR=OUT OF AREA\r\n"),
        ("zyxel", "withheld", "REASON FOR NO CALLER NUMBER: PRIVATE\r\n"),
        ("dtmf", "withheld", "\x10B\x101\x100\x10C"),
        ("v253-hex", "unavailable", "040930333032303830314F16\r\n"),
    ],
)
def test_a_hidden_number_is_written_as_such(name: str, presentation: str, text: str) -> None:
    desk = Desk(FAMILIES[name])
    desk.set_up()
    desk.call(60.0, calling="", presentation=presentation)
    assert text in desk.written()


@pytest.mark.parametrize(
    ("name", "take", "text"),
    [
        ("simcom", "AT+CHUP\r", "NO CARRIER"),
        ("sim800", "ATH\r", "OK"),
        ("huawei", "AT+CHUP\r", "^CEND:1,0,104,16"),
        ("quectel", "ATH0\r", "OK"),
    ],
)
def test_a_cellular_modem_rejects_the_ringing_call(name: str, take: str, text: str) -> None:
    desk = Desk(FAMILIES[name])
    call = desk.call(1.0, patience_s=30.0)
    desk.type(3.0, take)
    assert desk.written().rstrip().endswith(text)
    assert call.outcome == "blocked"
    assert call.ended_s == pytest.approx(3.05)


@pytest.mark.parametrize("name", ["huawei", "simcom"])
def test_some_ring_on_after_ath(name: str) -> None:
    desk = Desk(FAMILIES[name])
    call = desk.call(1.0)
    desk.type(3.0, "ATH\r")
    assert "OK" in desk.written()
    assert call.outcome == "given-up"


def test_an_analogue_modem_takes_the_line_after_its_relay_and_leaves_it() -> None:
    desk = Desk(FAMILIES["usr"])
    call = desk.call(1.0, patience_s=30.0)
    desk.type(3.0, "ATH1\r")
    desk.type(5.0, "ATH0\r")
    desk.written()
    assert call.outcome == "blocked"
    assert call.off_hook_s == pytest.approx(3.15)
    assert call.on_hook_s == pytest.approx(5.0)


def test_hanging_up_before_the_relay_has_moved_takes_nothing() -> None:
    desk = Desk(FAMILIES["usr"])
    call = desk.call(1.0)
    desk.type(3.0, "ATH1\rATH0\r")
    desk.written()
    assert call.outcome == "given-up"


def test_an_answered_call_is_told_by_the_families_that_tell_it() -> None:
    told = {}
    for name in (*CELLULAR, "usr", "voice"):
        desk = Desk(FAMILIES[name])
        desk.set_up()
        desk.call(60.0, answer_s=4.0)
        desk.clock.at(63.9, desk.pieces.clear)
        told[name] = desk.written().replace(CLCC.format(0), "<0>").replace(CLCC.format(6), "<6>")
    assert told == {
        "usr": "",
        "voice": "\x10H\x10h",
        "3gpp-generic": "\r\nNO CARRIER\r\n",
        "simcom": "\r\nVOICE CALL: BEGIN\r\n<0><6>\r\nVOICE CALL: END: 000008\r\n\r\nNO CARRIER\r\n",
        "sim800": "\r\nNO CARRIER\r\n",
        "huawei": "\r\n^CONN:1,0\r\n\r\n^CEND:1,8,29,16\r\n",
        "quectel": "\r\nNO CARRIER\r\n",
        "ublox": "\r\n+UCALLSTAT: 1,7\r\n\r\n+UCALLSTAT: 1,0\r\n\r\n+UCALLSTAT: 1,6\r\n\r\nNO CARRIER\r\n",
        "telit": "\r\n#ECAM: 0,3,1,,,\r\n\r\n#ECAM: 0,0,1,,,\r\n\r\nNO CARRIER\r\n",
        "wavecom": "\r\nNO CARRIER\r\n\r\n+WIND: 6,1\r\n",
        "sierra": "\r\nNO CARRIER\r\n",
    }


def test_settings_are_read_back_and_the_unknown_is_an_error() -> None:
    desk = Desk(FAMILIES["usr"])
    desk.type(0.0, "ATE0\r")
    desk.type(1.0, "AT+VCID=1;+VCID?\r")
    desk.type(2.0, "AT+NOSUCH\r")
    desk.type(3.0, "hello\r")
    assert desk.written() == "ATE0\r\r\nOK\r\n\r\n1\r\n\r\nOK\r\n\r\nERROR\r\n"


def test_current_calls_are_listed() -> None:
    desk = Desk(FAMILIES["quectel"])
    desk.call(1.0, calling="13912345678", answer_s=4.0)
    for t_s in (2.0, 6.0, 30.0):
        desk.type(t_s, "AT+CLCC\r")
    listed = [line for line in desk.written().split("\r\n") if line.startswith("+CLCC:")]
    assert listed == ['+CLCC: 1,1,4,0,0,"13912345678",129', '+CLCC: 1,1,0,0,0,"13912345678",129']


def test_a_command_line_is_read_as_its_commands() -> None:
    assert parse("at e0 v1 s0=2 +vcid=1;&f ^curc?") == [
        Command("E", "do", "0"),
        Command("V", "do", "1"),
        Command("S0", "set", "2"),
        Command("+VCID", "set", "1"),
        Command("&F", "do", ""),
        Command("^CURC", "read", ""),
    ]
    with pytest.raises(ValueError, match="column 3"):
        parse("ATE!")


@pytest.mark.parametrize(("t_s", "activity"), [(50.0, 0), (62.0, 3), (66.0, 4)])
def test_a_cellular_modem_says_whether_it_is_free_rings_or_talks(t_s: float, activity: int) -> None:
    desk = Desk(FAMILIES["quectel"])
    desk.set_up()
    desk.call(60.0, answer_s=4.0)
    desk.type(t_s, "AT+CPAS\r")
    assert f"+CPAS: {activity}\r\n" in desk.written()


def test_atz_ends_a_cellular_modem_s_talk() -> None:
    desk = Desk(FAMILIES["quectel"])
    talk = desk.call(60.0, answer_s=4.0, talk_s=40.0)
    desk.type(70.0, "ATZ\r")
    desk.written()
    assert (talk.touched_in_use, talk.ended_s) == (True, 70.0)
