"""Ways in: sessions of browsers, API tokens, one-time codes, and the code of the first-run set-up."""

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from catflap_host.access import tables, users
from catflap_host.access.credentials import digest, draw, draw_token, now_ms
from catflap_host.access.roles import Identity, Role
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store import shared
from catflap_host.store.database import Database

CODE_MS = 24 * 3_600_000
# how stale `used_ms` may get, so that not every request writes
TOUCH_MS = 60_000
SETUP_FILE = "setup-code"
_NOBODY = ""


def open_session(database: Database, user: str) -> str:
    """A new session of a user who has shown who he is; returns the cookie's value. Raises UserError."""
    word, now = draw(), now_ms()
    with database.write() as connection:
        users.require(connection, user)
        connection.execute(delete(tables.sessions).where(_over(now)))
        connection.execute(insert(tables.sessions), {"digest": digest(word), "user": user, "created_ms": now, "used_ms": now})
    return word


def close_session(database: Database, word: str) -> None:
    """End a session."""
    with database.write() as connection:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.digest == digest(word)))


def by_session(database: Database, word: str) -> Identity | None:
    """Whose session the cookie's value is, or None; a session ends 12 hours after its last use and 7 days after its first."""
    now, found = now_ms(), digest(word)
    with database.read() as connection:
        query = select(tables.users, tables.sessions.c.used_ms).join(tables.sessions, tables.sessions.c.user == tables.users.c.name)
        row = connection.execute(query.where(tables.sessions.c.digest == found, ~_over(now), ~tables.users.c.disabled)).first()
    if row is None:
        return None
    if row.used_ms < now - TOUCH_MS:
        with database.write() as connection:
            connection.execute(update(tables.sessions).where(tables.sessions.c.digest == found).values(used_ms=now))
    return Identity(row.name, Role(row.role), row.may_unmask, bool(row.password), "session")


def issue_token(database: Database, user: str, purpose: str, days: int) -> str:
    """A new API token of a user, shown this once. Raises UserError."""
    token, now = draw_token(), now_ms()
    with database.write() as connection:
        users.require(connection, user)
        row = {"digest": digest(token), "user": user, "purpose": purpose, "created_ms": now, "expires_ms": now + days * 86_400_000}
        connection.execute(insert(tables.tokens), row)
    return token


def revoke_tokens(database: Database, user: str, purpose: str) -> int:
    """Let a user's tokens for that purpose count no more; returns how many there were."""
    with database.write() as connection:
        mine = (tables.tokens.c.user == user) & (tables.tokens.c.purpose == purpose)
        return connection.execute(delete(tables.tokens).where(mine)).rowcount


def by_token(database: Database, token: str) -> Identity | None:
    """Whose API token it is, or None."""
    with database.read() as connection:
        query = select(tables.users).join(tables.tokens, tables.tokens.c.user == tables.users.c.name)
        counts = (tables.tokens.c.digest == digest(token)) & (tables.tokens.c.expires_ms > now_ms()) & ~tables.users.c.disabled
        row = connection.execute(query.where(counts)).first()
    return Identity(row.name, Role(row.role), row.may_unmask, bool(row.password), "token") if row else None


def issue_code(database: Database, user: str) -> str:
    """A code that lets a user in once, within 24 hours. Raises UserError."""
    with database.write() as connection:
        users.require(connection, user)
        return _issue_code(connection, user)


def spend_code(database: Database, code: str) -> str | None:
    """The user that the code lets in, or None; from now on it lets nobody in."""
    with database.write() as connection:
        return _spend(connection, code, tables.codes.c.user != _NOBODY)


def prepare_setup(database: Database, data_dir: Path) -> Path | None:
    """While there is no user: the set-up code, the same for all workers, in a file that only its owner can read; else None.

    Raises UserError.
    """
    path = data_dir / SETUP_FILE
    if users.any_user(database):
        path.unlink(missing_ok=True)
        return None
    code = _setup_code(database)
    try:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(code + "\n")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}; name a folder of yours with --data") from None
    return path


def set_up(database: Database, data_dir: Path, code: str, name: str, password: str) -> None:
    """Make the first administrator, who holds the set-up code. Raises UserError, and the code stays good."""
    with database.write() as connection:
        if _spend(connection, code, tables.codes.c.user == _NOBODY) is None:
            raise UserError(N_("that is not the set-up code; it is in the file %(file)s in the aggregator's data folder"), file=SETUP_FILE)
        if connection.execute(select(tables.users.c.name).limit(1)).first() is not None:
            raise UserError(N_("there are users already; sign in"))
        users.add(connection, name, Role.ADMINISTRATOR, False, password)
        shared.forget(connection, SETUP_FILE)
    with suppress(OSError):
        (data_dir / SETUP_FILE).unlink(missing_ok=True)


def _setup_code(database: Database) -> str:
    """The code that is still good, a new one where there is none."""
    for is_last in (False, True):
        try:
            with database.write() as connection:
                kept = shared.read(connection, database.vault, SETUP_FILE)
                if kept is not None and connection.execute(select(tables.codes).where(_is_good(kept.decode()))).first():
                    return kept.decode()
                shared.forget(connection, SETUP_FILE)
                connection.execute(delete(tables.codes).where(tables.codes.c.user == _NOBODY))
                code = _issue_code(connection, _NOBODY)
                shared.keep(connection, database.vault, SETUP_FILE, code.encode())
                return code
        except IntegrityError:
            # another worker was first
            if is_last:
                raise
    raise AssertionError


def _issue_code(connection: Connection, user: str) -> str:
    code, now = draw(), now_ms()
    connection.execute(delete(tables.codes).where(tables.codes.c.expires_ms <= now))
    connection.execute(insert(tables.codes), {"digest": digest(code), "user": user, "expires_ms": now + CODE_MS})
    return code


def _spend(connection: Connection, code: str, whose: ColumnElement[bool]) -> str | None:
    return connection.execute(delete(tables.codes).where(_is_good(code), whose).returning(tables.codes.c.user)).scalar_one_or_none()


def _is_good(code: str) -> ColumnElement[bool]:
    return (tables.codes.c.digest == digest(code)) & (tables.codes.c.expires_ms > now_ms())


def _over(now: int) -> ColumnElement[bool]:
    return tables.sessions_over(tables.sessions.c, now)
