"""What several workers share: secrets, and the account of how fast each probe sends."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "workers"
down_revision = ("cells", "judged", "retention", "trace")
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the table and the columns."""
    op.create_table("secrets", Column("name", Text, primary_key=True), Column("sealed", LargeBinary, nullable=False), sqlite_strict=True)
    for name in ("tokens", "tokens_ms"):
        op.add_column("probes", Column(name, _WHOLE, nullable=False, server_default="0"))
