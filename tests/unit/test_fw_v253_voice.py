"""The v253 dialect in voice mode: what modems report as one character behind <DLE>."""

import pytest

from catflap_probe.call import SHOWN
from catflap_probe.events import FAINT_RING, NAME, NUMBER, OFF_HOOK, ON_HOOK, REPLY, RING, TONE
from tests.unit.hearing import Event, about_calls, events_at, events_of

BLOCK = b"DATE = 0410\r\nTIME = 1844\r\nNMBR = 7632280000\r\nNAME = SCHWARTZ,LAWREN\r\n"
TOLD = [(NUMBER, "7632280000", SHOWN), (NAME, "SCHWARTZ,LAWREN", 0)]


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("R", (RING, "", 0)),
        ("H", (OFF_HOOK, "", 0)),
        ("h", (ON_HOOK, "", 0)),
        ("P", (OFF_HOOK, "", 0)),
        ("p", (ON_HOOK, "", 0)),
        ("b", (TONE, "busy", 0)),
        ("K", (TONE, "busy", 0)),
        ("d", (TONE, "dial", 0)),
        ("i", (TONE, "dial", 0)),
        ("r", (TONE, "ringback", 0)),
        ("s", (TONE, "silence", 0)),
        ("q", (TONE, "quiet", 0)),
        ("c", (TONE, "fax", 0)),
        ("m", (TONE, "fax", 0)),
        ("e", (TONE, "data", 0)),
        ("a", (TONE, "data", 0)),
        ("f", (TONE, "data", 0)),
        ("*", (TONE, "*", 0)),
        ("D", (TONE, "D", 0)),
    ],
)
def test_an_event(code: str, event: Event) -> None:
    wire = b"\x10" + code.encode()
    assert events_of(wire) == events_of(wire[:1], wire[1:]) == events_of(wire + b"\r\n") == [event]


@pytest.mark.parametrize("code", [b"u", b"o", b"l", b"L", b"T", b"Y", b"$", b"/", b"~", b"\x10", b"\x1a", b"\x03", b"w"])
def test_codes_that_say_nothing_of_a_call(code: bytes) -> None:
    assert events_of(b"\x10" + code, b"\r\nOK\r\n") == [(REPLY, "OK", 0)]


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_a_complex_event_is_a_block(end: bytes) -> None:
    block = BLOCK.replace(b"\r\n", end)
    whole = [(RING, "", 0), *TOLD, (RING, "", 0)]
    assert events_of(b"\x10R", b"\x10X" + block + b"\x10.", b"\x10R") == whole
    wire = b"\x10R\x10X" + block + b"\x10.\x10R"
    assert events_of(*(wire[at : at + 1] for at in range(len(wire)))) == whole


def test_a_complex_event_a_field() -> None:
    wire = b"".join(b"\x10X" + field + b"\x10." for field in BLOCK.split(b"\r\n"))
    assert events_of(wire) == TOLD


def test_a_line_that_lost_its_end_is_read_before_the_event() -> None:
    assert events_of(b"\r\nOK\x10R") == [(REPLY, "OK", 0), (RING, "", 0)]


def test_a_lone_ring_behind_dle_is_faint_where_the_modem_writes_the_word() -> None:
    words = [b"\r\nRING\r\n"]
    assert events_of(*words, b"\x10R") == [(RING, "", 0), (FAINT_RING, "", 0)]
    assert events_of(*words, b"\x10R", b"\x10R")[-1] == (RING, "", 0), "it has been put into voice mode"


def test_behind_noise_a_ring_is_faint_and_hooks_are_not_heard() -> None:
    for code, event in ((b"R", [(FAINT_RING, "", 0)]), (b"H", []), (b"p", []), (b"b", [])):
        assert about_calls(events_of(b"\x99\xc3\x10" + code)) == event
    assert about_calls(events_at((0, b"\x99\xc3\r\n"), (1500, b"\x10R"))) == [(RING, "", 0)]
