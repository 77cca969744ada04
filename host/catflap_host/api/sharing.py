"""Pools and campaigns over all sites, and what other houses are given of them: a STIX bundle and a signed feed."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from catflap_host.access.roles import Permission
from catflap_host.api.needs import require
from catflap_host.api.unmasking import REASON, Shown, noted, shown_to
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.views import Group
from catflap_host.export import signing, stix
from catflap_host.reputation import document
from catflap_host.store.database import Database

Reason = Annotated[str, Query(alias="unmask_reason", **REASON)]


def make_router(database: Database, correlation: Correlation, signer: signing.Signer, issuer: str) -> APIRouter:
    """`/pools`, `/campaigns`, `/pools/stix`, `/feed`, `/feed/key`; others hear of `issuer` as their source."""
    router = APIRouter()
    shown_there = Depends(shown_to(database))

    def answer_for(request: Request, reason: str) -> int:
        """Keep who takes whole numbers away, and why; the time now."""
        identity = require(request, Permission.UNMASK)
        noted(database, identity, request, reason)
        return time.time_ns() // 1_000_000

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

    @router.get("/feed")
    def feed(request: Request, unmask_reason: Reason) -> dict[str, str]:
        """The reputation feed for other houses, signed (JSON Web Signature), with whole numbers: needs the permission `unmask`."""
        now_ms = answer_for(request, unmask_reason)
        made = document.document([*correlation.pools(), *correlation.campaigns()], issuer, now_ms)
        return signing.signed(signer, document.KIND, document.fields(made))

    @router.get("/feed/key")
    def feed_key() -> dict[str, str]:
        """The public key that the feed is signed with, as a JSON Web Key."""
        return signing.public_jwk(signer)

    return router
