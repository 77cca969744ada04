"""The overview: whether all is well, what came in, the sites, the alarms; refreshed in place."""

import time

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from catflap_host.api.masking import masked_alarm
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.wellbeing import judge
from catflap_host.store import queries
from catflap_host.store.database import Database

SHOWN_ALARMS = 20


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/`, and `/overview`, the part of it that is fetched again."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def page(request: Request) -> HTMLResponse:
        return frame.page(request, "overview.html", **_state(database, request))

    @router.get("/overview")
    def state(request: Request) -> HTMLResponse:
        return frame.page(request, "overview_state.html", **_state(database, request))

    return router


def _state(database: Database, request: Request) -> dict[str, object]:
    now_ms = time.time_ns() // 1_000_000
    probes = queries.probes(database)
    alarms = [masked_alarm(alarm) for alarm in queries.alarms(database, SHOWN_ALARMS)]
    wellbeing = judge(probes, alarms, now_ms, spoken_by(request))
    return {"now_ms": now_ms, "probes": probes, "alarms": alarms, "wellbeing": wellbeing, "summary": queries.summary(database)}
