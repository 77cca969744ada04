"""The modems of the lines: what each writes about a call, from its first sign to its end."""

from dataclasses import dataclass
from random import Random
from typing import Protocol

from .steps import Identity
from .tape import Tape


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call as the line has it."""

    t_s: float
    stops_s: float
    """It is answered, or the caller gives up."""
    over_s: float
    """It has ended; as `stops_s` where nobody answered."""
    is_answered: bool
    who: Identity
    clock: str
    """Month, day, hour and minute, two digits each."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the modem told of a call."""

    t_s: float
    calling: str
    free_s: float
    """From then on another call can be told from this one."""


class Modem(Protocol):
    """One line's modem."""

    dialect: str
    profile: str

    def set_up(self, tape: Tape) -> None:
        """Writes the dialogue that switches caller ID on, in the recording's first second."""

    def ring(self, tape: Tape, call: Ringing, rng: Random) -> Report:
        """Writes a call that came in."""

    def dial(self, tape: Tape, call: Ringing, /) -> Report | None:
        """Writes a call that the line made; None where the modem does not see those."""


def dialogue(tape: Tape, commands: tuple[str, ...]) -> None:
    """Commands from 0.3 s on, each with its OK."""
    t_s = 0.3
    for command in commands:
        tape.told(t_s, command + "\r")
        tape.said(t_s + 0.03, "\r\nOK\r\n")
        t_s += 0.1
