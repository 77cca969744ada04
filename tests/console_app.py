"""The console over a seeded database, in this process, and a browser of sorts that has signed in."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api.app import Parts, make_app
from catflap_host.correlate.service import Correlation
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database, open_database
from tests.console_seed import seed

USER = "li.wei"
PAGES = (
    "/",
    "/live",
    "/live?label=spoof",
    "/live?before=9",
    "/call/1",
    "/call/3",
    "/call/5",
    "/probes",
    "/probes/haidian-1",
    "/account",
    "/alarms",
    "/alarms?progress=",
    "/alarms/1",
    "/alarms/1?days=30",
    "/pools",
    "/traceback",
    "/policy",
    "/policy/edit",
    "/policy/raw",
    "/complaints",
    "/complaints?late=1",
    "/complaints/appeals",
    "/audits",
    "/audits/outgoing",
    "/reports",
    "/registers",
    "/registers/consent",
    "/registers/contract",
    "/registers/holiday",
    "/administration",
    "/administration/tokens",
    "/administration/audit",
    "/administration/integrations",
    "/administration/probes",
    "/administration/keeping",
)
"""Every page that a signed-in user can open, but for those that need something of the database first."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as a page."""
        return self.body.decode()


@dataclass
class Client:
    """Asks an application without a network; keeps cookies as a browser does, and follows no redirection."""

    app: ASGIApp
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Open an address."""
        return asyncio.run(self._ask("GET", path, b"", headers or {}))

    def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """Send a form of the console's own page."""
        sent = {"content-type": "application/x-www-form-urlencoded"} | dict(headers or {})
        return asyncio.run(self._ask("POST", path, urlencode(fields).encode(), sent))

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"host": "127.0.0.1", "accept": "text/html", "sec-fetch-site": "same-origin", "cookie": cookie}
        sent |= {name.lower(): value for name, value in headers.items()}
        place, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": place,
            "raw_path": place.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 80),
        }
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        answered = {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}
        for name, morsel in SimpleCookie(answered.get("set-cookie", "")).items():
            self.cookies[name] = morsel.value
        return Answer(messages[0]["status"], answered, b"".join(message.get("body", b"") for message in messages[1:]))


@contextmanager
def console(
    folder: Path, role: Role = Role.ADMINISTRATOR, may_unmask: bool = False, correlation: Correlation | None = None
) -> Iterator[tuple[Client, Database]]:
    """A client with USER's session, and the database behind it."""
    loop = asyncio.new_event_loop()
    with closing(open_database(folder)) as database:
        with database.write() as connection:
            users.add(connection, USER, role, may_unmask, "four horses in a lift")
        seed(database)
        app = make_app(Parts(database, folder, Commits(loop), correlation or Correlation(), (), "tests", False))
        yield Client(app, {"catflap": entering.open_session(database, USER)}), database
    loop.close()
