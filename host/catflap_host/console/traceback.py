"""通话溯源: the way of each call of a number or a pool, from the trunk that let it in to the line that it rang; and the evidence of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.masking import mask, masked_traced
from catflap_host.api.needs import require, who
from catflap_host.api.unmasking import MAX_PSEUDONYM_CHARS
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.correlate.service import Correlation
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.number_form import international, plan_of, shown_forms
from catflap_host.store.database import Database
from catflap_host.store.parties import open_text
from catflap_host.store.tables import parties
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, note
from catflap_host.trace import evidence
from catflap_host.trace.signing import signing_key
from catflap_host.trace.source import DatabaseSource
from catflap_host.trace.tracing import entries, traced

DAY_MS = 86_400_000
MOST_LOOKED_AT = 1_000
SHOWN_CALLS = 100
HOME = "CN"
"""The country of a number that is given without one."""

Word = Annotated[str, Query(max_length=MAX_PSEUDONYM_CHARS)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose calls: international numbers, and what they are called on the page; `pool` and `pseudonym` are as the address names them."""

    numbers: tuple[str, ...]
    name: str
    whole: str
    pool: str = ""
    pseudonym: str = ""


def make_router(database: Database, correlation: Correlation, data_dir: Path, frame: Frame) -> APIRouter:
    """`/traceback`: `GET` by a pseudonym or a pool, `POST` by a number; `POST /traceback/evidence` gives the signed bundle."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, fields: Mapping[str, str], status: int = 200, /, number: str = "", error: str = "") -> HTMLResponse:
        shown: dict[str, object] = {
            "calls": None,
            "error": error,
            "asked": None,
            "number": "",
            "is_cut": False,
            "entries": [],
            "total": 0,
            "most": SHOWN_CALLS,
        }
        shown |= {"may_unmask": who(request).may(Permission.UNMASK), "since": "", "until": ""}
        try:
            since_ms, until_ms = _window(fields)
            shown |= {"since": _field(since_ms), "until": _field(until_ms), "since_ms": since_ms, "until_ms": until_ms}
            if any(fields.get(name) for name in ("id", "pool", "number")):
                asked = _asked(database, correlation, fields)
                source = DatabaseSource(database, MOST_LOOKED_AT)
                calls = traced(asked.numbers, since_ms, until_ms, source)
                shown |= {"asked": asked, "number": number, "is_cut": source.is_cut, "total": len(calls)}
                shown |= {"calls": [masked_traced(call) for call in calls[-SHOWN_CALLS:]], "entries": entries(calls).most_common()}
        except UserError as error:
            shown["error"] = spoken_by(request).error(error)
            status = 400
        return frame.page(request, "traceback.html", status, **shown)

    @router.get("/traceback")
    def show(request: Request, pseudonym: Annotated[Word, Query(alias="id")] = "", pool: Word = "") -> HTMLResponse:
        return page(request, {"id": pseudonym, "pool": pool})

    @router.post("/traceback")
    def ask(request: Request, form: Form) -> HTMLResponse:
        if number := form.get("number", "").strip():
            # whoever types a number looks for a person
            with database.write() as connection:
                note(connection, who(request).user, "trace-looked-up", database.vault.pseudonym(number), "")
        return page(request, form, number=number)

    @router.post("/traceback/evidence")
    def give_evidence(request: Request, form: Form) -> Response:
        identity = require(request, Permission.UNMASK)
        try:
            since_ms, until_ms = _window(form)
            reason = form.get("reason", "").strip()
            if not MIN_REASON_CHARS <= len(reason) <= MAX_REASON_CHARS:
                words = N_("a reason of %(least)s to %(most)s characters is needed: say what the evidence is wanted for")
                raise UserError(words, least=MIN_REASON_CHARS, most=MAX_REASON_CHARS)
            asked = _asked(database, correlation, form)
            asked_ms = time.time_ns() // 1_000_000
            with database.write() as connection:
                note(connection, identity.user, "trace", asked.pool or database.vault.pseudonym(asked.whole), reason)
            source = DatabaseSource(database)
            members = asked.numbers if asked.pool else ()
            question = evidence.Question(asked.whole, since_ms, until_ms, identity.user, reason, asked_ms, members)
            gathered = evidence.gather(question, traced(asked.numbers, since_ms, until_ms, source), source, ())
            name = f"catflap-trace-{datetime.fromtimestamp(asked_ms / 1000, UTC):%Y%m%d-%H%M%S}"
            made = evidence.zipped(evidence.bundle(gathered, signing_key(database, data_dir)), name)
        except UserError as error:
            return page(request, form, 400, number=form.get("number", ""), error=spoken_by(request).error(error))
        return Response(made, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}.zip"'})

    return router


def _asked(database: Database, correlation: Correlation, fields: Mapping[str, str]) -> Asked:
    """Whose calls are asked for. Raises UserError."""
    if pool := fields.get("pool"):
        found = correlation.pool(pool)
        if found is None:
            raise UserError(N_("There is no such pool; it never was, or it has fallen silent or become part of another."))
        return Asked(tuple(member.number for member in found[0].members), pool, pool, pool=pool)
    pseudonym = fields.get("id", "")
    text = _kept(database, pseudonym) if pseudonym else fields.get("number", "").strip()
    number = text if text.startswith("+") else international(text, plan_of(HOME, "", ""))
    try:
        shown_forms(number)
    except ValueError:
        raise UserError(N_("That is no number to trace; write it in international form, such as +8613812345678.")) from None
    return Asked((number,), mask(number), number, pseudonym=pseudonym)


def _kept(database: Database, pseudonym: str) -> str:
    with database.read() as connection:
        sealed = connection.execute(select(parties.c.sealed).where(parties.c.pseudonym == pseudonym)).scalar()
    if sealed is None:
        raise UserError(N_("No number is kept under this pseudonym: it never was, or its time is over."))
    return open_text(database.vault, pseudonym, sealed)


def _window(fields: Mapping[str, str]) -> tuple[int, int]:
    """From and to in Unix milliseconds; the last day where neither is given. Raises UserError."""
    now_ms = time.time_ns() // 1_000_000
    until_ms = _moment_ms(fields, "until") if fields.get("until") else now_ms
    since_ms = _moment_ms(fields, "since") if fields.get("since") else until_ms - DAY_MS
    if since_ms >= until_ms:
        raise UserError(N_("The beginning is not before the end; swap them."))
    return since_ms, until_ms


def _moment_ms(fields: Mapping[str, str], name: str) -> int:
    """A time as the form has it, ahead of universal time by `offset_min`, which the browser's script fills in."""
    try:
        ahead = timedelta(minutes=int(fields.get("offset_min") or 0))
        return int((datetime.fromisoformat(fields[name]).replace(tzinfo=UTC) - ahead).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise UserError(N_("That is no time; write it as 2026-03-02T08:00.")) from None


def _field(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M")
