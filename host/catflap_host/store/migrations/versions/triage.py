"""How far alarms are, the numbers that verdicts let through, and the audit found by what it is about."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "triage"
down_revision = ("console", "registers")
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay tables and index."""
    op.create_table(
        "triage",
        Column("alarm_id", _WHOLE, primary_key=True, autoincrement=False),
        Column("acknowledged_ms", _WHOLE, nullable=False),
        Column("acknowledged_by", Text, nullable=False),
        Column("assigned_to", Text, nullable=False),
    )
    op.create_table(
        "allowed_numbers",
        Column("alarm_id", _WHOLE, primary_key=True, autoincrement=False),
        Column("party", _WHOLE, primary_key=True, autoincrement=False),
        Column("verdict_id", _WHOLE, nullable=False),
    )
    op.create_index("allowed_by_party", "allowed_numbers", ["party"])
    op.create_index("audit_by_about", "audit", ["about"])
