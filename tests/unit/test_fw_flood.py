"""Call bombing by one number: found from its sixth call, stopped from its eleventh, over by itself; nobody else is harmed."""

from catflap_probe.call import ALLOW, BLOCK, TDOS, Call, Decision
from catflap_probe.memory.trunk import GIVEN_UP, TrunkMemory
from catflap_probe.verdict.flood import FLOOD_S, NAMELESS, NUMBER, flood_reason, is_stoppable, talk, was_given_up

START_S = 500_000_000
BOMBER, FRIEND = "13912345678", "13812345678"
BRIEF_MS, LONG_MS = 1200, 18_000


def ended_call(ring_ms: int, answered: bool = False, action: int = ALLOW, reasons: tuple[str, ...] = ()) -> Call:
    call = Call(0, 1, 0)
    call.last_ring_ms = ring_ms
    call.answered_ms = ring_ms if answered else -1
    call.decision = Decision(TDOS, 0, action, list(reasons), 0)
    return call


def called(memory: TrunkMemory, key: str, t_s: int, line: int = 0, ring_ms: int = BRIEF_MS, answered: bool = False) -> str:
    """Puts one whole call into the memory; what was said of it when it came."""
    sight = memory.look(key, START_S + t_s)
    reason = flood_reason(memory, sight, line)
    if reason == NUMBER:
        memory.flood_s = sight.now_s
    memory.arrived(sight, line, True)
    talk_s = talk(ended_call(ring_ms, answered), ring_ms)
    memory.ended(sight, sight.now_s + ring_ms // 1000, ring_ms, talk_s)
    if key and talk_s == GIVEN_UP:
        memory.recent.was_brief(key)
    return reason


def may_stop(memory: TrunkMemory, key: str, t_s: int) -> bool:
    return is_stoppable(memory, memory.look(key, START_S + t_s))


def test_the_sixth_brief_call_in_ten_minutes_is_a_flood() -> None:
    memory = TrunkMemory("t", "board")
    assert [called(memory, BOMBER, 30 * n) for n in range(8)] == [""] * 5 + [NUMBER] * 3


def test_it_ends_by_itself() -> None:
    memory = TrunkMemory("t", "board")
    for n in range(20):
        called(memory, BOMBER, 30 * n)
    assert called(memory, BOMBER, 20 * 30 + FLOOD_S + 1) == ""


def test_who_lets_it_ring_is_no_flood_however_often_he_calls() -> None:
    memory = TrunkMemory("t", "board")
    assert {called(memory, BOMBER, 40 * n, ring_ms=LONG_MS) for n in range(30)} == {""}


def test_a_message_to_every_line_of_a_house_is_no_flood() -> None:
    memory = TrunkMemory("t", "board")
    assert {called(memory, BOMBER, 10 * n, line=n) for n in range(30)} == {""}


def test_a_number_of_today_is_stopped_from_its_eleventh_call() -> None:
    memory = TrunkMemory("t", "board")
    stoppable = []
    for n in range(12):
        stoppable.append(n > 0 and may_stop(memory, BOMBER, 30 * n))
        called(memory, BOMBER, 30 * n)
    assert stoppable == [False] * 10 + [True] * 2


def test_who_was_known_before_or_was_answered_gets_through() -> None:
    memory = TrunkMemory("t", "board")
    called(memory, FRIEND, -90_000)
    called(memory, BOMBER, -900, answered=True)
    for n in range(12):
        called(memory, FRIEND, 30 * n)
        called(memory, BOMBER, 30 * n + 10)
    assert not may_stop(memory, FRIEND, 400)
    assert not may_stop(memory, BOMBER, 400)


def test_calls_without_number_are_a_flood_only_while_a_number_floods() -> None:
    quiet, flooded = TrunkMemory("t", "board"), TrunkMemory("t", "board")
    said = []
    for n in range(40):
        assert called(quiet, "", 30 * n) == ""
        called(flooded, BOMBER, 30 * n)
        said.append(called(flooded, "", 30 * n + 15, line=1))
    assert said[:5] == [""] * 5
    assert set(said[12:]) == {NAMELESS}
    assert called(flooded, "", 40 * 30 + FLOOD_S, line=1) == ""


def test_a_call_that_we_stopped_or_that_waited_was_not_given_up_by_its_caller() -> None:
    assert was_given_up(ended_call(BRIEF_MS))
    assert not was_given_up(ended_call(BRIEF_MS, answered=True))
    assert not was_given_up(ended_call(LONG_MS))
    assert not was_given_up(ended_call(BRIEF_MS, action=BLOCK, reasons=("policy.deny",)))
    waiting = ended_call(0)
    waiting.waited = True
    assert not was_given_up(waiting)


def test_a_flood_that_is_being_stopped_goes_on() -> None:
    assert was_given_up(ended_call(BRIEF_MS, action=BLOCK, reasons=(NUMBER,)))
