"""Where a line brings its calls."""

from .call import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .evidence import Evidence
    from .line import Line


class Desk:
    """Whoever decides calls and hears of their end."""

    def decide(self, call: Call, now_ms: int) -> None:
        """Decides a call, now, from what is known of it."""

    def freed(self, call: Call, now_ms: int) -> None:
        """A call that waited while another held the line rings now."""

    def off_hook(self, t_ms: int) -> None:
        """Somebody has taken the line while nothing rang on it, and it does not show whom he calls."""

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        """Takes leave of a call; its `ended_ms` is set. `released`: the line said that it was over."""

    def explained(self, call: Call) -> None:
        """The cause of a call that had ended before was told."""

    def signalled(self, line: "Line", kind: int, text: str, now_ms: int) -> None:
        """Something was dialled or pressed on a line, or a message came to its modem (DIALLED, TONE, MESSAGE): so people mark calls."""

    def informed(self, call: Call, evidence: "Evidence", now_ms: int) -> None:
        """A wider memory says what it knows of a call."""

    def fed(self, text: str, now_ms: int) -> None:
        """The aggregator names numbers of pools: `NUMBER SECONDS NUMBER SECONDS ...`, how long each is one; raises ValueError."""
