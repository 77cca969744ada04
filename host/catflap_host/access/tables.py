"""The tables of users and their ways in; of a session, token or code, a long random word, a plain digest is kept."""

from sqlalchemy import Boolean, Column, ColumnElement, Float, Index, Table, Text

from catflap_host.store.lasting import Columns, Ends, Stays, lasts
from catflap_host.store.tables import Whole, metadata

SESSION_IDLE_MS = 12 * 3_600_000
SESSION_MS = 7 * 24 * 3_600_000
ATTEMPTS_MS = 600_000
"""By then either bucket of attempts is empty."""


def sessions_over(c: Columns, now_ms: int) -> ColumnElement[bool]:
    """Sessions that were not used for 12 hours, or began 7 days ago."""
    return (c.used_ms < now_ms - SESSION_IDLE_MS) | (c.created_ms < now_ms - SESSION_MS)


users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("may_unmask", Boolean, nullable=False),
    Column("password", Text, nullable=False),  # Argon2id with its parameters; empty: none chosen yet
    Column("disabled", Boolean, nullable=False),
    Column("created_ms", Whole, nullable=False),
    info=lasts(Stays("names in the audit are to stay explained")),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user", Text, nullable=False),
    Column("created_ms", Whole, nullable=False),
    Column("used_ms", Whole, nullable=False),
    info=lasts(Ends(sessions_over)),
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
    info=lasts(Ends(lambda c, now_ms: c.expires_ms < now_ms)),
)
Index("tokens_by_user", tokens.c.user)

codes = Table(
    "codes",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user", Text, nullable=False),  # empty: the code of the first-run set-up
    Column("expires_ms", Whole, nullable=False),
    info=lasts(Ends(lambda c, now_ms: c.expires_ms < now_ms)),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("level", Float, nullable=False),  # how many attempts weigh on the key
    Column("at_ms", Whole, nullable=False),
    info=lasts(Ends(lambda c, now_ms: c.at_ms < now_ms - ATTEMPTS_MS)),
)
