"""Alarms by the API: those that fit a filter, what operators do with them, and what their verdicts are good for."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from catflap_host.access.roles import Permission
from catflap_host.api.masking import mask, mask_text
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal
from catflap_host.api.unmasking import MAX_PSEUDONYM_CHARS, Shown, shown_to
from catflap_host.errors import UserError
from catflap_host.judged.verdicts import Said
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database
from catflap_host.store.projection import MAX_MEMBERS
from catflap_host.store.rows import Alarm
from catflap_host.triage import acting, looking, outcome
from catflap_host.triage.looking import Filter, Progress
from catflap_host.triage.outcome import Allowed, LabelledCall, VerdictCount

MAX_ID = 2**53 - 1
MAX_NAME_CHARS = 64
Limit = Annotated[int, Query(ge=1, le=1000)]
Moment = Annotated[int, Query(ge=0, le=MAX_ID)]
AlarmIds = Annotated[list[Annotated[int, Field(ge=1, le=MAX_ID)]], Field(min_length=1, max_length=acting.MAX_ALARMS)]
Pseudonyms = Annotated[list[Annotated[str, Field(min_length=1, max_length=MAX_PSEUDONYM_CHARS)]], Field(max_length=MAX_MEMBERS)]
_WORD, _MORE = r"[^\s\x00-\x1f]", r"[^\x00]*"
Reason = Annotated[
    str,
    Field(
        min_length=acting.MIN_REASON_CHARS,
        max_length=acting.MAX_REASON_CHARS,
        pattern=f"^{_WORD}{_MORE}{_WORD}{_MORE}{_WORD}$",
        description="Why; others will read it",
    ),
]
REFUSED = {"model": Refusal, "description": "An alarm, user or number is not there; nothing was changed, and the text says why"}


class Chosen(BaseModel):
    """Alarms by their ids."""

    alarms: AlarmIds


class Assigned(Chosen):
    """Alarms, and the user who is to see to them; nobody where it is empty."""

    to: Annotated[str, Field(max_length=MAX_NAME_CHARS, pattern=r"^[^\x00]*$")]


class JudgedAlarms(Chosen):
    """A verdict on alarms: `true` where they were a nuisance as found, `false` where they were none.

    `allow` holds the pseudonyms of members that are to be let through; without it all members of a false alarm are, and none of a true one.
    """

    verdict: Said
    reason: Reason
    allow: Pseudonyms | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """How many alarms were changed; the others were so already."""

    changed: int


class LabelFile(StreamingResponse):
    """Comma-separated values."""

    media_type = "text/csv"


def make_router(database: Database, commits: Commits) -> APIRouter:
    """`/alarms` and what is below it. Each path has one method, since a refusal names one only."""
    router = APIRouter()
    shown_there = Depends(shown_to(database))

    def done(request: Request, act: Callable[[str], int]) -> Changed:
        identity = require(request, Permission.OPERATE)
        try:
            changed = act(identity.user)
        except UserError as error:
            raise HTTPException(404, str(error)) from None
        commits.announce()
        return Changed(changed)

    @router.get("/alarms")
    def alarms(
        shown: Annotated[Shown, shown_there],
        limit: Limit = 100,
        progress: Progress | None = None,
        active: bool = False,
        kind: str | None = None,
        probe: str | None = None,
        assigned_to: str | None = None,
    ) -> list[Alarm]:
        """Alarms that fit all filters, the last changed first; `active`: told of within 24 hours; `open` until somebody acts."""
        return [shown.alarm(alarm) for alarm in looking.listed(database, Filter(progress, active, kind, probe, assigned_to), limit)]

    @router.post("/alarms/acknowledge", responses={404: REFUSED})
    def acknowledge(request: Request, chosen: Chosen) -> Changed:
        """Take note of alarms. For operators."""
        return done(request, lambda user: acting.acknowledge(database, chosen.alarms, user))

    @router.post("/alarms/reopen", responses={404: REFUSED})
    def reopen(request: Request, chosen: Chosen) -> Changed:
        """Take an acknowledgement back. For operators."""
        return done(request, lambda user: acting.reopen(database, chosen.alarms, user))

    @router.post("/alarms/assign", responses={404: REFUSED})
    def assign(request: Request, assigned: Assigned) -> Changed:
        """Give alarms to a user, or to nobody. For operators."""
        return done(request, lambda user: acting.assign(database, assigned.alarms, assigned.to, user))

    @router.post("/alarms/judge", responses={404: REFUSED})
    def judge(request: Request, judged: JudgedAlarms) -> Changed:
        """Say whether alarms were true, and why; takes note of them too. The last word counts. For operators."""
        verdict, reason, allow = judged.verdict, judged.reason, judged.allow
        return done(request, lambda user: acting.judge(database, judged.alarms, verdict, reason, user, allow))

    @router.get("/alarms/allowed")
    def allowed() -> list[Allowed]:
        """Numbers that verdicts let through, masked; a policy takes them as entries of its `allow` list."""
        return [replace(one, number=mask(one.number), reason=mask_text(one.reason)) for one in outcome.allowed(database)]

    @router.get("/alarms/verdicts")
    def verdicts(since_ms: Moment = 0, until_ms: Moment = MAX_ID) -> list[VerdictCount]:
        """How the alarms raised in a time were judged, by kind and probe: the detector's precision as operators see it."""
        return outcome.verdict_counts(database, since_ms, until_ms)

    @router.get("/alarms/labels", response_class=LabelFile)
    def labels() -> LabelFile:
        """What calls really were, as verdicts say, one a line: labels for evaluation. Numbers are pseudonyms."""
        return LabelFile(_csv(outcome.labels(database)))

    return router


def _csv(found: Iterator[LabelledCall]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([field.name for field in fields(LabelledCall)])
    for call in found:
        writer.writerow(asdict(call).values())
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()
