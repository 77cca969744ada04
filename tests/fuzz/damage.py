"""Bad wire: recordings whose text comes byte by byte, loses bytes or has garbage in it, and what replay made of them."""

from dataclasses import dataclass
from pathlib import Path

from tests.exchange.faults import Faults
from tests.exchange.recording import record
from tests.replay.recorded import JOIN_S, Row, events, labels, mixed_trunk, planned_calls, replayed, rows, split_at_every_byte

LINES = 8
QUIET_S = 15.0
"""Text of one call is no further apart than this while it rings."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Calls that the modems wrote of, calls that replay found, how many of those none explains, and how many one explains twice."""

    true: int
    found: int
    invented: int
    seen_twice: int


def damaged(folder: Path, faults: Faults, count: int, seed: int) -> Path:
    """A recording of `count` calls over all families, its wire damaged by `faults`; returns its folder."""
    record(mixed_trunk(LINES, faults), planned_calls(LINES, 5, seed, count), folder, seed)
    return folder


def verdicts(folder: Path) -> list[Row]:
    """What replay makes of a recording; it fails if replay does not end well."""
    return rows(replayed([folder], folder / "out")[0])


def outcome(folder: Path) -> Outcome:
    """Replays a recording and looks for a true call behind each one found: one that rang at that moment."""
    truth, found = labels(folder), verdicts(folder)
    invented = seen_twice = 0
    for line in {label["line"] for label in truth}:
        starts_s = sorted(float(label["t"]) for label in truth if label["line"] == line)
        written_s = [s for s, _ in events(folder, line)]
        spans = [_ringing(start_s, written_s, starts_s) for start_s in starts_s]
        taken: set[int] = set()
        for t_s in sorted(float(row["t"]) for row in found if row["line"] == line):
            behind = [n for n, (first_s, last_s) in enumerate(spans) if first_s - JOIN_S <= t_s <= last_s]
            untold = [n for n in behind if n not in taken]
            invented += not behind
            seen_twice += bool(behind) and not untold
            taken.update(untold[:1])
    return Outcome(len(truth), len(found), invented, seen_twice)


def _ringing(start_s: float, written_s: list[float], starts_s: list[float]) -> tuple[float, float]:
    """From a call's first byte to the last that follows without a pause, before the next call."""
    next_s = min((s for s in starts_s if s > start_s), default=float("inf"))
    last_s = start_s
    for s in written_s:
        if start_s < s < next_s and s - last_s <= QUIET_S:
            last_s = s
    return start_s, last_s + JOIN_S


def changed_by_splitting(folder: Path, count: int, seed: int) -> int:
    """How many verdicts differ in anything when every byte is an event of its own; a missing one counts too."""
    folder.mkdir(exist_ok=True)
    whole = damaged(folder / "whole", Faults(), count, seed)
    split = split_at_every_byte(whole, folder / "split")
    one, other = ({tuple(sorted(row.items())) for row in verdicts(recording)} for recording in (whole, split))
    return len(one ^ other)


def changed_by_a_slow_wire(folder: Path, count: int, seed: int) -> int:
    """How many verdicts differ, times and scores left out, when every byte comes a character's time after the one before."""
    whole = verdicts(damaged(folder / "whole", Faults(), count, seed))
    slow = verdicts(damaged(folder / "slow", Faults(split_bytes=True), count, seed))
    columns = ("line", "call", "direction", "calling", "presentation", "label", "action", "final_label")
    one, other = ({tuple(row[column] for column in columns) for row in found} for found in (whole, slow))
    return len(one ^ other)
