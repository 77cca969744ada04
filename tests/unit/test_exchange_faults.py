"""What goes wrong with an emulated modem and its wire, in virtual time: settings of faults, resets, wedges, power."""

import pytest

from tests.exchange.desk import Desk
from tests.exchange.families import FAMILIES
from tests.exchange.faults import Faults


def test_a_modem_that_starts_anew_has_lost_its_settings_and_says_so_if_it_can() -> None:
    banners = {}
    for name in ("quectel", "usr"):
        desk = Desk(FAMILIES[name])
        desk.set_up()
        desk.clock.at(30.0, desk.modem.reset)
        call = desk.call(60.0)
        banners[name] = desk.written().partition("\r\nRING")[0]
        assert not call.shown
        assert not desk.modem.shows_caller_id
    assert "RDY" in banners["quectel"]
    assert banners["usr"] == ""


def test_a_wedged_modem_answers_nothing_until_its_power_has_been_off() -> None:
    desk = Desk(FAMILIES["usr"])
    desk.set_up()
    desk.clock.at(10.0, desk.modem.wedge)
    desk.call(60.0)
    desk.type(90.0, "AT\r")
    desk.clock.at(100.0, lambda: desk.modem.switch(False))
    desk.type(101.0, "AT\r")
    desk.clock.at(105.0, lambda: desk.modem.switch(True))
    desk.type(110.0, "AT\r")
    assert desk.written() == "\r\nRING\r\n" * 2 + "AT\r\r\nOK\r\n"


def test_a_modem_wedged_for_good_hears_no_ring() -> None:
    desk = Desk(FAMILIES["simcom"])
    desk.set_up()
    desk.modem.wedge(hears_line=False)
    call = desk.call(60.0)
    assert desk.written() == ""
    assert call.reported_s is None


def test_a_modem_that_loses_its_power_lets_the_line_go() -> None:
    desk = Desk(FAMILIES["usr"])
    call = desk.call(1.0, patience_s=30.0)
    desk.type(3.0, "ATH1\r")
    desk.clock.at(5.0, lambda: desk.modem.switch(False))
    desk.written()
    assert (call.outcome, call.on_hook_s, desk.line.state) == ("blocked", 5.0, "idle")


def test_the_fault_of_ignoring_the_first_action_wants_a_second() -> None:
    desk = Desk(FAMILIES["simcom"], Faults(ignores_first_action=True))
    call = desk.call(1.0, patience_s=30.0)
    desk.type(2.0, "AT+CHUP\r")
    desk.type(4.0, "AT+CHUP\r")
    assert desk.written().count("OK") == 1
    assert call.ended_s == pytest.approx(4.05)


def test_the_fault_of_disobeying_lets_it_ring_on() -> None:
    for name, take in (("simcom", "AT+CHUP\r"), ("usr", "ATH1\r")):
        desk = Desk(FAMILIES[name], Faults(disobeys=True))
        call = desk.call(1.0)
        desk.type(3.0, take)
        assert "OK" in desk.written()
        assert call.outcome == "given-up"


def test_the_fault_of_acting_late_holds_the_line_longer() -> None:
    desk = Desk(FAMILIES["usr"], Faults(acts_late_s=3.0))
    call = desk.call(1.0, patience_s=30.0)
    desk.type(3.0, "ATH1\r")
    desk.type(8.0, "ATH0\r")
    desk.written()
    assert call.off_hook_s == pytest.approx(6.15)
    assert call.on_hook_s == pytest.approx(11.15)


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
    desk.modem.wire._write = lambda _: times.append(desk.clock.now_s())
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
    clean, lossy, noisy, blind = (
        Desk(FAMILIES["usr"], faults) for faults in (Faults(), Faults(bytes_lost=0.2), Faults(garbage=1.0), Faults(caller_id_lost=1.0))
    )
    for desk in (clean, lossy, noisy, blind):
        desk.modem.receive(b"ATE0+VCID=1\r", 0)
        desk.clock.run()
        desk.pieces.clear()
        desk.call(60.0)
    whole = len(clean.written())
    assert 0.5 * whole < len(lossy.written()) < whole
    assert len(noisy.written()) > whole
    assert blind.written() == "\r\nRING\r\n" * 2


def test_the_fault_of_chatter_writes_of_other_things_before_a_report() -> None:
    desk = Desk(FAMILIES["huawei"], Faults(chatter=1.0))
    desk.set_up()
    desk.call(60.0)
    written = desk.written()
    assert any(f"\r\n{line}\r\n" in written for line in FAMILIES["huawei"].chatter)


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
