"""The 3gpp dialect: rings, +CLIP and +CLCC in the layouts users posted, and the words for a call's end."""

import pytest

from catflap_probe.call import SHOWN, UNAVAILABLE, WITHHELD
from catflap_probe.dialect.text import Listener
from catflap_probe.dialect.ts27007 import Ts27007
from catflap_probe.events import ANSWERED, DIALLED, FAINT_RING, NUMBER, RELEASED, REPLY, RING


class Heard(Listener):
    def __init__(self) -> None:
        self.events: list[tuple[int, str, int]] = []

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        self.events.append((kind, text, detail))


def events_of(*pieces: bytes) -> list[tuple[int, str, int]]:
    heard = Heard()
    dialect = Ts27007(heard)
    for index, piece in enumerate(pieces):
        dialect.feed(index, piece)
    return heard.events


@pytest.mark.parametrize(
    ("text", "number", "presentation"),
    [
        (b'+CLIP: "+420123456789",145,,,,0', "+420123456789", SHOWN),
        (b'+CLIP: "420123456789",145,"",128,"",0', "+420123456789", SHOWN),
        (b'+CLIP: "13812345678",161,"",0,"",0', "13812345678", SHOWN),
        (b'+CLIP: "13812345678",129', "13812345678", SHOWN),
        (b'+CLIP:"13812345678"', "13812345678", SHOWN),
        (b'+CLIP: "",128,,,,1', "", WITHHELD),
        (b'+CLIP: "",128,,,,2', "", UNAVAILABLE),
        (b'+CLIP: "",128', "", UNAVAILABLE),
        (b"+CLIP:", "", UNAVAILABLE),
    ],
)
def test_clip_layouts_and_validity(text: bytes, number: str, presentation: int) -> None:
    assert events_of(text + b"\r\n") == [(NUMBER, number, presentation)]


@pytest.mark.parametrize("ring", [b"RING", b"+CRING: VOICE", b"+CRING:VOICE", b"RIG"])
def test_a_ring(ring: bytes) -> None:
    assert events_of(b"\r\n" + ring + b"\r\n") == [(RING, "", 0)]


def test_the_remains_of_a_ring_are_faint() -> None:
    assert events_of(b"CRNG: VOIC\r\n", b"RI\r\n", b"hello\r\n") == [(FAINT_RING, "", 0)] * 2


def test_a_split_at_any_byte_changes_nothing() -> None:
    wire = b'\r\n+CRING: VOICE\r\n\r\n+CLIP: "+1234567890",145,,,,0\r\n\r\n^CEND:1,0,104,16\r\n\r\nOK\r\n'
    whole = events_of(wire)
    assert whole == [(RING, "", 0), (NUMBER, "+1234567890", SHOWN), (RELEASED, "", 0), (REPLY, "OK", 0)]
    assert all(events_of(wire[:cut], wire[cut:]) == whole for cut in range(len(wire)))


@pytest.mark.parametrize(
    "text", [b"^CEND:1,0,104,16", b"^CEND: 1,0, 67, 21", b"^CEND:1,82,29", b"MISSED_CALL: 11:53AM 08020866256", b"VOICE CALL: END: 000008"]
)
def test_a_release(text: bytes) -> None:
    assert events_of(text + b"\r\n") == [(RELEASED, "", 0)]


@pytest.mark.parametrize("text", [b"NO CARRIER", b"BUSY", b"NO ANSWER"])
def test_a_result_code_that_is_a_release_as_well(text: bytes) -> None:
    assert events_of(text + b"\r\n") == [(RELEASED, "", 0), (REPLY, text.decode(), 0)]


@pytest.mark.parametrize("text", [b"OK", b"ERROR", b"+CME ERROR: 100", b"COMMAND NOT SUPPORT"])
def test_a_reply(text: bytes) -> None:
    assert events_of(text + b"\r\n") == [(REPLY, text.decode(), 0)]


@pytest.mark.parametrize("text", [b"VOICE CALL: BEGIN", b"^CONN:1,0", b'+CLCC: 4,1,0,0,0,"08020866256",128'])
def test_an_answer(text: bytes) -> None:
    assert events_of(text + b"\r\n") == [(ANSWERED, "", 0)]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        (b'+CLCC: 4,1,4,0,0,"08020866256",128', [(NUMBER, "08020866256", SHOWN)]),
        (b'+CLCC: 4,1,4,0,0,"8613812345678",145', [(NUMBER, "+8613812345678", SHOWN)]),
        (b'+CLCC: 3,0,2,0,0,"01062345601",129', [(DIALLED, "01062345601", SHOWN)]),
        (b'+CLCC: 4,1,6,0,0,"08020866256",128', [(RELEASED, "", 0)]),
        (b'+CLCC: 3,0,3,0,0,"01062345601",129', []),
        (b"+CLCC: 4,1", []),
        (b"+CLCC: 4,1,4", []),
    ],
)
def test_clcc(text: bytes, events: list[tuple[int, str, int]]) -> None:
    assert events_of(text + b"\r\n") == events
