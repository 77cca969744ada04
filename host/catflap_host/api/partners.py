"""Partners, for administrators; and the lists that partners send, taken in."""

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import BaseModel, Field

from catflap_host.access import entering
from catflap_host.access.roles import Identity, Permission
from catflap_host.api.needs import require
from catflap_host.api.quota import TOO_MUCH, spent
from catflap_host.api.refusals import told
from catflap_host.api.signed import Signed
from catflap_host.errors import UserError
from catflap_host.export.signing import Signer
from catflap_host.reputation import kept, partners
from catflap_host.reputation.kept import Source
from catflap_host.reputation.taking import take
from catflap_host.store.database import Database
from catflap_host.store.unmask import note

MAX_KEY_CHARS = 1_000
MAX_DAYS = 3_650

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
Name = Annotated[str, Path(pattern=_NAME)]


class NewPartner(BaseModel):
    """A partner with its public key (JSON Web Key) and what is agreed with it; one that is known is changed."""

    name: Annotated[str, Field(pattern=_NAME)]
    key: Annotated[str, Field(min_length=1, max_length=MAX_KEY_CHARS)]
    trust: Annotated[int, Field(ge=0, le=100, description="Per cent of its confidence that count here")] = partners.TRUST
    for_probes: bool = False
    daily_numbers: Annotated[int, Field(ge=0, le=partners.MAX_DAILY_NUMBERS)] = partners.DAILY_NUMBERS
    whole_numbers: Annotated[bool, Field(description="It may fetch our list, with whole numbers")] = False


class NewToken(BaseModel):
    """For how long a partner's token is good."""

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 365


@dataclass(frozen=True, slots=True)
class Known:
    """A partner as an administrator sees it; `numbers` and `lists` are what it asked today (UTC)."""

    name: str
    key_id: str
    trust: int
    for_probes: bool
    daily_numbers: int
    numbers: int
    lists: int
    added_ms: int


@dataclass(frozen=True, slots=True)
class Named:
    """The partner that it was done to."""

    name: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, shown this once."""

    token: str


@dataclass(frozen=True, slots=True)
class Taken:
    """How much of a list was taken."""

    entries: int
    withdrawals: int


def make_router(database: Database, signer: Signer) -> APIRouter:
    """Partners added, listed, removed, let in; `/lists` that were taken, `/list/send` by which a partner brings its own."""
    router = APIRouter()

    def administrator(request: Request) -> Identity:
        return require(request, Permission.ADMINISTER)

    asked_by = Depends(administrator)

    @router.get("/partners")
    def all_partners(_: Annotated[Identity, asked_by]) -> list[Known]:
        """Partners by name. For administrators."""
        today = partners.spent_on(database, _now_ms())
        return [
            Known(
                one.name,
                one.key_id,
                one.trust,
                one.for_probes,
                one.daily_numbers,
                today.get((one.name, partners.NUMBERS), 0),
                today.get((one.name, partners.LISTS), 0),
                one.added_ms,
            )
            for one in partners.listed(database)
        ]

    @router.post("/partner")
    def add_partner(identity: Annotated[Identity, asked_by], new: NewPartner) -> Named:
        """Register a partner by its key, or change what is agreed with one. For administrators."""
        terms = partners.Terms(new.trust, new.for_probes, new.daily_numbers, new.whole_numbers)
        with told():
            return Named(partners.add(database, new.name, new.key, terms, identity.user, _now_ms()).name)

    @router.post("/partner/{name}/remove")
    def remove_partner(identity: Annotated[Identity, asked_by], name: Name) -> Named:
        """Deal with a partner no more: its list and its tokens count no more. For administrators."""
        with told():
            partners.remove(database, name, identity.user)
        return Named(name)

    @router.post("/partner/{name}/token")
    def partner_token(identity: Annotated[Identity, asked_by], name: Name, new: NewToken) -> Issued:
        """A token by which a partner's programs match, and fetch and send lists; earlier ones stay good. For administrators."""
        with told():
            token = entering.issue_token(database, partners.named(database, name).name, "partner", new.days)
        with database.write() as connection:
            note(connection, identity.user, "token-issue", name, "partner")
        return Issued(token)

    @router.get("/lists")
    def taken_lists(_: Annotated[Identity, asked_by]) -> list[Source]:
        """Lists of partners that were taken, and how many entries of each count now. For administrators."""
        return kept.listed(database, _now_ms())

    @router.post("/list/send", responses=TOO_MUCH)
    def send_list(request: Request, document: Signed) -> Taken:
        """Take the asking partner's own list, signed with its registered key, in place of its last one. For partners."""
        identity = require(request, Permission.MATCH)
        now_ms = _now_ms()
        try:
            partner = partners.named(database, identity.user)
        except UserError as error:
            raise HTTPException(403, str(error)) from None
        spent(database, identity.user, partners.LISTS, 1, partners.DAILY_LISTS, now_ms)
        with told():
            found = take(database, partner, document.model_dump_json(), signer.key_id, identity.user, now_ms)
        return Taken(len(found.entries), len(found.withdrawals))

    return router


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
