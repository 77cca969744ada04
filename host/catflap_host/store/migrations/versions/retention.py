"""How long each kind of data is kept, where it is not the usual time."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "retention"
down_revision = "alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the table."""
    days = Column("days", Integer().with_variant(BigInteger, "postgresql"), nullable=False)
    op.create_table("retention", Column("kind", Text, primary_key=True), days, sqlite_strict=True)
