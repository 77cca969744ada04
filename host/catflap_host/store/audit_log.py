"""The audit read back: who did what, when and why; who saw which number."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from catflap_host.store.database import Database
from catflap_host.store.tables import audit


@dataclass(frozen=True, slots=True)
class Noted:
    """A row of the audit."""

    id: int
    at_ms: int
    who: str
    what: str
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: what is empty or 0 is not asked for; `whats` are beginnings of codes."""

    who: str = ""
    whats: Sequence[str] = ()
    about: str = ""
    since_ms: int = 0
    until_ms: int = 0


def noted(database: Database, wanted: Wanted, before: int, limit: int) -> list[Noted]:
    """Up to `limit` rows below the id `before` that fit, newest first."""
    columns = audit.c
    query = select(columns.id, columns.at_ms, columns.who, columns.what, columns.about, columns.reason).where(columns.id < before)
    if wanted.who:
        query = query.where(columns.who == wanted.who)
    if wanted.whats:
        query = query.where(or_(*(columns.what.startswith(what, autoescape=True) for what in wanted.whats)))
    if wanted.about:
        query = query.where(columns.about == wanted.about)
    if wanted.since_ms:
        query = query.where(columns.at_ms >= wanted.since_ms)
    if wanted.until_ms:
        query = query.where(columns.at_ms < wanted.until_ms)
    with database.read() as connection:
        return [Noted(*row) for row in connection.execute(query.order_by(columns.id.desc()).limit(limit))]
