"""A number behind its pseudonym: given to who says why, and never without a trace."""

import time

from sqlalchemy import Connection, select

from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database
from catflap_host.store.parties import open_text
from catflap_host.store.tables import audit, parties

MAX_REASON_CHARS = 500
MIN_REASON_CHARS = 3


class UnmaskError(UserError):
    """No number is given: no reason was, or there is none under the pseudonym any more."""


def unmask(database: Database, pseudonym: str, who: str, reason: str) -> str:
    """The text behind a pseudonym, after who asked and why is on disk; whether he may is the caller's to check. Raises UnmaskError."""
    why = reason.strip()
    if not MIN_REASON_CHARS <= len(why) <= MAX_REASON_CHARS:
        raise UnmaskError(
            N_("a reason of %(least)s to %(most)s characters is needed: say what the number is wanted for"),
            least=MIN_REASON_CHARS,
            most=MAX_REASON_CHARS,
        )
    with database.write() as connection:
        sealed = connection.execute(select(parties.c.sealed).where(parties.c.pseudonym == pseudonym)).scalar()
        note(connection, who, "unmask" if sealed is not None else "unmask-refused", pseudonym, why)
    if sealed is None:
        raise UnmaskError(N_("no number is kept under this pseudonym: it never was, or its time is over"))
    return open_text(database.vault, pseudonym, sealed)


def note(connection: Connection, who: str, what: str, about: str, reason: str) -> int:
    """Add a row to the audit, in the caller's transaction; its id."""
    now_ms = time.time_ns() // 1_000_000
    added = connection.execute(audit.insert().values(at_ms=now_ms, who=who, what=what, about=about, reason=reason))
    return int((added.inserted_primary_key or (0,))[0])
