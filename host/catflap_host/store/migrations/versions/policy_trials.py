"""Dry runs of policies, and what came of them."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "policy_trials"
down_revision = "policy"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the table."""
    op.create_table(
        "policy_trials",
        Column("id", _WHOLE, primary_key=True),
        Column("version", _WHOLE, nullable=False),
        Column("who", Text, nullable=False),
        *(Column(name, _WHOLE, nullable=False) for name in ("at_ms", "days", "seen_ms", "total", "done")),
        *(Column(name, Text, nullable=False) for name in ("error", "found")),
    )
    op.create_index("policy_trials_by_version", "policy_trials", ["version"])
