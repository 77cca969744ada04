"""Operators' verdicts, and appeals."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "judged"
down_revision = "reputation"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "verdicts",
        Column("id", _WHOLE, primary_key=True),
        Column("about", Text, nullable=False),
        Column("subject", _WHOLE, nullable=False),
        *(Column(name, Text, nullable=False) for name in ("verdict", "note", "who")),
        Column("at_ms", _WHOLE, nullable=False),
    )
    op.create_index("verdicts_by_subject", "verdicts", ["about", "subject"])
    op.create_index("verdicts_by_time", "verdicts", ["at_ms"])
    op.create_table(
        "appeals",
        Column("id", Text, primary_key=True),
        *(Column(name, LargeBinary, nullable=False) for name in ("sealed_number", "sealed_statement")),
        *(Column(name, Text, nullable=False) for name in ("about", "source", "state")),
        *(Column(name, _WHOLE, nullable=False) for name in ("received_ms", "decided_ms")),
        *(Column(name, Text, nullable=False) for name in ("decided_by", "answer")),
    )
    op.create_index("appeals_by_time", "appeals", ["received_ms"])
    op.create_table("appeal_forms", Column("pseudonym", Text, primary_key=True), Column("appeal", Text, primary_key=True))
    op.create_index("appeal_forms_by_appeal", "appeal_forms", ["appeal"])
