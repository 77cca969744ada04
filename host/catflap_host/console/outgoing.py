"""Outgoing compliance: each contract's days against what was agreed, by campaign and number, and the calls that broke something."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from catflap_host.api.compliance import MAX_DAYS, MAX_ID
from catflap_host.api.masking import masked_call
from catflap_host.compliance import book as books
from catflap_host.compliance import figures
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.language.oversight import UNCHECKED, VIOLATIONS
from catflap_host.store.database import Database

USUAL_DAYS = 7
SHOWN = 100

Word = Annotated[str, Query(max_length=64)]


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/audits/outgoing`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/audits/outgoing")
    def show(
        request: Request,
        since: Word = "",
        until: Word = "",
        contract: Word = "",
        violation: Word = "",
        after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    ) -> HTMLResponse:
        spoken, error, status = spoken_by(request), "", 200
        last = _day(until) or datetime.now(UTC).date()
        first = _day(since) or last - timedelta(days=USUAL_DAYS - 1)
        if not 0 <= (last - first).days < MAX_DAYS:
            error, status = spoken.gettext("Give a time of 1 to %(most)s days, the last not before the first.", most=MAX_DAYS), 400
            first = last
        span, book = (first.isoformat(), last.isoformat()), books.load(database)
        days = figures.days(database, *span, contract)
        found = figures.violating(database, *span, after, SHOWN + 1, contract, violation if violation in VIOLATIONS else "")
        wanted = {"since": span[0], "until": span[1], "contract": contract, "violation": violation}
        shown = {
            "wanted": wanted,
            "query": urlencode({name: value for name, value in wanted.items() if name != "violation"}),
            "totals": figures.totals(book, days),
            "days": days,
            "violating": [replace(one, call=masked_call(one.call)) for one in found[:SHOWN]],
            "more": urlencode({**wanted, "after": found[SHOWN - 1].call.id}) if len(found) > SHOWN else "",
            "contracts": sorted(book.contracts),
            "violations": {code: spoken.gettext(word) for code, word in VIOLATIONS.items()},
            "unchecked": {code: spoken.gettext(word) for code, word in UNCHECKED.items()},
            "error": error,
        }
        return frame.page(request, "outgoing.html", status, **shown)

    return router


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
