"""One pool for users and their programs: what it rests on and what tells it from others, and the way of its calls."""

import time
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request

from catflap_host.access.roles import Permission
from catflap_host.api.masking import masked_facts, masked_group, masked_traced
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal
from catflap_host.api.unmasking import UnmaskReason, noted
from catflap_host.correlate.facts import PoolFacts
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.views import Group
from catflap_host.store.database import Database
from catflap_host.trace.chains import TracedCall
from catflap_host.trace.legs import Leg
from catflap_host.trace.source import DatabaseSource
from catflap_host.trace.tracing import traced

DAY_MS = 86_400_000
LAST_MS = 253_402_300_799_999
MOST_LOOKED_AT = 5_000
MOST_CALLS = 500

_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "There is no such pool, or no more"}}

_NO_TIME: dict[int | str, dict[str, Any]] = {409: {"model": Refusal, "description": "The beginning is not before the end"}}

Name = Annotated[str, Path(pattern=r"^pool-[0-9]{1,20}$", description="As `/api/v1/pools` names it")]
Moment = Annotated[int, Query(ge=0, le=LAST_MS)]


@dataclass(frozen=True, slots=True)
class PoolEvidence:
    """A pool, and what it rests on in figures."""

    pool: Group
    facts: PoolFacts


@dataclass(frozen=True, slots=True)
class Way:
    """A call's legs in order; `is_entry_known` where the first was seen to come in from another network."""

    is_entry_known: bool
    legs: list[Leg]


@dataclass(frozen=True, slots=True)
class PoolTrace:
    """The newest 500 calls of a time, in order; `total` were found. `is_cut` where it has more than the 5,000 legs looked at."""

    since_ms: int
    until_ms: int
    total: int
    is_cut: bool
    calls: list[Way]


def make_router(database: Database, correlation: Correlation) -> APIRouter:
    """`/pool/{name}`, `/pool/{name}/trace`."""
    router = APIRouter()

    def is_whole(request: Request, unmask_reason: UnmaskReason = None) -> bool:
        if unmask_reason is None:
            return False
        noted(database, require(request, Permission.UNMASK), request, unmask_reason)
        return True

    Whole = Annotated[bool, Depends(is_whole)]

    def found(name: str) -> tuple[Group, PoolFacts]:
        known = correlation.pool(name)
        if known is None:
            raise HTTPException(404, "there is no such pool, or no more: it fell silent or became part of another")
        return known

    @router.get("/pool/{name}", responses=_UNKNOWN)
    def evidence(name: Name, whole: Whole) -> PoolEvidence:
        """A pool with what it rests on: shared blocks, sites, alarms, turns, complaints, what tells it from others at the same sites."""
        pool, facts = found(name)
        return PoolEvidence(pool, facts) if whole else PoolEvidence(masked_group(pool), masked_facts(facts))

    @router.get("/pool/{name}/trace", responses=_UNKNOWN | _NO_TIME)
    def trace(name: Name, whole: Whole, since_ms: Moment = 0, until_ms: Moment = 0) -> PoolTrace:
        """The way of each of its calls that began in a time (0: the last day, until now), from the trunk that let it in."""
        pool, _ = found(name)
        until_ms = until_ms or time.time_ns() // 1_000_000
        since_ms = since_ms or max(until_ms - DAY_MS, 0)
        if since_ms >= until_ms:
            raise HTTPException(409, "the beginning is not before the end; swap them")
        source = DatabaseSource(database, MOST_LOOKED_AT)
        calls = traced([member.number for member in pool.members], since_ms, until_ms, source)
        newest = [_way(call if whole else masked_traced(call)) for call in calls[-MOST_CALLS:]]
        return PoolTrace(since_ms, until_ms, len(calls), source.is_cut, newest)

    return router


def _way(call: TracedCall) -> Way:
    return Way(call.is_entry_known(), list(call.legs))
