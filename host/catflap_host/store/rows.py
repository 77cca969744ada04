"""What is read back: one small class a row, the shape of the JSON API too. Times are Unix milliseconds, 0 where unknown.

A number has its pseudonym beside it, by which its other calls are found; it is empty where its time of keeping is over. Whoever shows it
masks it first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import RowMapping

from catflap_host.store.columns import split_members
from catflap_host.store.parties import Party


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
    received_ms: int = 0
    calling_id: str = ""
    called_id: str = ""

    @classmethod
    def from_row(cls, row: RowMapping, parties: Mapping[int, Party]) -> Self:
        """From a row of `calls`, all columns, and the parties in it."""
        values: dict[str, Any] = {**row, "shadow": bool(row["shadow"]), "reasons": _listed(row["reasons"])}
        calling, name, called = (parties[values.pop(column)] for column in ("calling_party", "name_party", "called_party"))
        values |= {"calling": calling.text, "name": name.text, "called": called.text}
        return cls(**values, calling_id=calling.pseudonym, called_id=called.pseudonym)

    @staticmethod
    def parties(row: RowMapping) -> tuple[int, int, int]:
        """The parties in a row of `calls`."""
        return row["calling_party"], row["name_party"], row["called_party"]


@dataclass(frozen=True, slots=True)
class Triage:
    """What people have done about an alarm; `verdict` is `true`, `false` or empty, `reason` why it is so."""

    acknowledged_ms: int = 0
    acknowledged_by: str = ""
    assigned_to: str = ""
    verdict: str = ""
    verdict_ms: int = 0
    verdict_by: str = ""
    reason: str = ""


NO_TRIAGE = Triage()


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm with the calling numbers tied to it so far; `member_ids` are their pseudonyms."""

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
    member_ids: list[str] = field(default_factory=list)
    triage: Triage = NO_TRIAGE

    @classmethod
    def from_row(cls, row: RowMapping, parties: Mapping[int, Party], triage: Triage) -> Self:
        """From a row of `alarms`, all columns, the parties in it, and how far it is."""
        members = [party for member in cls.parties(row) if (party := parties[member]).pseudonym]
        lists = {
            "members": [member.text for member in members if member.text],
            "member_ids": [member.pseudonym for member in members],
            "reasons": _listed(row["reasons"]),
        }
        return cls(**{**row, **lists}, triage=triage)

    @staticmethod
    def parties(row: RowMapping) -> list[int]:
        """The parties in a row of `alarms`."""
        return split_members(row["members"])


@dataclass(frozen=True, slots=True)
class Probe:
    """An enrolled probe: when it was last heard, how far its newest boot is stored, and what it had to drop.

    `waiting` are the records that its spool held when it was last heard, -1 where it does not say; `release` is what it is and runs on.
    """

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
    waiting: int = -1
    release: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of everything stored: records by kind, calls by label and by action; and the records of the last minute."""

    records: dict[str, int]
    labels: dict[str, int]
    actions: dict[str, int]
    last_minute: int


@dataclass(frozen=True, slots=True)
class Original:
    """A record as it came."""

    id: int
    probe: str
    boot: str
    seq: int
    kind: str
    received_ms: int
    body: str


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
