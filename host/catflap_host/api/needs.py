"""Who asks, and whether he may."""

from fastapi import HTTPException, Request

from catflap_host.access.roles import Identity, Permission


def who(request: Request) -> Identity:
    """Who asks; the guard has let nobody else in."""
    identity = request.state.identity
    assert isinstance(identity, Identity)
    return identity


def require(request: Request, permission: Permission) -> Identity:
    """Who asks, if he has the permission; raises HTTPException 403."""
    identity = who(request)
    if not identity.may(permission):
        raise HTTPException(403, f"{identity.user} is {identity.role} and may not {permission}; an administrator can change that")
    return identity
