"""A probe's key: drawn, kept in the database and written to a file for the probe; never shown."""

import os
import secrets
import sqlite3
import time
from pathlib import Path

from catflap_host.errors import UserError
from catflap_host.ingest.envelope import PROBE_NAME
from catflap_host.store import database

KEY_BYTES = 32

_UPSERT_KEY = """
INSERT INTO probes (probe, key, enrolled_ms) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET key = excluded.key, enrolled_ms = excluded.enrolled_ms"""


def enrol(probe: str, data_dir: Path, key_file: Path) -> None:
    """Give a probe a new random key, 64 hex digits in `key_file`, its owner's alone; one it had before counts no more. Raises UserError."""
    if not PROBE_NAME.fullmatch(probe):
        raise UserError(f"'{probe}' is no probe name; use 1 to 64 of the characters A-Z a-z 0-9 . _ -")
    connection = database.open_for_writing(data_dir)
    key = secrets.token_bytes(KEY_BYTES)
    # the file before the database: a key that nobody uses does no harm, one that nobody has does
    _write_key(key, key_file)
    try:
        connection.execute(_UPSERT_KEY, (probe, key, time.time_ns() // 1_000_000))
    except sqlite3.Error as error:
        key_file.unlink()
        raise UserError(f"the key was not stored in {data_dir}: {error}; try again") from None
    finally:
        connection.close()


def _write_key(key: bytes, key_file: Path) -> None:
    try:
        descriptor = os.open(key_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise UserError(f"{key_file} is there already; a key is never written over: name another file or move that one away") from None
    except OSError as error:
        raise UserError(f"cannot write {key_file}: {error.strerror}; name a file in a folder of yours with --key-file") from None
