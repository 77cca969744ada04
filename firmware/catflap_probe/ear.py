"""Hears one line for three: the calls on it, the stopping of them, and the care of its modem."""

from .care.watch import Watch
from .command import Commander
from .dialect.text import Listener
from .events import INFORMATION, NUMBER, RELEASED, REPLY, RING, STORED
from .line import Line


class Ear(Listener):
    """Passes on what a dialect hears, to each what it needs and in the right order."""

    def __init__(self, line: Line, commander: Commander, watch: Watch) -> None:
        self.line = line
        self.commander = commander
        self.watch = watch

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """Passes a line event on."""
        if kind == REPLY:
            self.commander.dialogue.replied(text)
        elif kind == INFORMATION and self.commander.dialogue.informed(text):
            # an answer to us says nothing of the line
            return
        call = self.line.call
        gap_ms = t_ms - call.last_ring_ms if call is not None else 0
        if kind == RING and self.commander.gives_way(gap_ms):
            self.line.heard(RELEASED, t_ms, now_ms, "", 0)
        self.line.heard(kind, t_ms, now_ms, text, detail)
        if call is not None and call is self.line.call:
            if kind == RING:
                self.commander.rang(gap_ms, now_ms)
            elif kind == NUMBER:
                self.commander.showed_again(now_ms)
        self.watch.heard(kind, now_ms)
        if kind == STORED:
            self.watch.stored(text)
