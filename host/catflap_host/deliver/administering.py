"""What administrators do with webhooks; who did it stands in the audit."""

from urllib.parse import urlsplit

from catflap_host.deliver import outbox
from catflap_host.store.database import Database
from catflap_host.store.unmask import note


def add_webhook(database: Database, by: str, url: str, allow_private: bool) -> tuple[str, str]:
    """Tell an address from now on; the webhook's id and its secret, which is shown this once. Raises UserError."""
    webhook, secret = outbox.add_webhook(database, url, allow_private)
    with database.write() as connection:
        note(connection, by, "webhook-add", webhook, urlsplit(url).hostname or "")
    return webhook, secret


def remove_webhook(database: Database, by: str, webhook: str) -> None:
    """Tell it no more, and forget what waits for it. Raises UserError."""
    outbox.remove_webhook(database, webhook)
    with database.write() as connection:
        note(connection, by, "webhook-remove", webhook, "")
