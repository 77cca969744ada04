"""Roles and what each may do; to see whole numbers is a permission of its own, given to a user beside any role."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Permission(StrEnum):
    """One thing that a request may need."""

    VIEW = "view"
    OPERATE = "operate"
    ADMINISTER = "administer"
    UNMASK = "unmask"
    MATCH = "match"
    TAKE_LIST = "take-list"


class Role(StrEnum):
    """What a user is for."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"  # another house, which comes by `catflap host partner` alone


Staff = Literal[Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR]
"""What somebody of our own may be."""


_GRANTS = {
    Role.VIEWER: frozenset({Permission.VIEW}),
    Role.OPERATOR: frozenset({Permission.VIEW, Permission.OPERATE}),
    Role.ADMINISTRATOR: frozenset({Permission.VIEW, Permission.OPERATE, Permission.ADMINISTER}),
    Role.PARTNER: frozenset({Permission.MATCH}),
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
        if permission is Permission.TAKE_LIST:
            return self.may_unmask
        if permission is Permission.UNMASK:
            return self.may_unmask and self.role is not Role.PARTNER
        return permission in _GRANTS[self.role]
