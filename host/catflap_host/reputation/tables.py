"""The tables of partners, of the lists that they sent, and of what our own lists held: numbers sealed, found by pseudonyms."""

from collections.abc import Mapping

from sqlalchemy import Boolean, Column, ColumnElement, Connection, Index, LargeBinary, RowMapping, Table, Text, delete, insert, select

from catflap_host.number_form import shown_forms
from catflap_host.store.lasting import Columns, Ends, Stays, lasts
from catflap_host.store.sealed import resealed_by, sealed_in
from catflap_host.store.tables import Whole, metadata
from catflap_host.store.vault import Vault

SPAN = 100_000
"""More than the entries and withdrawals of any list: so many places are one list's."""
SPENT_MS = 31 * 86_400_000
"""For so long is kept what a partner asked on a day."""


def entry_place(source: str, place: int) -> bytes:
    """What ties a sealed number to its row."""
    return f"reputation {source} {place}".encode()


def listed_place(pseudonym: str) -> bytes:
    """What ties a sealed number that our lists held to its row."""
    return f"listed {pseudonym}".encode()


def link_place(partner: str) -> bytes:
    """What ties the sealed token that a partner gave us to its row."""
    return f"partner link {partner}".encode()


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


def _reseal_listed(connection: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
    if vault.is_newest(row["sealed_number"]):
        return {}
    number = vault.open(row["sealed_number"], listed_place(row["pseudonym"]))
    pseudonym = vault.pseudonym(number.decode())
    # a list that was issued since has the number under its new pseudonym, and for longer
    if connection.execute(select(listed.c.until_ms).where(listed.c.pseudonym == pseudonym)).first():
        return {"until_ms": 0, "sealed_number": vault.seal(number, listed_place(row["pseudonym"]))}
    return {"pseudonym": pseudonym, "sealed_number": vault.seal(number, listed_place(pseudonym))}


partners = Table(
    "partners",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key", Text, nullable=False),  # its public key, a JSON Web Key
    Column("key_id", Text, nullable=False),
    Column("trust", Whole, nullable=False),  # per cent of its confidence that count with us
    Column("for_probes", Boolean, nullable=False),
    Column("daily_numbers", Whole, nullable=False),
    Column("added_ms", Whole, nullable=False),
    info=lasts(Stays("whom we deal with, and by which key")),
)

links = Table(
    "partner_links",
    metadata,
    Column("partner", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("sealed_token", LargeBinary, nullable=False),
    Column("ca", Text, nullable=False),  # PEM, empty: the machine's own
    Column("fetches", Boolean, nullable=False),
    Column("sends", Boolean, nullable=False),
    Column("fetched_ms", Whole, nullable=False),
    Column("sent_ms", Whole, nullable=False),
    Column("next_ms", Whole, nullable=False),  # before it is nobody's turn
    Column("error", Text, nullable=False),
    info=sealed_in("sealed_token", lambda row: link_place(row["partner"])) | lasts(Stays("how partners are reached")),
)

spent = Table(
    "partner_spent",
    metadata,
    Column("partner", Text, primary_key=True),
    Column("day_ms", Whole, primary_key=True, autoincrement=False),  # when the day (UTC) began
    Column("what", Text, primary_key=True),  # `numbers` or `lists`
    Column("amount", Whole, nullable=False),
    info=lasts(Ends(lambda c, now_ms: c.day_ms < now_ms - SPENT_MS)),
)

sources = Table(
    "reputation_sources",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("sequence", Whole, nullable=False),
    Column("taken_ms", Whole, nullable=False),
    Column("expires_ms", Whole, nullable=False),
    Column("base", Whole, nullable=False, server_default="0"),  # its entries' places begin here; rows of other places are of no list
    info=lasts(Stays("whose lists were taken, up to which one")),
)

entries = Table(
    "reputation_entries",
    metadata,
    Column("source", Text, primary_key=True),
    Column("place", Whole, primary_key=True, autoincrement=False),
    Column("sealed_number", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),  # empty for a withdrawal
    Column("confidence", Whole, nullable=False),
    Column("first_ms", Whole, nullable=False),
    Column("last_ms", Whole, nullable=False),  # of a withdrawal: when it was withdrawn
    Column("expires_ms", Whole, nullable=False),
    Column("appeal", Text, nullable=False),  # `none`, `open`, `rejected`, or `upheld` for a withdrawal
    Column("evidence", Text, nullable=False),  # JSON as it came
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

Index("reputation_forms_by_place", forms.c.source, forms.c.place)

issues = Table(
    "list_issues",
    metadata,
    Column("sequence", Whole, primary_key=True, autoincrement=False),
    Column("issued_ms", Whole, nullable=False),
    Column("expires_ms", Whole, nullable=False),
    Column("told_to", Text, nullable=False),
    Column("entries", Whole, nullable=False),
    Column("withdrawals", Whole, nullable=False),
    info=lasts(Ends(lambda c, now_ms: c.expires_ms < now_ms)),
)

listed = Table(
    "listed_numbers",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("sealed_number", LargeBinary, nullable=False),
    Column("until_ms", Whole, nullable=False),  # by then every list that held it is over
    info=resealed_by(_reseal_listed) | lasts(Ends(lambda c, now_ms: c.until_ms < now_ms)),
)
