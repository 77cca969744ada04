"""Complaints with their history, complainers, rules and deadlines."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "complaints"
down_revision = "policy"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "complaints",
        _row(),
        _text("code"),
        *_wholes("received_ms", "at_ms"),
        *_texts("source", "kind", "industry", "way"),
        *_wholes("talk_s"),
        *_texts("number_id", "number_range", "number_kind", "country", "holder", "place"),
        *_wholes("complainer"),
        *_texts("origin", "match", "site"),
        *_wholes("call_id"),
        *_texts("team", "state", "finding"),
        *_wholes("due_ms", "changed_ms"),
        Column("sealed", LargeBinary),
    )
    op.create_index("complaints_by_code", "complaints", ["code"], unique=True)
    op.create_index("complaints_by_number", "complaints", ["number_id", "received_ms"])
    op.create_index("complaints_by_state", "complaints", ["state", "due_ms"])
    op.create_index("complaints_by_time", "complaints", ["received_ms"])
    op.create_index("complaints_by_complainer", "complaints", ["complainer"])
    op.create_index("complaints_by_call", "complaints", ["call_id"])
    op.create_table(
        "complaint_history",
        _row(),
        *_wholes("complaint", "at_ms"),
        *_texts("who", "what", "state", "finding", "team"),
        Column("sealed_note", LargeBinary),
    )
    op.create_index("complaint_history_by_complaint", "complaint_history", ["complaint"])
    op.create_table(
        "complaint_people",
        _row(),
        _text("pseudonym"),
        *_wholes("first_ms", "filed", "upheld", "unfounded"),
        Column("sealed_name", LargeBinary),
    )
    op.create_index("complaint_people_by_pseudonym", "complaint_people", ["pseudonym"], unique=True)
    op.create_table(
        "complaint_rules",
        Column("place", _WHOLE, primary_key=True, autoincrement=False),
        *_texts("kind", "industry", "holder", "prefix", "team"),
    )
    op.create_table(
        "complaint_deadlines",
        Column("kind", Text, primary_key=True),
        Column("state", Text, primary_key=True),
        *_wholes("hours"),
    )
    op.create_table("complaint_spent", Column("digest", Text, primary_key=True), *_wholes("expires_ms"))


def _row() -> Column[int]:
    return Column("id", _WHOLE, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _texts(*names: str) -> list[Column[str]]:
    return [_text(name) for name in names]


def _wholes(*names: str) -> list[Column[int]]:
    return [Column(name, _WHOLE, nullable=False) for name in names]
