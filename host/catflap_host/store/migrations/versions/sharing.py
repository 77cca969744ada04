"""Partners, lists of version 2, and what our own lists held; feeds of version 1 go, since nobody signed for where they come from."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text

revision = "sharing"
down_revision = "trunk_audit"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    for table in ("reputation_forms", "reputation_entries", "reputation_sources"):
        op.drop_table(table)
    op.create_table(
        "partners",
        Column("name", Text, primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("key", "key_id")),
        Column("trust", _WHOLE, nullable=False),
        Column("for_probes", Boolean, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("daily_numbers", "added_ms")),
    )
    op.create_table(
        "partner_spent",
        Column("partner", Text, primary_key=True),
        Column("day_ms", _WHOLE, primary_key=True, autoincrement=False),
        Column("what", Text, primary_key=True),
        Column("amount", _WHOLE, nullable=False),
    )
    op.create_table(
        "reputation_sources",
        Column("source", Text, primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("key_id", "issuer")),
        *(Column(name, _WHOLE, nullable=False) for name in ("sequence", "taken_ms", "expires_ms")),
    )
    op.create_table(
        "reputation_entries",
        Column("source", Text, primary_key=True),
        Column("place", _WHOLE, primary_key=True, autoincrement=False),
        Column("sealed_number", LargeBinary, nullable=False),
        Column("kind", Text, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("confidence", "first_ms", "last_ms", "expires_ms")),
        *(Column(name, Text, nullable=False) for name in ("appeal", "evidence")),
    )
    op.create_table(
        "reputation_forms",
        Column("pseudonym", Text, primary_key=True),
        Column("source", Text, primary_key=True),
        Column("place", _WHOLE, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "list_issues",
        Column("sequence", _WHOLE, primary_key=True, autoincrement=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("issued_ms", "expires_ms")),
        Column("told_to", Text, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("entries", "withdrawals")),
    )
    op.create_table(
        "listed_numbers",
        Column("pseudonym", Text, primary_key=True),
        Column("sealed_number", LargeBinary, nullable=False),
        Column("until_ms", _WHOLE, nullable=False),
    )
