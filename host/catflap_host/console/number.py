"""The page of one number: its calls, and the number itself for who may see it and says why."""

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from catflap_host.access.roles import Permission
from catflap_host.api.masking import masked_call
from catflap_host.api.needs import require, who
from catflap_host.api.unmasking import MAX_PSEUDONYM_CHARS
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.reputation.kept import opinions
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.unmask import UnmaskError, unmask

SHOWN_CALLS = 100

Pseudonym = Annotated[str, Query(alias="id", min_length=1, max_length=MAX_PSEUDONYM_CHARS)]


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/number`: `GET` shows, `POST` with a reason unmasks."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, pseudonym: str, status: int = 200, /, number: str = "", error: str = "") -> HTMLResponse:
        found = queries.calls(database, None, SHOWN_CALLS, calling_id=pseudonym)
        told_elsewhere = opinions(database, found[0].calling, time.time_ns() // 1_000_000) if found else []
        calls = [masked_call(call) for call in found]
        may = who(request).may(Permission.UNMASK)
        told = {"pseudonym": pseudonym, "calls": calls, "number": number, "error": error, "may_unmask": may, "opinions": told_elsewhere}
        return frame.page(request, "number.html", status, **told)

    @router.get("/number")
    def show(request: Request, pseudonym: Pseudonym) -> HTMLResponse:
        return page(request, pseudonym)

    @router.post("/number")
    def unmasked(request: Request, form: Form) -> HTMLResponse:
        identity = require(request, Permission.UNMASK)
        pseudonym = form.get("id", "")[:MAX_PSEUDONYM_CHARS]
        try:
            number = unmask(database, pseudonym, identity.user, form.get("reason", ""))
        except UnmaskError as error:
            return page(request, pseudonym, 400, error=spoken_by(request).error(error))
        return page(request, pseudonym, number=number)

    return router
