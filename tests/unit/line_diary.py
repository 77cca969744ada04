"""Line events told to a line, and a diary of what it makes of them."""

from catflap_probe.call import ALLOW, LEGIT, SHOWN, Call, Decision
from catflap_probe.desk import Desk
from catflap_probe.events import ANSWERED, NUMBER, RING, WAITING
from catflap_probe.line import Line


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


def waiting(line: Line, t_ms: int, calling: str, presentation: int = SHOWN) -> None:
    line.tick(t_ms)
    line.heard(WAITING, t_ms, t_ms + 20, calling, presentation)


def talking_to(line: Line, calling: str, which: int = 1) -> None:
    """A call that rang at 0 and was answered at 2000."""
    ring(line, 0)
    number(line, 50, calling)
    line.heard(ANSWERED, 2000, 2000, "", which)
