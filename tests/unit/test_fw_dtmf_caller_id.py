"""Caller ID sent as DTMF keys: of each country's form, behind <DLE> before the first ring, or as a line of text."""

import pytest

from catflap_probe.call import SHOWN, UNAVAILABLE, WITHHELD
from catflap_probe.dialect.dtmf_caller_id import read_keys
from catflap_probe.events import NUMBER, RING, TONE
from tests.unit.hearing import about_calls, events_at, events_of

FORMS = [
    (b"A0812345678C", "0812345678", SHOWN),
    (b"A0812345678D0867890C", "0812345678", SHOWN),
    (b"A13812345678D", "13812345678", SHOWN),
    (b"D0539462807C", "0539462807", SHOWN),
    (b"A12345678#", "12345678", SHOWN),
    (b"B00C", "", UNAVAILABLE),
    (b"B10C", "", WITHHELD),
    (b"D0867890B10C", "", WITHHELD),
    (b"D1#", "", WITHHELD),
    (b"D2#", "", UNAVAILABLE),
    (b"D3#", "", UNAVAILABLE),
    (b"D0000000000C", "", UNAVAILABLE),
]


@pytest.mark.parametrize(("keys", "number", "presentation"), FORMS)
def test_the_forms_of_many_countries(keys: bytes, number: str, presentation: int) -> None:
    caller = read_keys(keys)
    assert caller is not None
    assert (caller.number, caller.presentation) == (number, presentation)


@pytest.mark.parametrize("keys", [b"", b"AC", b"A1C", b"B1C", b"D1C", b"ABC", b"123456C", b"A12*34C", b"A" + b"1" * 60 + b"C"])
def test_other_keys_are_no_caller_id(keys: bytes) -> None:
    assert read_keys(keys) is None


def shielded(keys: bytes) -> bytes:
    return b"".join(b"\x10" + bytes((key,)) for key in keys)


def held(keys: bytes) -> bytes:
    """Each key begun, repeated while it is held, and let go, as V.253 has it."""
    return b"".join(b"\x10/" + shielded(bytes((key,)) * 3) + b"\x10~" for key in keys)


@pytest.mark.parametrize(("keys", "number", "presentation"), FORMS)
@pytest.mark.parametrize("write", [shielded, held])
def test_keys_before_the_first_ring(keys: bytes, number: str, presentation: int, write: object) -> None:
    assert callable(write)
    events = events_of(write(keys), b"\x10R")
    tones = [text.encode() for kind, text, _ in events if kind == TONE]
    assert b"".join(tones) == keys
    assert [event for event in events if event[0] != TONE] == [(NUMBER, number, presentation), (RING, "", 0)]


def test_a_stop_key_that_was_lost_is_supplied_by_the_ring() -> None:
    assert (NUMBER, "13812345678", SHOWN) in events_of(shielded(b"A13812345678"), b"\x10R")
    assert (NUMBER, "13812345678", SHOWN) in events_of(shielded(b"A13812345678"), b"\r\nRING\r\n")
    assert not [event for event in events_at((0, shielded(b"A13812345678")), (5000, b"\x10R")) if event[0] == NUMBER], "a run of long ago"


def test_a_run_in_which_something_was_lost_tells_no_number() -> None:
    for at in range(2, 22, 2):
        wire = shielded(b"A13812345678C")
        events = events_of(wire[:at] + wire[at + 1 :], b"\x10R")
        assert [event for event in events if event[0] == NUMBER] == [(NUMBER, "", UNAVAILABLE)], at


def test_keys_that_a_person_dials_are_no_caller_id() -> None:
    assert [kind for kind, _, _ in events_of(shielded(b"13812345678#"), b"\x10R")] == [TONE] * 12 + [RING]


@pytest.mark.parametrize(("keys", "number", "presentation"), FORMS)
def test_keys_as_a_line_of_text_and_in_hex(keys: bytes, number: str, presentation: int) -> None:
    assert events_of(keys + b"\r\n") == [(NUMBER, number, presentation)]
    if keys[-1:] in (b"C", b"#"):
        assert events_of(keys.hex().encode() + b"\r\n") == [(NUMBER, number, presentation)]


@pytest.mark.parametrize("text", [b"ABC", b"A817D", b"CD", b"D", b"BAD", b"DEADBEEF", b"V2.1C"])
def test_words_are_no_keys(text: bytes) -> None:
    assert about_calls(events_of(text + b"\r\n")) == []
