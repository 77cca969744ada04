"""A board's gateway, as the board sees it: a wider memory to ask about the calls that ring, and a clock.

number shown -> asked -> decided at once, alone -> answer within 0.1 s: decided anew
                                                -> later, or never:     the decision stands
"""

from .call import Call
from .lines import NAMELESS, Lines
from .uplink.serial_link import Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .memory.trunk import Sight
    from .trunk import TrunkSettings
    from .uplink.serial_link import SerialLink

OPEN_QUESTIONS = 8


class Question:
    """A question under way."""

    __slots__ = ("key", "number", "place")

    def __init__(self, number: int, place: int, key: str) -> None:
        self.number = number
        self.place = place
        self.key = key


class Gateway(Listener):
    """Asks, and passes on what it is told."""

    def __init__(
        self, heard_up_to_ms: "Callable[[], int]", lines: Lines, settings: "TrunkSettings", set_wall: "Callable[[int], None]"
    ) -> None:
        """`heard_up_to_ms` is the moment up to which the lines have been heard, on their clock: an answer counts as come then."""
        self.heard_up_to_ms = heard_up_to_ms
        self.lines = lines
        self.settings = settings
        self.set_wall = set_wall
        self.link: SerialLink | None = None
        self._last = 0
        self._open: list[Question] = []

    def ask(self, call: Call, sight: "Sight", is_mobile: bool) -> None:
        """Asks about a call that our own memory is about to take in."""
        if self.link is None:
            return
        self._last = (self._last + 1) & 0xFFFF
        key = sight.key or NAMELESS
        if self.link.ask(self._last, sight.now_s, is_mobile, key, self.settings.lines[call.line].id):
            if len(self._open) >= OPEN_QUESTIONS:
                self._open.pop(0)
            self._open.append(Question(self._last, call.line, key))

    def ended(self, call: Call, now_s: int) -> None:
        """Tells how a call went; `now_s` counts as the memory's seconds."""
        if self.link is not None and call.sight is not None:
            self.link.tell_end(now_s, call.ring_ms(), call.answered_ms >= 0, call.sight.key or NAMELESS)

    def told_evidence(self, number: int, text: str) -> None:
        """See Listener."""
        for index in range(len(self._open)):
            question = self._open[index]
            if question.number == number:
                self._open.pop(index)
                self.lines.informed(question.place, self.heard_up_to_ms(), "%s %s" % (question.key, text))
                return

    def told_time(self, unix_ms: int) -> None:
        """See Listener."""
        if unix_ms:
            self.set_wall(unix_ms)
