"""The console's ASGI application: the JSON API, its stream of events, the pages, and the guard before all of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Security
from fastapi.responses import Response, StreamingResponse
from fastapi.security import APIKeyCookie, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST

from catflap_host.access.roles import Role
from catflap_host.api import (
    administration,
    complaints,
    compliance,
    judging,
    matching,
    one_pool,
    partners,
    policies,
    registers,
    reporting,
    sharing,
    stream,
    triaging,
    trunk_audit,
    unmasking,
)
from catflap_host.api.guard import Guard, cookie_name
from catflap_host.api.needs import who
from catflap_host.api.refusals import REFUSALS
from catflap_host.api.stream import After, LastEventId
from catflap_host.api.unmasking import Shown, shown_to
from catflap_host.console import administration as admin_pages
from catflap_host.console import (
    alarms,
    appeals,
    audit_log,
    audits,
    call,
    entrance,
    integrations,
    live,
    number,
    outgoing,
    overview,
    policy,
    policy_editor,
    pools,
    preferences,
    probes,
    traceback,
)
from catflap_host.console import complaints as complaint_pages
from catflap_host.console import registers as register_pages
from catflap_host.console import reports as report_pages
from catflap_host.console.frame import Frame, static_files
from catflap_host.correlate.service import Correlation
from catflap_host.export.signing import load_signer
from catflap_host.metrics.exposition import Source, make_exposition
from catflap_host.policy.trials import DryRuns
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database
from catflap_host.store.rows import Call, Change, Probe, Summary

Limit = Annotated[int, Query(ge=1, le=1000)]


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Me:
    """The user that a session or token stands for."""

    user: str
    role: Role
    may_unmask: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What the console is made over: `sources` tell figures, `issuer` is our name abroad."""

    database: Database
    data_dir: Path
    commits: Commits
    correlation: Correlation
    sources: Sequence[Source]
    issuer: str
    is_tls: bool


def make_app(parts: Parts) -> FastAPI:
    """The console. Raises UserError when the signing key cannot be used."""
    database, commits = parts.database, parts.commits
    # no /docs: that page loads its script from elsewhere
    app = FastAPI(title="Catflap", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    frame = Frame()
    # for the API's description alone: the guard has looked by then
    shown_by = [Security(HTTPBearer(auto_error=False)), Security(APIKeyCookie(name=cookie_name(parts.is_tls), auto_error=False))]
    signer = load_signer(database, parts.data_dir)
    of_one_pool = one_pool.make_router(database, parts.correlation)
    shared = sharing.make_router(database, parts.correlation, signer, parts.issuer)
    for router in (
        _json_api(database, commits),
        unmasking.make_router(database),
        triaging.make_router(database, commits),
        judging.make_router(database),
        registers.make_router(database),
        complaints.make_router(database),
        administration.make_router(database),
        compliance.make_router(database),
        policies.make_router(database, parts.correlation),
        reporting.make_router(database, parts.data_dir, parts.issuer),
        trunk_audit.make_router(database),
        shared,
        of_one_pool,
        matching.make_router(database, parts.correlation, signer, parts.issuer),
        partners.make_router(database, signer),
    ):
        app.include_router(router, prefix="/api/v1", dependencies=shown_by, responses=REFUSALS)
    pages = (
        overview.make_router(database, frame),
        live.make_router(database, commits, frame),
        call.make_router(database, parts.correlation, frame),
        alarms.make_router(database, commits, frame),
        pools.make_router(database, parts.correlation, frame),
        traceback.make_router(database, parts.correlation, parts.data_dir, frame),
        probes.make_router(database, frame),
        policy.make_router(database, DryRuns(database, partial(_members, parts.correlation)), frame),
        policy_editor.make_router(database, frame),
        register_pages.make_router(database, frame),
        appeals.make_router(database, frame),
        complaint_pages.make_router(database, parts.correlation, frame),
        outgoing.make_router(database, frame),
        audits.make_router(database, frame),
        report_pages.make_router(database, parts.data_dir, parts.issuer, frame),
        number.make_router(database, frame),
        admin_pages.make_router(database, frame, parts.is_tls),
        audit_log.make_router(database, frame),
        integrations.make_router(database, signer, frame),
        entrance.make_router(database, parts.data_dir, frame, parts.is_tls),
        preferences.make_router(parts.is_tls),
    )
    for router in pages:
        app.include_router(router)
    app.add_api_route("/metrics", _metrics(parts.sources), include_in_schema=False)
    app.mount("/static", static_files())
    app.add_middleware(Guard, database=database, is_tls=parts.is_tls)
    return app


def _json_api(database: Database, commits: Commits) -> APIRouter:
    router = APIRouter()
    shown_there = Depends(shown_to(database))

    @router.get("/calls")
    def calls(
        shown: Annotated[Shown, shown_there],
        after: After = None,
        limit: Limit = 100,
        probe: str | None = None,
        label: str | None = None,
        action: str | None = None,
    ) -> list[Call]:
        """Calls that fit all filters: those past the id `after` in order, or without it the newest, newest first."""
        return [shown.call(call) for call in queries.calls(database, after, limit, probe, label, action)]

    @router.get("/probes")
    def probes() -> list[Probe]:
        """Enrolled probes."""
        return queries.probes(database)

    @router.get("/summary")
    def summary() -> Summary:
        """Counts of everything stored."""
        return queries.summary(database)

    @router.get("/me")
    def me(request: Request) -> Me:
        """Who asks, and what he may do."""
        identity = who(request)
        return Me(identity.user, identity.role, identity.may_unmask)

    @router.get("/stream", response_class=EventStream)
    async def stream_changes(
        shown: Annotated[Shown, shown_there], after: After = None, last_event_id: LastEventId = None
    ) -> StreamingResponse:
        """Every stored record as an event, past `Last-Event-ID` or `after`, or from now on."""
        return stream.response(database, commits, after, last_event_id, partial(_json_event, shown))

    return router


def _members(correlation: Correlation) -> dict[str, list[str]]:
    """The numbers of the pools that are known now."""
    return {pool.id: [member.number for member in pool.members] for pool in correlation.pools()}


def _metrics(sources: Sequence[Source]) -> Callable[[], Response]:
    exposition = make_exposition(sources)

    def metrics() -> Response:
        return Response(exposition(), media_type=CONTENT_TYPE_LATEST)

    return metrics


def _json_event(shown: Shown, change: Change) -> tuple[str, str]:
    return change.kind, json.dumps(asdict(shown.change(change)))
