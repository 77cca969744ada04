"""The policy for programs and pages: drafted, tried, approved, published and rolled back by operators, looked at by all."""

import time
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from pydantic import BaseModel, Field

from catflap_host.access.roles import Permission
from catflap_host.api.masking import mask
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal, told
from catflap_host.api.unmasking import UnmaskReason, noted
from catflap_host.correlate.service import Correlation
from catflap_host.policy import kept
from catflap_host.policy.document import Document, DocumentError, parse
from catflap_host.policy.kept import ProbePolicy, Release, StateError, Version
from catflap_host.policy.lists import ListError
from catflap_host.policy.masked import masked
from catflap_host.policy.trial import Trial, try_out
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS

MAX_VERSION = 2**53
MAX_TEXT_CHARS = 64_000_000
MAX_DAYS = 3_650
_NO_VERSION: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "There is no such version"}}
VersionNumber = Annotated[int, Path(ge=1, le=MAX_VERSION)]


@dataclass(frozen=True, slots=True)
class State:
    """What is in force (null before the first), whether a second person must approve, and what every probe has."""

    published: Release | None
    second_person: bool
    probes: list[ProbePolicy]


@dataclass(frozen=True, slots=True)
class Checked:
    """Every fault of a policy, each as `PLACE: what is wrong`; none where it is in order."""

    faults: list[str]


@dataclass(frozen=True, slots=True)
class Text:
    """A version's text; masked, it could not be published any more."""

    version: int
    text: str


class Draft(BaseModel):
    """A policy as its owner writes it (host/README.md, "Policy"), and what it is for."""

    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
    note: Annotated[str, Field(max_length=kept.MAX_NOTE)] = ""


class Tried(BaseModel):
    """A policy to be tried on the calls of so many days past: a text, or a version that is kept."""

    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)] = ""
    version: Annotated[int, Field(ge=0, le=MAX_VERSION)] = 0
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 30
    most: Annotated[int, Field(ge=0, le=1_000)] = 100


class Wanted(BaseModel):
    """Whether a version needs the approval of another than its author."""

    wanted: bool


def make_router(database: Database, correlation: Correlation) -> APIRouter:
    """`/policy` and what is under it."""
    router = APIRouter()

    @router.get("/policy")
    def state() -> State:
        """What is in force, and which probe has it."""
        return State(kept.published(database), kept.needs_second_person(database), kept.probes(database))

    @router.get("/policy/releases")
    def releases(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[Release]:
        """What was published, newest first."""
        return kept.releases(database, limit)

    @router.get("/policy/versions")
    def versions(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[Version]:
        """Versions without their texts, newest first."""
        return kept.versions(database, limit)

    @router.get("/policy/versions/{version}", responses=_NO_VERSION)
    def text(request: Request, version: VersionNumber, unmask_reason: UnmaskReason = None) -> Text:
        """A version's text, its numbers masked unless a reason is given by somebody who may see them."""
        if unmask_reason is not None:
            noted(database, require(request, Permission.UNMASK), request, unmask_reason)
        found = _text(database, version)
        return Text(version, masked(found) if unmask_reason is None else found)

    @router.post("/policy/check")
    def check(request: Request, draft: Draft) -> Checked:
        """Every fault of a policy; nothing is kept."""
        require(request, Permission.OPERATE)
        try:
            parse(draft.text)
        except DocumentError as error:
            return Checked([str(fault) for fault in error.faults])
        return Checked([])

    @router.post("/policy/draft")
    def keep(request: Request, draft: Draft) -> Version:
        """Keep a policy as the next version; no probe takes it yet."""
        identity = require(request, Permission.OPERATE)
        _parsed(draft.text)
        return kept.version_of(database, kept.draft(database, draft.text, identity.user, draft.note))

    @router.post("/policy/try", responses=_NO_VERSION)
    def trial(request: Request, tried: Tried, unmask_reason: UnmaskReason = None) -> Trial:
        """Which past calls would have been treated otherwise, honest ones first; takes a minute for a million calls."""
        require(request, Permission.OPERATE)
        if unmask_reason is not None:
            noted(database, require(request, Permission.UNMASK), request, unmask_reason)
        document = _parsed(_text(database, tried.version) if tried.version else tried.text)
        pools = {pool.id: [member.number for member in pool.members] for pool in correlation.pools()}
        now_ms = time.time_ns() // 1_000_000
        try:
            found = try_out(database, document, lambda name: pools.get(name, ()), now_ms - tried.days * DAY_MS, now_ms + DAY_MS, tried.most)
        except ListError as error:
            raise HTTPException(409, f"the policy cannot be compiled: {error}") from None
        if unmask_reason is not None:
            return found
        return replace(found, changed=[replace(one, calling=mask(one.calling)) for one in found.changed])

    @router.post("/policy/versions/{version}/approve", responses=_NO_VERSION)
    def approve(request: Request, version: VersionNumber) -> Version:
        """Say that somebody else's version may be published."""
        identity = require(request, Permission.OPERATE)
        _text(database, version)
        with told():
            kept.approve(database, version, identity.user)
        return kept.version_of(database, version)

    @router.post("/policy/versions/{version}/publish", responses=_NO_VERSION)
    def publish(request: Request, version: VersionNumber) -> Release:
        """Have probes take a version; it is compiled within a second or two, and again whenever its pools change."""
        identity = require(request, Permission.OPERATE)
        _text(database, version)
        with told():
            return kept.publish(database, version, identity.user)

    @router.post("/policy/rollback")
    def roll_back(request: Request) -> Release:
        """Have probes take the version again that was in force before."""
        identity = require(request, Permission.OPERATE)
        with told():
            return kept.roll_back(database, identity.user)

    @router.post("/policy/second-person")
    def second_person(request: Request, wanted: Wanted) -> Wanted:
        """Say whether a second person must approve."""
        identity = require(request, Permission.ADMINISTER)
        kept.want_second_person(database, wanted.wanted, identity.user)
        return wanted

    return router


def _text(database: Database, version: int) -> str:
    try:
        return kept.text_of(database, version)
    except StateError as error:
        raise HTTPException(404, str(error)) from None


def _parsed(text: str) -> Document:
    try:
        return parse(text)
    except DocumentError as error:
        raise HTTPException(409, "\n".join(str(fault) for fault in error.faults)) from None
