"""The exchange: lines that are free, ring or talk; it puts calls through to them, and has what is seen of each recorded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TextIO

from .modems import Modem, Ringing
from .steps import ANSWERED, BUSY, DAY_S, HOUR_S, MISSED, Dial, Outcome
from .tape import Tape

READY_S = 20.0
"""No call comes before the modems are set up."""


@dataclass(slots=True)
class CalledLine:
    """One line with its people and its modem."""

    id: str
    own: str
    """Its own number."""
    modem: Modem
    tape: Tape
    attendance: float
    """How often somebody is there by day, 0-1."""
    opens_h: float
    closes_h: float
    free_s: float = READY_S


class Exchange:
    """All lines of the trunk."""

    def __init__(self, lines: list[CalledLine], start: datetime, rng: Random, labels: TextIO) -> None:
        self.lines = lines
        self.count = 0
        self._start = start
        self._rng = rng
        self._labels = labels
        labels.write("line,t,channel,direction,calling,label,family,campaign\n")

    def put_through(self, dial: Dial, now_s: float) -> Outcome:
        """Offers a call; what it leads to is drawn and recorded at once, since nothing else can happen on that line meanwhile."""
        line = self._free_line(dial, now_s)
        if line is None:
            return Outcome(BUSY, now_s + self._rng.uniform(2.0, 6.0))
        rings_s = 4.0 + self._rng.gammavariate(2.0, 4.0) if dial.is_outgoing else self._pick_up_s(line, dial, now_s)
        is_answered = rings_s < dial.patience_s
        stops_s = now_s + min(rings_s, dial.patience_s)
        over_s = stops_s + (dial.talk_s if is_answered else 0.0)
        moment = self._start + timedelta(seconds=int(now_s))
        call = Ringing(now_s, stops_s, over_s, is_answered, dial.who, f"{moment:%m%d%H%M}")
        report = line.modem.dial(line.tape, call) if dial.is_outgoing else line.modem.ring(line.tape, call, self._rng)
        if report is None:
            line.free_s = over_s + 1.0
        else:
            line.free_s = report.free_s
            direction = "out" if dial.is_outgoing else "in"
            truth = dial.truth
            row = (line.id, f"{report.t_s:.6f}", "", direction, report.calling, truth.label, truth.family, truth.campaign)
            self._labels.write(",".join(row) + "\n")
            self.count += 1
        return Outcome(ANSWERED if is_answered else MISSED, over_s, over_s - stops_s)

    def _free_line(self, dial: Dial, now_s: float) -> CalledLine | None:
        count = len(self.lines)
        for step in range(min(count, 6) if dial.hunts else 1):
            line = self.lines[(dial.line + step) % count]
            if line.free_s <= now_s:
                return line
        return None

    def _pick_up_s(self, line: CalledLine, dial: Dial, now_s: float) -> float:
        """Seconds until somebody picks up; longer than anybody waits where nobody does."""
        hour = now_s % DAY_S / HOUR_S
        attendance = line.attendance if line.opens_h <= hour < line.closes_h else 0.15 * line.attendance
        trust = 0.45 if dial.who.hidden else dial.trust
        if self._rng.random() >= attendance * (0.45 + 0.55 * trust):
            return 1e9
        return self._rng.weibullvariate(9.5, 1.6) + 0.8
