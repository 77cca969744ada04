"""Joining line events to calls: whose caller ID it is, when a call is decided, and when it is over."""

import pytest

from catflap_probe.call import LEGIT, MOST_RUNG, OUT, SHOWN, WITHHELD
from catflap_probe.events import (
    ANSWERED,
    CALLED,
    CAUSE,
    DIALLED,
    FAINT_RING,
    INFORMATION,
    NAME,
    RELEASED,
    RESET,
    RING,
)
from catflap_probe.line import DECIDE_MS, SILENCE_MS
from catflap_probe.lost_digits import are_alike
from catflap_probe.records import of_end
from tests.unit.line_diary import line_and_diary, number, ring, talking_to

ONE, OTHER = "13812345678", "01062345601"


def test_a_number_decides_at_once_and_the_silence_ends_the_call() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    number(line, 1000, ONE)
    ring(line, 5000)
    line.tick(60_000)
    assert diary.decided == [(ONE, 1020)]
    ((call, released),) = diary.gone
    assert (call.t_ms, call.rings, call.ring_ms(), call.ended_ms, released) == (0, 2, 5000, 5000 + SILENCE_MS, False)


def test_without_a_number_the_second_ring_decides() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    ring(line, 5000)
    ring(line, 10_000)
    assert diary.decided == [("", 5000)]


def test_without_a_second_ring_seven_seconds_decide() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    line.tick(DECIDE_MS - 1)
    assert diary.decided == []
    line.tick(DECIDE_MS)
    assert diary.decided == [("", DECIDE_MS)]


def test_a_call_that_ends_undecided_is_decided_at_its_end() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    line.heard(RELEASED, 3000, 3000, "", 0)
    assert diary.decided == [("", 3000)]
    assert [released for _, released in diary.gone] == [True]


def test_a_late_number_decides_anew() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    ring(line, 5000)
    number(line, 6000, ONE)
    assert diary.decided == [("", 5000), (ONE, 6020)]
    assert diary.gone == []


def test_a_number_shown_twice_is_one_call() -> None:
    line, diary = line_and_diary(repeats_number=True)
    for t_ms in (0, 4000, 8000):
        ring(line, t_ms)
        number(line, t_ms + 50, ONE if t_ms != 4000 else ONE[1:])
    assert diary.decided == [(ONE, 70)]
    assert diary.gone == []


def test_the_next_caller_needs_no_release_and_takes_the_ring_before_his_number() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    number(line, 1000, ONE)
    ring(line, 6000)
    number(line, 7000, OTHER)
    assert diary.decided == [(ONE, 1020), (OTHER, 7020)]
    ((first, _),) = diary.gone
    assert (first.rings, first.last_ring_ms) == (1, 0)
    assert line.call is not None
    assert (line.call.number, line.call.t_ms, line.call.rings) == (2, 6000, 1)


def test_the_same_number_after_a_gap_that_no_cadence_has_is_a_redial() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    number(line, 1000, ONE)
    ring(line, 9000)
    number(line, 10_000, ONE)
    assert [call.t_ms for call, _ in diary.gone] == [0]
    assert line.call is not None and line.call.t_ms == 9000


def test_a_number_shown_again_after_rings_that_showed_none_is_a_redial() -> None:
    line, diary = line_and_diary()
    for t_ms in (0, 5000, 10_000):
        ring(line, t_ms)
    number(line, 11_000, ONE)
    for t_ms in (15_000, 20_000, 26_000):
        ring(line, t_ms)
    number(line, 27_000, ONE)
    assert [(call.t_ms, call.rings) for call, _ in diary.gone] == [(0, 5)]
    assert line.call is not None and (line.call.t_ms, line.call.rings) == (26_000, 1)


def test_a_number_shown_again_at_every_ring_is_one_call() -> None:
    line, diary = line_and_diary()
    for t_ms in range(0, 30_000, 6000):
        ring(line, t_ms)
        number(line, t_ms + 2000, ONE)
    assert diary.gone == [] and len(diary.decided) == 1


def test_two_withheld_callers_in_a_row_are_two_calls_once_it_rang_anew() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    number(line, 1000, "", WITHHELD)
    number(line, 1500, "", WITHHELD)
    assert diary.gone == []
    ring(line, 9000)
    number(line, 10_000, "", WITHHELD)
    assert len(diary.gone) == 1
    assert diary.decided == [("", 1020), ("", 10_020)]


def test_an_answered_call_lasts_until_its_release() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    line.heard(ANSWERED, 2000, 2000, "", 0)
    line.tick(600_000)
    assert diary.decided == [("", 2000)]
    assert diary.gone == []
    line.heard(RELEASED, 700_000, 700_000, "", 0)
    assert [(call.answered_ms, call.ended_ms, released) for call, released in diary.gone] == [(2000, 700_000, True)]


def test_a_ring_on_an_answered_line_is_the_next_call() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    line.heard(ANSWERED, 2000, 2000, "", 0)
    ring(line, 90_000)
    assert [released for _, released in diary.gone] == [False]
    assert line.call is not None and line.call.t_ms == 90_000


def test_a_faint_ring_prolongs_a_call_and_begins_none() -> None:
    line, _ = line_and_diary()
    ring(line, 0, FAINT_RING)
    assert line.call is None
    ring(line, 1000)
    ring(line, 6000, FAINT_RING)
    assert line.call is not None and line.call.last_ring_ms == 6000


def test_an_outgoing_call_is_not_rung_over_by_a_number() -> None:
    line, _ = line_and_diary()
    line.heard(DIALLED, 0, 0, OTHER, SHOWN)
    number(line, 500, ONE)
    assert line.call is not None
    assert (line.call.direction, line.call.called, line.call.calling) == (OUT, OTHER, "")


def test_a_name_belongs_to_the_call_and_to_nobody_without_one() -> None:
    line, _ = line_and_diary()
    line.heard(NAME, 0, 0, "NOBODY", 0)
    number(line, 100, ONE)
    line.heard(NAME, 150, 150, "SOMEBODY", 0)
    assert line.call is not None and line.call.name == "SOMEBODY"


def test_unplugging_ends_the_call() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    line.unplugged(500)
    assert [(call.ended_ms, released) for call, released in diary.gone] == [(500, False)]


@pytest.mark.parametrize(
    ("one", "other", "lost", "alike"),
    [
        ("13812345678", "13812345678", 0, True),
        ("13812345678", "1381235678", 0, True),  # one digit lost of the second
        ("13812345678", "13812345679", 0, False),
        ("01062345601", "075512345678", 0, False),
        ("3812345678", "1381234567", 2, True),  # two lost, a different one of each
        ("3812345678", "1381234567", 0, False),
        ("13812345678", "01062309990", 4, False),
    ],
)
def test_numbers_alike_may_be_one_that_lost_digits(one: str, other: str, lost: int, alike: bool) -> None:
    assert are_alike(one, other, lost) == are_alike(other, one, lost) == alike


def test_a_ring_that_is_read_only_when_its_call_is_over_begins_none() -> None:
    line, _ = line_and_diary()
    ring(line, 0)
    number(line, 1000, ONE)
    line.tick(40_000)
    line.heard(RING, 10_000, 40_000, "", 0)
    assert line.calls == 1
    line.heard(RING, 40_000, 40_000, "", 0)
    assert line.calls == 2


def test_a_cause_told_after_the_release_belongs_to_the_call_before() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    line.heard(RELEASED, 9000, 9000, "", 0)
    line.heard(CAUSE, 9100, 9100, "16", 0)
    line.heard(CAUSE, 9200, 9200, "17", 0)
    assert [call.cause for call in diary.explained_calls] == ["16"]


def test_a_reset_ends_a_cellular_modem_s_calls_and_no_analogue_line_s() -> None:
    for cellular in (True, False):
        line, diary = line_and_diary(repeats_number=cellular)
        ring(line, 0)
        line.heard(RESET, 1000, 1000, "RDY", 0)
        assert bool(diary.gone) == cellular


def test_neighbours_on_a_clean_wire_are_two_callers_and_on_a_noisy_one_a_number_that_lost_digits() -> None:
    for noisy, calls in ((False, 2), (True, 1)):
        line, _ = line_and_diary()
        line.heard(INFORMATION, -500, -500, "+VCID: 1", 0)
        ring(line, 0)
        if noisy:
            line.heard(INFORMATION, 900, 900, "DTE = 04", 0)
        number(line, 1000, "17012340001")
        ring(line, 5000)
        number(line, 6000, "17012340002")
        assert line.calls == calls


def test_a_called_number_and_a_cadence_belong_to_the_call() -> None:
    line, _ = line_and_diary()
    line.heard(RING, 0, 0, "B", 0)
    line.heard(CALLED, 100, 100, "62345602", 0)
    assert line.call is not None and (line.call.cadence, line.call.called) == ("B", "62345602")


def test_a_number_shown_only_after_the_answer_belongs_to_the_talk() -> None:
    line, diary = line_and_diary(repeats_number=True)
    ring(line, 0)
    line.heard(ANSWERED, 2000, 2000, "", 1)
    number(line, 2100, ONE)
    assert line.waiting is None and line.call is not None and line.call.calling == ONE
    assert diary.decided == [("", 2000), (ONE, 2120)]


def test_the_record_of_its_end_has_the_moments_of_rings_and_number() -> None:
    line, diary = line_and_diary()
    for at_ms in range(0, 5000 * (MOST_RUNG + 3), 5000):
        ring(line, at_ms)
        if not at_ms:
            number(line, 1000, ONE)
    line.tick(600_000)
    ((call, _),) = diary.gone
    events = of_end(call, "t", "L01", 0, LEGIT)["events"]
    assert isinstance(events, list)
    assert events[-2:] == [1020, "number"]
    assert events[:-2] == [word for place in range(MOST_RUNG) for word in (5000 * place, "ring")]


def test_a_ring_that_was_the_next_callers_is_in_his_record() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    number(line, 1000, ONE)
    ring(line, 5000)
    number(line, 6000, OTHER)
    line.tick(60_000)
    assert [of_end(call, "t", "L01", 0, LEGIT)["events"] for call, _ in diary.gone] == [
        [0, "ring", 1020, "number"],
        [0, "ring", 1020, "number"],
    ]
