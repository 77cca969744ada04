"""Legs out of the aggregator's own database."""

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select, text

from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.places import record_place
from catflap_host.store.rows import Call
from catflap_host.store.tables import boots, records
from catflap_host.trace.legs import Leg, StoredRecord, TrunkFacts

MOST_CALLS = 100_000
"""Calls that are looked at, the newest; more have never been traced at once."""

DAY_MS = 86_400_000
"""What was told of a call later than that after its first record is left out of the records."""


class DatabaseSource:
    """See legs.Source; of more calls than `most_calls` the newest are looked at, and `is_cut` comes true."""

    def __init__(self, database: Database, most_calls: int = MOST_CALLS) -> None:
        self._database, self._most_calls = database, most_calls
        self.is_cut = False
        self._facts: dict[str, dict[tuple[str, str], TrunkFacts]] = {}
        self._errors: dict[tuple[str, str], int] = {}

    def calls(self, shown: Sequence[str], since_ms: int, until_ms: int) -> Iterable[Call]:
        """See legs.Source."""
        error_ms = boots.c.wall_ms - boots.c.received_ms
        with self._database.read() as connection:
            least_ms, most_ms = connection.execute(select(func.min(error_ms), func.max(error_ms))).one()
        # what began then by our clock lies so much earlier or later by its probe's
        earliest_ms, latest_ms = since_ms + min(least_ms or 0, 0), until_ms + max(most_ms or 0, 0)
        found = queries.calls_of_numbers(self._database, shown, earliest_ms, latest_ms, self._most_calls)
        self.is_cut = self.is_cut or len(found) == self._most_calls
        return found

    def facts(self, probe: str) -> Mapping[tuple[str, str], TrunkFacts]:
        """See legs.Source."""
        if probe not in self._facts:
            self._facts[probe] = self._told(probe)
        return self._facts[probe]

    def clock_error_ms(self, probe: str, boot: str) -> int:
        """See legs.Source."""
        if (probe, boot) not in self._errors:
            query = select(boots.c.wall_ms - boots.c.received_ms).where(boots.c.probe == probe, boots.c.boot == boot)
            with self._database.read() as connection:
                self._errors[probe, boot] = connection.execute(query).scalar() or 0
        return self._errors[probe, boot]

    def records(self, leg: Leg) -> list[StoredRecord]:
        """See legs.Source."""
        columns = records.c
        query = select(columns.probe, columns.boot, columns.seq, columns.received_ms, columns.sealed).where(
            columns.received_ms >= leg.received_ms,
            columns.received_ms <= leg.received_ms + DAY_MS,
            columns.probe == leg.probe,
            columns.boot == leg.boot,
            columns.call_id == leg.call_id,
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(columns.seq)).all()
        return [
            StoredRecord(row.probe, row.boot, row.seq, row.received_ms, self._opened(row.sealed, row.probe, row.boot, row.seq))
            for row in rows
        ]

    def _told(self, probe: str) -> dict[tuple[str, str], TrunkFacts]:
        columns = records.c
        query = select(columns.boot, columns.seq, columns.sealed).where(columns.probe == probe)
        # in just these words, since a partial index serves no bound value
        query = query.where(text("kind = 'trunk'")).order_by(columns.id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        found: dict[tuple[str, str], TrunkFacts] = {}
        for row in rows:
            fields = json.loads(self._opened(row.sealed, probe, row.boot, row.seq))
            facts = TrunkFacts(*(str(fields.get(name, "")) for name in ("country", "area_code", "role")))
            found[row.boot, str(fields.get("trunk"))] = found["", str(fields.get("trunk"))] = facts
        return found

    def _opened(self, sealed: bytes, probe: str, boot: str, seq: int) -> str:
        return self._database.vault.open(sealed, record_place(probe, boot, seq)).decode()
