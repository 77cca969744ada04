"""Users and their ways in, webhooks and what waits for them, and who follows the records how far."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, LargeBinary, Text

revision = "access"
down_revision = "alerts"
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "users",
        _key("name"),
        _text("role"),
        Column("may_unmask", Boolean, nullable=False),
        _text("password"),
        Column("disabled", Boolean, nullable=False),
        _whole("created_ms"),
    )
    op.create_table("sessions", _key("digest"), _text("user"), _whole("created_ms"), _whole("used_ms"))
    op.create_table("tokens", _key("digest"), _text("user"), _text("purpose"), _whole("created_ms"), _whole("expires_ms"))
    op.create_table("codes", _key("digest"), _text("user"), _whole("expires_ms"))
    op.create_table("attempts", _key("key"), Column("level", Float, nullable=False), _whole("at_ms"))
    op.create_table(
        "webhooks",
        _key("id"),
        _text("url"),
        Column("sealed_secret", LargeBinary, nullable=False),
        Column("allow_private", Boolean, nullable=False),
        _whole("created_ms"),
    )
    op.create_table(
        "outbox",
        Column("id", _WHOLE, primary_key=True),
        _text("webhook"),
        _text("message"),
        Column("body", LargeBinary, nullable=False),
        *(_whole(name) for name in ("created_ms", "next_try_ms", "tries")),
        _text("error"),
    )
    op.create_table("positions", _key("follower"), _whole("after"))
    op.create_index("sessions_by_user", "sessions", ["user"])
    op.create_index("tokens_by_user", "tokens", ["user"])
    op.create_index("outbox_by_time", "outbox", ["next_try_ms"])
    op.create_index("outbox_by_webhook", "outbox", ["webhook"])


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _whole(name: str) -> Column[int]:
    return Column(name, _WHOLE, nullable=False)
