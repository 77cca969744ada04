"""What a route needs of the one who asks, said where the route is made."""

from fastapi import HTTPException, Request
from fastapi.params import Depends

from catflap_host.access.roles import Identity, Permission


def who(request: Request) -> Identity:
    """Who asks; the guard has let nobody else in."""
    identity = request.state.identity
    assert isinstance(identity, Identity)
    return identity


def needs(permission: Permission) -> Depends:
    """A dependency that answers 403 to whoever lacks the permission."""

    def check(request: Request) -> Identity:
        identity = who(request)
        if not identity.may(permission):
            raise HTTPException(403, f"{identity.user} is {identity.role} and may not {permission}; an administrator can change that")
        return identity

    return Depends(check)
