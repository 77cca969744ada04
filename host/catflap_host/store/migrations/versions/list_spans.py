"""A partner's new list is laid beside the old one, and takes its place in one step."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer

revision = "list_spans"
down_revision = "partner_links"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Say where a list's entries begin, and find the forms of each."""
    op.add_column("reputation_sources", Column("base", _WHOLE, nullable=False, server_default="0"))
    op.create_index("reputation_forms_by_place", "reputation_forms", ["source", "place"])
