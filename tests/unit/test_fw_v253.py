"""The v253 dialect: caller ID wherever it comes, split anywhere, garbled or absent."""

import pytest

from catflap_probe.call import SHOWN, UNAVAILABLE, WITHHELD
from catflap_probe.dialect.text import Listener
from catflap_probe.dialect.v253 import V253
from catflap_probe.events import FAINT_RING, NAME, NUMBER, REPLY, RING

BLOCK = b"\r\nDATE = 0410\r\nTIME = 1844\r\nNMBR = 7632280000\r\nNAME = SCHWARTZ,LAWREN\r\n"
SHOWN_NUMBER, SHOWN_NAME = (NUMBER, "7632280000", SHOWN), (NAME, "SCHWARTZ,LAWREN", 0)


class Heard(Listener):
    def __init__(self) -> None:
        self.events: list[tuple[int, str, int]] = []
        self.times: list[tuple[int, int]] = []

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        self.events.append((kind, text, detail))
        self.times.append((t_ms, now_ms))


def events_of(*pieces: bytes) -> list[tuple[int, str, int]]:
    heard = Heard()
    dialect = V253(heard)
    for index, piece in enumerate(pieces):
        dialect.feed(index, piece)
    return heard.events


@pytest.mark.parametrize("rings_before", [0, 1, 2])
def test_caller_id_before_between_and_after_the_rings(rings_before: int) -> None:
    ring = b"\r\nRING\r\n"
    expected = [(RING, "", 0)] * rings_before + [SHOWN_NUMBER, SHOWN_NAME] + [(RING, "", 0)] * (2 - rings_before)
    assert events_of(ring * rings_before + BLOCK + ring * (2 - rings_before)) == expected


def test_a_split_at_any_byte_changes_nothing() -> None:
    wire = b"\r\nRING\r\n" + BLOCK + b"\r\nRING\r\n\r\nOK\r\n"
    whole = events_of(wire)
    assert whole == [(RING, "", 0), SHOWN_NUMBER, SHOWN_NAME, (RING, "", 0), (REPLY, "OK", 0)]
    assert all(events_of(wire[:cut], wire[cut:]) == whole for cut in range(len(wire)))
    assert events_of(*(wire[at : at + 1] for at in range(len(wire)))) == whole


def test_a_number_bears_the_time_of_its_block_s_first_byte() -> None:
    heard = Heard()
    dialect = V253(heard)
    for now_ms, piece in ((100, b"DA"), (120, b"TE = 0410\r\n"), (150, b"NMBR = 763"), (180, b"2280000\r\n")):
        dialect.feed(now_ms, piece)
    assert heard.times == [(100, 180)]


def test_a_block_long_over_does_not_date_the_next() -> None:
    heard = Heard()
    dialect = V253(heard)
    dialect.feed(0, b"DATE = 0410\r\n")
    dialect.feed(9000, b"NMBR = 7632280000\r\n")
    assert heard.times == [(9000, 9000)]


@pytest.mark.parametrize(
    ("value", "number", "presentation"),
    [
        (b"P", "", WITHHELD),
        (b"PRIVATE", "", WITHHELD),
        (b"O", "", UNAVAILABLE),
        (b"", "", UNAVAILABLE),
        (b"-", "", UNAVAILABLE),
        (b"763-228-0000", "7632280000", SHOWN),
        (b"+86 10 6234 5601", "+861062345601", SHOWN),
        (b"763\xff280000", "", UNAVAILABLE),
    ],
)
def test_what_the_number_field_may_hold(value: bytes, number: str, presentation: int) -> None:
    assert events_of(b"NMBR = " + value + b"\r\n") == [(NUMBER, number, presentation)]


@pytest.mark.parametrize(
    ("wire", "events"),
    [
        # layouts that users posted: no blanks; 'O' for the name; both line ends lost after RING
        (b"DATE=1203\r\nTIME=1452\r\nNMBR=07700900007\r\n", [(NUMBER, "07700900007", SHOWN)]),
        (b"NAME = O\r\nDDN_NMBR= 9932562\r\n", [(NAME, "O", 0), (NUMBER, "9932562", SHOWN)]),
        (b"RING NMBR=5072884388\r\n", [(RING, "", 0), (NUMBER, "5072884388", SHOWN)]),
        (b"RING\r\n\r\nRING\r\n", [(RING, "", 0), (RING, "", 0)]),
        (b"RING B\r\n", [(RING, "", 0)]),
    ],
)
def test_posted_layouts(wire: bytes, events: list[tuple[int, str, int]]) -> None:
    assert events_of(wire) == events


@pytest.mark.parametrize(("text", "kinds"), [(b"RNG", [RING]), (b"RG", [FAINT_RING]), (b"R", []), (b"GNIR", []), (b"\x00\xff\x80", [])])
def test_a_garbled_ring(text: bytes, kinds: list[int]) -> None:
    assert [kind for kind, _, _ in events_of(text + b"\r\n")] == kinds


def test_a_name_keeps_no_control_characters() -> None:
    assert events_of(b"NAME = A\x07B\x9b\xe9\r\n") == [(NAME, "AB\xe9", 0)]


def test_noise_without_end_leaves_the_next_ring_readable() -> None:
    assert events_of(b"x" * 5000, b"\r\nRING\r\n") == [(RING, "", 0)]


def test_unplugging_forgets_half_a_line() -> None:
    heard = Heard()
    dialect = V253(heard)
    dialect.feed(0, b"NMBR = 76322")
    dialect.unplugged()
    dialect.feed(5, b"80000\r\n")
    assert heard.events == []
