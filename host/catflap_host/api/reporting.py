"""Reports by the API: a week's or a month's, as a page, CSV or JSON to keep."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response

from catflap_host.access.roles import Permission
from catflap_host.api.judging import NOT_THERE
from catflap_host.api.needs import require
from catflap_host.api.unmasking import UnmaskReason, noted
from catflap_host.errors import UserError
from catflap_host.language.catalogue import by_code
from catflap_host.reports.apart import gather_apart
from catflap_host.reports.forms import as_csv, as_json, as_page, masked
from catflap_host.reports.period import DEFAULT_ZONE, Every, last_over, named, zone_of
from catflap_host.reports.writing import file_names
from catflap_host.store.database import Database

PERIOD = "^[0-9]{4}-(W[0-9]{2}|[0-9]{2})$"


class Form(StrEnum):
    """What a report is wanted as."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"


class Code(StrEnum):
    """The language of a page or a table."""

    EN = "en"
    ZH = "zh"


_TYPES = {Form.HTML: "text/html; charset=utf-8", Form.CSV: "text/csv; charset=utf-8", Form.JSON: "application/json"}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The report", "content": {kind.partition(";")[0]: {} for kind in _TYPES.values()}},
    404: NOT_THERE,
}


def make_router(database: Database, data_dir: Path, issuer: str) -> APIRouter:
    """`/reports/weekly` and `/reports/monthly`."""
    router = APIRouter()

    @router.get("/reports/{every}", response_class=Response, responses=CONTENT)
    def report(
        request: Request,
        every: Every,
        period: Annotated[str | None, Query(pattern=PERIOD, description="2026-W09 or 2026-02; without it the last that is over")] = None,
        form: Form = Form.JSON,
        lang: Code = Code.ZH,
        zone: str = DEFAULT_ZONE,
        unmask_reason: UnmaskReason = None,
    ) -> Response:
        """What came in a week or a month, counted; the busiest numbers masked, or whole for who may see them."""
        if unmask_reason is not None:
            noted(database, require(request, Permission.UNMASK), request, unmask_reason)
        try:
            clocks = zone_of(zone)
            asked = named(every, period) if period else last_over(every, time.time_ns() // 1_000_000, clocks)
            found = gather_apart(data_dir, database, asked, clocks, issuer)
        except UserError as error:
            raise HTTPException(404, str(error)) from None
        shown = found if unmask_reason is not None else masked(found)
        language = by_code(lang)
        page, table, figures = file_names(every, asked.name, lang)
        made = {Form.HTML: lambda: as_page(shown, language), Form.CSV: lambda: as_csv(shown, language), Form.JSON: lambda: as_json(shown)}
        name = {Form.HTML: page, Form.CSV: table, Form.JSON: figures}[form]
        # a page to keep: its style is in it, which the console's own rules would not let show
        return Response(made[form](), media_type=_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})

    return router
