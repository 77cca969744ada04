"""Matching for partners: the tags of our list, and blinded numbers of theirs answered; which numbers, nobody here learns."""

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from catflap_host.access.roles import Identity, Permission
from catflap_host.api.needs import require
from catflap_host.api.quota import TOO_MUCH, spent
from catflap_host.api.refusals import told
from catflap_host.api.signed import Signed
from catflap_host.correlate.service import Correlation
from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.judged import appeals
from catflap_host.reputation import match_key, own, partners, tags
from catflap_host.reputation.matching import MAX_BATCH
from catflap_host.reputation.oprf import ELEMENT_CHARS, OprfError
from catflap_host.store.database import Database
from catflap_host.store.unmask import note

MAX_VERSION = 2**31

Point = Annotated[str, Field(pattern=f"^[0-9a-f]{{{ELEMENT_CHARS}}}$")]


class Blinded(BaseModel):
    """Numbers that a partner asks about, blinded for the version of the key that the tags told of."""

    key: Annotated[int, Field(ge=1, le=MAX_VERSION)]
    blinded: Annotated[list[Point], Field(min_length=1, max_length=MAX_BATCH)]


@dataclass(frozen=True, slots=True)
class Answered:
    """For each that was asked, in order, the proof (64 bytes) and the point (32), and how many numbers are left for today."""

    key: int
    answers: list[str]
    left: int


def make_router(database: Database, correlation: Correlation, signer: signing.Signer, issuer: str) -> APIRouter:
    """`/match/tags`, `POST /match`, for partners alone."""
    router = APIRouter()
    tagger = tags.Tagger()

    def partner(request: Request) -> tuple[Identity, partners.Partner]:
        identity = require(request, Permission.MATCH)
        try:
            return identity, partners.named(database, identity.user)
        except UserError as error:
            raise HTTPException(403, str(error)) from None

    @router.get("/match/tags", responses=TOO_MUCH)
    def match_tags(request: Request) -> Signed:
        """The tags of the numbers on our list, signed, with the public key that they are by; they tell no number. For partners."""
        identity, _ = partner(request)
        now_ms = _now_ms()
        spent(database, identity.user, partners.LISTS, 1, partners.DAILY_LISTS, now_ms)
        with told():
            key = match_key.newest(database, now_ms)
        made = tagger.tags(key, own.entries(database, correlation.groups(), appeals.newest(database), now_ms))
        with database.write() as connection:
            note(connection, identity.user, "match-tags", f"{len(made)} tags", f"key {key.version}")
        return Signed(**signing.signed(signer, tags.KIND, tags.fields(issuer, key, made, now_ms)))

    @router.post("/match", responses=TOO_MUCH)
    def match(request: Request, asked: Blinded) -> Answered:
        """Evaluate blinded numbers (VOPRF of RFC 9497); counted against the day's quota, also where one is no point. For partners."""
        identity, known = partner(request)
        now_ms, count = _now_ms(), len(asked.blinded)
        with told():
            key = match_key.newest(database, now_ms)
        if asked.key != key.version:
            raise HTTPException(409, f"the key is of version {key.version} now; fetch the tags again")
        left = spent(database, identity.user, partners.NUMBERS, count, known.daily_numbers, now_ms)
        with database.write() as connection:
            note(connection, identity.user, "match", f"{count} numbers", f"key {key.version}")
        try:
            answers = key.key.answers(asked.blinded)
        except OprfError as error:
            raise HTTPException(409, str(error)) from None
        return Answered(key.version, answers, left)

    return router


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
