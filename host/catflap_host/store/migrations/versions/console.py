"""What the console counts and lists is found without a scan: calls of an hour by action, and what probes tell of themselves."""

from alembic import op

revision = "console"
down_revision = "judged"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay one index, and one anew."""
    op.execute("CREATE INDEX records_of_health ON records (received_ms) WHERE kind = 'health'")
    op.execute("DROP INDEX calls_by_time")
    op.execute("CREATE INDEX calls_by_time ON calls (received_ms, action)")
