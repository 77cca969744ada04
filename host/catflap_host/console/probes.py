"""The probes: an inventory with their health, and the page of one with its lines and all that it told of itself lately."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.wellbeing import is_silent
from catflap_host.language.conditions import GOOD
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.health import Health, health
from catflap_host.store.rows import Probe

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
MOST_HEALTH = 2_000
SHOWN_HEALTH = 300
NO_CALLER_ID, SET_UP_AGAIN, MODEM_IS = "rings-without-caller-id", "re-initialised", "modem-is"
BAD_CLOCK_MS = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """A probe in the inventory; counts are of the last 24 hours."""

    probe: Probe
    is_silent: bool
    is_clock_bad: bool
    model: str
    no_caller_id: int
    set_up_again: int
    worry: Health | None
    """The newest of what a person should look at that was told since."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a probe, empty for the probe itself: what was told last, its modem, and counts of the last 7 days."""

    line: str
    last: Health
    modem: str
    no_caller_id: int
    set_up_again: int
    resets: int


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/probes` and `/probes/{name}`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/probes")
    def inventory(request: Request) -> HTMLResponse:
        now_ms = time.time_ns() // 1_000_000
        told = health(database, now_ms - DAY_MS, MOST_HEALTH)
        rows = inventory_of(queries.probes(database), told, queries.models(database), now_ms)
        return frame.page(request, "probes.html", rows=rows, is_cut=len(told) == MOST_HEALTH, most=MOST_HEALTH)

    @router.get("/probes/{name}")
    def page(request: Request, name: str) -> HTMLResponse:
        now_ms = time.time_ns() // 1_000_000
        probe = next((probe for probe in queries.probes(database) if probe.probe == name), None)
        if probe is None:
            return frame.page(request, "missing.html", 404, what=spoken_by(request).gettext("No probe of this name is enrolled."))
        told = health(database, now_ms - WEEK_MS, MOST_HEALTH, name)
        row = inventory_of([probe], [one for one in told if one.received_ms >= now_ms - DAY_MS], queries.models(database), now_ms)[0]
        return frame.page(request, "probe.html", row=row, lines=lines_of(told), told=told[:SHOWN_HEALTH], good=GOOD)

    return router


def inventory_of(probes: Sequence[Probe], told: Sequence[Health], models: dict[str, str], now_ms: int) -> list[Row]:
    """A row a probe, those to look at in front; `told` is the newest first."""
    counts = Counter((one.probe, one.what) for one in told)
    # what was put right is no worry: only the last word of each line counts
    last: dict[tuple[str, str], Health] = {}
    for one in told:
        last.setdefault((one.probe, one.line), one)
    worries: dict[str, Health] = {}
    for one in last.values():
        if one.what not in GOOD:
            worries.setdefault(one.probe, one)
    rows = [
        Row(
            probe,
            is_silent(probe, now_ms),
            abs(probe.clock_error_ms) > BAD_CLOCK_MS,
            models.get(probe.probe, ""),
            counts[probe.probe, NO_CALLER_ID],
            counts[probe.probe, SET_UP_AGAIN],
            worries.get(probe.probe),
        )
        for probe in probes
    ]
    return sorted(rows, key=lambda row: (not row.is_silent, row.worry is None, not row.is_clock_bad, row.probe.probe))


def lines_of(told: Sequence[Health]) -> list[Line]:
    """Lines by name, of one probe; `told` is the newest first."""
    lines = sorted({one.line for one in told})
    found = []
    for line in lines:
        own = [one for one in told if one.line == line]
        counts = Counter(one.what for one in own)
        modem = next((one.detail for one in own if one.what == MODEM_IS), "")
        found.append(Line(line, own[0], modem, counts[NO_CALLER_ID], counts[SET_UP_AGAIN], counts["modem-reset"]))
    return found
