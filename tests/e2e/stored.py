"""What an aggregator has in its database, read beside it."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from catflap_host.store.database import open_database
from catflap_host.store.tables import records


def sequences(data_dir: Path, probe: str, address: str = "") -> list[tuple[str, list[int]]]:
    """The sequence numbers of each boot of a probe, in order of storing; `address` is that of a PostgreSQL."""
    found: dict[str, list[int]] = {}
    with closing(open_database(data_dir, address)) as database, database.read() as connection:
        rows = connection.execute(select(records.c.boot, records.c.seq).where(records.c.probe == probe).order_by(records.c.id))
        for boot, seq in rows:
            found.setdefault(boot, []).append(seq)
    return list(found.items())
