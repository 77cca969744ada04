"""Language and theme, chosen on any page and kept in the browser."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from catflap_host.console.entrance import Form
from catflap_host.console.frame import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from catflap_host.language.catalogue import languages

KEPT_S = 400 * 86_400


def make_router(is_tls: bool) -> APIRouter:
    """`POST /preferences` with `language` or `theme`, and `back`, the page that it was asked on."""
    router = APIRouter(include_in_schema=False)

    @router.post("/preferences")
    def choose(form: Form) -> RedirectResponse:
        response = RedirectResponse(_own_place(form.get("back", "")), 303)
        known = {LANGUAGE_COOKIE: [spoken.code for spoken in languages()], THEME_COOKIE: list(THEMES)}
        for cookie, field in ((LANGUAGE_COOKIE, "language"), (THEME_COOKIE, "theme")):
            if (chosen := form.get(field)) in known[cookie]:
                response.set_cookie(cookie, chosen, KEPT_S, path="/", secure=is_tls, httponly=True, samesite="lax")
        return response

    return router


def _own_place(back: str) -> str:
    """An address of this console: its path and query, whatever else stood there."""
    parts = urlsplit(back)
    place = f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    # a browser takes a backslash for a slash, and two of them for another host
    return "/" if "\\" in place or not place.isprintable() else place
