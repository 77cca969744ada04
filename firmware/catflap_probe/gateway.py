"""A board's gateway, as the board sees it: a wider memory to ask about the calls that ring, and a clock.

number shown -> asked -> decided at once, alone -> answer within 0.1 s of the question: decided anew
                                                -> later, or never:                     the decision stands
"""

from .call import Call
from .clock import Clock
from .lines import NAMELESS, Lines
from .trunk import EVIDENCE_MS
from .uplink.serial_link import Listener
from .verdict.flood import talk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .memory.trunk import Sight
    from .trunk import TrunkSettings
    from .uplink.serial_link import SerialLink

OPEN_QUESTIONS = 8


class Question:
    """A question under way, about a call that was decided at `decided_ms` and asked about, computing done, at `asked_ms`."""

    __slots__ = ("asked_ms", "call", "decided_ms", "key", "number")

    def __init__(self, number: int, call: Call, key: str, decided_ms: int, asked_ms: int) -> None:
        self.number = number
        self.call = call
        self.key = key
        self.decided_ms = decided_ms
        self.asked_ms = asked_ms


class Gateway(Listener):
    """Asks, and passes on what it is told."""

    def __init__(
        self,
        clock: Clock,
        lines: Lines,
        settings: "TrunkSettings",
        heard_up_to_ms: "Callable[[], int]",
        set_wall: "Callable[[int], None]",
    ) -> None:
        """`heard_up_to_ms` gives the moment on the lines' clock up to which everything that came has been heard."""
        self.clock = clock
        self.lines = lines
        self.settings = settings
        self.heard_up_to_ms = heard_up_to_ms
        self.set_wall = set_wall
        self.link: SerialLink | None = None
        self._last = 0
        self._open: list[Question] = []

    def ask(self, call: Call, sight: "Sight", is_mobile: bool, now_ms: int) -> None:
        """Asks about a call that our own memory is about to take in, and that is being decided at `now_ms`."""
        if self.link is None:
            return
        self._last = (self._last + 1) & 0xFFFF
        key = sight.key or NAMELESS
        if self.link.ask(self._last, sight.now_s, is_mobile, key, self.settings.lines[call.line].id):
            if len(self._open) >= OPEN_QUESTIONS:
                self._open.pop(0)
            self._open.append(Question(self._last, call, key, now_ms, self.clock.now_ms()))

    def awaits(self, call: Call) -> bool:
        """Whether an answer about the call may still come in time."""
        now_ms = self.clock.now_ms()
        return any([question.call is call and now_ms - question.asked_ms <= EVIDENCE_MS for question in self._open])

    def ended(self, call: Call, now_s: int) -> None:
        """Tells how a call went; `now_s` counts as the memory's seconds."""
        if self.link is not None and call.sight is not None:
            sight = call.sight
            is_mobile = call.numbering is not None and call.numbering.is_mobile()
            self.link.tell_end(now_s, call.ring_ms(), talk(call, call.ended_ms), sight.suspicion, is_mobile, sight.key or NAMELESS)

    def told_evidence(self, number: int, text: str) -> None:
        """See Listener."""
        for index in range(len(self._open)):
            question = self._open[index]
            if question.number == number:
                self._open.pop(index)
                self.lines.informed(question.call.line, self._moment_ms(question), "%s %s" % (question.key, text))
                return

    def told_time(self, unix_ms: int) -> None:
        """See Listener."""
        if unix_ms:
            self.set_wall(unix_ms)

    def _moment_ms(self, question: Question) -> int:
        """When an answer that is here now came, on the lines' clock, in which computing takes no time; never before what was heard."""
        moment_ms = question.decided_ms + self.clock.now_ms() - question.asked_ms
        return max(self.lines.heard_ms, min(moment_ms, self.heard_up_to_ms()))
