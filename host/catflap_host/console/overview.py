"""The overview: whether all is well, what came in, alarms, what was blocked last, the sites; refreshed in place."""

import time

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from catflap_host.api.masking import masked_alarm, masked_call
from catflap_host.console.bars import bars
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.wellbeing import RECENT_MS, is_silent, judge
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.hours import Hours
from catflap_host.triage import looking

SHOWN_ALARMS = 20
SHOWN_CALLS = 12
SHOWN_PROBES = 20


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/`, and `/overview`, the part of it that is fetched again."""
    router = APIRouter(include_in_schema=False)
    hours = Hours(database)

    @router.get("/")
    def page(request: Request) -> HTMLResponse:
        return frame.page(request, "overview.html", **_state(database, hours, request))

    @router.get("/overview")
    def state(request: Request) -> HTMLResponse:
        return frame.page(request, "overview_state.html", **_state(database, hours, request))

    return router


def _state(database: Database, hours: Hours, request: Request) -> dict[str, object]:
    now_ms = time.time_ns() // 1_000_000
    probes = queries.probes(database)
    silent = [probe for probe in probes if is_silent(probe, now_ms)]
    alarms = [masked_alarm(alarm) for alarm in queries.alarms(database, SHOWN_ALARMS)]
    unnoted, oldest = looking.count(database, looking.Filter(looking.Progress.OPEN)), looking.oldest_open(database)
    day = hours.last_day(now_ms)
    return {
        "now_ms": now_ms,
        "wellbeing": judge(probes, unnoted, oldest.raised_ms if oldest else now_ms, now_ms, spoken_by(request)),
        "summary": queries.summary(database),
        "minute": hours.since(now_ms - 60_000),
        "day_calls": sum(hour.calls for hour in day),
        "day_blocked": sum(hour.blocked for hour in day),
        "day_alarms": queries.alarms_since(database, now_ms - RECENT_MS),
        "bars": bars(day),
        "alarms": alarms,
        "oldest": oldest and masked_alarm(oldest),
        "blocked": [masked_call(call) for call in queries.calls(database, None, SHOWN_CALLS, action="block")],
        # whoever is silent stands in front, by how long
        "probes": sorted(silent, key=lambda probe: probe.last_batch_ms)[:SHOWN_PROBES]
        + [probe for probe in probes if probe not in silent][: SHOWN_PROBES - min(len(silent), SHOWN_PROBES)],
        "all_probes": len(probes),
        "heard_probes": len(probes) - len(silent),
    }
