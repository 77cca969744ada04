"""A board's questions: which answers are its calls', and when they count as come, on a machine that computes slowly."""

import pytest

from catflap_probe.board import Board
from catflap_probe.call import Call
from catflap_probe.clock import Clock
from catflap_probe.gateway import OPEN_QUESTIONS, Gateway
from catflap_probe.lines import Lines
from catflap_probe.memory.trunk import Sight
from catflap_probe.trunk import EVIDENCE_MS, TrunkSettings
from catflap_probe.uplink.serial_link import SerialLink

SETTINGS: dict[str, object] = {"id": "t", "country": "CN", "area_code": "010", "lines": [{"id": "L1", "dialect": "3gpp"}]}
DECIDED_MS = 50_000


class Machine(Board):
    """Its clock is set by hand."""

    def __init__(self) -> None:
        self.now_ms = 0

    def monotonic_us(self) -> int:
        return self.now_ms * 1000

    def unix_us(self) -> int:
        return 0

    def random_bytes(self, count: int) -> bytes:
        return bytes(count)


class Heard(Lines):
    """Keeps what the lines are told of answers."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[tuple[int, int, str]] = []

    def informed(self, place: int, now_ms: int, text: str) -> None:
        self.answers.append((place, now_ms, text))


class Sent(SerialLink):
    """A link that is up; keeps what is asked."""

    def __init__(self, board: Board, gateway: Gateway) -> None:
        super().__init__(board, "usb", 115200, {}, gateway)
        self.is_up = self.may_ask = True
        self.sent: list[bytes] = []

    def send(self, content: bytes) -> bool:
        self.sent.append(content)
        return True


class Asking:
    """A board that asks about calls; `unread_ms` is when the oldest bytes came that have not been heard yet."""

    def __init__(self) -> None:
        self.machine = Machine()
        self.lines = Heard()
        self.unread_ms = 1 << 60
        clock = Clock(self.machine, None)
        self.gateway = Gateway(clock, self.lines, TrunkSettings(SETTINGS), lambda: min(clock.now_ms(), self.unread_ms), lambda _: None)
        self.link = Sent(self.machine, self.gateway)
        self.gateway.link = self.link

    def ask(self, computing_ms: int, key: str = "13812345678") -> Call:
        """A call is asked about after so long a time of computing."""
        call, sight = Call(0, 1, DECIDED_MS), Sight()
        sight.key, sight.now_s = key, 500_000_000
        self.lines.heard_ms = DECIDED_MS
        self.machine.now_ms = DECIDED_MS + computing_ms
        self.gateway.ask(call, sight, True, DECIDED_MS)
        return call

    def answer(self, after_ms: int, number: int = 1) -> None:
        """An answer comes so long after what was last."""
        self.machine.now_ms += after_ms
        self.gateway.told_evidence(number, "00")


def test_a_question_names_call_and_time() -> None:
    board = Asking()
    board.ask(0)
    board.ask(0, "")
    assert board.link.sent == [b"Q 1 500000000 1 13812345678 L1", b"Q 2 500000000 1 - L1"]


@pytest.mark.parametrize("computing_ms", [0, 60, 3_000])
def test_the_time_spent_on_computing_does_not_count(computing_ms: int) -> None:
    board = Asking()
    board.ask(computing_ms)
    board.answer(7)
    assert board.lines.answers == [(0, DECIDED_MS + 7, "13812345678 00")]


@pytest.mark.parametrize(("heard_ms", "unread_ms", "moment_ms"), [(40, 1000, 40), (0, 5, 5), (0, 1000, 7)])
def test_an_answer_comes_neither_before_what_was_heard_nor_after_what_was_not(heard_ms: int, unread_ms: int, moment_ms: int) -> None:
    board = Asking()
    board.ask(60)
    board.lines.heard_ms = DECIDED_MS + heard_ms
    board.unread_ms = DECIDED_MS + unread_ms
    board.answer(7)
    assert board.lines.answers == [(0, DECIDED_MS + moment_ms, "13812345678 00")]


def test_each_question_is_answered_once_and_none_that_was_not_asked() -> None:
    board = Asking()
    board.ask(0)
    board.answer(1, 2)
    board.answer(1, 1)
    board.answer(1, 1)
    assert len(board.lines.answers) == 1


def test_an_answer_is_awaited_until_it_would_be_too_late() -> None:
    board = Asking()
    call = board.ask(500)
    assert board.gateway.awaits(call)
    board.machine.now_ms += EVIDENCE_MS
    assert board.gateway.awaits(call)
    board.machine.now_ms += 1
    assert not board.gateway.awaits(call)


def test_questions_without_answers_are_forgotten_in_order() -> None:
    board = Asking()
    for _ in range(OPEN_QUESTIONS + 1):
        board.ask(0)
    board.answer(1, 1)
    board.answer(1, 2)
    assert len(board.lines.answers) == 1
