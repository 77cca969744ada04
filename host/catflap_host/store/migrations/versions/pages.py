"""Any page of calls is found in the order of their ids, whatever it is filtered by: of a probe, a label, an action, or both of these."""

from alembic import op

revision = "pages"
down_revision = "compliance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay two indexes, and two anew."""
    op.execute("CREATE INDEX calls_by_probe ON calls (probe, id)")
    op.execute("CREATE INDEX calls_by_kind ON calls (label, action, id)")
    for column in ("label", "action"):
        op.execute(f"DROP INDEX calls_by_{column}")
        op.execute(f"CREATE INDEX calls_by_{column} ON calls ({column}, id)")
