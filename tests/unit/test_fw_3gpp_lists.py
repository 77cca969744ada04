"""Lists of a cellular modem's calls: a call is told once, however often it is listed, and is over when a whole list shows it no more."""

from hypothesis import given
from hypothesis import strategies as st

from catflap_probe.call import SHOWN
from catflap_probe.dialect.ts27007 import Ts27007
from catflap_probe.events import ANSWERED, DIALLED, NUMBER, RELEASED, WAITING
from tests.unit.test_fw_3gpp import Event, Heard, lines

ONE, OTHER = '"13812345678",129', '"01062340001",129'
OF_CALLS = (ANSWERED, DIALLED, NUMBER, RELEASED, WAITING)


def told(*texts: str, step_ms: int = 100) -> list[Event]:
    """What is told of calls; a text that begins with > is sent to the modem."""
    heard = Heard()
    dialect = Ts27007(heard)
    for index, text in enumerate(texts):
        if text.startswith(">"):
            dialect.sent(index * step_ms, text[1:].encode() + b"\r")
        else:
            dialect.feed(index * step_ms, b"\r\n" + text.encode() + b"\r\n")
    return [event for event in heard.events if event[0] in OF_CALLS]


def test_a_poll_every_second_tells_each_change_once() -> None:
    poll = [[">AT+CLCC", f"+CLCC: 1,1,{state},0,0,{ONE}", "OK"] for state in (4, 4, 0, 0, 1, 0, 0)]
    events = told(*[text for one in [*poll, [">AT+CLCC", "OK"], [">AT+CLCC", "OK"]] for text in one])
    assert events == [(NUMBER, "13812345678", SHOWN), (ANSWERED, "", 1), (RELEASED, "", 1)]


def test_an_echo_of_the_command_serves_as_well_as_the_command() -> None:
    assert told("AT+CLCC", f"+CLCC: 1,0,0,0,0,{ONE}", "OK", "AT+CLCC", "OK") == [
        (DIALLED, "13812345678", SHOWN),
        (ANSWERED, "", 1),
        (RELEASED, "", 1),
    ]


def test_the_second_call_waits_is_answered_and_ends_by_its_own_number() -> None:
    first = f"+CLCC: 1,1,0,0,0,{ONE}"
    events = told(
        *(">AT+CLCC", first, "OK"),
        *(">AT+CLCC", first, f"+CLCC: 2,1,5,0,0,{OTHER}", "OK"),
        *(">AT+CLCC", first, f"+CLCC: 2,1,5,0,0,{OTHER}", "OK"),
        *(">AT+CLCC", f"+CLCC: 1,1,1,0,0,{ONE}", f"+CLCC: 2,1,0,0,0,{OTHER}", "OK"),
        *(">AT+CLCC", first, "OK"),
    )
    assert events == [
        (NUMBER, "13812345678", SHOWN),
        (ANSWERED, "", 1),
        (WAITING, "01062340001", SHOWN),
        (ANSWERED, "", 2),
        (RELEASED, "", 2),
    ]


def test_an_ok_says_nothing_of_lists_that_come_unasked() -> None:
    # the first one is followed by another line, so this modem sends them by itself
    events = told(f"+CLCC: 1,1,4,0,0,{ONE}", "+CSSU: 0", "+CREG: 1", f"+CLCC: 1,1,0,0,0,{ONE}", "RING?", f"+CLCC: 2,1,5,0,0,{OTHER}", "OK")
    assert [event for event in events if event[0] == RELEASED] == []


def test_a_list_with_a_line_that_cannot_be_read_ends_no_call() -> None:
    both = [f"+CLCC: 1,1,0,0,0,{ONE}", f"+CLCC: 2,1,1,0,0,{OTHER}"]
    for spoilt in ("+CLCC: 1,1,0,0,13812345678,129", "CLCC: 1,1,0,0,0", "~~"):
        events = told(">AT+CLCC", *both, "OK", ">AT+CLCC", spoilt, both[1], "OK")
        assert [event for event in events if event[0] == RELEASED] == []


def test_an_answer_that_is_no_ok_ends_no_call() -> None:
    for answer in ("ERROR", "+CME ERROR: 100"):
        events = told(">AT+CLCC", f"+CLCC: 1,1,0,0,0,{ONE}", "OK", ">AT+CLCC", answer)
        assert [event for event in events if event[0] == RELEASED] == []


def test_a_number_of_a_call_given_to_the_next_one_ends_the_one_before() -> None:
    assert told(f"+CLCC: 1,1,0,0,0,{ONE}", f"+CLCC: 1,1,4,0,0,{OTHER}") == [
        (NUMBER, "13812345678", SHOWN),
        (ANSWERED, "", 1),
        (RELEASED, "", 1),
        (NUMBER, "01062340001", SHOWN),
    ]


def test_the_release_of_one_call_in_several_words_is_one() -> None:
    clcc, over = f"+CLCC: 1,1,0,0,0,{ONE}", f"+CLCC: 1,1,6,0,0,{ONE}"
    for words in ((over, "VOICE CALL: END: 000008", "NO CARRIER"), ("NO CARRIER", "+WIND: 6,1"), ("^CEND:1,8,29,16", "NO CARRIER")):
        assert len([event for event in told(clcc, *words) if event[0] == RELEASED]) == 1
    assert len([event for event in told("NO CARRIER", "NO CARRIER") if event[0] == RELEASED]) == 2


def test_an_answer_without_a_number_is_the_one_call_s_that_was_not_answered() -> None:
    assert told(f"+CLCC: 3,1,4,0,0,{ONE}", "VOICE CALL: BEGIN", f"+CLCC: 3,1,0,0,0,{ONE}") == [
        (NUMBER, "13812345678", SHOWN),
        (ANSWERED, "", 3),
    ]


def test_a_ring_of_a_waiting_call_is_no_ring_of_a_free_line() -> None:
    before = ["^CONN:1,0"]
    assert [event[0] for event in lines(*before, "RING", '+CCWA: "13812345678",129,1')] == [ANSWERED, WAITING]
    assert len(lines(*before, "RING", '+CLIP: "13812345678",129')) == 3


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_no_bytes_raise(pieces: list[bytes]) -> None:
    heard = Heard()
    dialect = Ts27007(heard)
    for index, piece in enumerate(pieces):
        dialect.feed(index, piece)
        dialect.sent(index, piece)
    dialect.settle(len(pieces))
    dialect.unplugged()


HEADS = (
    "+CLCC: ",
    "+CLIP: ",
    "^CEND:",
    "^DSCI: ",
    "#ECAM: ",
    "+CCWA: ",
    "+CEER: ",
    "+CMT: ",
    "VOICE CALL: ",
    "MISSED_CALL: ",
    "RING",
    "+CRING: ",
    "^SLCC:",
)
PARTS = st.one_of(st.sampled_from([",", '"', "1", "0", "6", "129", "13812345678", " ", ":", "END", "\xff"]), st.text(max_size=3))


@given(st.lists(st.tuples(st.sampled_from(HEADS), st.lists(PARTS, max_size=14)), max_size=30))
def test_no_line_that_looks_like_one_of_a_call_raises(texts: list[tuple[str, list[str]]]) -> None:
    told(*[head + "".join(parts) for head, parts in texts])
