"""A call as the trunk's owner would tell it: who rang which line when, and what became of it."""

from .memory.trunk import Sight
from .verdict.plausibility import Numbering

LABELS = ("legit", "simbank", "spoof", "wangiri", "tdos", "telemarketing")
LEGIT, SIMBANK, SPOOF, WANGIRI, TDOS, TELEMARKETING = 0, 1, 2, 3, 4, 5

ACTIONS = ("allow", "label", "challenge", "block")
ALLOW, LABEL, CHALLENGE, BLOCK = 0, 1, 2, 3

ALARM_KINDS = LABELS + ("line",)
LINE = 6
"""An alarm about a line itself, not about a caller."""

PRESENTATIONS = ("shown", "withheld", "unavailable")
SHOWN, WITHHELD, UNAVAILABLE = 0, 1, 2

DIRECTIONS = ("in", "out")
IN, OUT = 0, 1

OUTCOMES = ("none", "stopped", "failed", "in-use", "gone", "shadow")
NONE, STOPPED, FAILED, IN_USE, GONE, SHADOWED = 0, 1, 2, 3, 4, 5


MOST_RUNG = 16
"""So many rings of a call are kept by their moments: a minute and more."""


class Decision:
    """What was decided about a call, and why.

    label, action: indices of LABELS, ACTIONS; score: calibrated probability of a nuisance, 0 ... 10000;
    reasons: stable codes, the weightiest first; at_ms: the line's clock at the moment the command would leave;
    features: what the classifier was asked, an `array("h")` in bytes, empty where it was not.
    """

    __slots__ = ("action", "at_ms", "features", "label", "reasons", "score")

    def __init__(self, label: int, score: int, action: int, reasons: "list[str]", at_ms: int, features: bytes = b"") -> None:
        self.label = label
        self.score = score
        self.action = action
        self.reasons = reasons
        self.at_ms = at_ms
        self.features = features


class Call:
    """One call on one line. Times are milliseconds on the line's clock; -1 where it has not come to that."""

    __slots__ = (
        "answered_ms",
        "cadence",
        "called",
        "calling",
        "cause",
        "channel",
        "decision",
        "direction",
        "ended_ms",
        "final_label",
        "id",
        "is_known",
        "is_marked",
        "last_ring_ms",
        "line",
        "name",
        "number",
        "number_ms",
        "numbering",
        "outcome",
        "presentation",
        "rings",
        "rung",
        "sight",
        "t_ms",
        "waited",
    )

    def __init__(self, line: int, number: int, t_ms: int) -> None:
        self.line = line  # index of the line in its trunk
        self.number = number  # counts from 1 on each line
        self.t_ms = t_ms  # first byte of the first ring or caller ID
        self.direction = IN
        self.id = 0  # the modem's own number for it (TS 27.007 clause 7.18), 0 where it gave none
        self.waited = False  # it waits while another call holds the line
        self.calling = ""
        self.presentation = UNAVAILABLE
        self.name = ""
        self.called = ""
        self.channel = ""
        self.number_ms = -1  # the number, or the word that there is none, was complete
        self.rings = 0
        self.rung: list[int] = []  # when it rang, MOST_RUNG times at most
        self.cadence = ""  # what the modem says of a distinctive ring
        self.last_ring_ms = t_ms  # latest sign of ringing
        self.answered_ms = -1
        self.ended_ms = -1
        self.cause = ""  # release cause (Q.850, decimal) where the modem told it
        self.numbering: Numbering | None = None  # of the calling number, or of the one dialled; None until it is decided
        self.decision: Decision | None = None
        self.final_label = LEGIT  # what it was found to be, once it has ended
        self.outcome = NONE
        self.is_known = False  # a wider memory than ours has heard of its number before
        self.is_marked = False  # a person has said that it was a nuisance
        self.sight: Sight | None = None  # what the memory found, once it has taken the arrival in

    def ring_ms(self) -> int:
        """Milliseconds from the first to the last sign of ringing."""
        return self.last_ring_ms - self.t_ms
