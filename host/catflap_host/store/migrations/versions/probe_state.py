"""What a probe says of its spool and itself beside how far it is stored."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "probe_state"
down_revision = ("list_spans", "policy_trials")
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("boots", Column("waiting", _WHOLE, nullable=False, server_default="-1"))
    op.add_column("boots", Column("release", Text, nullable=False, server_default=""))
