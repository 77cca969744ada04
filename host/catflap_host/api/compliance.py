"""Outgoing compliance for programs: the days of a contract, its violations, and the question whether a call may be made."""

import time
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from catflap_host.access.roles import Permission
from catflap_host.api.needs import require
from catflap_host.api.refusals import told
from catflap_host.api.unmasking import Shown, shown_to
from catflap_host.compliance import asking, figures
from catflap_host.compliance import book as books
from catflap_host.compliance.figures import DayFigures, DayTotal, Violating
from catflap_host.compliance.rules import Unchecked, Violation
from catflap_host.store.database import Database

MAX_DAYS = 366
MAX_ID = 2**53
Name = Annotated[str, Query(max_length=64, pattern="^[A-Za-z0-9._-]*$")]
Cell = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]


class Meant(BaseModel):
    """A call that is to be made now, under a contract; `calling` may be left out."""

    contract: Annotated[str, Field(min_length=1, max_length=64, pattern="^[A-Za-z0-9._-]+$")]
    called: Cell
    calling: Cell = ""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "CN"


@dataclass(frozen=True, slots=True)
class May:
    """Whether it may be made: it breaks nothing. What could not be looked at stands beside."""

    allowed: bool
    violations: list[Violation]
    unchecked: list[Unchecked]


def make_router(database: Database) -> APIRouter:
    """`/compliance/...`."""
    router = APIRouter(prefix="/compliance")
    shown_there = Depends(shown_to(database))

    @router.get("/days")
    def days(since: date, until: date, contract: Name = "") -> list[DayFigures]:
        """Calls, answers, talk and violations of each day, contract, campaign and presented number, both days included."""
        return figures.days(database, *_span(since, until), contract)

    @router.get("/days/csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
    def days_as_csv(since: date, until: date, contract: Name = "") -> StreamingResponse:
        """The same as CSV."""
        lines = figures.written(figures.days(database, *_span(since, until), contract))
        return StreamingResponse(
            lines, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="days.csv"'}
        )

    @router.get("/totals")
    def totals(since: date, until: date, contract: Name = "") -> list[DayTotal]:
        """Each contract's whole day, calls a seat, and beside it what was agreed."""
        return figures.totals(books.load(database), figures.days(database, *_span(since, until), contract))

    @router.get("/violations")
    def violations(
        shown: Annotated[Shown, shown_there],
        since: date,
        until: date,
        after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        contract: Name = "",
        violation: Violation | None = None,
    ) -> list[Violating]:
        """Calls that broke something, past the id `after`, in the order of their ids."""
        found = figures.violating(database, *_span(since, until), after, limit, contract, violation or "")
        return [replace(one, call=shown.call(one.call)) for one in found]

    @router.post("/ask")
    def ask(request: Request, meant: Meant) -> May:
        """Whether a call may be made now: for a dialler, before it dials."""
        require(request, Permission.OPERATE)
        with told():
            found = asking.ask(database, meant.contract, meant.called, meant.calling, meant.country, time.time_ns() // 1_000_000)
        return May(not found.violations, list(found.violations), list(found.unchecked))

    return router


def _span(since: date, until: date) -> tuple[str, str]:
    if not 0 <= (until - since).days < MAX_DAYS:
        raise HTTPException(409, f"give a time of 1 to {MAX_DAYS} days, the last not before the first")
    return since.isoformat(), until.isoformat()
