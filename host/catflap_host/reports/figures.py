"""What a report holds: plain counts, for every form in which it is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Incoming calls; of them nuisance (any label but `legit`), stopped by the line, stopped wrongly as operators found since, meant to be
    stopped and not (the line did not obey, was in use, or the call was gone), and what shadow would have stopped.
    """

    calls: int = 0
    nuisance: int = 0
    stopped: int = 0
    wrongly_stopped: int = 0
    not_stopped: int = 0
    shadow: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in Counts.__slots__))


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one thing, such as a site, by its code or name; `unnamed` things have an empty one."""

    item: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Span:
    """The counts of a period or a day, with the nuisance calls by label."""

    name: str
    counts: Counts
    labels: dict[str, int]


@dataclass(frozen=True, slots=True)
class Caller:
    """A number that made many nuisance calls: as it may be shown, its pseudonym, its kind of range, what it mostly is, and how many."""

    number: str
    pseudonym: str
    range: str
    label: str
    nuisance: int
    stopped: int


@dataclass(frozen=True, slots=True)
class Precision:
    """What operators said of findings of one label: how many findings, how many were judged, how many of those were true.

    `low` and `high` bound the share of true ones at 95 % (Wilson); both are None where none was judged.
    """

    label: str
    findings: int
    judged: int
    true: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Appeals:
    """Appeals received in the period, those of them by what became of them, and those still open at its end, whenever they came."""

    received: int
    upheld: int
    rejected: int
    open: int
    open_at_end: int
    decided_median_h: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything; times in Unix milliseconds. Every list is ordered by its count of nuisance calls, spans by time."""

    every: str
    period: str
    zone: str
    since_ms: int
    until_ms: int
    made_ms: int
    issuer: str
    total: Span
    before: list[Span]
    days: list[Span]
    labels: list[Row]
    ranges: list[Row]
    blocks: list[Row]
    holders: list[Row]
    regions: list[Row]
    sites: list[Row]
    trunks: list[Row]
    callers: list[Caller]
    alarm_precision: list[Precision]
    call_precision: list[Precision]
    appeals: Appeals
