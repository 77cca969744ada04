"""Real calls as recordings: a landline's log of 2018, and a month of calls among students in Copenhagen. Nothing is ever trained on them.

Both tell who called when; how long it rang they do not, so that is filled in and never varies with what a caller is.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from catflap_models.plan import PlannedCall
from catflap_models.simulate.scenario import DAY_S, CalledTrunk, Honest, Modems, Scenario
from catflap_models.simulate.world import held_s
from catflap_models.simulate.writer import write_calls

LANDLINE = Path("callattendant") / "calllog_2018-10.csv"
COPENHAGEN = Path("copenhagen") / "calls.csv"
POOL = "562286"
"""A pool of neighbouring numbers in the landline's log, which its blocking service knew."""
FAMILY = "805555"
"""The block that the landline's own family calls from."""
PERMITTED = "permitted"
LINES = 64

_LANDLINE_START = "2018-10-13T00:00:00-07:00"
_RINGS_S = 14.0
_ANSWER_S = 9.0
_PATIENCE_S = 30.0
_CLEAR_S = 2.0
_COPENHAGEN_DAYS = 28
_MISSED = -1


@dataclass(frozen=True, slots=True)
class RealTrunk:
    """A trunk of real calls."""

    scenario: Scenario
    calls: tuple[PlannedCall, ...]
    left_out: int
    """calls that found their line busy"""

    def write(self, folder: Path) -> None:
        """Writes its recording."""
        write_calls(self.scenario, self.calls, folder)


def landline(data: Path) -> RealTrunk:
    """The landline; family `permitted`, `screened` or `blocked` by what its own log says, label simbank for the pool. Raises OSError."""
    start = datetime.fromisoformat(_LANDLINE_START)
    calls = []
    with (data / LANDLINE).open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["SystemDateTime"]).replace(tzinfo=start.tzinfo)
            number = row["Number"].strip()
            shown = {"P": "withheld", "O": "unavailable"}.get(number, "shown")
            is_pool = number.startswith(POOL)
            calls.append(
                PlannedCall(
                    t_s=(at - start).total_seconds(),
                    line=0,
                    calling=number if shown == "shown" else "",
                    presentation=shown,
                    name="",
                    patience_s=_RINGS_S,
                    answer_s=None,
                    talk_s=0.0,
                    label="simbank" if is_pool else "legit",
                    family=row["Action"].strip().lower(),
                    campaign=POOL if is_pool else "",
                )
            )
    calls.sort(key=lambda call: call.t_s)
    days = int(calls[-1].t_s // DAY_S) + 1
    trunk = CalledTrunk("landline-2018", 1, country="US", area_code="805", start=_LANDLINE_START)
    return _trunk(trunk, days, Modems(cellular_share=0.0, split_share=0.0), calls)


def copenhagen(data: Path) -> RealTrunk:
    """The busiest callees as the lines of one trunk; every caller has one invented mobile number, all are honest. Raises OSError."""
    with (data / COPENHAGEN).open(newline="", encoding="utf-8") as file:
        rows = [(int(row["timestamp"]), row["caller"], row["callee"], int(row["duration"])) for row in csv.DictReader(file)]
    busiest = sorted(Counter(callee for _, _, callee, _ in rows).items(), key=lambda item: (-item[1], int(item[0])))[:LINES]
    line_of = {callee: line for line, (callee, _) in enumerate(busiest)}
    calls = [
        PlannedCall(
            t_s=float(t_s),
            line=line_of[callee],
            calling=_invented(caller),
            presentation="shown",
            name="",
            patience_s=_PATIENCE_S,
            answer_s=None if duration_s == _MISSED else _ANSWER_S,
            talk_s=float(max(duration_s, 0)),
            label="legit",
            family="student",
            campaign="",
        )
        for t_s, caller, callee, duration_s in sorted(rows)
        if callee in line_of
    ]
    trunk = CalledTrunk("copenhagen", LINES, start="2026-03-02T00:00:00+08:00")
    return _trunk(trunk, _COPENHAGEN_DAYS, Modems(cellular_share=1.0, split_share=0.0), calls)


def _trunk(trunk: CalledTrunk, days: int, modems: Modems, calls: Sequence[PlannedCall]) -> RealTrunk:
    heard = tuple(_reaching(calls))
    return RealTrunk(Scenario(0, trunk, days, Honest(0.0, ()), (), modems), heard, len(calls) - len(heard))


def _reaching(calls: Sequence[PlannedCall]) -> Iterator[PlannedCall]:
    """Those that find their line free: a line of the trunk takes one at a time."""
    free_s: dict[int, float] = {}
    for call in calls:
        if call.t_s >= free_s.get(call.line, 1.0):
            free_s[call.line] = call.t_s + held_s(call) + _CLEAR_S
            yield call


def _invented(caller: str) -> str:
    """A mobile number of a range that has a holder, the same one for a caller each time, scattered over the country."""
    digits = int.from_bytes(blake2b(f"copenhagen:{caller}".encode(), digest_size=8).digest(), "big")
    return f"13{5 + digits % 5}{digits // 5 % 10**8:08d}"
