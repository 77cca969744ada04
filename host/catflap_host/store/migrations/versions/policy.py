"""Policies: versions, approvals, releases, and which probe has what."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "policy"
down_revision = "triage"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "policy_versions",
        _key("version"),
        _whole("at_ms"),
        *(Column(name, Text, nullable=False) for name in ("author", "note")),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_table("policy_approvals", _key("version"), Column("who", Text, primary_key=True), _whole("at_ms"))
    op.create_table(
        "policy_releases",
        _key("serial"),
        *(_whole(name) for name in ("version", "at_ms")),
        *(Column(name, Text, nullable=False) for name in ("who", "why", "inputs")),
        _whole("bytes"),
        Column("sealed", LargeBinary),
    )
    op.create_table("policy_probes", Column("probe", Text, primary_key=True), *(_whole(name) for name in ("serial", "refused", "since_ms")))
    op.create_table("policy_settings", Column("name", Text, primary_key=True), _whole("value"))


def _key(name: str) -> Column[int]:
    return Column(name, _WHOLE, primary_key=True, autoincrement=False)


def _whole(name: str) -> Column[int]:
    return Column(name, _WHOLE, nullable=False)
