"""Integrations: who is told of alarms and stopped calls, houses that we share with, and what other programs can ask."""

import json
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from catflap_host.access import administering
from catflap_host.api.needs import who
from catflap_host.console.administration import USUAL_DAYS, administrator
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.deliver import outbox
from catflap_host.deliver.administering import add_webhook, remove_webhook
from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.export.signing import Signer
from catflap_host.language.marking import N_
from catflap_host.reputation import partners
from catflap_host.store.database import Database


def make_router(database: Database, signer: Signer, frame: Frame) -> APIRouter:
    """`/administration/integrations`."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(administrator)])

    def page(request: Request, status: int = 200, /, **values: object) -> HTMLResponse:
        now_ms = _now_ms()
        shown: dict[str, object] = {"error": "", "secret": "", "token": "", "form": {}}
        there = {
            "webhooks": [(webhook, urlsplit(webhook.url).hostname or "") for webhook in outbox.webhooks(database)],
            "partners": partners.listed(database),
            "spent": partners.spent_on(database, now_ms),
            "numbers": partners.NUMBERS,
            "usual": partners.Terms(),
            "key": json.dumps(signing.public_jwk(signer)),
        }
        return frame.page(request, "admin_integrations.html", status, **(shown | there | values))

    @router.get("/administration/integrations")
    def show(request: Request) -> HTMLResponse:
        return page(request)

    @router.post("/administration/integrations")
    def change(request: Request, form: Form) -> Response:
        by, name = who(request).user, form.get("name", "").strip()
        try:
            match form.get("do"):
                case "add-webhook":
                    _, secret = add_webhook(database, by, form.get("url", "").strip(), bool(form.get("private")))
                    return page(request, secret=secret)
                case "remove-webhook":
                    remove_webhook(database, by, form.get("webhook", ""))
                case "add-partner":
                    partners.add(database, name, form.get("key", ""), _terms(form), by, _now_ms())
                case "remove-partner":
                    partners.remove(database, name, by)
                case "partner-token":
                    return page(
                        request, token=administering.issue_token(database, by, partners.named(database, name).name, "partner", USUAL_DAYS)
                    )
                case _:
                    raise HTTPException(400, "the form does not say what is to be done")
        except UserError as error:
            return page(request, 400, error=spoken_by(request).error(error), form=form)
        return RedirectResponse("/administration/integrations", 303)

    return router


def _terms(form: Mapping[str, str]) -> partners.Terms:
    figures = [form.get(field, "").strip() for field in ("trust", "daily_numbers")]
    if not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in figures):
        raise UserError(N_("trust is a whole number of per cent, and the daily quota one of numbers"))
    return partners.Terms(int(figures[0]), bool(form.get("for_probes")), int(figures[1]), bool(form.get("whole_numbers")))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
