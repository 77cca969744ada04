"""What others are told of: alarms, and calls that were stopped; numbers in them are masked."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from catflap_host.api.masking import masked_change
from catflap_host.store.rows import Alarm, Call, Change
from catflap_host.triage.acting import Step

ALARM_RAISED = "alarm.raised"
ALARM_CHANGED = "alarm.changed"
CALL_BLOCKED = "call.blocked"
TRIAGED = {step.value: f"alarm.{step}" for step in Step}
TYPES = (ALARM_RAISED, ALARM_CHANGED, *TRIAGED.values(), CALL_BLOCKED)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `id` is the same however often it is told."""

    id: str
    type: str
    at_ms: int
    subject: Alarm | Call

    def data(self) -> dict[str, object]:
        """The alarm or the call, as the API shows it."""
        return asdict(self.subject)


def events_of(changes: Iterable[Change]) -> list[Event]:
    """The events among stored records: alarms as they are now, what people did about them, and calls that were stopped."""
    found = []
    for change in map(masked_change, changes):
        event_id = f"record-{change.id}"
        if change.alarm is not None and change.kind in TRIAGED:
            found.append(Event(event_id, TRIAGED[change.kind], change.received_ms, change.alarm))
        elif change.alarm is not None:
            kind = ALARM_RAISED if change.alarm.at_ms == change.alarm.raised_ms else ALARM_CHANGED
            found.append(Event(event_id, kind, change.alarm.at_ms, change.alarm))
        elif change.kind == "end" and change.call is not None and change.call.outcome == "stopped":
            found.append(Event(event_id, CALL_BLOCKED, change.call.ended_ms, change.call))
    return found
