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
class ComplaintCounts:
    """Complaints received, those of them that were verified, handled and answered since, whose next step is overdue, and what was found."""

    received: int = 0
    verified: int = 0
    handled: int = 0
    answered: int = 0
    overdue: int = 0
    upheld: int = 0
    unfounded: int = 0
    unclear: int = 0

    def __add__(self, other: "ComplaintCounts") -> "ComplaintCounts":
        return ComplaintCounts(*(getattr(self, name) + getattr(other, name) for name in ComplaintCounts.__slots__))


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """The complaints about one thing, such as an industry, by its code or name."""

    item: str
    counts: ComplaintCounts


@dataclass(frozen=True, slots=True)
class ComplaintSpan:
    """What was done in a period, whenever the complaint had come: complaints received, verified, handled, answered; received by kind."""

    name: str
    received: int
    verified: int
    handled: int
    answered: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints received in the period as they stand when the report is made, and what was done in it and before.

    `answered_late` and the median are of the answers given in the period; `open_in_all` and `overdue_in_all` of all complaints there are.
    Lists of rows are ordered by what was received.
    """

    total: ComplaintCounts
    before: list[ComplaintSpan]
    period: ComplaintSpan
    answered_late: int
    answered_median_days: float | None
    open_in_all: int
    overdue_in_all: int
    kinds: list[ComplaintRow]
    industries: list[ComplaintRow]
    companies: list[ComplaintRow]
    ranges: list[ComplaintRow]
    holders: list[ComplaintRow]
    regions: list[ComplaintRow]
    sites: list[ComplaintRow]
    sources: list[ComplaintRow]


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
    industries: list[Row]
    regions: list[Row]
    sites: list[Row]
    trunks: list[Row]
    callers: list[Caller]
    alarm_precision: list[Precision]
    call_precision: list[Precision]
    appeals: Appeals
    complaints: Complaints
