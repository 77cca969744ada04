"""Complaints for users and their programs: taken in, listed, followed step by step, weighed, exported; numbers masked as everywhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from catflap_host.access.roles import Permission
from catflap_host.api.masking import masked_complaint, masked_event
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal
from catflap_host.api.unmasking import MAX_PSEUDONYM_CHARS, UnmaskReason, noted
from catflap_host.complaints import cases, csv_in, csv_out, evidence, filing, handling, links, routing
from catflap_host.complaints.brigade import Weighed
from catflap_host.complaints.cases import Complaint, Event, Filter
from catflap_host.complaints.csv_in import Taken
from catflap_host.complaints.filing import Filing, Receipt
from catflap_host.complaints.handling import ConflictError, Step, UnknownError
from catflap_host.complaints.routing import Deadline, Rule
from catflap_host.complaints.terms import Finding, Kind, Source, State, Way
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.store.database import Database

LAST_ID = 2**53
LAST_MS = 253_402_300_799_999

_TEXT = r"^[^\x00-\x08\x0b-\x1f]*$"
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "There is no such complaint"}}
_LATE: dict[int | str, dict[str, Any]] = {
    409: {"model": Refusal, "description": "The complaint is not that far, or somebody else was faster"}
}

Id = Annotated[int, Path(ge=1, le=LAST_ID)]
Line = Annotated[str, Field(max_length=filing.MAX_COMPANY_CHARS, pattern=_TEXT)]
Long = Annotated[str, Field(max_length=handling.MAX_NOTE_CHARS, pattern=_TEXT)]
Moment = Annotated[int, Field(ge=0, le=LAST_MS)]


class Filed(BaseModel):
    """A complaint as somebody tells it; `at_ms` 0 and `talk_s` -1 where he does not know."""

    number: Annotated[str, Field(max_length=40, description="As the telephone showed it, with area code or country code")]
    kind: Kind = Kind.OTHER
    industry: Industry = Industry.OTHER
    way: Way = Way.UNKNOWN
    at_ms: Moment = 0
    talk_s: Annotated[int, Field(ge=-1, le=filing.MAX_TALK_S)] = -1
    company: Line = ""
    content: Long = ""
    contact: Annotated[str, Field(max_length=filing.MAX_CONTACT_CHARS, description="The complainer's own number")] = ""


class Taking(BaseModel):
    """A step: the state to come to; on `verified` a finding; on `answered` the answer, which the complainer reads."""

    state: State
    finding: Finding = Finding.NONE
    note: Long = ""
    answer: Long = ""


class Giving(BaseModel):
    """Another team for a complaint."""

    team: Annotated[str, Field(min_length=1, max_length=routing.MAX_TEAM_CHARS)]
    note: Long = ""


class Marking(BaseModel):
    """A call that its called party is to mark by a link."""

    call_id: Annotated[int, Field(ge=1, le=LAST_ID)]
    days: Annotated[int, Field(ge=1, le=links.MAX_DAYS)] = 7


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint with what was done about it."""

    complaint: Complaint
    history: list[Event]


@dataclass(frozen=True, slots=True)
class Where:
    """A link behind the address of the complaints' page."""

    path: str


class CsvFile(StreamingResponse):
    """A CSV file."""

    media_type = "text/csv"


def make_router(database: Database) -> APIRouter:
    """`/complaints`, `/complaint/ID`, and what is below them; no path has two methods, so that each refusal of another names all it has."""
    router = APIRouter()

    def is_whole(request: Request, unmask_reason: UnmaskReason = None) -> bool:
        """Whether numbers are shown whole: to who may and says why, which is on disk before."""
        if unmask_reason is None:
            return False
        noted(database, require(request, Permission.UNMASK), request, unmask_reason)
        return True

    Whole = Annotated[bool, Depends(is_whole)]

    @router.get("/complaints")
    def listed(
        whole: Whole,
        state: State | None = None,
        kind: Kind | None = None,
        source: Source | None = None,
        industry: Industry | None = None,
        team: str | None = None,
        number_id: Annotated[str, Query(max_length=MAX_PSEUDONYM_CHARS)] = "",
        call_id: Annotated[int, Query(ge=0, le=LAST_ID)] = 0,
        late: bool = False,
        since_ms: Moment = 0,
        until_ms: Moment = 0,
        before: Annotated[int, Query(ge=0, le=LAST_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> list[Complaint]:
        """Complaints that fit all filters, the newest first; `before` an id, those before it; `late`, those with an overdue step."""
        overdue_at_ms = _now_ms() if late else 0
        wanted = Filter(state, kind, source, team, number_id, call_id, overdue_at_ms, since_ms, until_ms, before, industry)
        found = cases.listed(database, wanted, limit)
        return found if whole else [masked_complaint(case) for case in found]

    @router.post("/complaints/take", responses={400: {"model": Refusal, "description": "It cannot be a complaint: why not"}})
    def take_in(request: Request, filed: Filed) -> Receipt:
        """Take a complaint in. The code is for the complainer, who can look up with it what has become of his complaint."""
        identity = require(request, Permission.OPERATE)
        source = Source.API if identity.shown_by == "token" else Source.OPERATOR
        said = Filing(source, **filed.model_dump(), complainer=filed.contact or f"user {identity.user}")
        with _told():
            return filing.file(database, said, identity.user, _now_ms())

    @router.post("/complaints/take-csv")
    def take_in_csv(
        request: Request, content: Annotated[bytes, Body(media_type="text/csv", min_length=1, max_length=csv_in.MAX_BYTES)]
    ) -> list[Taken]:
        """Take in a CSV file with a line of headings; what became of each row."""
        identity = require(request, Permission.OPERATE)
        with _told():
            return csv_in.take_in(database, content, f"user {identity.user}", identity.user, _now_ms())

    @router.get("/complaints/export", response_class=CsvFile)
    def export(whole: Whole, since_ms: Moment = 0, until_ms: Moment = 0) -> CsvFile:
        """Complaints as CSV with the fields that 12321 asks for, for a report to it."""
        found = cases.chunks(database, Filter(since_ms=since_ms, until_ms=until_ms or _now_ms() + 1))
        shown = (chunk if whole else [masked_complaint(case) for case in chunk] for chunk in found)
        return CsvFile(csv_out.text(shown), headers={"Content-Disposition": 'attachment; filename="complaints.csv"'})

    @router.get("/complaints/rules")
    def rules() -> list[Rule]:
        """Who deals with which complaints: the first rule that fits counts."""
        with database.read() as connection:
            return routing.rules_of(connection)

    @router.post("/complaints/set-rules")
    def set_rules(request: Request, rules: Annotated[list[Rule], Body(max_length=routing.MAX_RULES)]) -> list[Rule]:
        """Route by these rules from now on, in their order, in place of all before."""
        identity = require(request, Permission.ADMINISTER)
        with _told():
            routing.set_rules(database, rules, identity.user)
        return rules

    @router.get("/complaints/deadlines")
    def deadlines() -> list[Deadline]:
        """Within how many hours after its coming in a complaint comes to each state; an empty kind stands for the others."""
        with database.read() as connection:
            return routing.deadlines_of(connection)

    @router.post("/complaints/set-deadline")
    def set_deadline(request: Request, deadline: Deadline) -> Deadline:
        """Change one of them; counts for the next steps."""
        identity = require(request, Permission.ADMINISTER)
        with _told():
            routing.set_deadline(database, deadline, identity.user)
        return deadline

    @router.post("/complaints/link")
    def link(request: Request, marking: Marking) -> Where:
        """A signed link for whoever was called: by it he marks that very call, once. It leads to the public page of `--complaints`."""
        identity = require(request, Permission.OPERATE)
        with _told():
            return Where(f"/mark?link={links.issue(database, marking.call_id, marking.days, identity.user, _now_ms())}")

    @router.get("/complaint/{complaint}", responses=_UNKNOWN)
    def one(complaint: Id, whole: Whole) -> Case:
        """A complaint with its history."""
        with _told():
            case = cases.one(database, complaint)
        events = cases.history(database, complaint)
        return Case(case, events) if whole else Case(masked_complaint(case), [masked_event(event) for event in events])

    @router.get("/complaint/{complaint}/weight", responses=_UNKNOWN)
    def weight(complaint: Id) -> Weighed:
        """What all complaints of the last 30 days about its number are worth together, and how much of it looks like a brigade's."""
        with _told():
            case = cases.one(database, complaint)
        return evidence.about(database, [case.number] if case.number.startswith("+") else [], _now_ms())

    @router.post("/complaint/{complaint}/step", responses=_UNKNOWN | _LATE)
    def take(request: Request, complaint: Id, taking: Taking) -> Case:
        """Take a complaint a step on, or (`received`) begin anew."""
        identity = require(request, Permission.OPERATE)
        with _told():
            handling.take(database, complaint, Step(**taking.model_dump()), identity.user, _now_ms())
        return one(complaint, False)

    @router.post("/complaint/{complaint}/team", responses=_UNKNOWN)
    def give(request: Request, complaint: Id, giving: Giving) -> Case:
        """Give a complaint to another team."""
        identity = require(request, Permission.OPERATE)
        with _told():
            handling.hand_over(database, complaint, giving.team, giving.note, identity.user, _now_ms())
        return one(complaint, False)

    return router


@contextmanager
def _told() -> Iterator[None]:
    """Tell what is wrong as the API does."""
    try:
        yield
    except UserError as error:
        status = 404 if isinstance(error, UnknownError) else 409 if isinstance(error, ConflictError) else 400
        raise HTTPException(status, str(error)) from None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
