"""Complaints: those that fit a filter, and the page of one: what it is about, what it is worth, what was done, and what comes next."""

import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.complaints import LAST_ID
from catflap_host.api.masking import masked_call, masked_complaint, masked_event
from catflap_host.api.needs import require, who
from catflap_host.complaints import cases, evidence, handling, matching, terms
from catflap_host.complaints.cases import Complaint, Event, Filter
from catflap_host.complaints.handling import ConflictError, Step, UnknownError
from catflap_host.complaints.routing import MAX_TEAM_CHARS
from catflap_host.complaints.terms import Finding, Kind, State
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.weight import explained
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.views import Group
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.language.catalogue import Language
from catflap_host.language.marking import N_
from catflap_host.number_form import shown_forms
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Call
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, note

SHOWN = 100
SHOWN_CALLS = 20
FILTERS = ("state", "kind", "industry", "team", "late")
HAND_OVER, SHOW_WHOLE = "team", "whole"

Word = Annotated[str, Query(max_length=MAX_TEAM_CHARS)]
Id = Annotated[int, Path(ge=1, le=LAST_ID)]
_Code = TypeVar("_Code", bound=StrEnum)


def make_router(database: Database, correlation: Correlation, frame: Frame) -> APIRouter:
    """`/complaints` and `/complaints/{id}`: `GET` shows, `POST` does."""
    router = APIRouter(include_in_schema=False)

    def one(request: Request, complaint: int, status: int = 200, /, error: str = "", is_whole: bool = False) -> HTMLResponse:
        spoken, now_ms = spoken_by(request), _now_ms()
        try:
            case = cases.one(database, complaint)
        except UnknownError:
            return frame.page(request, "missing.html", 404, what=spoken.gettext("There is no such complaint."))
        events = cases.history(database, complaint)
        number = case.number if case.number.startswith("+") else ""
        call = queries.call(database, case.call_id) if case.call_id else None
        same = cases.listed(database, Filter(number_id=case.number_id), SHOWN_CALLS) if case.number_id else []
        identity = who(request)
        shown = {
            "case": case if is_whole else masked_complaint(case),
            "is_whole": is_whole,
            "events": [(event if is_whole else masked_event(event), told(event, spoken)) for event in events],
            "call": masked_call(call) if call else None,
            "calls": [masked_call(one) for one in _calls_about(database, number, case) if one.id != case.call_id],
            "groups": [group for group in _groups(correlation) if any(member.number == number for member in group.members)],
            "same": [masked_complaint(other) for other in same if other.id != complaint],
            "may_act": identity.may(Permission.OPERATE),
            "may_unmask": identity.may(Permission.UNMASK),
            "now_ms": now_ms,
            "error": error,
        }
        return frame.page(request, "complaint.html", status, **shown, **_terms(spoken))

    @router.get("/complaints")
    def list_of(
        request: Request,
        state: Word = "",
        kind: Word = "",
        industry: Word = "",
        team: Word = "",
        late: Word = "",
        before: Annotated[int, Query(ge=0, le=LAST_ID)] = 0,
    ) -> HTMLResponse:
        now_ms, wanted = _now_ms(), dict(zip(FILTERS, (state, kind, industry, team, late), strict=True))
        chosen = Filter(
            state=_known(State, state),
            kind=_known(Kind, kind),
            industry=_known(Industry, industry),
            team=team or None,
            overdue_at_ms=now_ms if late else 0,
            before_id=before,
        )
        found = cases.listed(database, chosen, SHOWN + 1)
        with database.read() as connection:
            counts, overdue = cases.open_counts(connection, now_ms)
        shown = {
            "cases": [masked_complaint(case) for case in found[:SHOWN]],
            "older": urlencode({**wanted, "before": found[SHOWN - 1].id}) if len(found) > SHOWN else "",
            "wanted": wanted,
            "counts": counts,
            "overdue": overdue,
            "now_ms": now_ms,
        }
        return frame.page(request, "complaints.html", **shown, **_terms(spoken_by(request)))

    @router.get("/complaints/{complaint}")
    def show(request: Request, complaint: Id) -> HTMLResponse:
        return one(request, complaint)

    @router.get("/complaints/{complaint}/weight")
    def weight(request: Request, complaint: Id) -> HTMLResponse:
        """A part of the page, which asks for it: a busy number's lines take a while to count."""
        try:
            case = cases.one(database, complaint)
        except UnknownError:
            raise HTTPException(404, "there is no such complaint") from None
        weighed = evidence.about(database, [case.number] if case.number.startswith("+") else [], _now_ms())
        return frame.page(request, "complaint_weight.html", weight=weighed, explained=explained(weighed, spoken_by(request)))

    @router.post("/complaints/{complaint}")
    def act(request: Request, complaint: Id, form: Form) -> Response:
        spoken = spoken_by(request)
        if form.get("do") == SHOW_WHOLE:
            return whole(request, complaint, form)
        user = require(request, Permission.OPERATE).user
        try:
            _act(database, complaint, form, user)
        except UnknownError:
            return one(request, complaint)
        except ConflictError:
            words = N_("The complaint is not that far, or somebody else was faster; look at what it says now.")
            return one(request, complaint, 409, error=spoken.gettext(words))
        except UserError as error:
            return one(request, complaint, 400, error=spoken.error(error))
        return RedirectResponse(f"/complaints/{complaint}", 303)

    def whole(request: Request, complaint: int, form: Mapping[str, str]) -> HTMLResponse:
        user, reason = require(request, Permission.UNMASK).user, form.get("reason", "").strip()
        if not MIN_REASON_CHARS <= len(reason) <= MAX_REASON_CHARS:
            words = N_("a reason of %(least)s to %(most)s characters is needed: say what the number is wanted for")
            said = spoken_by(request).gettext(words, least=MIN_REASON_CHARS, most=MAX_REASON_CHARS)
            return one(request, complaint, 400, error=said)
        with database.write() as connection:
            note(connection, user, "unmask", f"complaint {complaint}", reason)
        return one(request, complaint, is_whole=True)

    return router


def told(event: Event, language: Language) -> str:
    """What was done in a step."""
    if event.what == handling.REOPENED:
        return language.gettext("begun anew")
    if event.what == "handed over":
        return language.gettext("handed over to %(team)s", team=event.team)
    state = _said(terms.STATES, language)[event.state]
    return f"{state}: {_said(terms.FINDINGS, language)[event.finding]}" if event.state is State.VERIFIED else state


def _act(database: Database, complaint: int, form: Mapping[str, str], user: str) -> None:
    do, text = form.get("do", ""), form.get("note", "").strip()
    if do == HAND_OVER:
        handling.hand_over(database, complaint, form.get("team", "").strip(), text, user, _now_ms())
        return
    state = _known(State, do)
    finding = _known(Finding, form.get("finding", "")) if state is State.VERIFIED else Finding.NONE
    if state is None or finding is None:
        raise HTTPException(400, "the form does not say what is to be done")
    answer = form.get("answer", "") if state is State.ANSWERED else ""
    handling.take(database, complaint, Step(state, finding, text, answer), user, _now_ms())


def _calls_about(database: Database, number: str, case: Complaint) -> list[Call]:
    """Calls of the number of the month before and after what the complaint is about, the newest first."""
    if not number:
        return []
    at_ms = case.at_ms or case.received_ms
    return queries.calls_of_numbers(database, shown_forms(number), at_ms - matching.LATELY_MS, at_ms + matching.LATELY_MS, SHOWN_CALLS)


def _groups(correlation: Correlation) -> list[Group]:
    return [*correlation.pools(), *correlation.campaigns()]


def _terms(language: Language) -> dict[str, object]:
    """The words of complaints in a language, by what they name."""
    return {
        "kinds": _said(terms.KINDS, language),
        "industries": _said(terms.INDUSTRIES, language),
        "ways": _said(terms.WAYS, language),
        "sources": _said(terms.SOURCES, language),
        "states": _said(terms.STATES, language),
        "findings": _said(terms.FINDINGS, language),
    }


def _said(table: Mapping[_Code, terms.Words], language: Language) -> dict[_Code, str]:
    return {code: pair[language.code == "zh"] for code, pair in table.items()}


def _known(codes: type[_Code], word: str) -> _Code | None:
    return codes(word) if word and word in list(codes) else None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
