"""How partners are reached by the aggregator itself."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text

revision = "partner_links"
down_revision = "sharing"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the table."""
    op.create_table(
        "partner_links",
        Column("partner", Text, primary_key=True),
        Column("url", Text, nullable=False),
        Column("sealed_token", LargeBinary, nullable=False),
        Column("ca", Text, nullable=False),
        *(Column(name, Boolean, nullable=False) for name in ("fetches", "sends")),
        *(Column(name, _WHOLE, nullable=False) for name in ("fetched_ms", "sent_ms", "next_ms")),
        Column("error", Text, nullable=False),
    )
