"""A probe's key: drawn, kept in the database, sealed, and written to a file for the probe; never shown."""

import os
import secrets
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.errors import UserError
from catflap_host.ingest.envelope import PROBE_NAME
from catflap_host.language.marking import N_
from catflap_host.store.database import Database, open_database
from catflap_host.store.places import probe_place
from catflap_host.store.tables import probes
from catflap_host.store.unmask import note
from catflap_probe.config import ConfigError, read_key

KEY_BYTES = 32


def enrol(probe: str, data_dir: Path, key_file: Path, url: str = "") -> None:
    """Give a probe a new random key, 64 hex digits in `key_file`, its owner's alone; one it had before counts no more. Raises UserError."""
    _check_name(probe)
    database = open_database(data_dir, url)
    key = secrets.token_bytes(KEY_BYTES)
    try:
        # the file before the database: a key that nobody uses does no harm, one that nobody has does
        _write_key(key, key_file)
        _store_key(database, probe, key)
    except SQLAlchemyError as error:
        key_file.unlink()
        raise UserError(f"the key was not stored in {data_dir}: {error.__cause__ or error}; try again") from None
    finally:
        database.close()


def enrol_by(database: Database, probe: str, by: str, is_replaced: bool) -> str:
    """Give a probe a new random key, put on record in the audit; returns the content of its key file, which is shown this once.

    One that is enrolled already gets another key only if that is meant (`is_replaced`). Raises UserError.
    """
    _check_name(probe)
    with database.read() as connection:
        is_known = connection.execute(probes.select().where(probes.c.probe == probe)).first() is not None
    if is_known and not is_replaced:
        raise UserError(
            N_("%(probe)s is enrolled already; tick that its key is to be replaced, and the one it has counts no more"), probe=probe
        )
    key = secrets.token_bytes(KEY_BYTES)
    _store_key(database, probe, key)
    with database.write() as connection:
        note(connection, by, "probe-enrol", probe, "")
    return key.hex() + "\n"


def enrol_existing(probe: str, data_dir: Path, key_file: Path, url: str = "") -> None:
    """Enrol a probe with the key that `key_file` holds, as another aggregator drew it. Raises UserError, never with the key in it."""
    _check_name(probe)
    try:
        key = read_key(str(key_file))
    except ConfigError as error:
        raise UserError(str(error)) from None
    with closing(open_database(data_dir, url)) as database:
        _store_key(database, probe, key)


def _check_name(probe: str) -> None:
    if not PROBE_NAME.fullmatch(probe):
        raise UserError(N_("'%(probe)s' is no probe name; use 1 to 64 of the characters A-Z a-z 0-9 . _ -"), probe=probe)


def _store_key(database: Database, probe: str, key: bytes) -> None:
    values = {"key": database.vault.seal(key, probe_place(probe)), "enrolled_ms": time.time_ns() // 1_000_000}
    with database.write() as connection:
        known = connection.execute(probes.update().where(probes.c.probe == probe).values(values)).rowcount
        if not known:
            connection.execute(probes.insert().values(probe=probe, **values))


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
