"""The page of one call: its timing, what was found and why, why it was not blocked, and what its probe sent, word for word but masked."""

import json
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from catflap_host.api.masking import mask, mask_text, masked_call
from catflap_host.console.features import is_sent, measured
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.ladder import MEANINGS, ladder
from catflap_host.console.why import why_not_blocked
from catflap_host.correlate.service import Correlation
from catflap_host.errors import UserError
from catflap_host.policy import kept
from catflap_host.policy.trial import Changed, try_one
from catflap_host.store import queries
from catflap_host.store.call_records import records_of
from catflap_host.store.database import Database
from catflap_host.store.rows import Call, Original
from catflap_host.store.vault import SealError

OFFERED = 20
"""Versions of the policy to replay under, the newest."""
NUMBERS = ("calling", "called", "members", "name")
"""Fields that hold numbers, or what a caller wrote."""


def make_router(database: Database, correlation: Correlation, frame: Frame) -> APIRouter:
    """`/call/{call_id}`; with a `version`, how that policy would have treated the call."""
    router = APIRouter(include_in_schema=False)

    @router.get("/call/{call_id}")
    def page(request: Request, call_id: int, version: Annotated[int, Query(ge=0, lt=2**53)] = 0) -> HTMLResponse:
        call = queries.call(database, call_id) if 0 < call_id < 2**63 else None
        spoken = spoken_by(request)
        if call is None:
            return frame.page(
                request, "missing.html", 404, what=spoken.gettext("There is no such call: it never was, or its time is over.")
            )
        try:
            originals = records_of(database, call)
        except SealError as error:
            raise HTTPException(500, str(error)) from None
        replayed, fault = None, ""
        if version:
            try:
                replayed = tried(call, version)
            except UserError as error:
                fault = spoken.error(error)
        told = {
            "versions": kept.versions(database, OFFERED) if call.direction != "out" else [],
            "version": version,
            "replayed": replayed,
            "fault": fault,
            "call": masked_call(call),
            "ladder": ladder(call, originals),
            "meanings": MEANINGS,
            "why_not": list(why_not_blocked(call, spoken)),
            "features": measured(originals, call.model, spoken),
            "records": [(original, masked_body(original)) for original in originals],
        }
        return frame.page(request, "call.html", **told)

    def tried(call: Call, version: int) -> Changed | None:
        pools = {pool.id: [member.number for member in pool.members] for pool in correlation.pools()}
        return try_one(database, kept.document_of(database, version), lambda name: pools.get(name, ()), call)

    return router


def masked_body(original: Original) -> str:
    """A record as it came, spread over lines, the numbers in it masked."""
    return json.dumps(_masked(json.loads(original.body)), ensure_ascii=False, indent=1)


def _masked(value: object, field: str = "") -> object:
    if isinstance(value, dict):
        return {mask_text(name): _masked(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, field) for item in value]
    if isinstance(value, str):
        return value if field == "features" and is_sent(value) else mask_text(value)
    if field in NUMBERS and isinstance(value, int | float):
        # no probe of ours writes a number so, and what it is stands there all the same
        return mask(str(value))
    return value
