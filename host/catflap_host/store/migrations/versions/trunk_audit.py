"""Findings of the trunk audit and how they were followed up."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "trunk_audit"
down_revision = "correlation"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "trunk_findings",
        Column("id", _WHOLE, primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("kind", "contract", "customer", "access_by", "key")),
        Column("sealed", LargeBinary, nullable=False),
        Column("state", Text, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("calls", "first_ms", "last_ms")),
        Column("call_ids", Text, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("raised_ms", "changed_ms", "due_ms")),
        sqlite_strict=True,
    )
    op.create_table(
        "trunk_finding_events",
        Column("id", _WHOLE, primary_key=True),
        *(Column(name, _WHOLE, nullable=False) for name in ("finding", "at_ms")),
        *(Column(name, Text, nullable=False) for name in ("who", "state")),
        Column("sealed", LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("trunk_findings_by_key", "trunk_findings", ["key"])
    op.create_index("trunk_findings_by_state", "trunk_findings", ["state", "id"])
    op.create_index("trunk_finding_events_by_finding", "trunk_finding_events", ["finding"])
