"""Links by which somebody who was called marks that very call: signed, for one call and one time only, and over after some days.

    CALL.UNTIL.NONCE.SIGNATURE    e.g. 1017.1772985600.gT5mX2sPb1c.Jk...

Nothing is stored until one is used, so that thousands can be sent out; whoever holds one may mark the call that it names, and no other.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from catflap_host.access.credentials import digest
from catflap_host.complaints import tables
from catflap_host.complaints.matching import call_of
from catflap_host.errors import UserError
from catflap_host.store.database import Database
from catflap_host.store.unmask import note
from catflap_host.store.vault import Vault

PURPOSE = "complaint-link"
MAX_DAYS = 30
DAY_S = 86_400
MAX_CHARS = 160
_PARTS = 4
_NONCE_BYTES = 9


class LinkError(UserError):
    """The link is no one's, is over, or was used."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a good link says."""

    call_id: int
    until_s: int
    digest: str


def issue(database: Database, call_id: int, days: int, who: str, now_ms: int) -> str:
    """A link's word for a stored incoming call; noted in the audit. Raises UserError."""
    if not 1 <= days <= MAX_DAYS:
        raise UserError(f"a link cannot be good for {days} days; use 1 to {MAX_DAYS}")
    if call_of(database, call_id) is None:
        raise UserError(f"there is no incoming call {call_id}")
    told = f"{call_id}.{now_ms // 1000 + days * DAY_S}.{secrets.token_urlsafe(_NONCE_BYTES)}"
    with database.write() as connection:
        note(connection, who, "complaint-link", f"call {call_id}", f"{days} days")
    return f"{told}.{database.vault.sign(PURPOSE, told)}"


def read(connection: Connection, vault: Vault, word: str, now_ms: int) -> Link:
    """What a link says, if it still counts. Raises LinkError."""
    told, _, signature = word.rpartition(".")
    parts = told.split(".")
    if len(word) > MAX_CHARS or len(parts) != _PARTS - 1 or not vault.is_signed(PURPOSE, told, signature):
        raise LinkError("this link is not complete; copy all of it")
    link = Link(int(parts[0]), int(parts[1]), digest(word))
    if link.until_s * 1000 <= now_ms:
        raise LinkError("this link is over")
    if connection.execute(select(tables.spent.c.digest).where(tables.spent.c.digest == link.digest)).first():
        raise LinkError("this link was used before")
    return link


def spend(connection: Connection, word_digest: str, until_ms: int, now_ms: int) -> None:
    """Let a word count no more, in the caller's transaction, and forget those that are over. Raises LinkError if it was spent."""
    connection.execute(delete(tables.spent).where(tables.spent.c.expires_ms <= now_ms))
    try:
        connection.execute(insert(tables.spent), {"digest": word_digest, "expires_ms": until_ms})
    except IntegrityError:
        raise LinkError("this was used before") from None
