"""Feeds taken from other houses."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text

revision = "reputation"
down_revision = "access"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "reputation_sources",
        Column("source", Text, primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("key_id", "issuer")),
        *(Column(name, _WHOLE, nullable=False) for name in ("serial", "taken_ms", "expires_ms")),
        Column("for_probes", Boolean, nullable=False),
    )
    op.create_table(
        "reputation_entries",
        Column("source", Text, primary_key=True),
        Column("place", _WHOLE, primary_key=True, autoincrement=False),
        Column("sealed_number", LargeBinary, nullable=False),
        Column("kind", Text, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("score", "last_ms")),
    )
    op.create_table(
        "reputation_forms",
        Column("pseudonym", Text, primary_key=True),
        Column("source", Text, primary_key=True),
        Column("place", _WHOLE, primary_key=True, autoincrement=False),
    )
