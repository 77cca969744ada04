"""A SQLite database that nobody else has open: what must not happen beside a running aggregator begins here."""

import sqlite3
from pathlib import Path

from catflap_host.errors import UserError

BUSY_S = 2


def alone(path: Path) -> sqlite3.Connection:
    """A connection beside which there is none, in a transaction. Raises UserError."""
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise UserError(f"{path} is in use ({error}); stop the aggregator first") from None
    return connection
