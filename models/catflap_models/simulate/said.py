"""What a modem writes, or is told, at a moment: the events of a call before they are on a line's file."""

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from catflap_models.plan import PlannedCall


class Said(NamedTuple):
    """One event. `texts` are its lines of text, with their ends: each may be lost, or arrive in two pieces, by itself."""

    t_s: float
    texts: tuple[str, ...]
    code: str = "o"
    """`o` from the modem, `i` to it."""
    is_sign: bool = False
    """A ring, a caller ID or a dialling command: what a call's time may be taken from."""
    number_at: int = -1
    """Which of `texts` shows the calling number; -1: none does."""
    goes_on: bool = False
    """It is lost if the event before it was: both are of one run of keys."""


class Modem(Protocol):
    """A modem of one line."""

    @property
    def dialect(self) -> str:
        """Name in trunk.json."""

    @property
    def profile(self) -> str:
        """Name in trunk.json."""

    @property
    def setup(self) -> tuple[str, ...]:
        """What a probe says to it first, each to be answered OK."""

    def said(self, call: PlannedCall, wall: datetime) -> tuple[list[Said], float]:
        """All that is written of a call, in order of time, and the second at which the line is free again.

        `wall`: the network's clock when the call begins.
        """

    def shown(self, call: PlannedCall) -> str:
        """The calling number as it is written where it is."""


def line(text: str) -> str:
    """A line of text as most modems write it (V.250 clause 5.7.1)."""
    return f"\r\n{text}\r\n"


def answered_after_s(call: PlannedCall) -> float | None:
    """Seconds from the first ring to the answer; None where the caller gives up first, or nobody comes."""
    return call.answer_s if call.answer_s is not None and call.answer_s < call.patience_s else None


def moment(wall: datetime, after_s: float) -> dict[str, str]:
    """The network's date and time as the fields of caller-ID layouts."""
    now = wall + timedelta(seconds=after_s)
    month, day, hour, minute = f"{now.month:02d}", f"{now.day:02d}", f"{now.hour:02d}", f"{now.minute:02d}"
    half_day = f"{(now.hour + 11) % 12 + 1:02d}:{minute}{'AM' if now.hour < 12 else 'PM'}"
    return {
        "date": month + day,
        "time": hour + minute,
        "day": f"{month}-{day}",
        "clock": f"{hour}:{minute}",
        "half_day": half_day,
    }


def written_name(name: str) -> str:
    """A name as the modem's bytes (UTF-8, one character a byte); control characters, which the network does not carry, are blanks."""
    characters = "".join(character if character.isprintable() else " " for character in name)
    return characters.encode().decode("latin-1")
