"""Joining line events to calls: whose caller ID it is, when a call is decided, and when it is over."""

from catflap_probe.call import ALLOW, LEGIT, OUT, SHOWN, WITHHELD, Call, Decision
from catflap_probe.events import ANSWERED, DIALLED, FAINT_RING, NAME, NUMBER, RELEASED, RING
from catflap_probe.line import DECIDE_MS, SILENCE_MS, Desk, Line, are_alike

ONE, OTHER = "13812345678", "01062345601"


class Diary(Desk):
    """Decides nothing much, and notes when: (calling number, ms) of each decision, (call, released) of each end."""

    def __init__(self) -> None:
        self.decided: list[tuple[str, int]] = []
        self.gone: list[tuple[Call, bool]] = []

    def decide(self, call: Call, now_ms: int) -> None:
        call.decision = Decision(LEGIT, 0, ALLOW, [], now_ms)
        self.decided.append((call.calling, now_ms))

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        self.gone.append((call, released))


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
    number(line, 600_001, OTHER)
    assert diary.decided == [("", 2000)]
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


def test_numbers_alike_have_six_tenths_of_the_shorter_in_common() -> None:
    assert are_alike("123456789", "123456")
    assert are_alike("12345", "12300")
    assert not are_alike("12345", "12000")
    assert not are_alike("13812345678", "01062309990")
