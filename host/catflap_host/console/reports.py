"""Reports: a week's or a month's, shown in either language, to print and to download."""

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from catflap_host.access.roles import Permission
from catflap_host.api.needs import who
from catflap_host.api.reporting import PERIOD, Code, Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.errors import UserError
from catflap_host.language.catalogue import by_code, languages
from catflap_host.reports.apart import gather_apart
from catflap_host.reports.forms import as_part, masked
from catflap_host.reports.period import DEFAULT_ZONE, Every, Period, around, before, named, zone_of
from catflap_host.store.database import Database

OFFERED = {Every.WEEKLY: 12, Every.MONTHLY: 13}
"""So many are offered, the one that still runs first."""

Name = Annotated[str, Query(pattern=PERIOD)]


def make_router(database: Database, data_dir: Path, issuer: str, frame: Frame) -> APIRouter:
    """`/reports`, and `/reports/counted`, which its script asks for: to count a month of a million calls takes a while."""
    router = APIRouter(include_in_schema=False)

    @router.get("/reports")
    def show(request: Request, period: Name | None = None, lang: Code | None = None) -> HTMLResponse:
        today = datetime.fromtimestamp(time.time(), zone_of(DEFAULT_ZONE)).date()
        offered = {every: list(_offered(every, today)) for every in OFFERED}
        chosen, code = period or offered[Every.WEEKLY][1].name, lang or spoken_by(request).code
        shown = {
            "period": chosen,
            "every": _every(chosen).value,
            "code": code,
            "offered": offered,
            "running": {around(every, today).name for every in OFFERED},
            "spoken": languages(),
            "forms": list(Form),
            "may_unmask": who(request).may(Permission.UNMASK),
        }
        return frame.page(request, "reports.html", **shown)

    @router.get("/reports/counted")
    def counted(request: Request, period: Name, lang: Code) -> HTMLResponse:
        language, zone = by_code(lang), zone_of(DEFAULT_ZONE)
        try:
            asked = named(_every(period), period)
        except UserError:
            return frame.page(request, "missing.html", 404, what=spoken_by(request).gettext("There is no such week or month."))
        report = masked(gather_apart(data_dir, database, asked, zone, issuer))
        return frame.page(request, "report_part.html", tag=language.tag, part=as_part(report, language))

    return router


def _offered(every: Every, today: date) -> Iterator[Period]:
    period = around(every, today)
    for _ in range(OFFERED[every]):
        yield period
        period = before(period)


def _every(period: str) -> Every:
    return Every.WEEKLY if "W" in period else Every.MONTHLY
