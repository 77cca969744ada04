"""The trunk that the exchange serves: its place, its lines and the modem on each."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.exchange.clock import Clock
from tests.exchange.family import Family
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.line import COUNTRIES, Line, Ringing
from tests.exchange.modem import Modem
from tests.exchange.truth import CallTruth


@dataclass(frozen=True, slots=True)
class TrunkLine:
    """One line of the trunk and the modem on it."""

    id: str
    family: Family
    numbers: tuple[str, ...] = ()
    faults: Faults = NO_FAULTS
    ringing: Ringing | None = None
    """Where it differs from the country's."""
    caller_holds_s: float = 0.0
    """How long a caller holds the line after the modem has hung up."""
    has_call_waiting: bool = False
    baud: int = 0
    """The speed at which the modem talks; 0: any, as over USB."""
    power: str = ""
    """How the probe may switch the modem's power: empty: it may not; `relay`; `usb` (its port vanishes meanwhile)."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """A group of lines in one place; `start` (RFC 3339) is second 0 of the day."""

    id: str
    country: str
    area_code: str
    start: str
    lines: tuple[TrunkLine, ...]


def connect(
    trunk: Trunk, line: TrunkLine, clock: Clock, write: Callable[[bytes], None], on_end: Callable[[CallTruth], None], rng: random.Random
) -> tuple[Line, Modem]:
    """A telephone line with its modem, whose text goes to `write`; `on_end` gets each call once it is over."""
    ringing = line.ringing or line.family.ringing or COUNTRIES[trunk.country]
    wire = Line(clock, ringing, on_end, line.caller_holds_s, line.has_call_waiting)
    return wire, Modem(line.family, wire, clock, datetime.fromisoformat(trunk.start), write, line.faults, rng)


def line_fields(line: TrunkLine) -> dict[str, Any]:
    """What a recording's trunk.json and a probe's configuration both say of a line."""
    return {"id": line.id, "dialect": line.family.dialect, "profile": line.family.profile, "numbers": list(line.numbers)}


def trunk_fields(trunk: Trunk) -> dict[str, Any]:
    """What a recording's trunk.json and a probe's configuration both say of a trunk, its lines left out."""
    return {"id": trunk.id, "country": trunk.country, "area_code": trunk.area_code, "role": "subscriber"}
