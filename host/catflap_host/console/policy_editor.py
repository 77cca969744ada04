"""The editor of the policy: as a form over a version, or as JSON; what is kept is a new version, which no probe takes yet."""

import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.needs import require, who
from catflap_host.api.unmasking import noted
from catflap_host.console import policy_form
from catflap_host.console.entrance import form_of
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.language.catalogue import Language
from catflap_host.language.marking import N_
from catflap_host.policy import kept
from catflap_host.policy.document import ACTIONS, SELECTORS, STOPS, DocumentError, Fault, Tree, parse
from catflap_host.policy.holders import holders
from catflap_host.policy.kept import StateError
from catflap_host.policy.masked import masked, masked_entry, masked_senders
from catflap_host.store.database import Database
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS
from catflap_probe.call import LABELS, LEGIT
from catflap_probe.verdict.kinds import KINDS

MAX_EDIT_BYTES = 16_000_000
SHOWN_ENTRIES = 200

Edited = Annotated[dict[str, str], Depends(form_of(MAX_EDIT_BYTES))]
Base = Annotated[int, Query(alias="from", ge=0, le=2**53)]


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/policy/edit` and `/policy/raw`: `GET ?from=N` shows version N (0: nothing), `POST` checks or keeps."""
    router = APIRouter(include_in_schema=False)

    def base_of(number: int) -> Tree:
        try:
            tree: Tree = json.loads(kept.text_of(database, number)) if number else dict(policy_form.EMPTY)
        except StateError as error:
            raise HTTPException(404, str(error)) from None
        return tree

    def form_page(
        request: Request, base: int, fields: Mapping[str, str], faults: Mapping[str, list[Fault]], status: int, is_checked: bool
    ) -> HTMLResponse:
        tree, spoken = base_of(base), spoken_by(request)
        spare = policy_form.MORE_ROWS if fields.get("do") == "more" else policy_form.SPARE_ROWS
        shown = {
            "base": base,
            "fields": fields,
            "errors": {field: [told(fault, spoken) for fault in found] for field, found in faults.items()},
            "is_checked": is_checked,
            "rows": {name: policy_form.rows_of(fields, name, spare) for name in (*policy_form.LISTS, "actions", "hours")},
            "entries": {name: [masked_entry(entry) for entry in tree.get(name, [])[:SHOWN_ENTRIES]] for name in policy_form.LISTS},
            "all_entries": {name: len(tree.get(name, [])) for name in policy_form.LISTS},
            "senders": masked_senders(tree),
            "selectors": SELECTORS,
            "kinds": KINDS,
            "labels": [label for label in LABELS if label != LABELS[LEGIT]],
            "actions": ACTIONS,
            "stops": STOPS,
            "holders": sorted(holders()),
        }
        return frame.page(request, "policy_edit.html", status, **shown)

    def raw_page(request: Request, base: int, status: int = 200, /, **values: object) -> HTMLResponse:
        shown = {"base": base, "text": "", "note": "", "is_masked": False, "faults": [], "is_checked": False, "reason_error": ""}
        return frame.page(request, "policy_raw.html", status, **(shown | {"may_unmask": who(request).may(Permission.UNMASK)} | values))

    @router.get("/policy/edit")
    def edit(request: Request, base: Base = 0) -> HTMLResponse:
        require(request, Permission.OPERATE)
        return form_page(request, base, policy_form.fields_of(base_of(base)), {}, 200, False)

    @router.post("/policy/edit")
    def take(request: Request, form: Edited) -> Response:
        identity = require(request, Permission.OPERATE)
        base = _number(form.get("base", ""))
        read = policy_form.read_form(form, base_of(base))
        faults = policy_form.faults_by_field(read)
        if form.get("do") == "keep" and not faults:
            version = kept.draft(database, policy_form.text_of(read.tree), identity.user, form.get("for", ""))
            return RedirectResponse(f"/policy/versions/{version}", 303)
        return form_page(request, base, form, faults, 400 if faults and form.get("do") == "keep" else 200, form.get("do") != "more")

    @router.get("/policy/raw")
    def raw(request: Request, base: Base = 0) -> HTMLResponse:
        require(request, Permission.OPERATE)
        text = policy_form.text_of(base_of(base))
        hidden = masked(text)
        return raw_page(request, base, text=hidden, is_masked=json.loads(hidden) != json.loads(text))

    @router.post("/policy/raw")
    def take_raw(request: Request, form: Edited) -> Response:
        identity = require(request, Permission.OPERATE)
        base, text, note = _number(form.get("base", "")), form.get("text", "").replace("\r\n", "\n"), form.get("for", "")
        if form.get("do") == "show":
            seer, reason = require(request, Permission.UNMASK), form.get("reason", "").strip()
            whole = policy_form.text_of(base_of(base))
            if not MIN_REASON_CHARS <= len(reason) <= MAX_REASON_CHARS:
                words = N_("a reason of %(least)s to %(most)s characters is needed: say what the number is wanted for")
                error = spoken_by(request).gettext(words, least=MIN_REASON_CHARS, most=MAX_REASON_CHARS)
                return raw_page(request, base, 400, text=masked(whole), is_masked=True, reason_error=error)
            noted(database, seer, request, f"{reason} (policy {base})")
            return raw_page(request, base, text=whole)
        try:
            parse(text)
        except DocumentError as error:
            faults = [told(fault, spoken_by(request)) for fault in error.faults]
            return raw_page(request, base, 400 if form.get("do") == "keep" else 200, text=text, note=note, faults=faults, is_checked=True)
        if form.get("do") == "keep":
            return RedirectResponse(f"/policy/versions/{kept.draft(database, text, identity.user, note)}", 303)
        return raw_page(request, base, text=text, note=note, is_checked=True)

    return router


def told(fault: Fault, language: Language) -> str:
    """A fault in a language, with its place in front."""
    text = language.gettext(fault.pattern, **fault.values) if fault.values else language.pattern(fault.pattern)
    return f"{fault.place}: {text}" if fault.place else text


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
