"""A second call that waits, a line in use, and whose release, number or ring it is that comes then."""

from catflap_probe.call import WITHHELD
from catflap_probe.events import (
    ANSWERED,
    OFF_HOOK,
    ON_HOOK,
    RELEASED,
)
from catflap_probe.line import THE_WAITING, WAITING_MS
from tests.unit.line_diary import line_and_diary, number, ring, talking_to, waiting

ONE, OTHER = "13812345678", "01062345601"


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


def test_a_waiting_call_that_lost_a_digit_within_a_cadence_is_one_call() -> None:
    line, _ = line_and_diary(repeats_number=True)
    talking_to(line, ONE)
    waiting(line, 9000, "01062345601")
    waiting(line, 14_000, "0106235601")
    waiting(line, 19_000, "0106234601")
    assert line.calls == 2
