"""API tokens as an administrator sees them: never the word that opens, but enough to know one and to take it back."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from catflap_host.access import tables
from catflap_host.access.credentials import now_ms
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database

ID_CHARS = 16


@dataclass(frozen=True, slots=True)
class Token:
    """A token that counts; `id` is the beginning of its digest."""

    id: str
    user: str
    purpose: str
    created_ms: int
    expires_ms: int


def listed(database: Database) -> list[Token]:
    """All that count, by user, the oldest first."""
    columns = tables.tokens.c
    query = select(columns.digest, columns.user, columns.purpose, columns.created_ms, columns.expires_ms)
    with database.read() as connection:
        rows = connection.execute(query.where(columns.expires_ms > now_ms()).order_by(columns.user, columns.created_ms, columns.digest))
        return [Token(row.digest[:ID_CHARS], *row[1:]) for row in rows]


def revoke(database: Database, token: str) -> str:
    """Let the token of that id count no more; returns whose it was. Raises UserError."""
    mine = tables.tokens.c.digest.startswith(token, autoescape=True)
    with database.write() as connection:
        users = list(connection.execute(delete(tables.tokens).where(mine).returning(tables.tokens.c.user)).scalars())
    if not users:
        raise UserError(N_("there is no token %(token)s that counts"), token=token)
    return str(users[0])
