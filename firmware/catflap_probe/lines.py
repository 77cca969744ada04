"""All lines of a trunk on one clock: bytes in, and everything that falls due in the order in which it does."""

from .dialect.sent import Sent
from .dialect.table import find_dialect
from .dialect.text import Listener, TextDialect
from .evidence import read
from .line import NEVER_MS, Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .tape import Tape

NAMELESS = "-"
"""Stands for the key of a call without a number."""


class Lines:
    """The lines of a trunk; `due_ms` is no later than the next moment at which one of them has something to do."""

    def __init__(self, tape: "Tape | None" = None) -> None:
        """`tape` writes down whatever comes in."""
        self.tape = tape
        self.lines: list[Line] = []
        self.dialects: list[TextDialect] = []
        self._sent: list[Sent] = []
        self.due_ms = NEVER_MS
        self.heard_ms = 0  # when anything was heard or written down last

    def add(self, line: Line, dialect: str, listener: Listener) -> None:
        """Adds a line, whose dialect tells `listener` (the line itself, or who passes it on to it); raises DialectError."""
        reader = find_dialect(dialect)(listener)
        line.repeats_number = reader.REPEATS_NUMBER
        self.lines.append(line)
        self.dialects.append(reader)
        self._sent.append(Sent(listener))

    def feed(self, place: int, now_ms: int, data: bytes) -> None:
        """Takes bytes of the line that was added as number `place`; `now_ms` never runs back."""
        if self.due_ms <= now_ms:
            self.advance(now_ms)
        self.heard_ms = now_ms
        if self.tape is not None:
            self.tape.add(place, now_ms, "o", data)
        self.dialects[place].feed(now_ms, data)
        self._heed(place)

    def sent(self, place: int, now_ms: int, data: bytes) -> None:
        """Takes bytes that were sent to the modem of that line."""
        if self.due_ms <= now_ms:
            self.advance(now_ms)
        self._sent[place].feed(now_ms, data)
        self.dialects[place].sent(now_ms, data)
        self._heed(place)

    def settle(self, place: int, now_ms: int) -> None:
        """Nothing more will come on that line."""
        self.dialects[place].settle(now_ms)
        self._heed(place)

    def _heed(self, place: int) -> None:
        due_ms = self.lines[place].due_ms
        if due_ms < self.due_ms:
            self.due_ms = due_ms

    def note(self, place: int, now_ms: int, code: str, data: bytes) -> None:
        """Writes down what the lines themselves need not hear: bytes of ours to a modem (`i`), or a mark (`m`)."""
        if now_ms > self.heard_ms:
            self.heard_ms = now_ms
        if self.tape is not None:
            self.tape.add(place, self.heard_ms, code, data)

    def unplugged(self, place: int, now_ms: int) -> None:
        """The modem of a line is gone."""
        self.advance(now_ms)
        self.heard_ms = now_ms
        if self.tape is not None:
            self.tape.add(place, now_ms, "m", b"unplugged")
        self.dialects[place].unplugged()
        self.lines[place].unplugged(now_ms)

    def informed(self, place: int, now_ms: int, text: str) -> None:
        """Takes what a wider memory knows of a call of that line: its number's key (or NAMELESS), a blank, the evidence."""
        if self.due_ms <= now_ms:
            self.advance(now_ms)
        self.heard_ms = now_ms
        if self.tape is not None:
            self.tape.add(place, now_ms, "m", b"evidence=" + text.encode())
        key, _, written = text.partition(" ")
        try:
            evidence = read(written)
        except ValueError:
            return
        line = self.lines[place]
        for call in (line.call, line.waiting):
            if call is not None and call.sight is not None and (call.sight.key or NAMELESS) == key:
                line.desk.informed(call, evidence, now_ms)
                return

    def fed(self, now_ms: int, text: str) -> None:
        """Takes numbers of pools that the aggregator names, and writes them down with the first line; raises ValueError."""
        if self.due_ms <= now_ms:
            self.advance(now_ms)
        self.note(0, now_ms, "m", b"feed=" + text.encode())
        self.lines[0].desk.fed(text, self.heard_ms)

    def advance(self, now_ms: int) -> None:
        """Does what was due on any line by `now_ms`, earliest first, then by line."""
        while self.due_ms <= now_ms:
            first = 0
            for place, line in enumerate(self.lines):
                if line.due_ms < self.lines[first].due_ms:
                    first = place
            due_ms = self.due_ms = self.lines[first].due_ms
            if due_ms <= now_ms:
                # what is half received may say that nothing is due yet
                self.dialects[first].paused(due_ms)
                self.lines[first].tick(due_ms)

    def finish(self, now_ms: int) -> None:
        """Ends every call: those that still ring when their caller would be given up, the others now."""
        for place in range(len(self.lines)):
            self.settle(place, now_ms)
        while self.due_ms < NEVER_MS:
            self.advance(self.due_ms)
        for line in self.lines:
            line.unplugged(now_ms)
