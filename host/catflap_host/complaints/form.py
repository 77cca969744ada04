"""The public page for complaints: no script, no session, an address of its own; tokens, limits and a trap keep floods out."""

import ipaddress
import time
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catflap_host.access import attempts
from catflap_host.access.attempts import Limit
from catflap_host.access.credentials import digest
from catflap_host.api.guard import SECURITY_HEADERS
from catflap_host.api.masking import mask
from catflap_host.complaints import cases, filing, form_token, links
from catflap_host.complaints.csv_in import HOME_ZONE
from catflap_host.complaints.filing import Filing, Receipt
from catflap_host.complaints.form_words import Words, spoken
from catflap_host.complaints.links import LinkError
from catflap_host.complaints.matching import call_of, line_of
from catflap_host.complaints.terms import Kind, Source, Way
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.store.database import Database

MAX_FORM_BYTES = 16_384
BY_NETWORK = Limit(5, 120.0)
BY_ALL = Limit(300, 2.0)
LOOK_UPS = Limit(10, 60.0)
WHO = "public page"
_Term = TypeVar("_Term", bound=StrEnum)
TRAP = "website"
"""A field that people do not see and robots fill in."""


class _RefusedError(Exception):
    """A form is not taken: the words that say why, by their name, and the status."""

    def __init__(self, word: str, status: int = 400) -> None:
        super().__init__(word)
        self.word, self.status = word, status


async def _fields(request: Request) -> Mapping[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))


def _spoken(request: Request) -> Words:
    return spoken(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))


Fields = Annotated[Mapping[str, str], Depends(_fields)]
Spoken = Annotated[Words, Depends(_spoken)]


def make_app(database: Database, is_tls: bool) -> ASGIApp:
    """`/`, `/state` and `/mark`, behind the headers that every answer has."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, default_response_class=HTMLResponse)
    loader = PackageLoader("catflap_host")
    templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    app.mount("/static", StaticFiles(packages=[("catflap_host", "static")]))

    def page(words: Words, template: str, status: int = 200, **told: object) -> HTMLResponse:
        shown: dict[str, object] = {"words": words, "error": "", "local": _local, "token": form_token.issue(database.vault, _now_ms())}
        return HTMLResponse(templates.get_template(template).render(shown | told), status, {"Vary": "Accept-Language"})

    def form(words: Words, fields: Mapping[str, str], error: str = "", status: int = 200) -> HTMLResponse:
        return page(words, "complaint_form.html", status, fields=fields, error=error)

    def heed(request: Request, limits: list[tuple[str, Limit]]) -> None:
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        own = f"{'https' if is_tls else 'http'}://{request.headers.get('host', '')}"
        if site not in (None, "same-origin") or (site is None and origin not in (None, own)):
            raise _RefusedError("foreign", 403)
        if attempts.draw(database, limits):
            raise _RefusedError("too_many", 429)

    def take_in(said: Filing, spent: str, until_ms: int) -> Receipt:
        """File a complaint and spend what allowed it, both or neither."""
        now_ms = _now_ms()
        number = filing.check(said, now_ms)
        matched = filing.matched_call(database, said, number, now_ms)
        with database.write() as connection:
            links.spend(connection, spent, until_ms, now_ms)
            return filing.add(connection, database, said, number, matched, WHO, now_ms)

    @app.get("/")
    def ask(words: Spoken) -> HTMLResponse:
        return form(words, {})

    @app.post("/")
    def taken(request: Request, words: Spoken, fields: Fields) -> HTMLResponse:
        network = network_of(request.client.host if request.client else "")
        try:
            heed(request, [(f"complaint {network}", BY_NETWORK), ("complaint form", BY_ALL)])
            if fields.get(TRAP):
                raise _RefusedError("bad_entry")
            token = fields.get("token", "")
            if not form_token.counts(database.vault, token, _now_ms()):
                raise _RefusedError("too_old", 409)
            said = _filing(fields, f"network {network}")
            try:
                receipt = take_in(said, digest(token), _now_ms() + form_token.LONGEST_MS)
            except LinkError:
                raise _RefusedError("too_old", 409) from None
        except _RefusedError as refused:
            return form(words, fields, getattr(words, refused.word), refused.status)
        return page(words, "complaint_taken.html", code=receipt.code)

    @app.get("/state")
    def ask_state(words: Spoken) -> HTMLResponse:
        return page(words, "complaint_state.html", found=None)

    @app.post("/state")
    def state(request: Request, words: Spoken, fields: Fields) -> HTMLResponse:
        network = network_of(request.client.host if request.client else "")
        try:
            heed(request, [(f"complaint-state {network}", LOOK_UPS)])
            found = cases.feedback(database, fields.get("code", "")[:100])
            if found is None:
                raise _RefusedError("unknown_code", 404)
        except _RefusedError as refused:
            return page(words, "complaint_state.html", refused.status, found=None, error=getattr(words, refused.word))
        return page(words, "complaint_state.html", found=found)

    @app.get("/mark")
    def ask_mark(words: Spoken, link: str = "") -> HTMLResponse:
        # to look at it spends nothing: a telephone fetches links before anybody has tapped on them
        return mark_page(words, link)

    def mark_page(words: Words, link: str, error: str = "", status: int = 200) -> HTMLResponse:
        try:
            with database.read() as connection:
                call = call_of(database, links.read(connection, database.vault, link, _now_ms()).call_id)
        except LinkError:
            call = None
        if call is None:
            return page(words, "complaint_mark.html", 404, call=None, number="", link="", error=words.bad_link)
        return page(words, "complaint_mark.html", status, call=call, number=mask(call.calling), link=link, error=error)

    @app.post("/mark")
    def marked(request: Request, words: Spoken, fields: Fields) -> HTMLResponse:
        network = network_of(request.client.host if request.client else "")
        word = fields.get("link", "")
        try:
            heed(request, [(f"complaint {network}", BY_NETWORK), ("complaint form", BY_ALL)])
            with database.read() as connection:
                link = links.read(connection, database.vault, word, _now_ms())
            call = call_of(database, link.call_id)
            if call is None:
                raise LinkError("the call is no longer kept")
            line = f"line {line_of(call)}"
            kind, content = _term(fields, "kind", Kind), fields.get("content", "")
            said = Filing(Source.LINK, call.calling, kind, content=content, complainer=line, origin=line, call_id=call.id)
            receipt = take_in(_checked(said), link.digest, link.until_s * 1000)
        except LinkError:
            return mark_page(words, "")
        except _RefusedError as refused:
            return mark_page(words, word, getattr(words, refused.word), refused.status)
        return page(words, "complaint_taken.html", code=receipt.code)

    return _Headers(app)


def network_of(address: str) -> str:
    """What counts as one sender: an IPv4 address, or the 64 bits of an IPv6 address that a house is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _filing(fields: Mapping[str, str], origin: str) -> Filing:
    contact = fields.get("contact", "").strip()
    talk = fields.get("talk_s", "").strip()
    if talk and not (talk.isascii() and talk.isdigit() and len(talk) <= len(str(filing.MAX_TALK_S))):
        raise _RefusedError("bad_entry")
    said = Filing(
        source=Source.FORM,
        number=fields.get("number", ""),
        kind=_term(fields, "kind", Kind),
        industry=_term(fields, "industry", Industry),
        way=_term(fields, "way", Way),
        at_ms=_moment_ms(fields.get("day", "").strip(), fields.get("clock", "").strip()),
        talk_s=int(talk) if talk else -1,
        company=fields.get("company", "").strip(),
        content=fields.get("content", "").strip(),
        contact=contact,
        # nobody has shown that the contact is his: one network is one complainer, whatever it calls itself
        complainer=origin,
        origin=origin,
    )
    return _checked(said)


def _checked(said: Filing) -> Filing:
    """The same, if it can be filed; else refused in the words of the page."""
    now_ms = _now_ms()
    too_long = len(said.company) > filing.MAX_COMPANY_CHARS or len(said.content) > filing.MAX_CONTENT_CHARS
    if too_long or len(said.contact) > filing.MAX_CONTACT_CHARS:
        raise _RefusedError("too_long")
    if said.at_ms and not now_ms - filing.OLDEST_MS <= said.at_ms <= now_ms + filing.AHEAD_MS:
        raise _RefusedError("bad_time")
    try:
        filing.check(said, now_ms)
    except UserError:
        raise _RefusedError("bad_number") from None
    return said


def _term(fields: Mapping[str, str], name: str, terms: type[_Term]) -> _Term:
    try:
        return terms(fields.get(name, ""))
    except ValueError:
        raise _RefusedError("bad_entry") from None


def _moment_ms(day: str, clock: str) -> int:
    if not day:
        return 0
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '12:00'}")
        return int(moment.replace(tzinfo=HOME_ZONE).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise _RefusedError("bad_time") from None


def _local(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, HOME_ZONE).strftime("%Y-%m-%d %H:%M")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class _Headers:
    """Puts the console's security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with)
