"""Joining line events to calls: whose caller ID it is, when a call is decided, and when it is over."""

import pytest

from catflap_probe.call import ALLOW, LEGIT, OUT, SHOWN, WITHHELD, Call, Decision
from catflap_probe.desk import Desk
from catflap_probe.events import (
    ANSWERED,
    CALLED,
    CAUSE,
    DIALLED,
    FAINT_RING,
    INFORMATION,
    NAME,
    NUMBER,
    OFF_HOOK,
    ON_HOOK,
    RELEASED,
    RESET,
    RING,
    WAITING,
)
from catflap_probe.line import DECIDE_MS, SILENCE_MS, THE_WAITING, WAITING_MS, Line
from catflap_probe.lost_digits import are_alike

ONE, OTHER = "13812345678", "01062345601"


class Diary(Desk):
    """Decides nothing much, and notes when: (calling number, ms) of each decision, (call, released) of each end."""

    def __init__(self) -> None:
        self.decided: list[tuple[str, int]] = []
        self.gone: list[tuple[Call, bool]] = []
        self.explained_calls: list[Call] = []

    def decide(self, call: Call, now_ms: int) -> None:
        call.decision = Decision(LEGIT, 0, ALLOW, [], now_ms)
        self.decided.append((call.calling, now_ms))

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        self.gone.append((call, released))

    def explained(self, call: Call) -> None:
        self.explained_calls.append(call)


def line_and_diary(*, repeats_number: bool = False) -> tuple[Line, Diary]:
    diary = Diary()
    line = Line(0, diary)
    line.repeats_number = repeats_number
    return line, diary


def ring(line: Line, t_ms: int, kind: int = RING) -> None:
    line.tick(t_ms)
    line.heard(kind, t_ms, t_ms, "", 0)


def number(line: Line, t_ms: int, calling: str, presentation: int = SHOWN) -> None:
    line.tick(t_ms)
    line.heard(NUMBER, t_ms, t_ms + 20, calling, presentation)


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


def waiting(line: Line, t_ms: int, calling: str, presentation: int = SHOWN) -> None:
    line.tick(t_ms)
    line.heard(WAITING, t_ms, t_ms + 20, calling, presentation)


def talking_to(line: Line, calling: str, which: int = 1) -> None:
    """A call that rang at 0 and was answered at 2000."""
    ring(line, 0)
    number(line, 50, calling)
    line.heard(ANSWERED, 2000, 2000, "", which)


def test_a_waiting_call_is_decided_at_once_and_leaves_the_talk_alone() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    waiting(line, 9000, OTHER)
    assert diary.decided == [(ONE, 70), (OTHER, 9020)]
    assert diary.gone == []
    assert line.call is not None and line.waiting is not None
    assert (line.call.calling, line.waiting.calling, line.waiting.waited, line.waiting.t_ms) == (ONE, OTHER, True, 9000)


def test_a_waiting_call_told_of_again_is_one_call() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    waiting(line, 9000, OTHER)
    waiting(line, 12_000, OTHER)
    waiting(line, 15_000, OTHER[1:])
    waiting(line, 18_000, "", WITHHELD)
    assert len(diary.decided) == 2 and line.calls == 2


def test_the_next_waiting_caller_ends_the_one_before() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    waiting(line, 9000, OTHER)
    waiting(line, 30_000, "075512345678")
    assert [call.calling for call, _ in diary.gone] == [OTHER]
    assert line.waiting is not None and line.waiting.number == 3


def test_a_waiting_caller_who_is_not_heard_of_again_has_gone_after_a_minute() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    waiting(line, 9000, OTHER)
    line.tick(600_000)
    assert [(call.calling, call.ended_ms) for call, _ in diary.gone] == [(OTHER, 9000 + WAITING_MS)]
    assert line.call is not None and line.call.calling == ONE


def test_the_release_of_a_known_call_ends_that_call() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE, which=1)
    waiting(line, 9000, OTHER)
    line.heard(RELEASED, 12_000, 12_000, "17", 2)
    assert [(call.calling, call.cause) for call, _ in diary.gone] == [(OTHER, "17")]
    line.heard(RELEASED, 13_000, 13_000, "", 2)
    assert line.call is not None and line.call.calling == ONE
    line.heard(RELEASED, 20_000, 20_000, "16", 1)
    assert [(call.calling, call.cause) for call, _ in diary.gone] == [(OTHER, "17"), (ONE, "16")]


def test_a_rejected_waiting_call_ends_alone() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    line.heard(RELEASED, 8000, 8000, "", THE_WAITING)
    assert diary.gone == []
    waiting(line, 9000, OTHER)
    line.heard(RELEASED, 9500, 9500, "", THE_WAITING)
    assert [call.calling for call, _ in diary.gone] == [OTHER]


def test_a_waiting_call_that_rings_once_the_talk_is_over_is_the_same_call() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    waiting(line, 9000, OTHER)
    line.heard(RELEASED, 12_000, 12_000, "", 0)
    ring(line, 13_000)
    number(line, 13_050, OTHER)
    assert [call.calling for call, _ in diary.gone] == [ONE]
    assert diary.decided == [(ONE, 70), (OTHER, 9020)]
    assert line.call is not None and line.waiting is None
    assert (line.call.number, line.call.waited, line.call.rings) == (2, False, 1)


def test_caller_id_sent_again_for_a_call_that_waited_shows_the_same_call() -> None:
    line, _ = line_and_diary()
    talking_to(line, ONE)
    number(line, 9000, OTHER)
    line.heard(ON_HOOK, 30_000, 30_000, "", 0)
    ring(line, 32_000)
    number(line, 33_200, OTHER)
    assert line.calls == 2
    assert line.call is not None and (line.call.calling, line.call.rings) == (OTHER, 1)


def test_a_waiting_call_outlives_a_talk_that_was_forgotten() -> None:
    # the modem never said that the first call was answered
    line, diary = line_and_diary(repeats_number=True)
    ring(line, 0)
    number(line, 5, ONE)
    line.tick(60_000)
    waiting(line, 60_000, OTHER)
    line.heard(RELEASED, 70_000, 70_000, "", 0)
    ring(line, 71_000)
    number(line, 71_005, OTHER)
    assert [call.calling for call, _ in diary.gone] == [ONE]
    assert line.calls == 2
    line.heard(RELEASED, 75_000, 75_000, "", 0)
    assert [call.calling for call, _ in diary.gone] == [ONE, OTHER]


def test_a_ring_just_before_a_waiting_call_is_its_own() -> None:
    line, diary = line_and_diary(repeats_number=True)
    ring(line, 0)
    number(line, 5, ONE)
    line.tick(60_000)
    ring(line, 60_000)
    waiting(line, 60_010, OTHER)
    assert diary.decided == [(ONE, 25), (OTHER, 60_030)]
    assert line.calls == 2
    assert line.call is None and line.waiting is not None


def test_a_ring_that_is_read_only_when_its_call_is_over_begins_none() -> None:
    line, _ = line_and_diary()
    ring(line, 0)
    number(line, 1000, ONE)
    line.tick(40_000)
    line.heard(RING, 10_000, 40_000, "", 0)
    assert line.calls == 1
    line.heard(RING, 40_000, 40_000, "", 0)
    assert line.calls == 2


def test_a_waiting_call_that_is_answered_outlives_the_first() -> None:
    line, diary = line_and_diary(repeats_number=True)
    talking_to(line, ONE, which=1)
    waiting(line, 9000, OTHER)
    line.heard(ANSWERED, 11_000, 11_000, "", 2)
    line.tick(600_000)
    line.heard(RELEASED, 600_000, 600_000, "", 1)
    assert [call.calling for call, _ in diary.gone] == [ONE]
    assert line.call is not None and (line.call.calling, line.call.answered_ms, line.call.waited) == (OTHER, 11_000, False)


def test_a_call_waits_only_behind_one_that_was_answered() -> None:
    line, diary = line_and_diary(repeats_number=True)
    ring(line, 0)
    number(line, 50, ONE)
    waiting(line, 9000, OTHER)
    line.tick(60_000)
    assert diary.gone == []
    assert line.call is not None and line.call.answered_ms == 9000


def test_caller_id_during_a_talk_is_a_waiting_call_unless_it_is_the_talker_s_own() -> None:
    line, diary = line_and_diary()
    talking_to(line, ONE)
    number(line, 3000, ONE)
    assert line.waiting is None
    number(line, 9000, OTHER)
    assert diary.decided == [(ONE, 70), (OTHER, 9020)]
    assert line.waiting is not None and line.waiting.waited


def test_a_line_that_somebody_took_is_in_use_until_he_leaves_it() -> None:
    line, diary = line_and_diary()
    line.heard(OFF_HOOK, 0, 0, "", 0)
    assert line.in_use and line.call is None
    number(line, 5000, OTHER)
    assert line.waiting is not None and line.waiting.waited
    line.heard(ON_HOOK, 9000, 9000, "", 0)
    assert not line.in_use
    ring(line, 10_000)
    assert line.waiting is None and line.call is not None and (line.call.calling, line.call.waited) == (OTHER, False)
    assert len(diary.decided) == 1


def test_a_handset_answers_the_call_and_ends_it() -> None:
    line, diary = line_and_diary()
    ring(line, 0)
    number(line, 1000, ONE)
    line.heard(OFF_HOOK, 3000, 3000, "", 0)
    line.tick(600_000)
    line.heard(ON_HOOK, 600_000, 600_000, "", 0)
    assert [(call.answered_ms, call.ended_ms, released) for call, released in diary.gone] == [(3000, 600_000, True)]


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


def test_a_waiting_call_that_lost_a_digit_within_a_cadence_is_one_call() -> None:
    line, _ = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    waiting(line, 9000, "01062345601")
    waiting(line, 14_000, "0106235601")
    waiting(line, 19_000, "0106234601")
    assert line.calls == 2
