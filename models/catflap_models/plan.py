"""What a caller means to do: the planned call that the world makes, the exchange plays and training feeds to the probe's memory."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call of the trunk. Times are seconds from the start of the plan."""

    t_s: float
    """The caller's line begins to ring the called line."""
    line: int
    """Index of the called line in the trunk, from 0."""
    calling: str
    """Digits as the network shows them, `+` in front if international; empty where `presentation` is not `shown`."""
    presentation: str
    """`shown`, `withheld` or `unavailable`."""
    name: str
    """The caller's name as some networks show it; may be empty, may hold anything: the caller chooses it."""
    patience_s: float
    """How long the caller lets it ring before giving up."""
    answer_s: float | None
    """How long a person takes to pick up, counted from the first ring; None: nobody picks up."""
    talk_s: float
    """How long both would talk once answered."""
    label: str
    """`legit simbank spoof wangiri tdos telemarketing`."""
    family: str
    """What kind of caller of that label, for instance `courier` or `longest-idle`."""
    campaign: str
    """Name of the pool or campaign; empty for `legit` and lone `spoof`."""
    direction: str = "in"
    """`in`, or `out` for a call of the trunk's own: then `calling` is the number that it presents."""
    called: str = ""
    """What an outgoing call dials; empty for an incoming one."""
