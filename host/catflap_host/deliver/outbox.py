"""What webhooks are still to be told, on disk: put there in one step with the mark of how far the records were read."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from catflap_host.access.credentials import now_ms
from catflap_host.deliver import positions, tables
from catflap_host.deliver.events import Event
from catflap_host.deliver.signature import draw_secret
from catflap_host.deliver.target import TargetError, addresses, parse_target
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database

FOLLOWER = "webhooks"
LEASE_MS = 20_000
"""A message that is being sent is nobody else's for so long; if its sender dies it is sent again."""
GIVE_UP_MS = 5 * 86_400_000
GIVEN_UP_MS = 2**62
BACKOFF_S = (5, 15, 60, 300, 900)
"""Between tries; from then on the last."""
MAX_ERROR_CHARS = 300


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told, and what waits for it."""

    id: str
    url: str
    allow_private: bool
    created_ms: int
    waiting: int
    given_up: int
    error: str


@dataclass(frozen=True, slots=True)
class Due:
    """A message to be sent now."""

    id: int
    webhook: str
    url: str
    sealed_secret: bytes
    allow_private: bool
    message: str
    body: bytes
    created_ms: int
    tries: int


def add_webhook(database: Database, url: str, allow_private: bool) -> tuple[str, str]:
    """Tell an address from now on; returns the webhook's id and its secret, which is shown this once. Raises UserError."""
    try:
        addresses(parse_target(url, allow_private), allow_private)
    except TargetError as error:
        raise UserError(N_("no webhook: %(why)s"), why=error) from None
    webhook, secret = secrets.token_hex(4), draw_secret()
    sealed = database.vault.seal(secret.encode(), tables.secret_place(webhook))
    row = {"id": webhook, "url": url, "sealed_secret": sealed, "allow_private": allow_private, "created_ms": now_ms()}
    with database.write() as connection:
        connection.execute(insert(tables.webhooks), row)
    return webhook, secret


def remove_webhook(database: Database, webhook: str) -> None:
    """Tell it no more, and forget what waits for it. Raises UserError."""
    with database.write() as connection:
        connection.execute(delete(tables.outbox).where(tables.outbox.c.webhook == webhook))
        if connection.execute(delete(tables.webhooks).where(tables.webhooks.c.id == webhook)).rowcount == 0:
            raise UserError(N_("there is no webhook '%(webhook)s'; `catflap host webhook list` shows them"), webhook=webhook)


def any_webhook(database: Database) -> bool:
    """Whether there is anybody to tell."""
    with database.read() as connection:
        return connection.execute(select(tables.webhooks.c.id).limit(1)).first() is not None


def webhooks(database: Database) -> list[Webhook]:
    """All webhooks, the oldest first."""
    mine = tables.outbox.c.webhook == tables.webhooks.c.id
    given_up = tables.outbox.c.next_try_ms == GIVEN_UP_MS
    waiting = select(func.count()).where(mine, ~given_up).scalar_subquery()
    lost = select(func.count()).where(mine, given_up).scalar_subquery()
    error = select(tables.outbox.c.error).where(mine, tables.outbox.c.error != "").order_by(tables.outbox.c.id.desc()).limit(1)
    columns = tables.webhooks.c
    query = select(
        columns.id, columns.url, columns.allow_private, columns.created_ms, waiting, lost, func.coalesce(error.scalar_subquery(), "")
    )
    with database.read() as connection:
        return [Webhook(*row) for row in connection.execute(query.order_by(columns.created_ms, columns.id))]


def put(database: Database, events: Sequence[Event], before: int, after: int) -> bool:
    """Put events into every webhook's box and move the mark from `before` to `after`, both or neither.

    False: another worker has been there.
    """
    now = now_ms()
    with database.write() as connection:
        if not positions.move(connection, FOLLOWER, before, after):
            return False
        for webhook in connection.execute(select(tables.webhooks.c.id)).scalars().all():
            rows = [_row(webhook, event, now) for event in events]
            if rows:
                connection.execute(insert(tables.outbox), rows)
    return True


def claim(database: Database, busy: Sequence[str], most: int) -> list[Due]:
    """Messages that are due, at most one a webhook and none of those that are `busy`; they are this worker's for LEASE_MS."""
    now = now_ms()
    boxes, hooks = tables.outbox.c, tables.webhooks.c
    is_due = (boxes.next_try_ms <= now) & boxes.webhook.not_in(busy)
    first = select(func.min(boxes.id)).where(is_due).group_by(boxes.webhook).limit(most)
    columns = (
        boxes.id,
        boxes.webhook,
        hooks.url,
        hooks.sealed_secret,
        hooks.allow_private,
        boxes.message,
        boxes.body,
        boxes.created_ms,
        boxes.tries,
    )
    query = select(*columns, boxes.next_try_ms).join(tables.webhooks, boxes.webhook == hooks.id).where(boxes.id.in_(first))
    with database.read() as connection:
        rows = connection.execute(query).all()
    if not rows:
        return []
    with database.write() as connection:
        return [Due(*row[:-1]) for row in rows if _lease(connection, row.id, row.next_try_ms, now)]


def delivered(database: Database, due: Due) -> None:
    """Take a message that arrived out of the box."""
    with database.write() as connection:
        connection.execute(delete(tables.outbox).where(tables.outbox.c.id == due.id))


def failed(database: Database, due: Due, error: str, holds_all: bool, jitter: float) -> bool:
    """Put a message back for later, and the receiver's other messages with it if they would fare no better (`holds_all`).

    `jitter` 0 ... 1 spreads the tries. False: five days are over, it is given up but kept.
    """
    now, boxes = now_ms(), tables.outbox.c
    is_over = now - due.created_ms > GIVE_UP_MS
    next_ms = now + int(BACKOFF_S[min(due.tries, len(BACKOFF_S) - 1)] * (1000 + 200 * jitter))
    values = {"tries": due.tries + 1, "error": error[:MAX_ERROR_CHARS], "next_try_ms": GIVEN_UP_MS if is_over else next_ms}
    with database.write() as connection:
        connection.execute(update(tables.outbox).where(boxes.id == due.id).values(**values))
        if holds_all:
            waiting = (boxes.webhook == due.webhook) & (boxes.next_try_ms < next_ms)
            connection.execute(update(tables.outbox).where(waiting).values(next_try_ms=next_ms))
    return not is_over


def secret_of(database: Database, due: Due) -> str:
    """What the message is signed with. Raises SealError."""
    return database.vault.open(due.sealed_secret, tables.secret_place(due.webhook)).decode()


def _row(webhook: str, event: Event, now: int) -> dict[str, object]:
    moment = {"type": event.type, "at_ms": event.at_ms, "data": event.data()}
    body = json.dumps(moment, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    # of one event each webhook has its own message, so that its receiver may tell repetitions by the id alone
    message = f"msg_{webhook}_{event.id}"
    return {
        "webhook": webhook,
        "message": message,
        "body": body,
        "created_ms": now,
        "next_try_ms": now,
        "tries": 0,
        "error": "",
    }


def _lease(connection: Connection, row: int, seen_ms: int, now: int) -> bool:
    free = (tables.outbox.c.id == row) & (tables.outbox.c.next_try_ms == seen_ms)
    return connection.execute(update(tables.outbox).where(free).values(next_try_ms=now + LEASE_MS)).rowcount == 1
