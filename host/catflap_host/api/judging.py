"""What people found of the findings, by the API: operators' verdicts on calls (those on alarms are triaging's), and appeals."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from pydantic import BaseModel, Field

from catflap_host.access.roles import Permission
from catflap_host.api.masking import mask_text
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal
from catflap_host.api.stream import MAX_ID
from catflap_host.api.unmasking import Shown, shown_to
from catflap_host.errors import UserError
from catflap_host.judged import appeals, verdicts
from catflap_host.judged.appeals import Appeal
from catflap_host.judged.verdicts import Verdict
from catflap_host.store.database import Database

MAX_SUBJECT = 2**53 - 1
"""Whole in every JSON."""

Limit = Annotated[int, Query(ge=1, le=1000)]
AppealId = Annotated[str, Path(pattern="^[0-9a-z]{1,64}$")]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class Judged(BaseModel):
    """A verdict on a call: `true` where it was a nuisance as found, `false` where it was none."""

    call: Annotated[int, Field(ge=1, le=MAX_SUBJECT, description="The id of the call")]
    verdict: verdicts.Said
    note: Annotated[Text, Field(max_length=verdicts.MAX_NOTE_CHARS)] = ""


class Appealed(BaseModel):
    """An appeal for a number, and what is said for it."""

    number: Annotated[str, Field(pattern=r"^\+[0-9]{5,15}$")]
    about: appeals.About
    statement: Annotated[Text, Field(min_length=1, max_length=appeals.MAX_STATEMENT_CHARS)]


class Decided(BaseModel):
    """How an appeal is decided, and the answer to who appealed."""

    state: appeals.State
    answer: Annotated[Text, Field(min_length=appeals.MIN_ANSWER_CHARS, max_length=appeals.MAX_ANSWER_CHARS)]


class Taken(BaseModel):
    """The id of an appeal."""

    id: str


NOT_THERE = {"model": Refusal, "description": "It is not there, or cannot be done to it; the text says why"}


def make_router(database: Database) -> APIRouter:
    """Verdicts and appeals: to read many, to give one. Each path has one method, since a refusal names one only."""
    router = APIRouter()
    shown_there = Depends(shown_to(database))

    @router.post("/judge", responses={404: NOT_THERE})
    def give_verdict(request: Request, judged: Judged) -> Verdict:
        """Say whether a call's label was true; the last word counts. For operators."""
        identity = require(request, Permission.OPERATE)
        try:
            return verdicts.give(database, verdicts.About.CALL, judged.call, judged.verdict, judged.note, identity.user)
        except UserError as error:
            raise HTTPException(404, str(error)) from None

    @router.get("/verdicts")
    def given_verdicts(after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0, limit: Limit = 100) -> list[Verdict]:
        """Verdicts past the id `after`, in order, also those that a later one has replaced."""
        return [replace(given, note=mask_text(given.note)) for given in verdicts.listed(database, after, limit)]

    @router.post("/appeal", responses={404: NOT_THERE})
    def take_appeal(request: Request, appealed: Appealed) -> Taken:
        """Take an appeal for a number; until it is decided our lists call the number disputed. For operators."""
        require(request, Permission.OPERATE)
        try:
            return Taken(id=appeals.receive(database, appealed.number, appealed.about, appealed.statement))
        except UserError as error:
            raise HTTPException(404, str(error)) from None

    @router.get("/appeals")
    def taken_appeals(shown: Annotated[Shown, shown_there], state: appeals.State | None = None, limit: Limit = 100) -> list[Appeal]:
        """Appeals, the newest first."""
        return [shown.appeal(appeal) for appeal in appeals.listed(database, limit, state)]

    @router.post("/appeal/{appeal}", responses={404: NOT_THERE})
    def decide_appeal(request: Request, appeal: AppealId, decided: Decided) -> Taken:
        """Uphold or reject an open appeal. For operators."""
        identity = require(request, Permission.OPERATE)
        try:
            appeals.decide(database, appeal, decided.state, identity.user, decided.answer)
            return Taken(id=appeal)
        except UserError as error:
            raise HTTPException(404, str(error)) from None

    return router
