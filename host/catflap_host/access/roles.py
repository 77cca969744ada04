"""Roles and what each may do; to see whole numbers is a permission of its own, given to a user beside any role."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """One thing that a request may need."""

    VIEW = "view"
    OPERATE = "operate"
    ADMINISTER = "administer"
    UNMASK = "unmask"


class Role(StrEnum):
    """What a user is for."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


_GRANTS = {
    Role.VIEWER: frozenset({Permission.VIEW}),
    Role.OPERATOR: frozenset({Permission.VIEW, Permission.OPERATE}),
    Role.ADMINISTRATOR: frozenset({Permission.VIEW, Permission.OPERATE, Permission.ADMINISTER}),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: a user that is not disabled, and how he showed it: `session` (a browser's cookie) or `token`."""

    user: str
    role: Role
    may_unmask: bool
    has_password: bool
    shown_by: str

    def may(self, permission: Permission) -> bool:
        """Whether role or permission cover it."""
        return self.may_unmask if permission is Permission.UNMASK else permission in _GRANTS[self.role]
