"""Users: added, listed, changed, disabled; never deleted, so that the audit's names stay explained."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from catflap_host.access import passwords, tables
from catflap_host.access.credentials import now_ms
from catflap_host.access.roles import Role
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database

USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True)
class User:
    """A user as an administrator sees him."""

    name: str
    role: Role
    may_unmask: bool
    has_password: bool
    disabled: bool
    created_ms: int


def any_user(database: Database) -> bool:
    """Whether the first-run set-up is behind us."""
    with database.read() as connection:
        return connection.execute(select(tables.users.c.name).limit(1)).first() is not None


def listed(database: Database) -> list[User]:
    """All users by name."""
    with database.read() as connection:
        rows = connection.execute(select(tables.users).order_by(tables.users.c.name))
        return [User(row.name, Role(row.role), row.may_unmask, bool(row.password), row.disabled, row.created_ms) for row in rows]


def add(connection: Connection, name: str, role: Role, may_unmask: bool, password: str | None) -> None:
    """Add a user, in the caller's transaction; without a password he enters by a one-time code or a token. Raises UserError."""
    if not USER_NAME.fullmatch(name):
        raise UserError(
            N_("'%(name)s' is no user name; use 1 to 64 of the characters A-Z a-z 0-9 . _ @ -, a letter or digit first"), name=name
        )
    taken = connection.execute(select(tables.users.c.name).where(func.lower(tables.users.c.name) == name.lower())).first()
    if taken:
        raise UserError(N_("there is a user %(name)s already; choose another name"), name=taken.name)
    kept = "" if password is None else passwords.hashed(password, name)
    row = {"name": name, "role": role, "may_unmask": may_unmask, "password": kept, "disabled": False, "created_ms": now_ms()}
    connection.execute(insert(tables.users), row)


def admit_partner(connection: Connection, name: str, may_take_list: bool) -> None:
    """Let a partner's programs in, in the caller's transaction, also one that was disabled; he enters by tokens. Raises UserError."""
    mine = (tables.users.c.name == name) & (tables.users.c.role == Role.PARTNER)
    if not connection.execute(update(tables.users).where(mine).values(may_unmask=may_take_list, disabled=False)).rowcount:
        add(connection, name, Role.PARTNER, may_take_list, None)


def dismiss_partner(connection: Connection, name: str) -> None:
    """Let a partner's programs in no more, in the caller's transaction."""
    connection.execute(update(tables.users).where(tables.users.c.name == name, tables.users.c.role == Role.PARTNER).values(disabled=True))
    for table in (tables.sessions, tables.tokens, tables.codes):
        connection.execute(delete(table).where(table.c.user == name))


def set_role(database: Database, name: str, role: Role, may_unmask: bool) -> None:
    """Give a user another role, and the permission to unmask or not; counts from the next request on. Raises UserError."""
    with database.write() as connection:
        if connection.execute(select(tables.users.c.role).where(tables.users.c.name == name)).scalar() == Role.PARTNER:
            raise UserError(N_("%(name)s is a partner; what it may is changed by `catflap host partner add`"), name=name)
        _change(connection, name, role=role, may_unmask=may_unmask)
        _keep_an_administrator(connection)


def disable(database: Database, name: str) -> None:
    """Let a user in no more: his sessions, tokens and codes are gone at once. Raises UserError."""
    with database.write() as connection:
        _change(connection, name, disabled=True)
        _keep_an_administrator(connection)
        for table in (tables.sessions, tables.tokens, tables.codes):
            connection.execute(delete(table).where(table.c.user == name))


def set_password(database: Database, name: str, password: str) -> None:
    """Choose a user's password anew; all his sessions end, whoever has them. Raises UserError."""
    kept = passwords.hashed(password, name)
    with database.write() as connection:
        _change(connection, name, password=kept)
        connection.execute(delete(tables.sessions).where(tables.sessions.c.user == name))


def forget_password(database: Database, name: str) -> None:
    """Let a user's password and sessions count no more; he then enters by a one-time code and chooses anew. Raises UserError."""
    with database.write() as connection:
        require(connection, name)
        _change(connection, name, password="")
        connection.execute(delete(tables.sessions).where(tables.sessions.c.user == name))


def password_fits(database: Database, name: str, password: str) -> bool:
    """Whether a user of that name, not disabled, has that password; takes as long for one who is not there."""
    with database.read() as connection:
        row = connection.execute(select(tables.users).where(tables.users.c.name == name)).first()
    return passwords.fits(password, row.password if row and not row.disabled else "")


def require(connection: Connection, name: str) -> None:
    """Raises UserError unless there is such a user who may enter."""
    row = connection.execute(select(tables.users.c.disabled).where(tables.users.c.name == name)).first()
    if row is None:
        raise _unknown(name)
    if row.disabled:
        raise UserError(N_("%(name)s is disabled; add another user, names are not used again"), name=name)


def _change(connection: Connection, name: str, **values: object) -> None:
    if connection.execute(update(tables.users).where(tables.users.c.name == name).values(**values)).rowcount == 0:
        raise _unknown(name)


def _keep_an_administrator(connection: Connection) -> None:
    at_work = (tables.users.c.role == Role.ADMINISTRATOR) & ~tables.users.c.disabled
    if connection.execute(select(tables.users.c.name).where(at_work).limit(1)).first() is None:
        raise UserError(N_("that would leave no administrator; make another user one first"))


def _unknown(name: str) -> UserError:
    return UserError(N_("there is no user '%(name)s'; `catflap host user list` shows them"), name=name)
