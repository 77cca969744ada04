"""What is read back: one small class a row, the shape of the JSON API too. Times are Unix milliseconds, 0 where unknown."""

import sqlite3
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Call:
    """A call as far as its probe has told; `label` is empty when only its end was told, `ended_ms` 0 while it goes on.

    `number_kind`, `country` (two letters), `holder` and `place` are those of the calling number, or of the one dialled.
    """

    id: int
    probe: str
    boot: str
    trunk: str
    line: str
    call: int
    at_ms: int
    decided_ms: int
    direction: str
    calling: str
    presentation: str
    name: str
    called: str
    channel: str
    label: str
    score: int
    action: str
    shadow: bool
    reasons: list[str]
    model: str
    ended_ms: int
    final_label: str
    rings: int
    ring_ms: int
    answered_ms: int
    outcome: str
    number_kind: str
    country: str
    holder: str
    place: str

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Self:
        """From a row of `calls`, all columns."""
        return cls(**{**row, "shadow": bool(row["shadow"]), "reasons": _listed(row["reasons"])})


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm with the calling numbers tied to it so far."""

    id: int
    probe: str
    boot: str
    trunk: str
    alarm: str
    raised_ms: int
    at_ms: int
    received_ms: int
    kind: str
    members: list[str]
    score: int
    reasons: list[str]

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Self:
        """From a row of `alarms`, all columns."""
        return cls(**{**row, "members": _listed(row["members"]), "reasons": _listed(row["reasons"])})


@dataclass(frozen=True, slots=True)
class Probe:
    """An enrolled probe: when it was last heard, how far its newest boot is stored, and what it had to drop."""

    probe: str
    enrolled_ms: int
    last_batch_ms: int
    last_useful_ms: int
    dropped: int
    dropped_alerts: int
    last_drop_ms: int
    boot: str
    ack: int
    clock_error_ms: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of everything stored: records by kind, calls by label and by action; and the records of the last minute."""

    records: dict[str, int]
    labels: dict[str, int]
    actions: dict[str, int]
    last_minute: int


@dataclass(frozen=True, slots=True)
class Change:
    """A stored record and the call or alarm that it changed, as that is now."""

    id: int
    kind: str
    probe: str
    boot: str
    seq: int
    received_ms: int
    call: Call | None
    alarm: Alarm | None


def _listed(joined: str) -> list[str]:
    return joined.split(";") if joined else []
