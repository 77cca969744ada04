"""The live page, the part of it that is fetched again, and the stream of its rows; all from the templates, so that one place escapes."""

import time
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from catflap_host.api import stream
from catflap_host.api.masking import masked_alarm, masked_call
from catflap_host.api.needs import who
from catflap_host.api.stream import After, LastEventId
from catflap_host.page import words
from catflap_host.page.wellbeing import is_silent, judge
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database
from catflap_host.store.rows import Change

SHOWN_CALLS = 100
SHOWN_ALARMS = 20


def static_files() -> StaticFiles:
    """The page's own script and style."""
    return StaticFiles(packages=[("catflap_host", "static")])


def make_templates() -> Environment:
    """The page's templates; everything put into them is escaped."""
    templates = Environment(
        loader=PackageLoader("catflap_host"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.globals["words"] = words
    templates.globals["is_silent"] = is_silent
    return templates


def make_router(database: Database, commits: Commits, templates: Environment) -> APIRouter:
    """`/`, `/state` and `/live` over a database."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    row = row_renderer(templates)

    @router.get("/")
    def live_page(request: Request) -> str:
        # the mark first: a call that comes in between is told again by the stream, not missed
        after = queries.last_change(database)
        calls = [masked_call(call) for call in queries.calls(database, None, SHOWN_CALLS)]
        shown = {"calls": calls, "after": after, "most": SHOWN_CALLS, "identity": who(request), **_state(database)}
        return templates.get_template("page.html").render(shown)

    @router.get("/state")
    def state() -> str:
        return templates.get_template("state.html").render(_state(database))

    @router.get("/live")
    async def live(after: After = None, last_event_id: LastEventId = None) -> StreamingResponse:
        return stream.response(database, commits, after, last_event_id, row)

    return router


def row_renderer(templates: Environment) -> Callable[[Change], tuple[str, str]]:
    """An encoder of the stream: a call's row as the event `call`; anything else is `state`, which says to fetch that again."""

    def encode(change: Change) -> tuple[str, str]:
        if change.call is None:
            return "state", change.kind
        return "call", templates.get_template("call.html").render(call=masked_call(change.call))

    return encode


def _state(database: Database) -> dict[str, object]:
    """What the template of the upper part shows."""
    now_ms = time.time_ns() // 1_000_000
    probes = queries.probes(database)
    alarms = [masked_alarm(alarm) for alarm in queries.alarms(database, SHOWN_ALARMS)]
    wellbeing = judge(probes, alarms, now_ms)
    return {"now_ms": now_ms, "probes": probes, "alarms": alarms, "wellbeing": wellbeing, "summary": queries.summary(database)}
