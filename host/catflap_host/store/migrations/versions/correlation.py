"""What the correlation has learnt."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "correlation"
down_revision = "pages"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the table."""
    op.create_table(
        "correlation",
        Column("name", Text, primary_key=True),
        Column("form", Text, nullable=False),
        Column("after", _WHOLE, nullable=False),
        Column("saved_ms", _WHOLE, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        sqlite_strict=True,
    )
