"""The pages at the door: sign in, the one-time link, the first-run set-up, one's own account."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from catflap_host.access import attempts, entering, passwords, tables, users
from catflap_host.api.guard import cookie_name
from catflap_host.api.needs import who
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store.database import Database

MAX_FORM_BYTES = 40_960
"""Two texts of 2,000 Chinese characters, each nine bytes of a form, and some words."""


def form_of(most_bytes: int) -> Callable[[Request], Awaitable[dict[str, str]]]:
    """A dependency: the fields of a posted form of so many bytes, each once."""

    async def form(request: Request) -> dict[str, str]:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > most_bytes:
                raise HTTPException(413, f"a form of over {most_bytes} bytes")
        return await asyncio.to_thread(_fields, bytes(body))

    return form


def _fields(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


Form = Annotated[dict[str, str], Depends(form_of(MAX_FORM_BYTES))]


def make_router(database: Database, data_dir: Path, frame: Frame, is_tls: bool) -> APIRouter:
    """`/sign-in`, `/enter`, `/set-up`, `/sign-out` and `/account`."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, template: str, status: int = 200, /, **values: object) -> HTMLResponse:
        return frame.page(request, template, status, **({"error": "", "min_chars": passwords.MIN_CHARS} | values))

    def let_in(user: str, place: str = "/") -> Response:
        response = RedirectResponse(place, 303)
        word = entering.open_session(database, user)
        age_s = tables.SESSION_MS // 1000
        response.set_cookie(cookie_name(is_tls), word, age_s, path="/", secure=is_tls, httponly=True, samesite="lax")
        return response

    def limited(request: Request, user: str) -> HTMLResponse | None:
        wait_s = attempts.take(database, user, _address(request))
        if wait_s == 0:
            return None
        response = page(
            request,
            "sign_in.html",
            429,
            error=spoken_by(request).gettext("Too many attempts; try again in %(wait_s)s seconds.", wait_s=wait_s),
        )
        response.headers["Retry-After"] = str(wait_s)
        return response

    @router.get("/sign-in", response_model=None)
    def ask(request: Request) -> Response:
        return page(request, "sign_in.html") if users.any_user(database) else RedirectResponse("/set-up", 303)

    @router.post("/sign-in", response_model=None)
    def sign_in(request: Request, form: Form) -> Response:
        name = form.get("name", "")
        if refusal := limited(request, name):
            return refusal
        if not users.password_fits(database, name, form.get("password", "")):
            return page(request, "sign_in.html", 403, error=spoken_by(request).gettext("Name and password do not belong together."))
        attempts.forgive(database, name, _address(request))
        return let_in(name)

    @router.get("/enter", response_model=None)
    def enter(request: Request, code: str = "") -> Response:
        # another site's link would let its victim in under a name of its own choice
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return page(
                request,
                "sign_in.html",
                403,
                error=spoken_by(request).gettext("Copy the link into the address bar; another site may not open it."),
            )
        if refusal := limited(request, "one-time link"):
            return refusal
        user = entering.spend_code(database, code)
        if user is None:
            return page(
                request,
                "sign_in.html",
                403,
                error=spoken_by(request).gettext("That link has been used, or is over a day old. Ask for a new one."),
            )
        attempts.forgive(database, "one-time link", _address(request))
        return let_in(user)

    @router.get("/set-up", response_model=None)
    def ask_first(request: Request) -> Response:
        return RedirectResponse("/sign-in", 303) if users.any_user(database) else page(request, "set_up.html", name="")

    @router.post("/set-up", response_model=None)
    def set_up(request: Request, form: Form) -> Response:
        name, password = form.get("name", ""), form.get("password", "")
        if refusal := limited(request, "set-up"):
            return refusal
        try:
            if password != form.get("again", ""):
                raise UserError(N_("the two passwords differ; type them again"))
            entering.set_up(database, data_dir, form.get("code", "").strip(), name, password)
        except UserError as error:
            return page(request, "set_up.html", 400, error=spoken_by(request).error(error), name=name)
        return let_in(name)

    @router.post("/sign-out", response_model=None)
    def sign_out(request: Request) -> Response:
        entering.close_session(database, request.cookies.get(cookie_name(is_tls), ""))
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(cookie_name(is_tls), path="/", secure=is_tls, httponly=True, samesite="lax")
        return response

    @router.get("/account", response_model=None)
    def account(request: Request) -> Response:
        return page(request, "account.html", identity=who(request))

    @router.post("/account", response_model=None)
    def change_password(request: Request, form: Form) -> Response:
        identity = who(request)
        if refusal := limited(request, identity.user):
            return refusal
        try:
            if identity.shown_by != "session":
                raise UserError(N_("a password is changed in the browser, not by a token"))
            if identity.has_password and not users.password_fits(database, identity.user, form.get("old", "")):
                raise UserError(N_("the old password is another one"))
            if form.get("password", "") != form.get("again", ""):
                raise UserError(N_("the two passwords differ; type them again"))
            users.set_password(database, identity.user, form.get("password", ""))
        except UserError as error:
            return page(request, "account.html", 400, error=spoken_by(request).error(error), identity=identity)
        attempts.forgive(database, identity.user, _address(request))
        return let_in(identity.user)

    return router


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
