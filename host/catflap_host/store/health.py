"""What probes told of themselves: `health` and `trunk` records, read out of the records as they came."""

import json
from dataclasses import dataclass

from sqlalchemy import select, text

from catflap_host.store.database import Database
from catflap_host.store.places import record_place
from catflap_host.store.projection import MAX_CODE_CHARS, clean_text
from catflap_host.store.tables import records

MAX_DETAIL_CHARS = 200


@dataclass(frozen=True, slots=True)
class Health:
    """One `health` record; `line` is empty where it is about the probe itself. Times are Unix milliseconds."""

    id: int
    probe: str
    received_ms: int
    line: str
    at_ms: int
    what: str
    detail: str


def health(database: Database, since_ms: int, limit: int, probe: str = "") -> list[Health]:
    """Up to `limit` health records received since then, of one probe or of all, the newest first."""
    columns = records.c
    query = select(columns.id, columns.probe, columns.boot, columns.seq, columns.received_ms, columns.sealed)
    # in just these words, since a partial index serves no bound value
    query = query.where(text("kind = 'health'"), columns.received_ms >= since_ms)
    if probe:
        query = query.where(columns.probe == probe)
    with database.read() as connection:
        rows = connection.execute(query.order_by(columns.received_ms.desc(), columns.id.desc()).limit(limit)).all()
    found = []
    for row in rows:
        fields = json.loads(database.vault.open(row.sealed, record_place(row.probe, row.boot, row.seq)))
        line, what = (clean_text(fields, name, MAX_CODE_CHARS) for name in ("line", "what"))
        at_ms = fields.get("at_ms")
        when_ms = at_ms if type(at_ms) is int and at_ms > 0 else row.received_ms
        detail = clean_text(fields, "detail", MAX_DETAIL_CHARS)
        found.append(Health(row.id, row.probe, row.received_ms, line, when_ms, what, detail))
    return found
