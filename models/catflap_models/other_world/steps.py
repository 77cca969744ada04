"""What the world's processes and the exchange say to each other: a number dialled, a process started, what came of it."""

from collections.abc import Generator
from dataclasses import dataclass

MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 86400.0

BUSY = "busy"
MISSED = "missed"
ANSWERED = "answered"
STARTED = "started"

WITHHELD = "P"
UNAVAILABLE = "O"


@dataclass(frozen=True, slots=True)
class Identity:
    """A calling number as the network has it: national digits, or with `is_international` those behind the +."""

    digits: str
    is_international: bool = False
    hidden: str = ""
    """WITHHELD or UNAVAILABLE where the called side is shown no number."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a call really is, as labels.csv says it."""

    label: str
    family: str
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """Somebody dials one of the lines at `t_s`."""

    t_s: float
    line: int
    who: Identity
    truth: Truth
    patience_s: float
    talk_s: float
    trust: float = 0.5
    """How much the called people want this number's calls, 0-1, where they are shown it."""
    hunts: bool = False
    """The next free line takes the call if this one is busy."""
    is_outgoing: bool = False
    """The line itself calls; `who` is then the called number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step, and when the caller is free again."""

    kind: str
    over_s: float
    talk_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Start:
    """Another process begins at `t_s`."""

    t_s: float
    process: "Process"


Process = Generator[Dial | Start, Outcome, None]
"""Someone or something that acts: yields its next step, in order of time, and is sent the outcome."""
