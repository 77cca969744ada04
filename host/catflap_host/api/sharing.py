"""Pools and campaigns over all sites, and what other houses are given of them: a STIX bundle and a signed list."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from catflap_host.access.roles import Permission, Role
from catflap_host.api.needs import require, who
from catflap_host.api.quota import TOO_MUCH, spent
from catflap_host.api.signed import Signed
from catflap_host.api.unmasking import REASON, Shown, noted, shown_to
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.views import Group
from catflap_host.export import signing, stix
from catflap_host.reputation import document, issuing, partners
from catflap_host.store.database import Database

Reason = Annotated[str, Query(alias="unmask_reason", **REASON)]


def make_router(database: Database, correlation: Correlation, signer: signing.Signer, issuer: str) -> APIRouter:
    """`/pools`, `/campaigns`, `/pools/stix`, `/list`, `/list/key`; others hear of `issuer` as their source."""
    router = APIRouter()
    shown_there = Depends(shown_to(database))

    def answer_for(request: Request, reason: str, permission: Permission = Permission.UNMASK) -> int:
        """Keep who takes whole numbers away, and why; the time now."""
        identity = require(request, permission)
        now_ms = time.time_ns() // 1_000_000
        if identity.role is Role.PARTNER:
            spent(database, identity.user, partners.LISTS, 1, partners.DAILY_LISTS, now_ms)
        noted(database, identity, request, reason)
        return now_ms

    @router.get("/pools")
    def pools(shown: Annotated[Shown, shown_there]) -> list[Group]:
        """Pools of numbers that act as one over lines and sites, the last active first."""
        return [shown.group(pool) for pool in correlation.pools()]

    @router.get("/campaigns")
    def campaigns(shown: Annotated[Shown, shown_there]) -> list[Group]:
        """Campaigns of other kinds over sites, the last active first."""
        return [shown.group(campaign) for campaign in correlation.campaigns()]

    @router.get("/pools/stix")
    def pools_as_stix(request: Request, unmask_reason: Reason) -> dict[str, Any]:
        """The pools as a STIX 2.1 bundle, with whole numbers: needs the permission `unmask`."""
        now_ms = answer_for(request, unmask_reason)
        return stix.bundle(correlation.pools(), issuer, now_ms)

    @router.get("/list", responses=TOO_MUCH)
    def signed_list(request: Request, unmask_reason: Reason) -> Signed:
        """Our list for other houses, signed (JSON Web Signature), with whole numbers: for who may unmask, and partners who may take it."""
        now_ms = answer_for(request, unmask_reason, Permission.TAKE_LIST)
        issued = issuing.issue(database, correlation.groups(), issuer, who(request).user, now_ms)
        return Signed(**signing.signed(signer, document.KIND, document.fields(issued)))

    @router.get("/list/key")
    def list_key() -> dict[str, str]:
        """The public key that lists and tags are signed with, as a JSON Web Key."""
        return signing.public_jwk(signer)

    return router
