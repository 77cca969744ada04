"""Whole numbers for who may see them and says why; every asking is on disk before anything is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from catflap_host.access.roles import Identity, Permission
from catflap_host.api.masking import masked_alarm, masked_appeal, masked_call, masked_change, masked_group
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal
from catflap_host.correlate.views import Group
from catflap_host.judged.appeals import Appeal
from catflap_host.store.database import Database
from catflap_host.store.rows import Alarm, Call, Change
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, UnmaskError, note, unmask

MAX_PSEUDONYM_CHARS = 64
_Row = TypeVar("_Row")

_WORD, _MORE = r"[^\s\x00-\x1f]", r"[^\x00-\x1f]*"
REASON: dict[str, Any] = {
    "min_length": MIN_REASON_CHARS,
    "max_length": MAX_REASON_CHARS,
    "pattern": f"^{_MORE}{_WORD}{_MORE}{_WORD}{_MORE}{_WORD}{_MORE}$",  # spaces are no reason
    "description": "Why whole numbers are wanted; needs the permission `unmask`, and is kept with the user's name",
}
UnmaskReason = Annotated[str | None, Query(**REASON)]


@dataclass(frozen=True, slots=True)
class Shown:
    """How numbers are shown to the one who asks."""

    call: Callable[[Call], Call]
    alarm: Callable[[Alarm], Alarm]
    change: Callable[[Change], Change]
    group: Callable[[Group], Group]
    appeal: Callable[[Appeal], Appeal]


class Asked(BaseModel):
    """A number by its pseudonym, and why it is wanted."""

    pseudonym: Annotated[str, Field(min_length=1, max_length=MAX_PSEUDONYM_CHARS)]
    reason: Annotated[str, Field(**REASON)]


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    number: str


MASKED = Shown(masked_call, masked_alarm, masked_change, masked_group, masked_appeal)


def shown_to(database: Database) -> Callable[[Request, str | None], Shown]:
    """A dependency: masked, or whole where a reason is given by somebody who may (else 403)."""

    def shown(request: Request, unmask_reason: UnmaskReason = None) -> Shown:
        if unmask_reason is None:
            return MASKED
        identity = require(request, Permission.UNMASK)
        noted(database, identity, request, unmask_reason)
        return Shown(_same, _same, _same, _same, _same)

    return shown


def noted(database: Database, identity: Identity, request: Request, reason: str) -> None:
    """Keep who asks for many whole numbers at once, for what, and why."""
    with database.write() as connection:
        note(connection, identity.user, "unmask-all", f"{request.url.path}?{request.url.query}"[:MAX_REASON_CHARS], reason.strip())


def make_router(database: Database) -> APIRouter:
    """`POST /unmask`."""
    router = APIRouter()

    @router.post("/unmask", responses={404: {"model": Refusal, "description": "No number is kept under this pseudonym"}})
    def unmask_number(request: Request, asked: Asked) -> Number:
        """The number behind a pseudonym (`calling_id`, `called_id`, `member_ids`); needs the permission `unmask`."""
        identity = require(request, Permission.UNMASK)
        try:
            return Number(unmask(database, asked.pseudonym, identity.user, asked.reason))
        except UnmaskError as error:
            raise HTTPException(404, str(error)) from None

    return router


def _same(row: _Row) -> _Row:
    return row
