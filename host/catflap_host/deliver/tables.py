"""The tables of webhooks, of what waits for them, and of how far along the stored records each of those who follow them is."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, Text

from catflap_host.store.lasting import Kept, Stays, lasts
from catflap_host.store.sealed import sealed_in
from catflap_host.store.tables import Whole, metadata


def secret_place(webhook: str) -> bytes:
    """What ties a webhook's sealed secret to its row."""
    return b"webhook " + webhook.encode()


webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("allow_private", Boolean, nullable=False),
    Column("created_ms", Whole, nullable=False),
    info=sealed_in("sealed_secret", lambda row: secret_place(row["id"])) | lasts(Stays("settings")),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("webhook", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_ms", Whole, nullable=False),
    Column("next_try_ms", Whole, nullable=False),  # far off: given up
    Column("tries", Whole, nullable=False),
    Column("error", Text, nullable=False),
    info=lasts(Kept("outbox", lambda c, before_ms: c.created_ms < before_ms)),
)
Index("outbox_by_time", outbox.c.next_try_ms)
Index("outbox_by_webhook", outbox.c.webhook)

positions = Table(
    "positions",
    metadata,
    Column("follower", Text, primary_key=True),
    Column("after", Whole, nullable=False),
    info=lasts(Stays("how far each follower is")),
)
