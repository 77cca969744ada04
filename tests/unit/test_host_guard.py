"""The guard: a stream ends with its listener's right to hear it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api import guard
from catflap_host.store.database import open_database


def test_a_stream_ends_once_its_listener_is_disabled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "RECHECK_S", -1.0)
    database = open_database(tmp_path)
    with database.write() as connection:
        users.add(connection, "ada", Role.ADMINISTRATOR, False, None)
        users.add(connection, "vera", Role.VIEWER, False, None)
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {entering.issue_token(database, 'vera', '', 1)}".encode())]
    scope: dict[str, Any] = {"type": "http", "asgi": {"spec_version": "2.3"}, "method": "GET", "path": "/x", "headers": headers}
    sent: list[Message] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        async def events() -> Any:
            yield "one"
            await asyncio.to_thread(users.disable, database, "vera")
            yield "two"
            yield "three"

        await StreamingResponse(events())(scope, receive, send)

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(guard.Guard(application, database, False)(scope, receive, send))
    database.close()
    assert [message.get("body") for message in sent] == [None, b"one", b""]
    assert sent[-1]["more_body"] is False
