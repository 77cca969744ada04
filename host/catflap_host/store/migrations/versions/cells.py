"""Cells, and which probe belongs to which."""

import sqlalchemy as sa
from alembic import op

revision = "cells"
down_revision = "alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table("cells", sa.Column("cell", sa.Text, primary_key=True), sa.Column("urls", sa.Text, nullable=False), sqlite_strict=True)
    op.create_table(
        "cell_probes", sa.Column("probe", sa.Text, primary_key=True), sa.Column("cell", sa.Text, nullable=False), sqlite_strict=True
    )
