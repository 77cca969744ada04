"""What the ingest has done since it began, for whoever shows it."""

from collections import Counter
from dataclasses import dataclass, field

TAKEN = "taken"
REPEATED = "repeated"
OUTCOMES = (
    TAKEN,
    REPEATED,  # all of it was stored already
    "gap",
    "replay",
    "epoch",
    "malformed",
    "too-large",
    "too-deep",
    "unknown-probe",
    "bad-mac",
    "too-fast",
    "busy",
    "moved",
)
"""What may become of a batch: every refusal under its name of the protocol."""


@dataclass(slots=True)
class Counts:
    """Counts that only rise, changed in the event loop's thread alone."""

    batches: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By transport (`http`, `mqtt`, `nats`) and outcome, one of OUTCOMES."""
    records: int = 0
    """Records of the batches that brought news."""
    restores: int = 0
    """Batches of an epoch that this database does not know of yet: it is an older copy."""
