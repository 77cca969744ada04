"""What stands before every page and answer of the console: who asks is known, nobody else's page asks for him, nothing foreign runs."""

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catflap_host.access import entering
from catflap_host.access.roles import Identity, Role
from catflap_host.store.database import Database

OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
PUBLIC = frozenset({"/sign-in", "/enter", "/set-up", "/preferences"})
"""What may be asked by somebody who has not shown who he is; and `/static/`."""
PARTNERS = frozenset({f"/api/v1/{path}" for path in ("list", "list/key", "list/send", "match", "match/tags")})
"""All that a partner's token opens."""
MAX_PARTNER_BYTES = 16_000_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
RECHECK_S = 15.0
"""A stream of a user who is disabled or signed out ends so much later."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class _GoneError(Exception):
    """The one who listens to a stream may do so no more."""


class Guard:
    """Refuses what no user asks for, or what another site's page asks in a user's name, and adds the headers.

    Behind it `scope["state"]["identity"]` is the Identity, or None on the paths of PUBLIC.
    """

    def __init__(self, app: ASGIApp, database: Database, is_tls: bool) -> None:
        self._app, self._database, self._is_tls = app, database, is_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        checked_s = time.monotonic()
        identity: Identity | None = None

        async def send_checked(message: Message) -> None:
            nonlocal checked_s
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            elif identity and time.monotonic() - checked_s > RECHECK_S:
                checked_s = time.monotonic()
                if await asyncio.to_thread(self._who, headers) is None:
                    raise _GoneError
            await send(message)

        refusal = self._foreign(scope["method"], headers)
        if refusal is None:
            identity = await asyncio.to_thread(self._who, headers)
            if identity is None and not _is_public(scope["path"]):
                refusal = _ask_to_sign_in(scope, headers)
            elif identity and identity.role is Role.PARTNER:
                refusal = _beyond_partners(identity, scope, headers)
        if refusal:
            await refusal(scope, receive, send_checked)
            return
        scope.setdefault("state", {})["identity"] = identity
        try:
            await self._app(scope, receive, send_checked)
        except* _GoneError:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _who(self, headers: Headers) -> Identity | None:
        given = headers.get("authorization")
        if given is not None:
            scheme, _, token = given.partition(" ")
            return entering.by_token(self._database, token.strip()) if scheme.lower() == "bearer" else None
        word = cookie_parser(headers.get("cookie", "")).get(cookie_name(self._is_tls))
        return entering.by_session(self._database, word) if word else None

    def _foreign(self, method: str, headers: Headers) -> Response | None:
        """The refusal of what another site is behind."""
        # a foreign name that was made to point here; under TLS it has no certificate
        if not self._is_tls and not _is_own(headers.get("host", "")):
            return PlainTextResponse(f"The console answers to {', '.join(OWN_NAMES)} only.\n", 421)
        if method in SAFE_METHODS or "authorization" in headers:
            return None
        site = headers.get("sec-fetch-site")
        if site is None:
            origin = f"{'https' if self._is_tls else 'http'}://{headers.get('host', '')}"
            site = "same-origin" if headers.get("origin") == origin else "unknown"
        return (
            None
            if site == "same-origin"
            else JSONResponse({"detail": "a page of another site asks for this, or a client without token"}, 403)
        )


def cookie_name(is_tls: bool) -> str:
    """The session's cookie; under TLS of a name that browsers take from this host and over TLS alone."""
    return "__Host-catflap" if is_tls else "catflap"


def _beyond_partners(identity: Identity, scope: Scope, headers: Headers) -> Response | None:
    """The refusal of what is not for partners, however it is asked."""
    if scope["path"] not in PARTNERS:
        return JSONResponse({"detail": f"{identity.user} is a partner, for whom there are {', '.join(sorted(PARTNERS))} alone"}, 403)
    length = headers.get("content-length", "0" if scope["method"] in SAFE_METHODS else "")
    if not length.isdecimal() or int(length[:20]) > MAX_PARTNER_BYTES:
        return JSONResponse({"detail": f"a body of a told length up to {MAX_PARTNER_BYTES} bytes is read"}, 413)
    return None


def _is_own(host: str) -> bool:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower() in OWN_NAMES


def _is_public(path: str) -> bool:
    return path in PUBLIC or path.startswith("/static/")


def _ask_to_sign_in(scope: Scope, headers: Headers) -> Response:
    is_browser = "text/html" in headers.get("accept", "") and "authorization" not in headers
    if is_browser and scope["method"] == "GET":
        return RedirectResponse("/sign-in", 303)
    return JSONResponse({"detail": "sign in, or send an API token: Authorization: Bearer ..."}, 401, {"WWW-Authenticate": "Bearer"})
