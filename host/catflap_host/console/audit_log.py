"""The audit: who did what, when and why; and the unmask log, who saw which number."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from catflap_host.access import users
from catflap_host.api.masking import mask_text
from catflap_host.console.administration import administrator
from catflap_host.console.frame import Frame
from catflap_host.store.audit_log import Noted, Wanted, noted
from catflap_host.store.database import Database

SHOWN = 200
MAX_ID = 2**53
MAX_OFFSET_MIN = 1_080
GROUPS = {
    "numbers": ("unmask", "trace", "export"),
    "policy": ("policy-",),
    "registers": ("register-",),
    "alarms": ("alarm-", "judged", "appeal-"),
    "complaints": ("complaint-", "trunk-finding"),
    "users": ("user-", "token-"),
    "settings": ("webhook-", "partner-", "match-key", "keep", "probe-"),
}
"""Beginnings of codes by what they are about."""
OF_NUMBERS = ("unmask", "unmask-refused", "trace", "trace-looked-up")
"""Those that are about the pseudonym of a number."""
OF_SERIALS = ("policy-publish", "policy-roll-back", "policy-members", "policy-restored")
"""Those whose digits are our own."""

Word = Annotated[str, Query(max_length=64)]
Day = Annotated[str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/administration/audit`."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(administrator)])

    @router.get("/administration/audit")
    def audit(
        request: Request,
        who: Word = "",
        group: Word = "",
        since: Day = "",
        until: Day = "",
        offset_min: Annotated[int, Query(ge=-MAX_OFFSET_MIN, le=MAX_OFFSET_MIN)] = 0,
        before: Annotated[int, Query(ge=1, le=MAX_ID)] = MAX_ID,
    ) -> HTMLResponse:
        wanted = Wanted(who, GROUPS.get(group, ()), "", _start_ms(since, 0, offset_min), _start_ms(until, 1, offset_min))
        found = noted(database, wanted, before, SHOWN + 1)
        rows = [(row, mask_text(row.about), _reason(row)) for row in found[:SHOWN]]
        asked = {"who": who, "group": group, "since": since, "until": until, "offset_min": offset_min}
        older = urlencode({**asked, "before": found[SHOWN - 1].id}) if len(found) > SHOWN else ""
        shown = {"rows": rows, "older": older, "groups": list(GROUPS), "of_numbers": OF_NUMBERS, "users": users.listed(database)}
        return frame.page(request, "admin_audit.html", **asked, **shown)

    return router


def _reason(row: Noted) -> str:
    return row.reason if row.what in OF_SERIALS else mask_text(row.reason)


def _start_ms(day: str, later: int, offset_min: int) -> int:
    """When a day, or the one after it, begins by clocks so far ahead of universal time; 0 for none."""
    try:
        begins = datetime.combine(date.fromisoformat(day) + timedelta(later), time(), timezone(timedelta(minutes=offset_min)))
        return max(int(begins.timestamp() * 1000), 0)
    except (ValueError, OverflowError):
        return 0
