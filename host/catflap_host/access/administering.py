"""What administrators do with users and tokens; who did it stands in the audit. Nobody does it to himself."""

from catflap_host.access import entering, tokens, users
from catflap_host.access.roles import Role
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database
from catflap_host.store.unmask import note


def add_user(database: Database, by: str, name: str, role: Role, may_unmask: bool) -> str:
    """Add a user; returns the code that lets him in once, to choose his password. Raises UserError."""
    with database.write() as connection:
        users.add(connection, name, role, may_unmask, None)
        note(connection, by, "user-add", name, _rights(role, may_unmask))
    return entering.issue_code(database, name)


def change_role(database: Database, by: str, name: str, role: Role, may_unmask: bool) -> None:
    """Give a user another role; counts from his next request. Raises UserError."""
    _not_oneself(by, name)
    users.set_role(database, name, role, may_unmask)
    _noted(database, by, "user-role", name, _rights(role, may_unmask))


def disable_user(database: Database, by: str, name: str) -> None:
    """Let a user in no more; his sessions and tokens end at once. Raises UserError."""
    _not_oneself(by, name)
    users.disable(database, name)
    _noted(database, by, "user-disable", name)


def new_code(database: Database, by: str, name: str) -> str:
    """Another code, for a forgotten password: the old one and its sessions count no more. Raises UserError."""
    _not_oneself(by, name)
    users.forget_password(database, name)
    _noted(database, by, "user-link", name)
    return entering.issue_code(database, name)


def issue_token(database: Database, by: str, name: str, purpose: str, days: int) -> str:
    """A new API token of a user. Raises UserError."""
    token = entering.issue_token(database, name, purpose, days)
    _noted(database, by, "token-issue", name, purpose)
    return token


def revoke_token(database: Database, by: str, token: str) -> None:
    """Let a token count no more. Raises UserError."""
    user = tokens.revoke(database, token)
    _noted(database, by, "token-revoke", user, token)


def _noted(database: Database, by: str, what: str, about: str, how: str = "") -> None:
    with database.write() as connection:
        note(connection, by, what, about, how)


def _not_oneself(by: str, name: str) -> None:
    if name == by:
        words = N_("%(name)s is who asks: let another administrator do it, lest nobody be left who can take it back")
        raise UserError(words, name=name)


def _rights(role: Role, may_unmask: bool) -> str:
    return f"{role}{', may unmask' if may_unmask else ''}"
