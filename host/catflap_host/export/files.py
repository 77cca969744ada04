"""Rows into a file that its owner alone can read, whole or not at all: CSV (RFC 4180, UTF-8) or Parquet."""

import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import IO

from catflap_host.errors import UserError
from catflap_host.export.cdr import FIELDS, FLAG, MOMENT, WHOLE, Row, Value

_NUMBER = re.compile(r"\+?[0-9*]+")
_FORMULA = re.compile(r"\s*[=+\-@]")

Write = Callable[[IO[bytes], Iterable[list[Row]]], int]


def write(path: Path, rows: Iterable[list[Row]]) -> int:
    """Write chunks of rows into a new file, CSV or Parquet by its name, and say how many rows there are. Raises UserError."""
    writers: dict[str, Write] = {".csv": _write_csv, ".parquet": _write_parquet}
    writer = writers.get(path.suffix)
    if writer is None:
        raise UserError(f"{path} is to be what? name a file that ends in .csv or .parquet")
    return _new_file(path, lambda file: writer(file, rows))


def write_text(path: Path, lines: Iterable[str]) -> int:
    """Write lines, each with its end, into a new file, and say how many there are. Raises UserError."""

    def fill(file: IO[bytes]) -> int:
        count = 0
        for count, line in enumerate(lines, 1):  # noqa: B007 - the last count is the result
            file.write(line.encode())
        return count

    return _new_file(path, fill)


def safe_cell(text: str) -> str:
    """A text as a spreadsheet shows it and does not run it: a caller chooses his name. A number's plus sign stays."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_line(cells: Iterable[object]) -> str:
    """A line of CSV with its end, in which no cell runs."""
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue()


def _new_file(path: Path, fill: Callable[[IO[bytes]], int]) -> int:
    if path.exists():
        raise UserError(f"{path} is there already; name another file or move that one away")
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                count = fill(file)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}; name a file in a folder of yours") from None
    return count


def _write_csv(file: IO[bytes], rows: Iterable[list[Row]]) -> int:
    count = 0
    with open(file.fileno(), "w", encoding="utf-8", newline="", closefd=False) as text:
        writer = csv.writer(text)
        writer.writerow(FIELDS)
        for chunk in rows:
            writer.writerows([_cell(row[name]) for name in FIELDS] for row in chunk)
            count += len(chunk)
    return count


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return safe_cell(value) if isinstance(value, str) else value


def _write_parquet(file: IO[bytes], rows: Iterable[list[Row]]) -> int:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise UserError("Parquet needs pyarrow: pip install 'catflap[parquet]', or name a .csv file") from None
    types = {MOMENT: pa.timestamp("ms", tz="UTC"), WHOLE: pa.int64(), FLAG: pa.bool_()}
    schema = pa.schema([(name, types.get(kind, pa.string())) for name, kind in FIELDS.items()])
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for chunk in rows:
            writer.write_table(pa.Table.from_pylist(chunk, schema=schema))
            count += len(chunk)
    return count
