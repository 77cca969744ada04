"""Complaints out of a CSV file, as a hot line or another house keeps them: each row is taken in or refused by itself, and said so."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeVar

from catflap_host.complaints.filing import Filing, file
from catflap_host.complaints.terms import INDUSTRIES, KINDS, WAYS, Kind, Source, Way, Words
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.store.database import Database

MAX_ROWS = 10_000
MAX_BYTES = 4_000_000
HOME_ZONE = timezone(timedelta(hours=8))
"""Of times that name no zone."""

HEADERS = {
    "number": ("number", "被举报号码", "举报号码"),
    "time": ("time", "来电时间", "骚扰时间"),
    "kind": ("kind", "类型"),
    "industry": ("industry", "行业", "不良类型"),
    "way": ("way", "骚扰方式"),
    "talk_s": ("talk_s", "通话时长"),
    "company": ("company", "被举报单位"),
    "content": ("content", "来电描述", "内容"),
    "contact": ("contact", "举报人号码", "手机号"),
}
"""What a column may be called; only the number's must be there."""

_Term = TypeVar("_Term", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row: its complaint and the complainer's code, or why it was refused."""

    line: int
    id: int
    code: str
    error: str


def take_in(database: Database, content: bytes, complainer: str, who: str, now_ms: int) -> list[Taken]:
    """Take in the rows of a file; `complainer` stands for those who are not named. Raises UserError for what is no such file."""
    taken = []
    for line, row in _rows(content):
        try:
            receipt = file(database, _filing(row, complainer), who, now_ms)
        except UserError as error:
            taken.append(Taken(line, 0, "", str(error)))
        else:
            taken.append(Taken(line, receipt.id, receipt.code, ""))
    return taken


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    if len(content) > MAX_BYTES:
        raise UserError(f"the file has over {MAX_BYTES} bytes; split it")
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    columns: list[str] = []
    count = 0
    try:
        for cells in reader:
            if not columns:
                columns = [_column(cell) for cell in cells]
                if "number" not in columns:
                    raise UserError(f"line 1 names no column for the number; call it one of {', '.join(HEADERS['number'])}")
            elif any(cell.strip() for cell in cells):
                count += 1
                if count > MAX_ROWS:
                    raise UserError(f"the file has over {MAX_ROWS} rows; split it")
                yield reader.line_num, {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
    except csv.Error as error:
        raise UserError(f"line {reader.line_num} is no CSV: {error}") from None


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError("the file is neither UTF-8 nor GB 18030; save it as CSV UTF-8")


def _column(cell: str) -> str:
    """Our name of a column, empty for one that we do not know."""
    plain = unicodedata.normalize("NFKC", cell).strip().lower()
    return next((name for name, words in HEADERS.items() if plain in words), "")


def _filing(row: Mapping[str, str], complainer: str) -> Filing:
    contact = row.get("contact", "")
    return Filing(
        source=Source.CSV,
        number=row.get("number", ""),
        kind=_term(row, "kind", KINDS, Kind.MARKETING if row.get("industry") else Kind.OTHER),
        industry=_term(row, "industry", INDUSTRIES, Industry.OTHER),
        way=_term(row, "way", WAYS, Way.UNKNOWN),
        at_ms=moment_ms(row.get("time", "")),
        talk_s=_seconds(row.get("talk_s", "")),
        company=row.get("company", ""),
        content=row.get("content", ""),
        contact=contact,
        complainer=contact or complainer,
    )


def _term(row: Mapping[str, str], column: str, words: Mapping[_Term, Words], otherwise: _Term) -> _Term:
    said = row.get(column, "")
    if not said:
        return otherwise
    for term, names in words.items():
        if said.lower() in (term, names[0].lower(), names[1]):
            return term
    raise UserError(f"'{said}' is no {column}; there are {', '.join(words)}, or their names in Chinese")


def moment_ms(said: str) -> int:
    """A time in ISO 8601, China's where it names no zone, in Unix ms; 0 for none. Raises UserError."""
    if not said:
        return 0
    try:
        moment = datetime.fromisoformat(said.replace("/", "-"))
    except ValueError:
        raise UserError(f"'{said}' is no time; write 2026-03-02 14:05") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=HOME_ZONE)).timestamp() * 1000)


def _seconds(said: str) -> int:
    if not said:
        return -1
    if not said.isascii() or not said.isdigit():
        raise UserError(f"'{said}' is no length of a call; write whole seconds")
    return int(said)
