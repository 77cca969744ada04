"""What was found about outgoing calls; these are found by their time."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "compliance"
down_revision = "complaints"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the table."""
    op.create_table(
        "outgoing_checks",
        Column("id", _WHOLE, primary_key=True, autoincrement=False),
        Column("at_ms", _WHOLE, nullable=False),
        *(Column(name, Text, nullable=False) for name in ("day", "contract", "campaign")),
        *(Column(name, _WHOLE, nullable=False) for name in ("is_answered", "talk_ms")),
        *(Column(name, Text, nullable=False) for name in ("violations", "unchecked")),
        sqlite_strict=True,
    )
    op.create_index("outgoing_checks_by_day", "outgoing_checks", ["day", "contract"])
    op.create_index("outgoing_checks_by_time", "outgoing_checks", ["at_ms"])
    op.execute("CREATE INDEX outgoing_violations ON outgoing_checks (day, id) WHERE violations != ''")
    op.execute("CREATE INDEX calls_outgoing ON calls (at_ms) WHERE direction = 'out'")
