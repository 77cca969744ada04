"""What all pages share: the templates in each language, who looks on, where the page stands among the others, and light or dark."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from catflap_host.access.roles import Permission
from catflap_host.console.wellbeing import is_silent
from catflap_host.language import words
from catflap_host.language.catalogue import Language, languages, preferred
from catflap_host.language.marking import N_

LANGUAGE_COOKIE, THEME_COOKIE = "catflap-language", "catflap-theme"
THEMES = {"auto": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation, and what one must be allowed to see it in there."""

    path: str
    title: str
    needs: Permission = Permission.VIEW


NAVIGATION = (
    Place("/", N_("Overview")),
    Place("/live", N_("Live")),
    Place("/alarms", N_("Alarms")),
    Place("/pools", N_("Pools")),
    Place("/traceback", N_("Traceback")),
    Place("/probes", N_("Probes")),
    Place("/policy", N_("Policy")),
    Place("/registers", N_("Registers")),
    Place("/complaints", N_("Complaints")),
    Place("/audits", N_("Audits")),
    Place("/reports", N_("Reports")),
    Place("/administration", N_("Administration"), Permission.ADMINISTER),
)


class Frame:
    """Renders pages for whoever asks."""

    def __init__(self) -> None:
        self._templates = {spoken.code: make_templates(spoken) for spoken in languages()}

    def page(self, request: Request, template: str, status: int = 200, /, **values: object) -> HTMLResponse:
        """A template with its values, and with what base.html asks for: identity (None at the door), language, theme, place."""
        return HTMLResponse(self.render(request, template, **values), status, headers={"Vary": "Cookie, Accept-Language"})

    def render(self, request: Request, template: str, /, **values: object) -> str:
        """The same as text."""
        told: Mapping[str, object] = {
            "identity": getattr(request.state, "identity", None),
            "theme": _theme(request),
            "path": request.url.path,
            "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        }
        return self.templates(request).get_template(template).render({**told, **values})

    def templates(self, request: Request) -> Environment:
        """The templates in the language of whoever asks."""
        return self._templates[spoken_by(request).code]


def make_templates(spoken: Language) -> Environment:
    """The templates in one language; everything put into them is escaped."""
    templates = Environment(
        loader=PackageLoader("catflap_host"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    templates.policies["ext.i18n.trimmed"] = True
    templates.install_gettext_callables(spoken.pattern, spoken.ngettext, newstyle=True)  # type: ignore[attr-defined]
    templates.globals |= {
        "words": words.Words(spoken),
        "number_id": words.number_id,
        "origin": words.origin,
        "iso": words.iso,
        "language": spoken,
        "languages": languages(),
        "navigation": NAVIGATION,
        "themes": THEMES,
        "is_silent": is_silent,
    }
    return templates


def spoken_by(request: Request) -> Language:
    """The language that was chosen here, or else the one that the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    for spoken in languages():
        if spoken.code == chosen:
            return spoken
    return preferred(request.headers.get("accept-language", ""))


def static_files() -> StaticFiles:
    """The pages' own scripts, styles and icons."""
    return StaticFiles(packages=[("catflap_host", "static")])


def _theme(request: Request) -> str:
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"
