"""The tables of feeds that were taken and of the numbers in them: sealed, found by a pseudonym of every form that a line shows."""

from sqlalchemy import Boolean, Column, LargeBinary, Table, Text

from catflap_host.store.tables import Whole, metadata

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
)

forms = Table(
    "reputation_forms",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("place", Whole, primary_key=True, autoincrement=False),
)
