"""The rows of a partner's list: laid in pieces that hold nobody up, and cleared away in such."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select

from catflap_host.reputation import tables
from catflap_host.reputation.document import Document, Entry, evidence_fields
from catflap_host.store.database import Database

PIECE = 500
"""Entries a transaction: with the forms of each some thousands of rows, a moment's work."""
WITHDRAWN = "upheld"


@dataclass(frozen=True, slots=True)
class Row:
    """A number, and what is kept of it."""

    number: str
    columns: dict[str, object]


def rows_of(found: Document, now_ms: int) -> Iterator[Row]:
    """What is to be kept of a list: its entries as far as they count still, and its withdrawals."""
    for entry in found.entries:
        if entry.expires_ms > now_ms:
            yield Row(entry.number, _columns(entry))
    for gone in found.withdrawals:
        empty = {"kind": "", "confidence": 0, "first_ms": 0, "evidence": "[]"}
        yield Row(gone.number, {**empty, "last_ms": gone.withdrawn_ms, "expires_ms": found.expires_ms, "appeal": WITHDRAWN})


def lay(database: Database, source: str, first: int, rows: Sequence[Row]) -> None:
    """Put rows at places from `first` on, sealed; at least one."""
    vault, entries, forms = database.vault, [], []
    for place, row in enumerate(rows, first):
        sealed = vault.seal(row.number.encode(), tables.entry_place(source, place))
        entries.append({"source": source, "place": place, "sealed_number": sealed, **row.columns})
        forms += tables.forms_of(vault, source, place, row.number)
    with database.write() as connection:
        connection.execute(insert(tables.entries), entries)
        connection.execute(insert(tables.forms), forms)


def clear(database: Database, source: str, base: int | None) -> bool:
    """Take away all rows of a source but those of the list that begins at `base`; whether there were any."""
    c, forms = tables.entries.c, tables.forms.c
    gone: ColumnElement[bool] = c.source == source
    if base is not None:
        gone &= ~c.place.between(base, base + tables.SPAN - 1)
    were_any = False
    while True:
        with database.write() as connection:
            places = list(connection.execute(select(c.place).where(gone).limit(PIECE)).scalars())
            if not places:
                return were_any
            connection.execute(delete(tables.forms).where(forms.source == source, forms.place.in_(places)))
            connection.execute(delete(tables.entries).where(c.source == source, c.place.in_(places)))
            were_any = True


def _columns(entry: Entry) -> dict[str, object]:
    names = ("kind", "confidence", "first_ms", "last_ms", "expires_ms")
    columns = {name: getattr(entry, name) for name in names}
    return {**columns, "appeal": entry.appeal.value, "evidence": json.dumps(evidence_fields(entry.evidence), ensure_ascii=False)}
