"""The records that tell of trunks are found without a scan: a traceback needs them."""

from alembic import op

revision = "trace"
down_revision = "alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the index."""
    op.execute("CREATE INDEX records_of_trunks ON records (probe) WHERE kind = 'trunk'")
