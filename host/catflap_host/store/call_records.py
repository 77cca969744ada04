"""The records that told of a call, as they came."""

from sqlalchemy import select

from catflap_host.store.database import Database
from catflap_host.store.places import record_place
from catflap_host.store.rows import Call, Original
from catflap_host.store.tables import records

_WINDOWS_MS = (600_000, 7_200_000, 86_400_000)
"""No index finds a call's records: they are looked for from when it was first told of, ever further."""
MAX_RECORDS = 20


def records_of(database: Database, call: Call) -> list[Original]:
    """In the order of their coming, MAX_RECORDS at most; none where their time of keeping is over. Raises SealError."""
    columns = records.c
    told = (columns.id, columns.probe, columns.boot, columns.seq, columns.kind, columns.received_ms, columns.sealed)
    rows = []
    for window_ms in _WINDOWS_MS:
        query = select(*told).where(
            columns.received_ms >= call.received_ms,
            columns.received_ms <= call.received_ms + window_ms,
            columns.call_id == call.id,
        )
        with database.read() as connection:
            rows = list(connection.execute(query.order_by(columns.id).limit(MAX_RECORDS)))
        if not call.ended_ms or any(row.kind == "end" for row in rows):
            break
    return [Original(*row[:6], database.vault.open(row.sealed, record_place(row.probe, row.boot, row.seq)).decode()) for row in rows]
