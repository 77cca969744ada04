"""Administration: users and their rights, API tokens, how long data is kept, and probes enrolled."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from catflap_host.access import administering, tokens, users
from catflap_host.access.roles import Permission, Role
from catflap_host.api.needs import require, who
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.store import queries, retention
from catflap_host.store.database import Database
from catflap_host.store.enrolment import enrol_by

STAFF = (Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR)
MAX_PURPOSE_CHARS = 200
USUAL_DAYS, MAX_DAYS = 365, 3_650


def administrator(request: Request) -> None:
    """A dependency: only administrators come further."""
    require(request, Permission.ADMINISTER)


def make_router(database: Database, frame: Frame, is_tls: bool) -> APIRouter:
    """`/administration` (users) and `/administration/tokens`, `/keeping`, `/probes`: `GET` shows, `POST` does."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(administrator)])

    def users_page(request: Request, status: int = 200, /, **values: object) -> HTMLResponse:
        shown: dict[str, object] = {"error": "", "link": "", "link_of": "", "form": {}}
        everybody = {"users": users.listed(database), "roles": STAFF, "own": who(request).user}
        return frame.page(request, "admin_users.html", status, **(shown | everybody | values))

    def tokens_page(request: Request, status: int = 200, /, **values: object) -> HTMLResponse:
        able = [user.name for user in users.listed(database) if not user.disabled and user.role is not Role.PARTNER]
        shown: dict[str, object] = {"error": "", "token": "", "form": {}, "days": USUAL_DAYS, "most": MAX_DAYS}
        return frame.page(request, "admin_tokens.html", status, **(shown | {"tokens": tokens.listed(database), "users": able} | values))

    def keeping_page(request: Request, status: int = 200, /, error: str = "") -> HTMLResponse:
        return frame.page(request, "admin_keeping.html", status, kept=retention.kept(database), most=retention.MAX_DAYS, error=error)

    def probes_page(request: Request, status: int = 200, /, **values: object) -> HTMLResponse:
        shown: dict[str, object] = {"error": "", "name": "", "probes": queries.probes(database), "host": request.url.hostname or ""}
        return frame.page(request, "admin_probes.html", status, **(shown | values))

    def way_in(request: Request, code: str) -> str:
        return f"{'https' if is_tls else 'http'}://{request.headers.get('host', '')}/enter?code={code}"

    @router.get("/administration")
    def show_users(request: Request) -> HTMLResponse:
        return users_page(request)

    @router.post("/administration")
    def change_users(request: Request, form: Form) -> Response:
        by, name = who(request).user, form.get("name", "").strip()
        try:
            match form.get("do"):
                case "add":
                    code = administering.add_user(database, by, name, _role(form), bool(form.get("unmask")))
                    return users_page(request, link=way_in(request, code), link_of=name)
                case "link":
                    code = administering.new_code(database, by, name)
                    return users_page(request, link=way_in(request, code), link_of=name)
                case "role":
                    administering.change_role(database, by, name, _role(form), bool(form.get("unmask")))
                case "disable":
                    administering.disable_user(database, by, name)
                case _:
                    raise HTTPException(400, "the form does not say what is to be done")
        except UserError as error:
            return users_page(request, 400, error=spoken_by(request).error(error), form=form)
        return RedirectResponse("/administration", 303)

    @router.get("/administration/tokens")
    def show_tokens(request: Request) -> HTMLResponse:
        return tokens_page(request)

    @router.post("/administration/tokens")
    def change_tokens(request: Request, form: Form) -> Response:
        by = who(request).user
        try:
            match form.get("do"):
                case "issue":
                    days = _whole(form, "days", 1, MAX_DAYS)
                    purpose = form.get("purpose", "").strip()
                    if len(purpose) > MAX_PURPOSE_CHARS or not purpose.isprintable():
                        raise UserError(N_("say what it is for on one line of at most %(most)s characters"), most=MAX_PURPOSE_CHARS)
                    return tokens_page(request, token=administering.issue_token(database, by, form.get("user", ""), purpose, days))
                case "revoke":
                    administering.revoke_token(database, by, form.get("token", ""))
                case _:
                    raise HTTPException(400, "the form does not say what is to be done")
        except UserError as error:
            return tokens_page(request, 400, error=spoken_by(request).error(error), form=form)
        return RedirectResponse("/administration/tokens", 303)

    @router.get("/administration/keeping")
    def show_keeping(request: Request) -> HTMLResponse:
        return keeping_page(request)

    @router.post("/administration/keeping")
    def change_keeping(request: Request, form: Form) -> Response:
        try:
            now = retention.kept(database)
            wanted = {kind: _whole(form, kind, 1, retention.MAX_DAYS) for kind in now if kind in form}
            changes = {kind: days for kind, days in wanted.items() if days != now[kind]}
            retention.keep(database, changes, who(request).user)
        except UserError as error:
            return keeping_page(request, 400, error=spoken_by(request).error(error))
        return RedirectResponse("/administration/keeping", 303)

    @router.get("/administration/probes")
    def show_probes(request: Request) -> HTMLResponse:
        return probes_page(request)

    @router.post("/administration/probes")
    def enrol(request: Request, form: Form) -> Response:
        name = form.get("name", "").strip()
        try:
            key = enrol_by(database, name, who(request).user, bool(form.get("replace")))
        except UserError as error:
            return probes_page(request, 400, error=spoken_by(request).error(error), name=name)
        head = {"Content-Disposition": f'attachment; filename="{name}.key"'}
        return Response(key, media_type="application/octet-stream", headers=head)

    return router


def _role(form: Mapping[str, str]) -> Role:
    found = [role for role in STAFF if role == form.get("role")]
    if not found:
        raise UserError(N_("choose a role: viewer, operator or administrator"))
    return found[0]


def _whole(form: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise UserError(N_("'%(text)s' is no number of days from %(least)s to %(most)s"), text=text[:20], least=least, most=most)
    return int(text)
