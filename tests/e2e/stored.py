"""What an aggregator has in its database, read beside it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def sequences(data_dir: Path, probe: str) -> list[tuple[str, list[int]]]:
    """The sequence numbers of each boot of a probe, in order of storing."""
    found: dict[str, list[int]] = {}
    with closing(sqlite3.connect(f"file:{data_dir / 'catflap.db'}?mode=ro", uri=True)) as connection:
        for boot, seq in connection.execute("SELECT boot, seq FROM records WHERE probe = ? ORDER BY id", (probe,)):
            found.setdefault(boot, []).append(seq)
    return list(found.items())
