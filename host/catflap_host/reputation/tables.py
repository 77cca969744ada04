"""The tables of feeds that were taken and of the numbers in them: sealed, found by a pseudonym of every form that a line shows."""

from collections.abc import Mapping

from sqlalchemy import Boolean, Column, ColumnElement, Connection, LargeBinary, RowMapping, Table, Text, delete, insert, select

from catflap_host.number_form import shown_forms
from catflap_host.store.lasting import Columns, Ends, Stays, lasts
from catflap_host.store.sealed import resealed_by
from catflap_host.store.tables import Whole, metadata
from catflap_host.store.vault import Vault


def entry_place(source: str, place: int) -> bytes:
    """What ties a sealed number to its row."""
    return f"reputation {source} {place}".encode()


def forms_of(vault: Vault, source: str, place: int, number: str) -> list[dict[str, object]]:
    """The rows by which a number is found, whatever form of it a line shows."""
    return [{"pseudonym": vault.pseudonym(form), "source": source, "place": place} for form in shown_forms(number)]


def _is_over(c: Columns, now_ms: int) -> ColumnElement[bool]:
    return c.source.in_(select(sources.c.source).where(sources.c.expires_ms < now_ms))


def _reseal(connection: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
    if vault.is_newest(row["sealed_number"]):
        return {}
    place = entry_place(row["source"], row["place"])
    number = vault.open(row["sealed_number"], place)
    connection.execute(delete(forms).where(forms.c.source == row["source"], forms.c.place == row["place"]))
    connection.execute(insert(forms), forms_of(vault, row["source"], row["place"], number.decode()))
    return {"sealed_number": vault.seal(number, place)}


sources = Table(
    "reputation_sources",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("serial", Whole, nullable=False),
    Column("taken_ms", Whole, nullable=False),
    Column("expires_ms", Whole, nullable=False),
    Column("for_probes", Boolean, nullable=False),
    info=lasts(Stays("whose feeds were taken, up to which one")),
)

entries = Table(
    "reputation_entries",
    metadata,
    Column("source", Text, primary_key=True),
    Column("place", Whole, primary_key=True, autoincrement=False),
    Column("sealed_number", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("score", Whole, nullable=False),
    Column("last_ms", Whole, nullable=False),
    info=resealed_by(_reseal) | lasts(Ends(_is_over)),
)

forms = Table(
    "reputation_forms",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("place", Whole, primary_key=True, autoincrement=False),
    info=lasts(Ends(_is_over)),
)
