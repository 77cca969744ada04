"""The aggregator's data moved from SQLite into PostgreSQL in one transaction: every row is read back and compared before the commit."""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from catflap_host.errors import UserError
from catflap_host.store import horizon, keys
from catflap_host.store.alone import alone
from catflap_host.store.database import FILE_NAME, MOVED_NAME, bring_up_to_date, postgres_engine
from catflap_host.store.migrate import migrate
from catflap_host.store.parties import DAY_MS
from catflap_host.store.postgres_text import partition
from catflap_host.store.vault import Vault

READ_ROWS = 10_000
_OWN = ("alembic_version",)
_NAME = re.compile(r"[a-z][a-z0-9_]*")

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A table's rows: all that there were; `was_there` where an earlier move had brought them, `repeated` of them were left out.

    A record is left out where its probe told another one under the same number on the same day, which PostgreSQL keeps once: a drop of
    what had been stored.
    """

    table: str
    rows: int
    was_there: bool
    repeated: int


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    is_bool: bool


def move(data_dir: Path, url: str, told: Callable[[Moved], None]) -> None:
    """Move everything, or nothing; `told` hears of each table. The SQLite file is called MOVED_NAME afterwards. Raises UserError.

    Nothing else may have the SQLite database open. Done again after it was cut short behind the commit, it finds the rows there.
    """
    path = data_dir / FILE_NAME
    if not path.exists():
        raise UserError(f"{data_dir / MOVED_NAME} was moved already" if (data_dir / MOVED_NAME).exists() else f"there is no {path} to move")
    bring_up_to_date(data_dir)
    engine = postgres_engine(url)
    where = engine.url.render_as_string(hide_password=True)
    with closing(alone(path)) as source:
        try:
            with engine.begin() as target:
                migrate(target, Vault(keys.load(data_dir)), where)
                for table in _tables(source):
                    told(_moved(source, target, table, where))
        except (SQLAlchemyError, psycopg.Error) as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise UserError(f"nothing was moved to {where}: {reason}") from None
        finally:
            engine.dispose()
    # not before the commit; its journal went when it was closed
    path.rename(data_dir / MOVED_NAME)


def _tables(source: sqlite3.Connection) -> list[str]:
    found = source.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    tables = [name for (name,) in found if name not in _OWN]
    # names go into statements
    assert all(_NAME.fullmatch(name) for name in tables), tables
    return tables


def _moved(source: sqlite3.Connection, target: Connection, table: str, where: str) -> Moved:
    columns = _columns(source, target, table)
    driver = target.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    repeated = _repeated(source) if table == "records" else set()
    there = digest(_stored(driver, table, columns))
    given = digest(_given(source, table, columns, repeated))
    if there == given:
        return Moved(table, given[0], given[0] > 0, len(repeated))
    if there[0]:
        raise UserError(f"{where} holds other data already ({there[0]} rows of {table}); name an empty database")
    if table == "records":
        for (day,) in source.execute("SELECT DISTINCT received_ms / ? FROM records", (DAY_MS,)).fetchall():
            driver.execute(partition(day).encode())
    _copy(driver, table, columns, _given(source, table, columns, repeated))
    _count_on(driver, table, columns)
    stored = digest(_stored(driver, table, columns))
    if stored != given:
        raise UserError(f"{table} did not arrive in {where} as it was ({given[0]} rows sent, {stored[0]} found); nothing was moved")
    return Moved(table, given[0], False, len(repeated))


def _columns(source: sqlite3.Connection, target: Connection, table: str) -> list[_Column]:
    """The columns that SQLite has, as PostgreSQL has them; records have their day besides."""
    types = {column["name"]: column["type"].python_type for column in inspect(target).get_columns(table)}
    names = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
    columns = [_Column(name, types[name] is bool) for name in names]
    return [*columns, _Column("day", False)] if table == "records" else columns


def _repeated(source: sqlite3.Connection) -> set[int]:
    again = "SELECT id FROM records WHERE id NOT IN (SELECT min(id) FROM records GROUP BY probe, boot, seq, received_ms / ?)"
    return {row for (row,) in source.execute(again, (DAY_MS,))}


def _given(source: sqlite3.Connection, table: str, columns: Sequence[_Column], left_out: set[int]) -> Iterator[Row]:
    """The rows of SQLite in the types of PostgreSQL."""
    names = ", ".join(f"received_ms / {DAY_MS}" if column.name == "day" and table == "records" else _quoted(column) for column in columns)
    flags = [at for at, column in enumerate(columns) if column.is_bool]
    for row in source.execute(f"SELECT {names} FROM {table}"):  # noqa: S608 - names out of the schema
        # of records alone, whose first column is their id
        if left_out and row[0] in left_out:
            continue
        yield tuple(bool(value) if at in flags else value for at, value in enumerate(row)) if flags else row


def _stored(driver: "psycopg.Connection[Row]", table: str, columns: Sequence[_Column]) -> Iterator[Row]:
    names = ", ".join(map(_quoted, columns))
    with driver.cursor(name="read_back") as cursor:
        cursor.itersize = READ_ROWS
        cursor.execute(f"SELECT {names} FROM {table}".encode())  # noqa: S608 - names out of the schema
        yield from cursor


def _copy(driver: "psycopg.Connection[Row]", table: str, columns: Sequence[_Column], rows: Iterator[Row]) -> None:
    statement = f"COPY {table} ({', '.join(map(_quoted, columns))}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _count_on(driver: "psycopg.Connection[Row]", table: str, columns: Sequence[_Column]) -> None:
    """Let the ids that PostgreSQL draws go on behind those that are there."""
    if all(column.name != "id" for column in columns):
        return
    (owned,) = driver.execute("SELECT pg_get_serial_sequence(%s, 'id')", (table,)).fetchone() or (None,)
    sequence = horizon.SEQUENCE if table == "records" else owned
    if sequence is not None:
        driver.execute(f"SELECT setval(%s, max(id)) FROM {table} HAVING max(id) > 0".encode(), (sequence,))  # noqa: S608


def digest(rows: Iterator[Row]) -> tuple[int, int]:
    """How many rows there are, and a sum of 64 bits over all of them, in whatever order they come."""
    count, total = 0, 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=8).digest())
    return count, total % 2**64


def _quoted(column: _Column) -> str:
    return f'"{column.name}"'
