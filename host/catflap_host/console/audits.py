"""The trunk audit: findings that fit a filter, and the page of one: its evidence, what was said about it, and whose turn it is."""

import time
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.masking import masked_call
from catflap_host.api.needs import require, who
from catflap_host.api.trunk_audit import MAX_ID
from catflap_host.compliance import book as books
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.errors import UserError
from catflap_host.language.catalogue import Language
from catflap_host.language.oversight import FINDING_DETAILS, FINDING_KINDS, FINDING_STATES, FINDING_STEPS
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.tables import calls
from catflap_host.trunk_audit import findings
from catflap_host.trunk_audit.findings import MAX_TEXT_CHARS, MIN_TEXT_CHARS, NEXT, State
from catflap_host.trunk_audit.telling import masked

SHOWN = 100
FILTERS = ("state", "kind", "contract", "late")

Word = Annotated[str, Query(max_length=64)]
Id = Annotated[int, Path(ge=1, le=MAX_ID)]


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/audits` and `/audits/{id}`: `GET` shows, `POST` moves a finding on."""
    router = APIRouter(include_in_schema=False)

    def one(request: Request, finding: int, status: int = 200, /, error: str = "", text: str = "") -> HTMLResponse:
        spoken = spoken_by(request)
        found = findings.one(database, finding)
        if found is None:
            what = spoken.gettext("There is no such finding; it never was, or its time is over.")
            return frame.page(request, "missing.html", 404, what=what)
        evidence = queries.selected_calls(database, select(calls).where(calls.c.id.in_(found.call_ids)).order_by(calls.c.at_ms.desc()))
        shown = {
            "finding": masked(found),
            "calls": [masked_call(call) for call in evidence],
            "steps": NEXT[found.state],
            "is_late": found.is_overdue(_now_ms()),
            "may_act": who(request).may(Permission.OPERATE),
            "least": MIN_TEXT_CHARS,
            "most": MAX_TEXT_CHARS,
            "text": text,
            "error": error,
        }
        return frame.page(request, "audit.html", status, **shown, **_words(spoken))

    @router.get("/audits")
    def list_of(
        request: Request,
        state: Word = "",
        kind: Word = "",
        contract: Word = "",
        late: Word = "",
        before: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    ) -> HTMLResponse:
        now_ms, wanted = _now_ms(), dict(zip(FILTERS, (state, kind, contract, late), strict=True))
        found = findings.newest(database, before, SHOWN + 1, state, contract, kind, now_ms if late else None)
        shown = {
            "findings": [(masked(one), one.is_overdue(now_ms)) for one in found[:SHOWN]],
            "older": urlencode({**wanted, "before": found[SHOWN - 1].id}) if len(found) > SHOWN else "",
            "wanted": wanted,
            "contracts": sorted(books.load(database).contracts),
        }
        return frame.page(request, "audits.html", **shown, **_words(spoken_by(request)))

    @router.get("/audits/{finding}")
    def show(request: Request, finding: Id) -> HTMLResponse:
        return one(request, finding)

    @router.post("/audits/{finding}")
    def move(request: Request, finding: Id, form: Form) -> Response:
        user, state, text = require(request, Permission.OPERATE).user, form.get("do", ""), form.get("text", "")
        found = findings.one(database, finding)
        if found is None:
            return one(request, finding)
        if state not in list(State):
            raise HTTPException(400, "the form does not say what is to be done")
        if state not in NEXT[found.state]:
            return one(request, finding, 409, error=spoken_by(request).gettext("Somebody else was faster; look at it again."), text=text)
        try:
            findings.move(database, books.load(database), finding, State(state), user, text, _now_ms())
        except UserError as error:
            return one(request, finding, 400, error=spoken_by(request).error(error), text=text)
        return RedirectResponse(f"/audits/{finding}", 303)

    return router


def _words(language: Language) -> dict[str, object]:
    tables = {"kinds": FINDING_KINDS, "states": FINDING_STATES, "moves": FINDING_STEPS, "details": FINDING_DETAILS}
    return {name: {code: language.gettext(word) for code, word in table.items()} for name, table in tables.items()}


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
