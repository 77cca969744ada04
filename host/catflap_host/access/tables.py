"""The tables of who may enter, in a database file of their own beside the calls: `access.db`."""

import os
from pathlib import Path

from sqlalchemy import Boolean, Column, Engine, Float, Integer, MetaData, String, Table, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from catflap_host.errors import UserError

FILE_NAME = "access.db"
BUSY_TIMEOUT_S = 10

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("may_unmask", Boolean, nullable=False),
    Column("password", String, nullable=False),  # Argon2id with its parameters; empty: none chosen yet
    Column("disabled", Boolean, nullable=False),
    Column("created_ms", Integer, nullable=False),
)

# Sessions, tokens and codes are long random words: a plain digest of them says nothing, and finds them.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String, primary_key=True),
    Column("user", String, nullable=False, index=True),
    Column("created_ms", Integer, nullable=False),
    Column("used_ms", Integer, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", String, primary_key=True),
    Column("user", String, nullable=False, index=True),
    Column("purpose", String, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("expires_ms", Integer, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("digest", String, primary_key=True),
    Column("user", String, nullable=False),  # empty: the code of the first-run set-up
    Column("expires_ms", Integer, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", String, primary_key=True),
    Column("level", Float, nullable=False),  # how many attempts weigh on the key
    Column("at_ms", Integer, nullable=False),
)


def open_engine(data_dir: Path) -> Engine:
    """The database of users in `data_dir`, made if there is none, readable by its owner only. Raises UserError."""
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise UserError(f"cannot keep users in {data_dir}: {error.strerror}; name a folder of yours with --data") from None
    engine = create_engine(f"sqlite:///{path.absolute()}", connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare)
    try:
        metadata.create_all(engine)
    except SQLAlchemyError as error:
        raise UserError(f"cannot use {path}: {error}; move it away or name another folder with --data") from None
    return engine


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
