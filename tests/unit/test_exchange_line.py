"""The emulated telephone line: cadences, who ends a call, and what off-hook does, in virtual time."""

import pytest

from catflap_models.plan import PlannedCall
from tests.exchange.clock import VirtualClock
from tests.exchange.line import AFTER_SECOND, COUNTRIES, Line, Ringing
from tests.exchange.truth import CallTruth


def planned(t_s: float = 0.0, patience_s: float = 60.0, answer_s: float | None = None, talk_s: float = 30.0) -> PlannedCall:
    return PlannedCall(t_s, 0, "01062345678", "shown", "", patience_s, answer_s, talk_s, "legit", "stranger", "")


class Listener:
    """Notes what it hears, each with its second."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.heard: list[tuple[float, str]] = []

    def note(self, what: str) -> None:
        self.heard.append((round(self.clock.now_s(), 3), what))

    def heard_ring(self, call: CallTruth) -> None:
        self.note("ring")

    def heard_caller_id(self, call: CallTruth) -> None:
        self.note("caller-id")

    def answered(self, call: CallTruth) -> None:
        self.note("answered")

    def ended(self, call: CallTruth) -> None:
        self.note(call.outcome)

    def heard_waiting(self, call: CallTruth) -> None:
        self.note("waiting")

    def extension(self, is_off_hook: bool) -> None:
        self.note("extension off-hook" if is_off_hook else "extension on-hook")


class Bench:
    """A line with its listener, in virtual time."""

    def __init__(self, ringing: Ringing, caller_holds_s: float = 0.0, has_call_waiting: bool = False) -> None:
        self.clock = VirtualClock()
        self.ended: list[CallTruth] = []
        self.line = Line(self.clock, ringing, self.ended.append, caller_holds_s, has_call_waiting)
        self.listener = Listener(self.clock)
        self.line.subscriber = self.listener

    def offer(self, call: PlannedCall) -> CallTruth:
        truth = CallTruth(call, "L01")
        self.clock.at(call.t_s, lambda: self.line.offer(truth))
        return truth


@pytest.mark.parametrize(
    ("country", "heard"),
    [
        ("CN", [(1.0, "ring"), (2.2, "caller-id"), (6.0, "ring"), (6.5, "given-up")]),
        ("US", [(2.0, "ring"), (3.2, "caller-id"), (6.5, "ring"), (6.5, "given-up")]),
        ("GB", [(1.2, "caller-id"), (2.6, "ring"), (5.6, "ring"), (8.1, "ring"), (8.1, "given-up")]),
    ],
)
def test_a_country_rings_in_its_cadence_with_caller_id_at_its_moment(country: str, heard: list[tuple[float, str]]) -> None:
    bench = Bench(COUNTRIES[country])
    call = bench.offer(planned(patience_s=6.5))
    bench.clock.run()
    assert bench.listener.heard == heard
    assert (call.outcome, call.rings) == ("given-up", sum(what == "ring" for _, what in heard))


def test_a_burst_cut_short_is_heard_only_if_it_lasted() -> None:
    for patience_s, rings in ((0.2, 0), (0.5, 1)):
        bench = Bench(COUNTRIES["CN"])
        call = bench.offer(planned(patience_s=patience_s))
        bench.clock.run()
        assert call.rings == rings


def test_a_person_answers_and_the_far_end_clears() -> None:
    bench = Bench(COUNTRIES["CN"])
    call = bench.offer(planned(answer_s=7.0, talk_s=30.0))
    bench.clock.run()
    assert (call.outcome, call.answered_s, call.ended_s) == ("answered", 7.0, 37.0)
    assert bench.listener.heard[-2:] == [(7.0, "answered"), (37.0, "answered")]


def test_off_hook_stops_the_ringing_and_on_hook_frees_the_line() -> None:
    bench = Bench(COUNTRIES["CN"])
    call = bench.offer(planned())
    bench.clock.at(3.0, bench.line.off_hook)
    bench.clock.at(4.0, bench.line.on_hook)
    bench.clock.run()
    assert (call.outcome, call.off_hook_s, call.on_hook_s, call.ended_s, call.rings) == ("blocked", 3.0, 4.0, 4.0, 1)
    assert bench.line.state == "idle"


def test_off_hook_too_short_is_no_answer_and_the_line_rings_on() -> None:
    bench = Bench(COUNTRIES["CN"])
    call = bench.offer(planned(patience_s=12.5))
    bench.clock.at(3.0, bench.line.off_hook)
    bench.clock.at(3.1, bench.line.on_hook)
    bench.clock.run()
    assert (call.outcome, call.rings, call.ended_s) == ("given-up", 3, 12.5)
    assert [t_s for t_s, what in bench.listener.heard if what == "ring"] == [1.0, 6.0, 11.0]


def test_a_caller_may_hold_the_line_after_the_hang_up() -> None:
    bench = Bench(COUNTRIES["CN"], caller_holds_s=20.0)
    bench.offer(planned())
    second, third = bench.offer(planned(t_s=10.0)), bench.offer(planned(t_s=30.0, patience_s=5.0))
    bench.clock.at(3.0, bench.line.off_hook)
    bench.clock.at(4.0, bench.line.on_hook)
    bench.clock.run()
    assert (second.outcome, third.outcome) == ("busy", "given-up")


def test_a_call_to_a_busy_line_is_counted_and_not_played() -> None:
    bench = Bench(COUNTRIES["CN"])
    bench.offer(planned(answer_s=3.0))
    second = bench.offer(planned(t_s=10.0))
    bench.clock.run()
    assert (second.outcome, second.rings, second.reported_s) == ("busy", 0, None)
    assert second in bench.ended


def test_going_for_a_line_in_use_is_noted_and_changes_nothing() -> None:
    bench = Bench(COUNTRIES["CN"])
    call = bench.offer(planned(answer_s=3.0, talk_s=30.0))
    bench.clock.at(10.0, bench.line.off_hook)
    bench.clock.at(11.0, bench.line.on_hook)
    bench.clock.run()
    assert (call.touched_in_use, call.outcome, call.ended_s) == (True, "answered", 33.0)


def test_off_hook_with_no_call_seizes_the_line() -> None:
    bench = Bench(COUNTRIES["CN"])
    bench.line.off_hook()
    call = bench.offer(planned(t_s=1.0))
    bench.clock.at(2.0, bench.line.on_hook)
    bench.clock.run()
    assert (call.outcome, bench.line.idle_seizures, bench.line.state) == ("busy", 1, "idle")


def test_a_rejected_call_is_over_at_once() -> None:
    bench = Bench(Ringing(period_s=5.0, burst_end_s=0.0, caller_id="never"))
    call = bench.offer(planned())
    bench.clock.at(6.0, bench.line.reject)
    bench.clock.run()
    assert (call.outcome, call.rings, call.ended_s) == ("blocked", 2, 6.0)


def test_caller_id_may_come_after_the_second_ring_or_as_dtmf_well_before_the_first() -> None:
    heard = {}
    for name, ringing in (("after-second", AFTER_SECOND), ("IN", COUNTRIES["IN"]), ("SE", COUNTRIES["SE"])):
        bench = Bench(ringing)
        bench.offer(planned(patience_s=8.0))
        bench.clock.run()
        heard[name] = bench.listener.heard
    assert heard["after-second"] == [(1.0, "ring"), (6.0, "ring"), (7.2, "caller-id"), (8.0, "given-up")]
    assert heard["IN"][:3] == [(0.4, "caller-id"), (4.6, "ring"), (7.6, "ring")]
    assert heard["SE"][:3] == [(0.4, "caller-id"), (4.6, "ring"), (10.6, "ring")]


def test_a_caller_who_gives_up_before_the_first_burst_is_not_heard_to_ring() -> None:
    bench = Bench(COUNTRIES["IN"])
    call = bench.offer(planned())
    bench.clock.at(1.5, bench.line.off_hook)
    bench.clock.at(2.5, bench.line.on_hook)
    bench.clock.run()
    assert (call.outcome, call.rings) == ("blocked", 0)


def test_a_second_caller_waits_where_the_line_has_call_waiting_and_a_third_hears_busy() -> None:
    bench = Bench(COUNTRIES["CN"], has_call_waiting=True)
    talk = bench.offer(planned(answer_s=3.0, talk_s=60.0))
    second, third = bench.offer(planned(t_s=10.0, patience_s=20.0)), bench.offer(planned(t_s=15.0))
    bench.clock.run()
    assert [(call.outcome, call.waited) for call in (talk, second, third)] == [("answered", False), ("given-up", True), ("busy", False)]
    assert (second.rings, second.ended_s, talk.ended_s) == (0, 30.0, 63.0)
    assert (10.0, "waiting") in bench.listener.heard


def test_a_call_does_not_wait_behind_one_that_only_rings() -> None:
    bench = Bench(COUNTRIES["CN"], has_call_waiting=True)
    bench.offer(planned())
    second = bench.offer(planned(t_s=10.0))
    bench.clock.run()
    assert (second.outcome, second.waited) == ("busy", False)


def test_the_line_rings_for_a_call_that_waited_as_long_as_its_caller_still_would() -> None:
    bench = Bench(COUNTRIES["CN"], has_call_waiting=True)
    bench.offer(planned(answer_s=3.0, talk_s=20.0))
    second = bench.offer(planned(t_s=10.0, patience_s=21.0))
    bench.clock.run()
    assert bench.listener.heard[-4:] == [(25.0, "ring"), (26.2, "caller-id"), (30.0, "ring"), (31.0, "given-up")]
    assert (second.rings, second.ended_s) == (2, 31.0)


def test_refusing_the_waiting_call_leaves_the_talk_and_taking_it_does_not() -> None:
    for act, touched, outcome in (("reject_waiting", False, "answered"), ("take_waiting", True, "answered")):
        bench = Bench(COUNTRIES["CN"], has_call_waiting=True)
        talk, second = bench.offer(planned(answer_s=3.0, talk_s=30.0)), bench.offer(planned(t_s=10.0))
        bench.clock.at(12.0, getattr(bench.line, act))
        bench.clock.at(14.0, bench.line.on_hook)
        bench.clock.run()
        assert (talk.touched_in_use, talk.outcome, second.outcome) == (touched, outcome, "blocked")
        assert second.ended_s == (14.0 if touched else 12.0)
        assert bench.line.state == "idle"


def test_a_line_used_to_call_out_is_busy_and_going_for_it_is_noted() -> None:
    bench = Bench(COUNTRIES["CN"])
    bench.line.extension_off_hook()
    call = bench.offer(planned(t_s=1.0))
    bench.clock.at(2.0, bench.line.off_hook)
    bench.clock.at(3.0, bench.line.extension_on_hook)
    bench.clock.run()
    assert (call.outcome, bench.line.intrusions, bench.line.idle_seizures, bench.line.state) == ("busy", 1, 0, "idle")
    assert [what for _, what in bench.listener.heard] == ["extension off-hook", "extension on-hook"]
