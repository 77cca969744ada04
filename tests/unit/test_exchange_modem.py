"""The emulated modem: what each family writes, the commands it takes and the faults it has, in virtual time."""

import random
from datetime import datetime

import pytest

from catflap_models.plan import PlannedCall
from tests.exchange.at import Command, parse
from tests.exchange.clock import VirtualClock
from tests.exchange.families import FAMILIES, Family
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.line import COUNTRIES, Line
from tests.exchange.modem import Modem
from tests.exchange.truth import CallTruth


class Desk:
    """A modem on a line, with a hand on its keyboard."""

    def __init__(self, family: Family, faults: Faults = NO_FAULTS) -> None:
        self.clock = VirtualClock()
        self.line = Line(self.clock, family.ringing or COUNTRIES["CN"], lambda _: None)
        self.pieces: list[bytes] = []
        start = datetime.fromisoformat("2026-03-02T08:00:00+08:00")
        self.modem = Modem(family, self.line, self.clock, start, self.pieces.append, faults, random.Random(7))

    def type(self, t_s: float, text: str) -> None:
        self.clock.at(t_s, lambda: self.modem.receive(text.encode(), 1))

    def call(self, t_s: float, **changes: object) -> CallTruth:
        fields: dict[str, object] = {"calling": "+8613912345678", "presentation": "shown", "name": "", "patience_s": 8.0, "answer_s": None}
        planned = PlannedCall(t_s=t_s, line=0, talk_s=8.0, label="legit", family="", campaign="", **(fields | changes))  # type: ignore[arg-type]
        truth = CallTruth(planned, "L01")
        self.clock.at(t_s, lambda: self.line.offer(truth))
        return truth

    def written(self) -> str:
        self.clock.run()
        return b"".join(self.pieces).decode("latin-1")


SHOWS = {
    "usr": "\r\nRING\r\n\r\nDATE = 0302\r\nTIME = 0801\r\nNMBR = +8613912345678\r\n\r\nRING\r\n",
    "simcom": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",0,"",0\r\n' * 3 + "\r\nMISSED_CALL: 08:01AM +8613912345678\r\n",
    "huawei": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,,,,0\r\n' * 2 + "\r\n^CEND:1,0,104,16\r\n",
    "quectel": '\r\nRING\r\n\r\n+CLIP: "+8613912345678",145,"",,"",0\r\n' * 2 + "\r\nNO CARRIER\r\n",
}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_writes_a_missed_call_its_own_way(name: str) -> None:
    desk = Desk(FAMILIES[name])
    desk.type(0.0, f"ATE0{FAMILIES[name].caller_id_command}=1\r")
    call = desk.call(60.0)
    assert desk.written().partition("OK\r\n")[2] == SHOWS[name]
    assert call.shown == "+8613912345678"


@pytest.mark.parametrize("name", FAMILIES)
def test_caller_id_shows_only_once_switched_on_and_not_after_a_reset(name: str) -> None:
    desk = Desk(FAMILIES[name])
    first = desk.call(1.0)
    desk.type(20.0, f"AT{FAMILIES[name].caller_id_command}=1\r")
    second = desk.call(30.0)
    desk.type(60.0, "ATZ\r")
    third = desk.call(70.0)
    assert desk.written().count("ERROR") == 0
    assert [bool(call.shown) for call in (first, second, third)] == [False, True, False]


@pytest.mark.parametrize(
    ("name", "presentation", "text"),
    [
        ("usr", "withheld", "NMBR = P\r\n"),
        ("usr", "unavailable", "NMBR = O\r\n"),
        ("huawei", "withheld", '+CLIP: "",128,,,,1'),
        ("quectel", "unavailable", '+CLIP: "",128,"",,"",2'),
    ],
)
def test_a_hidden_number_is_written_as_such(name: str, presentation: str, text: str) -> None:
    desk = Desk(FAMILIES[name])
    desk.type(0.0, f"AT{FAMILIES[name].caller_id_command}=1\r")
    desk.call(60.0, calling="", presentation=presentation)
    assert text in desk.written()


@pytest.mark.parametrize(
    ("name", "take", "text"),
    [
        ("simcom", "AT+CHUP\r", "NO CARRIER"),
        ("simcom", "ATH\r", "NO CARRIER"),
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


def test_a_huawei_stick_rings_on_after_ath() -> None:
    desk = Desk(FAMILIES["huawei"])
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
    for name, family in FAMILIES.items():
        desk = Desk(family)
        desk.call(60.0, answer_s=4.0)
        told[name] = desk.written().rpartition("RING\r\n")[2]
    assert told == {
        "usr": "",
        "simcom": "\r\nVOICE CALL: BEGIN\r\n\r\nVOICE CALL: END: 000008\r\n\r\nNO CARRIER\r\n",
        "huawei": "\r\n^CONN:1,0\r\n\r\n^CEND:1,8,29,16\r\n",
        "quectel": "\r\nNO CARRIER\r\n",
    }


def test_settings_are_read_back_and_the_unknown_is_an_error() -> None:
    desk = Desk(FAMILIES["usr"])
    desk.type(0.0, "ATE0\r")
    desk.type(1.0, "AT+VCID=1;+VCID?\r")
    desk.type(2.0, "AT+NOSUCH\r")
    desk.type(3.0, "hello\r")
    assert desk.written() == "ATE0\r\r\nOK\r\n\r\n1\r\n\r\nOK\r\n\r\nERROR\r\n\r\nERROR\r\n"


def test_current_calls_are_listed() -> None:
    desk = Desk(FAMILIES["quectel"])
    desk.call(1.0, calling="13912345678", answer_s=4.0)
    for t_s in (2.0, 6.0, 30.0):
        desk.type(t_s, "AT+CLCC\r")
    listed = [line for line in desk.written().split("\r\n") if line.startswith("+CLCC:")]
    assert listed == ['+CLCC: 1,1,4,0,0,"13912345678",129', '+CLCC: 1,1,0,0,0,"13912345678",129']


def test_the_fault_of_ignoring_the_first_action_wants_a_second() -> None:
    desk = Desk(FAMILIES["simcom"], Faults(ignores_first_action=True))
    call = desk.call(1.0, patience_s=30.0)
    desk.type(2.0, "AT+CHUP\r")
    desk.type(4.0, "AT+CHUP\r")
    assert desk.written().count("OK") == 1
    assert call.ended_s == pytest.approx(4.05)


def test_the_fault_of_being_busy_drops_what_comes_in_the_meantime() -> None:
    desk = Desk(FAMILIES["simcom"], Faults(busy_after_report_s=0.5))
    call = desk.call(1.0, patience_s=2.5)
    desk.type(1.4, "AT+CHUP\r")
    assert "AT+CHUP" not in desk.written()
    assert (call.outcome, call.command_read_ns) == ("given-up", None)


def test_the_fault_of_late_answers_delays_each_reply() -> None:
    desk = Desk(FAMILIES["usr"], Faults(answers_late_s=3.0))
    times: list[float] = []
    desk.type(0.0, "ATE0\r")
    desk.modem._write = lambda _: times.append(desk.clock.now_s())
    desk.clock.run()
    assert times[-1] == pytest.approx(3.2)


def test_split_bytes_change_nothing_but_the_pieces() -> None:
    whole, split = Desk(FAMILIES["usr"]), Desk(FAMILIES["usr"], Faults(split_bytes=True))
    for desk in (whole, split):
        desk.type(0.0, "AT+VCID=1\r")
        desk.call(5.0)
    assert split.written() == whole.written()
    assert all(len(piece) == 1 for piece in split.pieces)


def test_lost_bytes_garbage_and_lost_caller_id_come_at_their_chances() -> None:
    lossy, noisy, blind = (
        Desk(FAMILIES["usr"], faults) for faults in (Faults(bytes_lost=0.2), Faults(garbage=1.0), Faults(caller_id_lost=1.0))
    )
    for desk in (lossy, noisy, blind):
        desk.modem.receive(b"ATE0+VCID=1\r", 0)
        desk.clock.run()
        desk.pieces.clear()
        desk.call(60.0)
    assert 0.5 * len(SHOWS["usr"]) < len(lossy.written()) < len(SHOWS["usr"])
    assert len(noisy.written()) > len(SHOWS["usr"])
    assert blind.written() == "\r\nRING\r\n" * 2


def test_the_number_is_stamped_with_the_piece_that_completes_it() -> None:
    desk = Desk(FAMILIES["usr"], Faults(split_bytes=True))
    stamps: list[int] = []
    desk.clock.stamp_ns = lambda: stamps.append(len(desk.pieces)) or 5  # type: ignore[func-returns-value, method-assign]
    desk.modem.receive(b"ATE0+VCID=1\r", 0)
    call = desk.call(60.0)
    desk.type(64.0, "ATH1\r")
    desk.written()
    assert b"".join(desk.pieces[: stamps[0] + 1]).endswith(b"NMBR = +8613912345678")
    assert call.number_written_ns == 5
    assert call.command_read_ns == 1


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
