"""What is stored beside what was acknowledged."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from catflap_host.store import queries
from catflap_host.store.database import Database, open_database
from catflap_host.store.enrolled import enrolled
from catflap_host.store.tables import calls, probes, records


@dataclass(frozen=True, slots=True)
class Kept:
    """Records stored, and what is wrong with them: `lost` were acknowledged or made and are not there, `twice` are there again,
    `gaps` are missing before others, `altered` say something else than the probe did, `miscounted` is how far calls and sums are off.
    """

    stored: int
    lost: int
    twice: int
    gaps: int
    altered: int
    miscounted: int

    @property
    def faults(self) -> int:
        """All that is wrong."""
        return self.lost + self.twice + self.gaps + self.altered + self.miscounted


def compared(data_dir: Path, address: str, boot: str, made: Mapping[str, int]) -> Kept:
    """Compare what is stored with what each probe has made, all of which was acknowledged: alerts whose call is their sequence number."""
    with closing(open_database(data_dir, address)) as database, database.read() as connection:
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        columns = records.c
        query = select(columns.probe, func.count(), func.count(columns.seq.distinct()), func.max(columns.seq))
        rows = {row[0]: row[1:] for row in connection.execute(query.where(columns.boot == boot).group_by(columns.probe))}
        alerts = connection.execute(select(func.count()).where(calls.c.boot == boot, calls.c.label == "simbank")).scalar_one()
        dropped = int(connection.execute(select(func.sum(probes.c.dropped))).scalar_one())
        summary = queries.summary(database)
        found = enrolled(database, [(probe, boot) for probe in made])
        marks = sum(abs((found[probe, boot].standing.ack or 0) - count) for probe, count in made.items())
        altered = _altered(database)
    stored = sum(row[0] for row in rows.values())
    lost = sum(max(count - rows.get(probe, (0, 0, 0))[1], 0) for probe, count in made.items()) + dropped
    gaps = sum(highest - distinct for _, distinct, highest in rows.values())
    twice = sum(count - distinct for count, distinct, _ in rows.values())
    return Kept(
        stored,
        lost,
        twice,
        gaps,
        altered,
        abs(alerts - stored) + abs(sum(summary.labels.values()) - stored) + abs(summary.records["alert"] - stored) + marks,
    )


def _altered(database: Database) -> int:
    """Records that do not open, or are not the call that their sequence number says."""
    found = after = 0
    while piece := queries.originals(database, after, 10_000):
        found += sum(f'"call":{record.seq},' not in record.body for record in piece)
        after = piece[-1].id
    return found
