"""Appeals: who says that his number is stopped or listed without cause, and the answer that he is given."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.masking import masked_appeal
from catflap_host.api.needs import require, who
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.errors import UserError
from catflap_host.judged import appeals
from catflap_host.judged.appeals import About, State
from catflap_host.language.oversight import APPEAL_ABOUT, APPEAL_STATES
from catflap_host.number_form import shown_forms
from catflap_host.store.database import Database
from catflap_host.store.tables import parties

PLACE = "/complaints/appeals"
SHOWN = 200
TAKE = "take"


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/complaints/appeals`: `GET` shows, `POST` takes one in or decides one."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, wanted: str, status: int = 200, /, error: str = "", form: Mapping[str, str] | None = None) -> HTMLResponse:
        state = State(wanted) if wanted in list(State) else None
        found = appeals.listed(database, SHOWN + 1, state)
        gettext = spoken_by(request).gettext
        shown = {
            "appeals": [(masked_appeal(appeal), _known_under(database, appeal.number)) for appeal in found[:SHOWN]],
            "is_cut": len(found) > SHOWN,
            "wanted": state or "",
            "states": {code: gettext(word) for code, word in APPEAL_STATES.items()},
            "abouts": {code: gettext(word) for code, word in APPEAL_ABOUT.items()},
            "may_act": who(request).may(Permission.OPERATE),
            "form": form or {},
            "error": error,
        }
        return frame.page(request, "appeals.html", status, **shown)

    @router.get(PLACE)
    def list_of(request: Request, state: Annotated[str, Query(max_length=16)] = State.OPEN.value) -> HTMLResponse:
        return page(request, state)

    @router.post(PLACE)
    def act(request: Request, form: Form) -> Response:
        user = require(request, Permission.OPERATE).user
        try:
            _act(database, form, user)
        except UserError as error:
            return page(request, State.OPEN, 400, error=spoken_by(request).error(error), form=form)
        return RedirectResponse(PLACE, 303)

    return router


def _act(database: Database, form: Mapping[str, str], user: str) -> None:
    do = form.get("do", "")
    if do == TAKE:
        about = About.LISTED if form.get("about") == About.LISTED else About.STOPPED
        appeals.receive(database, form.get("number", "").strip(), about, form.get("statement", "").strip())
    elif do in (State.UPHELD, State.REJECTED):
        appeals.decide(database, form.get("id", ""), State(do), user, form.get("answer", ""))
    else:
        raise HTTPException(400, "the form does not say what is to be done")


def _known_under(database: Database, number: str) -> str:
    """The pseudonym under which calls of an international number are kept, empty where there are none."""
    names = [name for form in shown_forms(number) for name in database.vault.pseudonyms(form)]
    with database.read() as connection:
        return connection.execute(select(parties.c.pseudonym).where(parties.c.pseudonym.in_(names)).limit(1)).scalar() or ""
