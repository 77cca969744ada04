"""Bad wire: recordings whose text comes byte by byte, loses bytes or has garbage in it, and what replay made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.exchange.families import FAMILIES
from tests.exchange.family import Family
from tests.exchange.faults import Faults
from tests.exchange.recording import record
from tests.exchange.truth import CallTruth
from tests.replay.recorded import JOIN_S, Row, mixed_trunk, planned_calls, replayed, rows, split_at_every_byte, with_waiting_calls

LINES = len(FAMILIES)
DAYS = 30
"""Long enough that the lines of a small office get the calls asked for."""

WIRES = {
    "clean": Faults(),
    "chatter": Faults(chatter=0.3),
    "lost": Faults(bytes_lost=0.2),
    "garbage": Faults(garbage=0.5),
    "all": Faults(bytes_lost=0.2, garbage=0.5, chatter=0.1, split_bytes=True),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Calls that the modems wrote of, calls that replay found, those with their right number, none behind them, or one found before."""

    true: int
    found: int
    numbered: int
    invented: tuple[str, ...]
    seen_twice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording's folder and the truth about its calls."""

    folder: Path
    calls: Sequence[CallTruth]


def damaged(folder: Path, faults: Faults, count: int, seed: int, families: Sequence[Family] = tuple(FAMILIES.values())) -> Recording:
    """A recording of some `count` calls over the families, waiting ones among them, its wire damaged by `faults`."""
    calls: list[CallTruth] = []
    trunk = mixed_trunk(len(families), faults, families, has_call_waiting=True)
    plan = with_waiting_calls(planned_calls(len(families), DAYS, seed, count), seed)
    record(trunk, plan, folder, seed, calls)
    return Recording(folder, [call for call in calls if call.reported_s is not None])


def verdicts(folder: Path) -> list[Row]:
    """What replay makes of a recording; it fails if replay does not end well."""
    return rows(replayed([folder], folder / "out")[0])


def outcome(recording: Recording) -> Outcome:
    """Replays a recording and looks for a true call behind each one found: one that rang or waited at that moment."""
    found = verdicts(recording.folder)
    invented: list[str] = []
    seen_twice: list[str] = []
    numbered = 0
    for line in {call.line for call in recording.calls} | {row["line"] for row in found}:
        calls = [call for call in recording.calls if call.line == line]
        taken: set[int] = set()
        for row in sorted((row for row in found if row["line"] == line), key=lambda row: float(row["t"])):
            behind = [call for call in calls if _rang_at(call, float(row["t"]))]
            untold = [call for call in behind if id(call) not in taken]
            if not behind:
                invented.append(f"{line} at {row['t']} s, {row['calling'] or row['presentation']}")
            elif not untold:
                seen_twice.append(f"{line} at {row['t']} s, {row['calling'] or row['presentation']}")
            else:
                # of two at once, the one whose number it is
                call = min(untold, key=lambda call: call.shown != row["calling"])
                taken.add(id(call))
                numbered += call.shown == row["calling"]
    return Outcome(len(recording.calls), len(found), numbered, tuple(invented), tuple(seen_twice))


def _rang_at(call: CallTruth, t_s: float) -> bool:
    """Whether a modem may still have written of the call at that moment; a slow wire brings its text a little later."""
    assert call.reported_s is not None and call.ended_s is not None
    rang_until_s = call.ended_s if call.answered_s is None else call.answered_s
    return call.reported_s - JOIN_S <= t_s <= rang_until_s + JOIN_S


def changed_by_splitting(folder: Path, count: int, seed: int) -> int:
    """How many verdicts differ in anything when every byte is an event of its own; a missing one counts too."""
    folder.mkdir(exist_ok=True)
    whole = damaged(folder / "whole", Faults(chatter=0.1), count, seed).folder
    split = split_at_every_byte(whole, folder / "split")
    one, other = ({tuple(sorted(row.items())) for row in verdicts(recording)} for recording in (whole, split))
    return len(one ^ other)


def changed_by_a_slow_wire(folder: Path, count: int, seed: int) -> int:
    """How many verdicts differ, times and scores left out, when every byte comes a character's time after the one before."""
    whole = verdicts(damaged(folder / "whole", Faults(), count, seed).folder)
    slow = verdicts(damaged(folder / "slow", Faults(split_bytes=True), count, seed).folder)
    columns = ("line", "call", "direction", "calling", "presentation", "label", "action", "final_label")
    one, other = ({tuple(row[column] for column in columns) for row in found} for found in (whole, slow))
    return len(one ^ other)
