"""Asks an ASGI application without a socket: a request in, the whole answer out."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(
    app: ASGIApp, method: str, path: str, token: str = "", query: dict[str, str] | None = None, body: object = None, content: bytes = b""
) -> Answer:
    """The answer to a request, `body` as JSON or `content` as it is; with a token it is its user's."""
    headers = [(b"host", b"localhost")]
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    if body is not None:
        content = json.dumps(body).encode()
        headers.append((b"content-type", b"application/json"))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(query or {}).encode(),
        "headers": headers,
        "server": ("localhost", 80),
        "client": ("localhost", 1),
    }
    return asyncio.run(_asked(app, scope, content))


async def _asked(app: ASGIApp, scope: dict[str, Any], content: bytes) -> Answer:
    is_sent, done = False, asyncio.Event()
    parts: list[Message] = []

    async def receive() -> Message:
        nonlocal is_sent
        if is_sent:
            await done.wait()
            return {"type": "http.disconnect"}
        is_sent = True
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Message) -> None:
        parts.append(message)

    await app(scope, receive, send)
    done.set()
    status = next(part["status"] for part in parts if part["type"] == "http.response.start")
    return Answer(status, b"".join(part.get("body", b"") for part in parts))
