"""A call as a call detail record: one flat row, the same fields in CSV and in Parquet."""

from collections.abc import Iterator
from datetime import UTC, datetime

from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Call

CHUNK = 5_000
TEXT, WHOLE, MOMENT, FLAG = "text", "whole", "moment", "flag"

Value = str | int | bool | datetime | None
Row = dict[str, Value]

FIELDS = {
    "record_id": WHOLE,
    "start_time": MOMENT,
    "decision_time": MOMENT,
    "end_time": MOMENT,
    "ring_ms": WHOLE,
    "talk_ms": WHOLE,  # empty where the line did not say
    "direction": TEXT,
    "calling_number": TEXT,
    "calling_id": TEXT,  # its pseudonym: the same in every record of the number
    "presentation": TEXT,
    "calling_name": TEXT,
    "called_number": TEXT,
    "called_id": TEXT,
    "number_kind": TEXT,
    "country": TEXT,
    "holder": TEXT,
    "place": TEXT,
    "probe": TEXT,
    "trunk": TEXT,
    "line": TEXT,
    "channel": TEXT,
    "label": TEXT,
    "final_label": TEXT,
    "score": WHOLE,
    "action": TEXT,
    "shadow": FLAG,
    "outcome": TEXT,
    "rings": WHOLE,
    "reasons": TEXT,
    "model": TEXT,
}
"""Every field and what it holds; moments are UTC, to the millisecond."""


def row(call: Call) -> Row:
    """The fields of a call."""
    as_they_are = {name: getattr(call, name) for name in FIELDS if hasattr(call, name)}
    return as_they_are | {
        "record_id": call.id,
        "start_time": _moment(call.at_ms),
        "decision_time": _moment(call.decided_ms),
        "end_time": _moment(call.ended_ms),
        "talk_ms": call.answered_ms if call.answered_ms >= 0 else None,
        "calling_number": call.calling,
        "calling_name": call.name,
        "called_number": call.called,
        "reasons": ";".join(call.reasons),
    }


def chunks(database: Database, since_ms: int, until_ms: int) -> Iterator[list[Call]]:
    """Calls that began in a time, `until_ms` not included, in the order of their coming, some thousands at a time."""
    after = 0
    while found := queries.calls_between(database, after, CHUNK, since_ms, until_ms):
        yield found
        after = found[-1].id


def _moment(moment_ms: int) -> datetime | None:
    return datetime.fromtimestamp(moment_ms / 1000, UTC) if moment_ms else None
