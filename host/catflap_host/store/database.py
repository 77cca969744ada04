"""The database: opened, brought up to date, and read and changed through short transactions; SQLite in the data folder or PostgreSQL."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from catflap_host.errors import UserError
from catflap_host.store import keys
from catflap_host.store.migrate import migrate
from catflap_host.store.vault import Vault

FILE_NAME = "catflap.db"
MOVED_NAME = "catflap.db.moved"
"""What is left of it once its data is in PostgreSQL."""
BUSY_TIMEOUT_S = 10
LINK: Mapping[str, Any] = {
    **{"connect_timeout": 5, "tcp_user_timeout": 10_000},
    **{"keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3},
}
"""How a connection to PostgreSQL is watched, so that a machine that is gone without a word holds nobody up for more than 20 s."""
WRITER_CACHE_KIB = 65_536
_WRITES = "catflap_writes"


@dataclass(frozen=True, slots=True)
class Database:
    """An open database and the vault for what is sealed in it; for any thread."""

    engine: Engine
    vault: Vault

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the file in the data folder."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on which every statement sees what is committed then."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a transaction, committed at the end and on disk then, or rolled back by an exception."""
        with self.engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_database(data_dir: Path, url: str = "") -> Database:
    """Open the database, made if there is none, and bring it up to date; without a `url` it is SQLite in `data_dir`. Raises UserError.

    The keys lie in `data_dir` either way.
    """
    return _open(data_dir, url)[0]


def bring_up_to_date(data_dir: Path, url: str = "") -> list[str]:
    """Do what `open_database` does, and say which revisions it applied. Raises UserError."""
    database, applied = _open(data_dir, url)
    database.close()
    return applied


def file_path(database: Database) -> Path:
    """SQLite's file."""
    assert database.engine.url.database
    return Path(database.engine.url.database)


def connect_file(path: Path) -> sqlite3.Connection:
    """A connection of one's own to SQLite's file, whose commits are on disk when they return; transactions are the caller's to begin."""
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    _set_up(connection)
    # the pages that calls of thousands of lines go to fit in here
    connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
    return connection


def reason(error: BaseException) -> str:
    """A fault of the database in the driver's own words, on one line, without the statement that SQLAlchemy adds."""
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _open(data_dir: Path, url: str) -> tuple[Database, list[str]]:
    where = str(data_dir / FILE_NAME)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = postgres_engine(url) if url else _sqlite(data_dir / FILE_NAME)
        where = engine.url.render_as_string(hide_password=True) if url else where
        database = Database(engine, Vault(keys.load(data_dir)))
    except OSError as error:
        raise UserError(f"cannot keep data in {data_dir}: {error.strerror}; name a folder of yours with --data") from None
    try:
        with database.write() as connection:
            applied = migrate(connection, database.vault, where)
    except (SQLAlchemyError, sqlite3.Error) as error:
        database.close()
        raise UserError(f"cannot use {where}: {reason(error)}; move it away or name another one") from None
    except BaseException:
        database.close()
        raise
    return database, applied


def _sqlite(path: Path) -> Engine:
    if not path.exists() and path.with_name(MOVED_NAME).exists():
        raise UserError(f"{path} was moved into PostgreSQL; name that with --database, or go back: mv {path}.moved {path}")
    # SQLite gives its journal files the rights of the database
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)
        # the driver would begin transactions where it likes, and never before DDL
        connection.isolation_level = None
        _set_up(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgres_engine(text: str) -> Engine:
    """The way to a PostgreSQL. Raises UserError."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise UserError("the database is named as postgresql://USER@HOST:PORT/NAME") from None
    if url.get_backend_name() != "postgresql":
        raise UserError(f"{url.get_backend_name()} is no database for the aggregator; name one as postgresql://USER@HOST:PORT/NAME")
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=dict(LINK))
    except ImportError:
        raise UserError("PostgreSQL needs the driver psycopg: pip install 'catflap[postgres]'") from None


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
