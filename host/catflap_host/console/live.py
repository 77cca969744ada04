"""The calls as they come: a table, and the stream of its rows; both from one template, so that one place escapes."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment

from catflap_host.api import stream
from catflap_host.api.masking import masked_call
from catflap_host.api.stream import After, LastEventId
from catflap_host.console.frame import Frame
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database
from catflap_host.store.rows import Change

SHOWN_CALLS = 100


def make_router(database: Database, commits: Commits, frame: Frame) -> APIRouter:
    """`/live` and `/live/events`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/live")
    def page(request: Request) -> HTMLResponse:
        # the mark first: a call that comes in between is told again by the stream, not missed
        after = queries.last_change(database)
        calls = [masked_call(call) for call in queries.calls(database, None, SHOWN_CALLS)]
        return frame.page(request, "live.html", calls=calls, after=after, most=SHOWN_CALLS)

    @router.get("/live/events")
    async def events(request: Request, after: After = None, last_event_id: LastEventId = None) -> StreamingResponse:
        return stream.response(database, commits, after, last_event_id, row_renderer(frame.templates(request)))

    return router


def row_renderer(templates: Environment) -> Callable[[Change], tuple[str, str]]:
    """An encoder of the stream: a call's row as the event `call`; anything else is `state`, which carries its kind alone."""

    def encode(change: Change) -> tuple[str, str]:
        if change.call is None:
            return "state", change.kind
        return "call", templates.get_template("call_row.html").render(call=masked_call(change.call))

    return encode
