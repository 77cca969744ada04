"""The calls as they come: a table, older calls page by page, and the stream of rows; one template makes every row and escapes it."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment

from catflap_host.api import stream
from catflap_host.api.masking import masked_call
from catflap_host.api.stream import MAX_ID, After, LastEventId
from catflap_host.console.frame import Frame
from catflap_host.language.words import ACTIONS, DIRECTIONS, LABELS
from catflap_host.store import queries
from catflap_host.store.call_filter import CallFilter
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database
from catflap_host.store.rows import Change

SHOWN_CALLS = 100
DEPTH = 50_000
"""So many calls are looked through at once for those that are wanted."""
MAX_CHARS = 64


def _wanted(
    probe: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    trunk: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    line: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    label: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    action: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    direction: Annotated[str, Query(max_length=MAX_CHARS)] = "",
) -> CallFilter:
    return CallFilter(probe, trunk, line, label, action, direction)


Wanted = Annotated[CallFilter, Depends(_wanted)]
Before = Annotated[int | None, Query(ge=1, le=MAX_ID)]


def make_router(database: Database, commits: Commits, frame: Frame) -> APIRouter:
    """`/live` and `/live/events`, both with the filters in the address; `/live?before=` shows what came before a call."""
    router = APIRouter(include_in_schema=False)

    @router.get("/live")
    def page(request: Request, wanted: Wanted, before: Before = None) -> HTMLResponse:
        # the mark first: a call that comes in between is told again by the stream, not missed
        after = queries.last_change(database)
        found, lowest = queries.calls_before(database, before, SHOWN_CALLS, wanted, DEPTH)
        return frame.page(
            request,
            "live.html",
            calls=[masked_call(call) for call in found],
            after=after,
            most=SHOWN_CALLS,
            before=before,
            wanted=wanted,
            query=urlencode(wanted.given()),
            older=_address(wanted, lowest) if lowest > 1 else "",
            is_cut=len(found) < SHOWN_CALLS and lowest > 1,
            depth=DEPTH,
            probes=[probe.probe for probe in queries.probes(database)],
            labels=[label for label in LABELS if label != "line"],
            actions=list(ACTIONS),
            directions=list(DIRECTIONS),
        )

    @router.get("/live/events")
    async def events(request: Request, wanted: Wanted, after: After = None, last_event_id: LastEventId = None) -> StreamingResponse:
        encode = row_renderer(frame.templates(request), wanted)
        return stream.response(database, commits, after, last_event_id, encode)

    return router


def row_renderer(templates: Environment, wanted: CallFilter = CallFilter()) -> Callable[[Change], tuple[str, str]]:  # noqa: B008 - frozen
    """An encoder of the stream: a wanted call's row as the event `call`, the id of another one as `unwanted`, since it may have been wanted
    before it changed; anything else is `state`, which carries its kind alone.
    """

    def encode(change: Change) -> tuple[str, str]:
        if change.call is None:
            return "state", change.kind
        if not wanted.fits(change.call):
            return "unwanted", str(change.call.id)
        return "call", templates.get_template("call_row.html").render(call=masked_call(change.call))

    return encode


def _address(wanted: CallFilter, before: int) -> str:
    return "/live?" + urlencode(wanted.given() | {"before": str(before)})
