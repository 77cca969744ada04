"""What really became of a call: the exchange's own record, kept apart from anything the probe says."""

from dataclasses import dataclass

from catflap_models.plan import PlannedCall


@dataclass(slots=True)
class CallTruth:
    """One planned call and what happened to it; times in seconds of the day unless named otherwise."""

    planned: PlannedCall
    line: str
    outcome: str = "ringing"
    """`ringing`, then `answered` (a person did), `given-up`, `blocked` (the modem took or rejected it) or `busy` (never played)."""
    rings: int = 0
    reported_s: float | None = None
    """When the modem wrote its first byte about the call; None: it never did."""
    shown: str = ""
    """The calling number as far as the modem wrote it."""
    off_hook_s: float | None = None
    on_hook_s: float | None = None
    """When the modem really took and left the line."""
    answered_s: float | None = None
    ended_s: float | None = None
    modem_id: int = 0
    """The modem's own number for it while it lasts (+CLCC's <id>): the lowest that is free."""
    waited: bool = False
    """It came while people talked, and waited."""
    touched_in_use: bool = False
    """The modem went for the line while people talked on it: must never be."""
    number_written_ns: int | None = None
    command_read_ns: int | None = None
    """Real monotonic times: last byte of the number written, first byte of the first command that takes or rejects the call read."""

    def caller_id_to_hangup_ms(self) -> float | None:
        """Real milliseconds from the number's last byte to the command's first; None unless both were seen in that order."""
        if self.number_written_ns is None or self.command_read_ns is None or self.command_read_ns < self.number_written_ns:
            return None
        return (self.command_read_ns - self.number_written_ns) / 1e6
