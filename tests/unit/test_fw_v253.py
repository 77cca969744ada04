"""The v253 dialect: caller ID wherever it comes and however it is called, split anywhere, garbled or absent."""

import random

import pytest

from catflap_host import micropython
from catflap_probe.call import SHOWN, UNAVAILABLE, WITHHELD
from catflap_probe.dialect.v253 import V253
from catflap_probe.events import CALLED, FAINT_RING, INFORMATION, NAME, NUMBER, OFF_HOOK, ON_HOOK, REPLY, RESET, RING, TONE, WAITING
from tests.unit import v253_on_board
from tests.unit.hearing import Event, Heard, about_calls, events_at, events_of

BLOCK = b"\r\nDATE = 0410\r\nTIME = 1844\r\nNMBR = 7632280000\r\nNAME = SCHWARTZ,LAWREN\r\n"
A_RING = (RING, "", 0)
NO_NUMBER = (NUMBER, "", UNAVAILABLE)
SHOWN_NUMBER, SHOWN_NAME = (NUMBER, "7632280000", SHOWN), (NAME, "SCHWARTZ,LAWREN", 0)
RING_LINE = b"\r\nRING\r\n"


@pytest.mark.parametrize("rings_before", [0, 1, 2])
def test_caller_id_before_between_and_after_the_rings(rings_before: int) -> None:
    expected = [A_RING] * rings_before + [SHOWN_NUMBER, SHOWN_NAME] + [A_RING] * (2 - rings_before)
    assert events_of(RING_LINE * rings_before + BLOCK + RING_LINE * (2 - rings_before)) == expected


def test_a_split_at_any_byte_changes_nothing() -> None:
    wire = RING_LINE + BLOCK + RING_LINE + b"\r\nOK\r\n"
    whole = events_of(wire)
    assert whole == [A_RING, SHOWN_NUMBER, SHOWN_NAME, A_RING, (REPLY, "OK", 0)]
    assert all(events_of(wire[:cut], wire[cut:]) == whole for cut in range(len(wire)))
    assert events_of(*(wire[at : at + 1] for at in range(len(wire)))) == whole


def test_a_number_bears_the_time_of_its_block_s_first_byte_and_is_told_at_its_own_end() -> None:
    heard = Heard()
    dialect = V253(heard)
    for now_ms, piece in ((100, b"DA"), (120, b"TE = 0410\r\n"), (150, b"NMBR = 763"), (180, b"2280000\r\n"), (200, b"NAME = X\r\n")):
        dialect.feed(now_ms, piece)
    assert heard.events == [SHOWN_NUMBER, (NAME, "X", 0)]
    assert heard.times == [(100, 180), (100, 200)]


def test_a_block_long_over_does_not_date_the_next() -> None:
    heard = Heard()
    dialect = V253(heard)
    dialect.feed(0, b"NAME = O\r\n")
    dialect.feed(9000, b"NMBR = 7632280000\r\n")
    assert heard.times == [(9000, 9000)]


@pytest.mark.parametrize(
    ("value", "number", "presentation"),
    [
        (b"P", "", WITHHELD),
        (b"A", "", WITHHELD),
        (b"PRIVATE", "", WITHHELD),
        (b"private caller", "", WITHHELD),
        (b"Restricted", "", WITHHELD),
        (b"NUMBER WITHHELD", "", WITHHELD),
        (b"ANONYMOUS", "", WITHHELD),
        (b"BLOCKED", "", WITHHELD),
        (b"O", "", UNAVAILABLE),
        (b"OUT OF AREA", "", UNAVAILABLE),
        (b"UNAVAILABLE", "", UNAVAILABLE),
        (b"UNKNOWN", "", UNAVAILABLE),
        (b"DATE and TIME COMBINED", "", UNAVAILABLE),
        (b"-", "", UNAVAILABLE),
        (b"##########", "", UNAVAILABLE),
        (b"763-228-0000", "7632280000", SHOWN),
        (b"(763) 228.0000", "7632280000", SHOWN),
        (b"030/1234567", "0301234567", SHOWN),
        (b"763228xxxx", "763228xxxx", SHOWN),
        (b"+86 10 6234 5601", "+861062345601", SHOWN),
        (b"2120", "2120", SHOWN),
        (b"763\xff280000", "", UNAVAILABLE),
        (b"4" * 33, "", UNAVAILABLE),
    ],
)
def test_what_the_number_field_may_hold(value: bytes, number: str, presentation: int) -> None:
    assert events_of(b"NMBR = " + value + b"\r\n") == [(NUMBER, number, presentation)]


def numbered(number: str, *rest: Event) -> list[Event]:
    return [(NUMBER, number, SHOWN), *rest]


@pytest.mark.parametrize(
    ("wire", "events"),
    [
        # layouts that users posted
        (b"DATE=1203\r\nTIME=1452\r\nNMBR=07700900007\r\n", numbered("07700900007")),
        (b"NAME=ARCHER L       NMBR=5071234567\r\n", numbered("5071234567", (NAME, "ARCHER L", 0))),
        (b"RING RING DATE=0224 NAME=ONMBR=5072884388\r\n", [A_RING, *numbered("5072884388")]),
        (b"NAME = O\r\nDDN_NMBR= 9932562\r\n", numbered("9932562")),
        (b"NAME = Tucson,AZ\r\nDDN = 9415557218\r\n", numbered("9415557218", (NAME, "Tucson,AZ", 0))),
        (b"CID RING\r\nDATE TIME=01/06 14:15\r\nNMBR=4075552120\r\n", [A_RING, *numbered("4075552120")]),
        (b"NBR=0145678901\r\n", numbered("0145678901")),
        (b"nmbr = 5551212\r\n", numbered("5551212")),
        (b"NMBR:5551212\r\n", numbered("5551212")),
        (b"CALLER'S NUMBER: 5551212\r\n", numbered("5551212")),
        (b"CallerID: 4951234567\r\n", numbered("4951234567")),
        (b"RING;08912345;08765\r\n", [A_RING, *numbered("08912345", (CALLED, "08765", 0))]),
        (b"RING 0891234567\r\n", [A_RING, *numbered("0891234567")]),
        (b"RING\r\nFM:0765628300 TO:55 ON CH:B1\r\n", [A_RING, *numbered("0765628300", (CALLED, "55", 0))]),
        (b"NMBR = 5551212\r\nNDID = 22\r\n", numbered("5551212", (CALLED, "22", 0))),
        (b"RING;;08765\r\n", [A_RING, NO_NUMBER, (CALLED, "08765", 0)]),
        (b"FM:0765628300 TO:8673300\r\n", numbered("0765628300", (CALLED, "8673300", 0))),
        (b"CALLED NUMBER: 22\r\nCALLER NUMBER: 5551212\r\n", numbered("5551212", (CALLED, "22", 0))),
        (
            b"RING\r\nTIME: 06-18 21:06\r\nCALLER NUMBER: 5551212\r\nCALLER NAME: A B\r\n",
            [A_RING, *numbered("5551212", (NAME, "A B", 0))],
        ),
        (b"REASON FOR NO CALLER NUMBER: PRIVATE\r\n", [(NUMBER, "", WITHHELD)]),
        (b"REASON FOR NO CALLER NUMBER: OUT OF AREA\r\nREASON FOR NO CALLER NAME: OUT OF AREA\r\n", [NO_NUMBER]),
        (b"REASON NO NAME=Private\r\nNMBR = 5551212\r\nCALLBACK NMBR = 18005551212\r\nQUAL = Long Distance\r\n", numbered("5551212")),
        (b"Phone: 800-555-1212\r\n", numbered("8005551212")),
        (b"###DATE06182106...NMBR7045551212...NAMESPAULDING TIMOT+++\r", numbered("7045551212", (NAME, "SPAULDING TIMOT", 0))),
        (b"###DATE06191942...NMBR...NAME-UNKNOWN CALLER-+++\r", [NO_NUMBER, (NAME, "UNKNOWN CALLER", 0)]),
        (b"\x10.\x10XNAME = A B\r\nNMBR = 5551212\r\n", numbered("5551212", (NAME, "A B", 0))),
        # both ends of line lost
        (b"RING NMBR=5072884388\r\n", [A_RING, *numbered("5072884388")]),
        (b"RINGDATE = 0410TIME = 1844NMBR = 7632280000NAME = X\r\n", [A_RING, *numbered("7632280000", (NAME, "X", 0))]),
        (b"NMBR = 7632280000RING\r\n", [*numbered("7632280000"), A_RING]),
        # a letter of the name, or its =, lost
        (b"NMB = 7632280000\r\n", numbered("7632280000")),
        (b"NMBR  7632280000\r\n", numbered("7632280000")),
    ],
)
def test_layouts_of_many_makers(wire: bytes, events: list[Event]) -> None:
    assert events_of(wire) == events


@pytest.mark.parametrize(
    "text",
    [b"Diverting number: 5551212", b"REDIRECT = Call Forward", b"LOOKUP NAME = A B", b"DATE = 0410", b"###DATE...NMBR...NAME-MSG OFF-+++"],
)
def test_what_stands_beside_the_number_is_no_number(text: bytes) -> None:
    assert about_calls(events_of(text + b"\r\n")) == []


def test_one_block_tells_one_number() -> None:
    both = b"NMBR = 5551212\r\nDDN_NMBR = 14155551212\r\nMESG = 030735353531323132\r\nNMBR = O\r\n"
    assert events_of(both) == numbered("5551212")
    assert events_of(b"NMBR = P\r\nDDN_NMBR = 01062345601\r\n") == [(NUMBER, "", WITHHELD)]


def test_a_name_before_its_number_follows_it() -> None:
    assert events_of(b"NAME = ARCHER L\r\n", b"NMBR = 5071234567\r\n") == numbered("5071234567", (NAME, "ARCHER L", 0))


def test_a_name_long_after_its_number_is_still_the_caller_s() -> None:
    assert events_at((0, b"NMBR = 5551212\r\n"), (4000, b"NAME = A B\r\n"), (9000, RING_LINE)) == numbered(
        "5551212", (NAME, "A B", 0), A_RING
    )


def test_a_block_repeated_is_told_again() -> None:
    assert events_of(BLOCK, BLOCK) == [SHOWN_NUMBER, SHOWN_NAME] * 2


@pytest.mark.parametrize(
    ("block", "presentation"),
    [
        (b"DATE = 0410\r\nTIME = 1844\r\n", UNAVAILABLE),
        (b"DATE = 0410\r\nNAME = OUT OF AREA\r\n", UNAVAILABLE),
        (b"NMBR =\r\n", UNAVAILABLE),
        (b"DATE = 0410\r\nNAME = P\r\n", WITHHELD),
        (b"NAME = Private Caller\r\n", WITHHELD),
    ],
)
def test_a_block_without_number_is_told_when_it_is_over(block: bytes, presentation: int) -> None:
    told = (NUMBER, "", presentation)
    assert about_calls(events_at((0, block)))[:1] == []
    assert about_calls(events_at((0, block), (900, RING_LINE)))[0] == told
    assert about_calls(events_at((0, block), (2100, b"OK\r\n")))[0] == told
    assert about_calls(events_at((0, block), settles=True))[0] == told
    assert told not in events_at((0, block), (60_000, RING_LINE)), "old news would begin a call"


def test_an_empty_number_field_waits_for_the_name_that_says_why() -> None:
    assert events_of(b"NMBR = \r\nNAME = PRIVATE\r\n") == [(NUMBER, "", WITHHELD), (NAME, "PRIVATE", 0)]
    assert events_of(b"NMBR = \r\nDDN = 5551212\r\n") == numbered("5551212")


@pytest.mark.parametrize(
    ("wire", "kinds"),
    [
        (b"5551212\r\n\r\nRING\r\n", [NUMBER, RING]),
        (b"RING\r\n5551212\r\n", [RING, NUMBER]),
        (b"5551212\r\n\r\nOK\r\n", [INFORMATION, REPLY]),
        (b"AT+GSN\r\r\n5551212\r\n", [INFORMATION]),
        (b"RING\r\n56000\r\n", [RING, INFORMATION]),
        (b"RING\r\n5551212555121255512\r\n", [RING, INFORMATION]),
    ],
)
def test_a_line_of_digits_is_a_number_unless_it_may_be_an_answer(wire: bytes, kinds: list[int]) -> None:
    assert [kind for kind, _, _ in events_of(wire)] == kinds


@pytest.mark.parametrize("line", [b"Date: Mar 12 2004", b"Name: SoftModem", b"TIME: 12:00", b"Number: 5551212", b"DATE = 0410"])
def test_an_answer_with_names_and_dates_in_it_begins_no_call(line: bytes) -> None:
    heard = Heard()
    dialect = V253(heard)
    dialect.sent(0, b"ATI3\r")
    dialect.feed(50, b"\r\n" + line + b"\r\n")
    dialect.feed(60, b"\r\nOK\r\n")
    dialect.settle(3000)
    assert heard.events == [(INFORMATION, line.decode(), 0), (REPLY, "OK", 0)]
    if line[:4].upper() in (b"DATE", b"NAME", b"TIME") and b"=" not in line:
        assert about_calls(events_at((0, line + b"\r\n"), settles=True)) == [], "unasked, but it does not ring"


def test_a_number_that_comes_while_a_question_is_open_is_one() -> None:
    heard = Heard()
    dialect = V253(heard)
    dialect.sent(0, b"AT+VCID?\r")
    dialect.feed(50, BLOCK)
    assert about_calls(heard.events)[:1] == [SHOWN_NUMBER]


def test_what_was_sent_to_the_modem_makes_digits_an_answer() -> None:
    heard = Heard()
    dialect = V253(heard)
    dialect.feed(0, RING_LINE)
    dialect.sent(100, b"AT+GSN\r")
    dialect.feed(200, b"\r\n5551212\r\n")
    assert heard.events == [A_RING, (INFORMATION, "5551212", 0)]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        (b"RING", [A_RING]),
        (b"ring", [A_RING]),
        (b"RING A", [(RING, "A", 0)]),
        (b"RING 2", [(RING, "2", 0)]),
        (b"RINGB", [(RING, "B", 0)]),
        (b"RING RING", [A_RING]),
        (b"RING\xff\x13", [A_RING]),
        (b"RING5980", [A_RING]),
        (b"RNG", [A_RING]),
        (b"RG", [(FAINT_RING, "", 0)]),
        (b"R\xffI\x80NG", [(FAINT_RING, "", 0)]),
        (b"RINGING", [(TONE, "ringback", 0)]),
        (b"RRING", [(TONE, "ringback", 0)]),
        (b"R", []),
        (b"GNIR", []),
        (b"\x00\xff\x80", []),
    ],
)
def test_rings_distinctive_garbled_and_none(text: bytes, events: list[Event]) -> None:
    assert about_calls(events_of(text + b"\r\n")) == events


def test_the_number_dialled_behind_the_ring_waits_for_the_caller_s() -> None:
    assert events_of(b"RING5980\r\n", b"NMBR = 5551212\r\n") == [A_RING, *numbered("5551212", (CALLED, "5980", 0))]


def test_rings_reported_by_their_bursts() -> None:
    ring = (b"DRON=5\r\n", b"DROF=11\r\n", b"DRON=5\r\n", b"DROF=34\r\n")
    assert events_of(*ring, *ring, gap_ms=1000) == [(RING, "on 5", 0)] * 2


def test_the_word_of_a_ring_reported_by_its_bursts_counts_it_once() -> None:
    first = events_at((0, b"DRON=5\r\n"), (1100, b"DROF=11\r\n"), (1600, b"DRON=5\r\nRING\r\n"))
    assert first == [(RING, "on 5", 0)]
    again = events_at((0, RING_LINE), (4000, b"DROF=34\r\nDRON=5\r\n"), (5100, b"DROF=11\r\n"), (5600, b"DRON=5\r\nRING\r\n"))
    assert again == [A_RING, (RING, "on 5 off 11 on 5", 0)]


@pytest.mark.parametrize("mark", [b"CWON=3\r\nCWOF=90\r\n", b"CALL WAITING\r\n", b"\x10w", b"+VCIDR:\r\n"])
def test_a_waiting_call_that_the_modem_announces(mark: bytes) -> None:
    assert events_of(mark, BLOCK, BLOCK) == [(WAITING, "7632280000", SHOWN), SHOWN_NAME, SHOWN_NUMBER, SHOWN_NAME]
    assert events_at((0, mark), (9000, BLOCK)) == [SHOWN_NUMBER, SHOWN_NAME], "too long ago"


@pytest.mark.parametrize(
    "text",
    ["OK", "ERROR", "NO CARRIER", "BUSY", "NO DIALTONE", "NO DIAL TONE", "NO ANSWER", "VCON", "CONNECT", "CONNECT 33600", "LINE-IN-USE"],
)
def test_a_result_code(text: str) -> None:
    assert events_of(b"\r\n" + text.encode() + b"\r\n") == [(REPLY, text, 0)]


@pytest.mark.parametrize("text", ["1", "+VCID: 1", "U.S. Robotics 56K FAX USB V1.2.23", "CX93001-EIS_V0.2002-V92", "56000", "5601"])
def test_an_answer_is_passed_on(text: str) -> None:
    assert events_of(b"\r\n" + text.encode() + b"\r\n") == [(INFORMATION, text, 0)]


@pytest.mark.parametrize("text", [b"AT+VCID=1", b"at#cid=1", b"ATZ", b"ATH1", b"CIDM", b"STAS", b"FLASH"])
def test_echoes_and_signs_of_life_are_no_answers(text: bytes) -> None:
    assert events_of(text + b"\r\n") == []


def test_a_banner_tells_of_a_restart() -> None:
    assert events_of(b"Modem ready V2.1\r\n") == [(RESET, "Modem ready V2.1", 0)]


def test_a_name_in_utf_8_is_read_so() -> None:
    assert events_of("NMBR = P\r\nNAME = Vähälä 你\r\n".encode())[1:] == [(NAME, "Vähälä 你", 0)]


@pytest.mark.parametrize("name", [b"\xc3", b"\xc1\x81", b"\xe0\x81\x81", b"\xed\xa0\xb0", b"\xf4\xb0\xa0\xa0"])
def test_what_is_no_utf_8_is_latin_1(name: bytes) -> None:
    told = "".join(character for character in name.decode("latin-1") if not 127 <= ord(character) < 160)
    assert events_of(b"NMBR = P\r\nNAME = X" + name + b"X\r\n")[1:] == [(NAME, f"X{told}X", 0)]


def test_a_name_keeps_no_control_characters() -> None:
    assert events_of(b"NMBR = P\r\nNAME = A\x07B\x9b\xe9\r\n")[1:] == [(NAME, "AB\xe9", 0)]


def test_noise_without_end_leaves_the_next_ring_readable() -> None:
    assert about_calls(events_of(b"x" * 5000, RING_LINE)) == [A_RING]


def test_unplugging_forgets_what_was_half_received() -> None:
    for half in (
        b"NMBR = 76322",
        b"NAME = X\r\n",
        b"NMBR =\r\n",
        b"802001",
        b"8020\r\n",
        b"5551212\r\n",
        b"\x80\x20\x01",
        b"\x10",
        b"\x10A\x101",
    ):
        heard = Heard()
        dialect = V253(heard)
        dialect.feed(0, half)
        told = len(heard.events)
        dialect.unplugged()
        dialect.feed(5, RING_LINE)
        dialect.settle(5)
        assert heard.events[told:] == [A_RING], half


def test_noise_rings_nobody() -> None:
    rng = random.Random(3)
    noise = bytes(rng.randrange(256) for _ in range(300_000))
    heard = Heard()
    dialect = V253(heard)
    for at in range(0, len(noise), 7):
        dialect.feed(at, noise[at : at + 7])
    kinds = [kind for kind, _, _ in heard.events]
    assert INFORMATION in kinds
    assert not {RING, NUMBER, WAITING, OFF_HOOK, ON_HOOK} & set(kinds)


def test_nothing_that_is_fed_raises() -> None:
    rng = random.Random(7)
    fragments = [
        b"\r", b"\n", b"RING", b"NMBR", b"=", b":", b";", b" ", b"DDN_", b"NAME", b"DATE", b"MESG", b"0307", b"8020", b"0412", b"555",
        b"\x10", b"\x80\x20\x01\x08", b"\x04\x12", b"A", b"D", b"C", b"#", b"+CLIP", b'"', b",", b"###", b"...", b"+++", b"DRON", b"DROF",
        b"CWON", b"X", b".", b"R", b"H", b"\xff", b"\x00", b"AT", b"OK", b"FM:", b"TO:", b"REASON NO NMBR", b"+VCIDR:", b"CIDM",
    ]  # fmt: skip
    heard = Heard()
    dialect = V253(heard)
    now_ms = 0
    for step in range(60_000):
        now_ms += rng.choice((0, 0, 0, 1, 50, 3000))
        dialect.feed(now_ms, rng.choice(fragments))
        if step % 1000 == 0:
            dialect.settle(now_ms)
    assert {kind for kind, _, _ in heard.events} >= {RING, NUMBER, NAME, INFORMATION, REPLY}


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_both_runtimes_hear_the_same() -> None:
    with micropython.start(micropython.command(v253_on_board.__file__, "16m", "9")) as process:
        on_board, _ = process.communicate()
    assert on_board.strip() == v253_on_board.main(9)


@pytest.mark.parametrize("lost", [0.05, 0.2, 0.5])
def test_a_wire_that_loses_bytes_shows_no_number_that_was_not_sent(lost: float) -> None:
    rng = random.Random(5)
    for _ in range(400):
        wire = bytes(byte for byte in RING_LINE + BLOCK + RING_LINE if rng.random() >= lost)
        for kind, text, _ in events_of(wire):
            if kind == NUMBER:
                digits = iter("7632280000")
                assert all(digit in digits for digit in text), wire
