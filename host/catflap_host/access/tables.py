"""The tables of users and their ways in; of a session, token or code, a long random word, a plain digest is kept."""

from sqlalchemy import Boolean, Column, Float, Index, Table, Text

from catflap_host.store.tables import Whole, metadata

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("may_unmask", Boolean, nullable=False),
    Column("password", Text, nullable=False),  # Argon2id with its parameters; empty: none chosen yet
    Column("disabled", Boolean, nullable=False),
    Column("created_ms", Whole, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user", Text, nullable=False),
    Column("created_ms", Whole, nullable=False),
    Column("used_ms", Whole, nullable=False),
)
Index("sessions_by_user", sessions.c.user)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("created_ms", Whole, nullable=False),
    Column("expires_ms", Whole, nullable=False),
)
Index("tokens_by_user", tokens.c.user)

codes = Table(
    "codes",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user", Text, nullable=False),  # empty: the code of the first-run set-up
    Column("expires_ms", Whole, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("level", Float, nullable=False),  # how many attempts weigh on the key
    Column("at_ms", Whole, nullable=False),
)
