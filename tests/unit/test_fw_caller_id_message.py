"""SDMF and MDMF messages: read only where the checksum is right, in hex however it is broken into lines, or as bytes."""

import os
from pathlib import Path

import pytest

from catflap_probe.call import SHOWN, UNAVAILABLE, WITHHELD
from catflap_probe.dialect.caller_id_message import CallerId, hex_bytes, read_message, read_parameters, read_unchecked, whole_length
from catflap_probe.events import CALLED, NAME, NUMBER, RING
from tests.unit.hearing import Event, about_calls, events_at, events_of

DATE = b"\x01\x0809301224"
A_RING = (RING, "", 0)
SHOWN_NUMBER, SHOWN_NAME = (NUMBER, "6095551212", SHOWN), (NAME, "JOHN DOE", 0)
NO_NUMBER = (NUMBER, "", UNAVAILABLE)


def message(kind: int, body: bytes) -> bytes:
    data = bytes((kind, len(body))) + body
    return data + bytes((-sum(data) & 0xFF,))


def part(kind: int, value: bytes) -> bytes:
    return bytes((kind, len(value))) + value


SDMF = message(0x04, b"093012246095551212")
MDMF = message(0x80, DATE + part(7, b"JOHN DOE") + part(2, b"6095551212"))


def said(caller: CallerId | None) -> tuple[str, int, str, str, bool]:
    assert caller is not None
    return caller.number, caller.presentation, caller.name, caller.called, caller.is_call


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (SDMF, ("6095551212", SHOWN, "", "", True)),
        (message(0x04, b"09301224P"), ("", WITHHELD, "", "", True)),
        (message(0x04, b"09301224O"), ("", UNAVAILABLE, "", "", True)),
        (MDMF, ("6095551212", SHOWN, "JOHN DOE", "", True)),
        (message(0x80, part(2, b"6095551212") + DATE), ("6095551212", SHOWN, "", "", True)),
        (message(0x80, DATE + part(4, b"P") + part(8, b"P")), ("", WITHHELD, "", "", True)),
        (message(0x80, DATE + part(4, b"O") + part(7, b"A B")), ("", UNAVAILABLE, "A B", "", True)),
        (message(0x80, DATE), ("", UNAVAILABLE, "", "", True)),
        # Bell Canada gives the dialable number alone, North America beside the other; in Europe 03 is the line that was called
        (message(0x80, DATE + part(3, b"6095551212")), ("6095551212", SHOWN, "", "", True)),
        (message(0x80, DATE + part(2, b"5551212") + part(3, b"16095551212")), ("16095551212", SHOWN, "", "", True)),
        (message(0x80, DATE + part(2, b"6095551212") + part(3, b"16095551212")), ("16095551212", SHOWN, "", "", True)),
        (message(0x80, DATE + part(2, b"02079460000") + part(3, b"02079461111")), ("02079460000", SHOWN, "", "02079461111", True)),
        (message(0x80, DATE + part(4, b"P") + part(3, b"02079461111")), ("", WITHHELD, "", "02079461111", True)),
        (message(0x80, part(0x11, b"\x01") + DATE + part(2, b"02079460000")), ("02079460000", SHOWN, "", "", True)),
        (message(0x80, DATE + part(2, b"02079460000") + part(0x12, b"22")), ("02079460000", SHOWN, "", "22", True)),
        (message(0x80, DATE + part(2, b"6095551212") + part(0x55, b"\n\r")), ("6095551212", SHOWN, "", "", True)),
    ],
)
def test_a_call(data: bytes, expected: tuple[str, int, str, str, bool]) -> None:
    assert said(read_message(data)) == expected


@pytest.mark.parametrize(
    "data",
    [
        message(0x82, DATE + part(0x0B, b"\xff")),
        message(0x82, DATE + part(2, b"6095551212") + part(0x13, b"\x03")),
        message(0x06, b"BBB"),
        message(0x80, part(0x11, b"\x81") + DATE + part(2, b"6095551212")),
    ],
)
def test_a_message_that_waits_is_no_call(data: bytes) -> None:
    caller = read_message(data)
    assert caller is not None and not caller.is_call
    for wire in (data, data.hex().encode() + b"\r\n"):
        assert about_calls(events_at((0, wire), (900, b"OK\r\n"), settles=True))[:-1] == []


@pytest.mark.parametrize("data", [SDMF, MDMF])
def test_no_byte_can_be_changed_lost_or_added_unnoticed(data: bytes) -> None:
    assert read_message(data) is not None
    assert all(read_message(data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]) is None for at in range(len(data)))
    assert all(read_message(data[:at] + data[at + 1 :]) is None for at in range(len(data)))
    assert read_message(data + b"0") is None


def test_a_message_is_recognised_by_its_beginning_and_text_is_not() -> None:
    for data in (SDMF, MDMF):
        assert [whole_length(data[:end]) for end in range(3, len(data) + 1)] == [len(data)] * (len(data) - 2)
    for text in (b"\x80\r\nRING", b"\x04RING", b"\x80RING\r\n", b"\x04\x12\r\nRI", b"OK"):
        assert 0 in [whole_length(text[:end]) for end in range(1, 4)]


def test_a_checksum_that_the_modem_left_out() -> None:
    # as in the manual of Askey's modems
    wire = b"0412303332323234303539313435353132333435\r\n"
    assert events_of(wire) == [(NUMBER, "9145512345", SHOWN)]
    assert read_unchecked(MDMF[:-1]) is not None
    assert read_unchecked(MDMF[:-1].replace(b"609", b"6\x0f9")) is None


def in_hex(data: bytes, *, blank: str = "", width: int = 600, upper: bool = True) -> bytes:
    text = data.hex(blank) if blank else data.hex()
    text = text.upper() if upper else text
    step = width * (3 if blank else 2)
    return "".join(text[at : at + step].strip() + "\r\n" for at in range(0, len(text), step)).encode()


@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"upper": False},
        {"blank": " "},
        {"width": 16},
        {"blank": " ", "width": 16},
        {"blank": ",", "upper": False},
        {"width": 35},
        {"width": 1},
    ],
)
@pytest.mark.parametrize(("data", "told"), [(SDMF, [SHOWN_NUMBER]), (MDMF, [SHOWN_NUMBER, SHOWN_NAME])])
def test_hex_in_one_line_or_several(data: bytes, told: list[Event], layout: dict[str, object]) -> None:
    wire = in_hex(data, **layout)  # type: ignore[arg-type]
    assert events_of(b"\r\nRING\r\n", wire, b"\r\nRING\r\n") == [A_RING, *told, A_RING]


@pytest.mark.parametrize(("name", "told"), [("sdmf", [SHOWN_NUMBER]), ("mdmf", [(NUMBER, "8005551212", SHOWN), SHOWN_NAME])])
@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_vectors_of_minimodem(name: str, told: list[Event]) -> None:
    data = (Path(os.environ["CATFLAP_DATA"]) / "minimodem" / f"testdata-callerid-{name}.bytes").read_bytes()
    is_right = sum(data) & 0xFF == 0
    assert is_right == (name == "sdmf"), "its MDMF vector bears 7D where 84 is right"
    for wire in (data, in_hex(data)):
        assert events_at((0, wire), settles=True) == (told if is_right else [NO_NUMBER])
    right = data[:-1] + bytes((-sum(data[:-1]) & 0xFF,))
    assert events_of(right) == events_of(in_hex(right)) == told


def test_what_is_left_of_the_channel_seizure_is_passed_over() -> None:
    assert events_of(b"555555555555" + in_hex(SDMF)) == [SHOWN_NUMBER]
    assert events_of(b"555555\r\n" + in_hex(SDMF))[-1:] == [SHOWN_NUMBER]


def test_bytes_are_read_wherever_they_are_split_and_whatever_precedes_them() -> None:
    # the length 0A of a number is a line feed
    assert b"\n" in MDMF
    for before in (b"", b"\r\nRING\r\n", b"UUUUUUUU", b"\x99z", b"O"):
        whole = about_calls(events_of(before + MDMF + b"\r\nRING\r\n"))
        assert whole[-3:] == [SHOWN_NUMBER, SHOWN_NAME, A_RING]
        wire = before + MDMF + b"\r\nRING\r\n"
        assert about_calls(events_of(*(wire[at : at + 1] for at in range(len(wire))))) == whole


@pytest.mark.parametrize("data", [SDMF, MDMF])
def test_a_damaged_message_shows_that_there_was_a_call_and_no_number(data: bytes) -> None:
    wrong = data[:-3] + b"99" + data[-1:]
    for wire in (wrong, in_hex(wrong), in_hex(data[:-4]), in_hex(data[:10]), b"MESG = " + in_hex(wrong)):
        assert about_calls(events_at((0, wire), (900, b"\r\nRING\r\n"))) == [NO_NUMBER, A_RING], wire


def test_text_after_a_stray_byte_is_not_held_back() -> None:
    for stray in (b"\x80", b"\x04", b"\x06", b"\x82", b"\x80\x20", b"\x04\x12", b"\x06\x03"):
        assert A_RING in events_of(stray + b"\r\nRING\r\n"), stray


def test_bytes_whose_rest_does_not_come_are_given_back() -> None:
    told = events_at((0, b"\r\nRING\r\n\x80\x20\x01\x0809"), (2500, b"\r\nRING\r\n"))
    assert about_calls(told) == [A_RING, A_RING]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (b"030735353531323132", [(NUMBER, "5551212", SHOWN)]),
        (b"02073535353132 3132", [(NUMBER, "5551212", SHOWN)]),
        (b"040150", [(NUMBER, "", WITHHELD)]),
        (b"04014F", [NO_NUMBER]),
        (b"040150AB", [(NUMBER, "", WITHHELD)]),
        (b"120232320207353535313231320000", [(NUMBER, "5551212", SHOWN), (CALLED, "22", 0)]),
        (SDMF.hex().encode(), [SHOWN_NUMBER]),
        (MDMF.hex().encode(), [SHOWN_NUMBER, SHOWN_NAME]),
        (b"110101", []),
        (b"06034242431", []),
        (b"0B01FF", []),
        (b"NONE", []),
    ],
)
def test_parameters_printed_by_themselves(value: bytes, told: list[Event]) -> None:
    assert events_at((0, b"MESG = " + value + b"\r\n"), settles=True) == told


def test_the_word_that_a_message_waits_makes_the_block_no_call() -> None:
    assert events_at((0, b"DATE = 0410\r\nMESG = 0B01FF\r\n"), settles=True) == []
    assert events_at((0, b"MESG = 110181\r\nNMBR = 6095551212\r\n"), settles=True) == []


def test_odd_input_is_no_message() -> None:
    assert hex_bytes(b"80 2") == hex_bytes(b"xyz!") == b""
    assert read_message(b"\x80\x01") is None
    assert said(read_parameters(b"\x02\x20123")) == ("", -1, "", "", True)
