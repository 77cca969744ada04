"""Registers: entries and what became of them."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "registers"
down_revision = "probe_keys"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "register_entries",
        Column("id", _WHOLE, primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("register", "subject", "key")),
        Column("sealed", LargeBinary, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("begins_ms", "ends_ms", "added_ms")),
        sqlite_strict=True,
    )
    op.create_table(
        "register_history",
        Column("id", _WHOLE, primary_key=True),
        *(Column(name, _WHOLE, nullable=False) for name in ("entry", "at_ms")),
        *(Column(name, Text, nullable=False) for name in ("who", "what", "why")),
        Column("effect_ms", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("register_entries_by_register", "register_entries", ["register", "id"])
    op.create_index("register_entries_by_subject", "register_entries", ["subject"])
    op.create_index("register_entries_by_key", "register_entries", ["key"])
    op.execute("CREATE INDEX register_entries_by_end ON register_entries (ends_ms) WHERE ends_ms > 0")
    op.create_index("register_history_by_entry", "register_history", ["entry"])
