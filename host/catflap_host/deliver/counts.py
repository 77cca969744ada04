"""What was delivered since the aggregator began, for whoever shows it."""

from collections import Counter
from dataclasses import dataclass, field

DELIVERED, RETRIED, GIVEN_UP = "delivered", "retried", "given-up"
WEBHOOK_OUTCOMES = (DELIVERED, RETRIED, GIVEN_UP)
SENT, FAILED = "sent", "failed"
SYSLOG_OUTCOMES = (SENT, FAILED)


@dataclass(slots=True)
class DeliveryCounts:
    """Counts that only rise, changed in the event loop's thread alone."""

    webhooks: Counter[str] = field(default_factory=Counter)
    """Tries by outcome, one of WEBHOOK_OUTCOMES."""
    syslog: Counter[str] = field(default_factory=Counter)
    """Messages that were sent, and sends that failed and will be tried again."""
