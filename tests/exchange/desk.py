"""A modem on a line in virtual time, with a hand on its keyboard: for experiments on the model."""

import random
from datetime import datetime

from catflap_models.plan import PlannedCall
from tests.exchange.clock import VirtualClock
from tests.exchange.family import Family
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.line import COUNTRIES, Line
from tests.exchange.modem import Modem
from tests.exchange.truth import CallTruth


class Desk:
    """A modem on a line, with a hand on its keyboard."""

    def __init__(self, family: Family, faults: Faults = NO_FAULTS, country: str = "CN") -> None:
        self.clock = VirtualClock()
        self.line = Line(self.clock, family.ringing or COUNTRIES[country], lambda _: None, has_call_waiting=True)
        self.pieces: list[bytes] = []
        start = datetime.fromisoformat("2026-03-02T08:00:00+08:00")
        self.modem = Modem(family, self.line, self.clock, start, self.pieces.append, faults, random.Random(7))

    def type(self, t_s: float, text: str) -> None:
        """Types at second `t_s`."""
        self.clock.at(t_s, lambda: self.modem.receive(text.encode(), 1))

    def set_up(self) -> None:
        """Says all that makes this family show what it can."""
        for command in ("ATE0", *self.modem.family.setup):
            self.modem.receive(f"{command}\r".encode(), 1)
        self.clock.run()
        self.pieces.clear()

    def call(self, t_s: float, **changes: object) -> CallTruth:
        """A call that comes at second `t_s`; `changes` to it are fields of PlannedCall."""
        fields: dict[str, object] = {"calling": "+8613912345678", "presentation": "shown", "name": "", "patience_s": 8.0, "answer_s": None}
        fields["talk_s"] = 8.0
        planned = PlannedCall(t_s=t_s, line=0, label="legit", family="", campaign="", **(fields | changes))  # type: ignore[arg-type]
        truth = CallTruth(planned, "L01")
        self.clock.at(t_s, lambda: self.line.offer(truth))
        return truth

    def written(self) -> str:
        """Runs to the end, and returns what the modem wrote since it was set up."""
        self.clock.run()
        return b"".join(self.pieces).decode("latin-1")
