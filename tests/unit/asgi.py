"""One request to an ASGI application in this process."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered."""

    status: int
    headers: Headers
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def ask(
    app: ASGIApp, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"", address: str = "127.0.0.1"
) -> Answer:
    """Ask for a path with its query, from an address, as the host `localhost`."""
    path, _, query = target.partition("?")
    sent: list[Message] = []
    told = False

    async def receive() -> Message:
        nonlocal told
        if told:
            # whoever streams an answer waits here for the listener to go
            await asyncio.Event().wait()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    named = {"host": "localhost"} | dict(headers or {})
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in named.items()],
        "client": (address, 40_000),
        "server": ("localhost", 80),
    }

    async def answer() -> None:
        await app(scope, receive, send)

    asyncio.run(answer())
    return Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:]))
