"""The database file: where it is, its tables, and connections to it."""

import os
import sqlite3
from pathlib import Path

from catflap_host.errors import UserError

FILE_NAME = "catflap.db"
SCHEMA_VERSION = 3
BUSY_TIMEOUT_S = 10

SCHEMA = """
CREATE TABLE IF NOT EXISTS probes (
    probe TEXT PRIMARY KEY, key BLOB NOT NULL, enrolled_ms INTEGER NOT NULL,
    epoch INTEGER NOT NULL DEFAULT 0,           -- 0: none was opened yet
    last_batch_ms INTEGER NOT NULL DEFAULT 0,   -- any batch taken, be there news in it or not
    last_useful_ms INTEGER NOT NULL DEFAULT 0,  -- a batch that brought records
    dropped INTEGER NOT NULL DEFAULT 0, dropped_alerts INTEGER NOT NULL DEFAULT 0, last_drop_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS boots (
    probe TEXT NOT NULL, boot TEXT NOT NULL,
    ack INTEGER NOT NULL,                       -- every sequence number up to this one is stored
    mono_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
    PRIMARY KEY (probe, boot)
) STRICT, WITHOUT ROWID;

-- No unique index over (probe, boot, seq): `boots.ack` keeps doubles out, and an index in random order would slow every insert down.
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY, probe TEXT NOT NULL, boot TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
    received_ms INTEGER NOT NULL, body TEXT NOT NULL,
    call_id INTEGER, alarm_id INTEGER           -- the row of `calls` or `alarms` that it changed
) STRICT;
CREATE INDEX IF NOT EXISTS records_by_time ON records (received_ms);

CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, probe TEXT NOT NULL, boot TEXT NOT NULL, trunk TEXT NOT NULL, line TEXT NOT NULL, call INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, decided_ms INTEGER NOT NULL DEFAULT 0, direction TEXT NOT NULL DEFAULT '', calling TEXT NOT NULL DEFAULT '',
    presentation TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', called TEXT NOT NULL DEFAULT '', channel TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '', score INTEGER NOT NULL DEFAULT 0, action TEXT NOT NULL DEFAULT '', shadow INTEGER NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '',
    ended_ms INTEGER NOT NULL DEFAULT 0, final_label TEXT NOT NULL DEFAULT '', rings INTEGER NOT NULL DEFAULT 0,
    ring_ms INTEGER NOT NULL DEFAULT 0, answered_ms INTEGER NOT NULL DEFAULT -1, outcome TEXT NOT NULL DEFAULT '',
    number_kind TEXT NOT NULL DEFAULT '', country TEXT NOT NULL DEFAULT '', holder TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '',
    UNIQUE (probe, boot, trunk, line, call)
) STRICT;
CREATE INDEX IF NOT EXISTS calls_by_label ON calls (label);
CREATE INDEX IF NOT EXISTS calls_by_action ON calls (action);

CREATE TABLE IF NOT EXISTS alarms (
    id INTEGER PRIMARY KEY, probe TEXT NOT NULL, boot TEXT NOT NULL, trunk TEXT NOT NULL, alarm TEXT NOT NULL,
    raised_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, kind TEXT NOT NULL, members TEXT NOT NULL,
    score INTEGER NOT NULL, reasons TEXT NOT NULL,
    UNIQUE (probe, boot, trunk, alarm)
) STRICT;

-- Kept up to date row by row, so that a summary never scans.
CREATE TABLE IF NOT EXISTS record_counts (kind TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS call_counts (label TEXT, action TEXT, n INTEGER NOT NULL, PRIMARY KEY (label, action)) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS record_counted AFTER INSERT ON records BEGIN
    INSERT INTO record_counts VALUES (new.kind, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER IF NOT EXISTS call_counted AFTER INSERT ON calls BEGIN
    INSERT INTO call_counts VALUES (new.label, new.action, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER IF NOT EXISTS call_decided_again AFTER UPDATE OF label, action ON calls
WHEN (old.label, old.action) IS NOT (new.label, new.action) BEGIN
    UPDATE call_counts SET n = n - 1 WHERE label = old.label AND action = old.action;
    INSERT INTO call_counts VALUES (new.label, new.action, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
"""

MIGRATIONS = {
    # what a calling number is
    1: "".join(f"ALTER TABLE calls ADD COLUMN {name} TEXT NOT NULL DEFAULT '';" for name in ("number_kind", "country", "holder", "place")),
    2: "ALTER TABLE probes ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;",
}
"""What brings a database of that schema to the next one."""


def open_for_writing(data_dir: Path) -> sqlite3.Connection:
    """Open the database, made if there is none, readable by its owner only; a commit is on disk when it returns. Raises UserError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = data_dir / FILE_NAME
        # SQLite gives its journal files the rights of the database
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _lay_tables(connection, path)
    except OSError as error:
        raise UserError(f"cannot keep data in {data_dir}: {error.strerror}; name a folder of yours with --data") from None
    except sqlite3.Error as error:
        raise UserError(f"cannot use {data_dir / FILE_NAME}: {error}; move it away or name another folder with --data") from None
    return connection


def open_for_reading(data_dir: Path) -> sqlite3.Connection:
    """Open a database that is there already, for one reader at a time, rows by column name."""
    uri = (data_dir / FILE_NAME).absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _lay_tables(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found == 0:
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        return
    while found in MIGRATIONS:
        connection.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[found]} PRAGMA user_version = {found + 1}; COMMIT;")
        found += 1
    if found != SCHEMA_VERSION:
        raise UserError(f"{path} is of schema {found}, this program reads {SCHEMA_VERSION}; use the program that wrote it")
