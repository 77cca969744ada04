"""The console's ASGI application: the JSON API, its stream of events, and the live page."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.responses import StreamingResponse

from catflap_host.api import stream
from catflap_host.api.guard import Guard
from catflap_host.api.stream import After, LastEventId
from catflap_host.page.routes import make_router, static_files
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import open_for_reading
from catflap_host.store.rows import Alarm, Call, Change, Probe, Summary

Limit = Annotated[int, Query(ge=1, le=1000)]


def make_app(data_dir: Path, commits: Commits) -> FastAPI:
    """The console over the database in `data_dir`."""
    # no /docs: that page loads its script from elsewhere
    app = FastAPI(title="Catflap", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.include_router(_json_api(data_dir, commits), prefix="/api/v1")
    app.include_router(make_router(data_dir, commits))
    app.mount("/static", static_files())
    app.add_middleware(Guard)
    return app


def _json_api(data_dir: Path, commits: Commits) -> APIRouter:
    router = APIRouter()

    def database() -> Iterator[sqlite3.Connection]:
        with closing(open_for_reading(data_dir)) as connection:
            yield connection

    database_read = Depends(database)

    @router.get("/calls")
    def calls(
        connection: Annotated[sqlite3.Connection, database_read],
        after: After = None,
        limit: Limit = 100,
        probe: str | None = None,
        label: str | None = None,
        action: str | None = None,
    ) -> list[Call]:
        """Calls that fit all filters: those past the id `after` in order, or without it the newest, newest first."""
        return queries.calls(connection, after, limit, probe, label, action)

    @router.get("/alarms")
    def alarms(connection: Annotated[sqlite3.Connection, database_read], limit: Limit = 100) -> list[Alarm]:
        """Alarms, the last changed first."""
        return queries.alarms(connection, limit)

    @router.get("/probes")
    def probes(connection: Annotated[sqlite3.Connection, database_read]) -> list[Probe]:
        """Enrolled probes."""
        return queries.probes(connection)

    @router.get("/summary")
    def summary(connection: Annotated[sqlite3.Connection, database_read]) -> Summary:
        """Counts of everything stored."""
        return queries.summary(connection)

    @router.get("/stream")
    async def stream_changes(after: After = None, last_event_id: LastEventId = None) -> StreamingResponse:
        """Every stored record as an event, past `Last-Event-ID` or `after`, or from now on."""
        return stream.response(data_dir, commits, after, last_event_id, _json_event)

    return router


def _json_event(change: Change) -> tuple[str, str]:
    return change.kind, json.dumps(asdict(change))
