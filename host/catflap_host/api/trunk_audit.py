"""The trunk audit for programs: findings with their evidence, whose turn it is, and a search of a time of one's own."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import select

from catflap_host.access.roles import Permission
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal, told
from catflap_host.api.unmasking import MASKED, Shown, shown_to
from catflap_host.compliance import book as books
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Call
from catflap_host.store.tables import calls
from catflap_host.trunk_audit import findings
from catflap_host.trunk_audit.findings import MAX_TEXT_CHARS, MIN_TEXT_CHARS, Finding, State
from catflap_host.trunk_audit.search import without_contract
from catflap_host.trunk_audit.service import audit
from catflap_host.trunk_audit.telling import masked, written

MAX_ID = 2**53
MAX_DAYS = 366
MOST = 100_000
Name = Annotated[str, Query(max_length=64, pattern="^[A-Za-z0-9._-]*$")]


class Step(BaseModel):
    """The state that a finding is to come into, and what is asked, answered or decided."""

    state: State
    text: Annotated[str, Field(min_length=MIN_TEXT_CHARS, max_length=MAX_TEXT_CHARS)]


class Span(BaseModel):
    """Days, both included, in UTC."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Whole:
    """A finding with its history and the latest calls that show it, as far as they are kept."""

    finding: Finding
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Silent:
    """A trunk that dials and has no contract."""

    probe: str
    trunk: str
    calls: int


@dataclass(frozen=True, slots=True)
class Audited:
    """How many findings a search raised, how many were known, and which trunks dial without a contract."""

    raised: int
    known: int
    without_contract: list[Silent]


def make_router(database: Database) -> APIRouter:
    """`/trunk-audit/...`."""
    router = APIRouter(prefix="/trunk-audit")
    shown_there = Depends(shown_to(database))

    @router.get("/findings")
    def listed(
        shown: Annotated[Shown, shown_there],
        after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        state: State | None = None,
        contract: Name = "",
        overdue: bool = False,
    ) -> list[Finding]:
        """Findings past the id `after`, in order, without their history."""
        found = findings.listed(database, after, limit, state or "", contract, _now_ms() if overdue else None)
        return [masked(one) if shown is MASKED else one for one in found]

    @router.get("/findings/{finding}", responses={404: {"model": Refusal, "description": "There is no such finding"}})
    def one(shown: Annotated[Shown, shown_there], finding: Annotated[int, Path(ge=1, le=MAX_ID)]) -> Whole:
        """A finding with its history and its evidence."""
        found = findings.one(database, finding)
        if found is None:
            raise HTTPException(404, f"there is no finding {finding}")
        evidence = queries.selected_calls(database, select(calls).where(calls.c.id.in_(found.call_ids)).order_by(calls.c.id))
        return Whole(masked(found) if shown is MASKED else found, [shown.call(call) for call in evidence])

    @router.post("/findings/{finding}/move", responses={404: {"model": Refusal, "description": "There is no such finding"}})
    def move(request: Request, finding: Annotated[int, Path(ge=1, le=MAX_ID)], step: Step) -> Finding:
        """Bring a finding into another state, with a deadline of its own."""
        identity = require(request, Permission.OPERATE)
        if findings.one(database, finding) is None:
            raise HTTPException(404, f"there is no finding {finding}")
        with told():
            return masked(findings.move(database, books.load(database), finding, step.state, identity.user, step.text, _now_ms()))

    @router.post("/search")
    def search(request: Request, span: Span) -> Audited:
        """Search some days now; the aggregator itself searches the last thirty once a day."""
        require(request, Permission.OPERATE)
        if not 0 <= (span.until - span.since).days < MAX_DAYS or not 1970 < span.since.year < 9_999:
            raise HTTPException(409, f"give a time of 1 to {MAX_DAYS} days, the last not before the first")
        since_ms, until_ms = _ms(span.since), _ms(span.until) + 86_400_000
        raised, known = audit(database, since_ms, until_ms, _now_ms())
        silent = without_contract(database, books.load(database), since_ms, until_ms)
        return Audited(raised, known, [Silent(*trunk) for trunk in silent])

    @router.get("/export", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
    def export(shown: Annotated[Shown, shown_there], state: State | None = None, contract: Name = "") -> StreamingResponse:
        """Findings as CSV, for the party that gives access."""
        found = findings.listed(database, 0, MOST, state or "", contract)
        lines = written((masked(one) if shown is MASKED else one for one in found), _now_ms())
        head = {"Content-Disposition": 'attachment; filename="findings.csv"'}
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=head)

    return router


def _ms(day: date) -> int:
    return int((datetime(day.year, day.month, day.day, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
