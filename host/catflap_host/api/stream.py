"""Server-sent events: every stored record in order, from any point on, live at the end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import Header, Query
from fastapi.responses import StreamingResponse

from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database
from catflap_host.store.rows import Change

MAX_READ = 200
KEEP_ALIVE_S = 15.0

MAX_ID = 2**63 - 1
After = Annotated[int | None, Query(ge=0, le=MAX_ID)]
LastEventId = Annotated[int | None, Header(ge=0, le=MAX_ID)]

Encode = Callable[[Change], tuple[str, str]]
"""An event's name and data for a change."""


def response(database: Database, commits: Commits, after: int | None, last_event_id: int | None, encode: Encode) -> StreamingResponse:
    """The stream past what the browser saw last, or else past `after`, or else from now on."""
    position = after if last_event_id is None else last_event_id
    return StreamingResponse(_events(database, commits, position, encode), media_type="text/event-stream")


async def _events(database: Database, commits: Commits, after: int | None, encode: Encode) -> AsyncIterator[str]:
    """Changes past `after` (None, or an id not stored yet: from now on); an event's id is its record's, so none is missed or told twice."""
    newest = await asyncio.to_thread(queries.last_change, database)
    position = newest if after is None else min(after, newest)
    yield f"id: {position}\n: from here on\n\n"
    while not commits.stopped:
        committed = commits.next()
        found = await asyncio.to_thread(_read, database, position, encode)
        for change_id, text in found:
            yield text
            position = change_id
        if not found and not await _within(KEEP_ALIVE_S, committed):
            yield ": nothing new\n\n"


def _read(database: Database, after: int, encode: Encode) -> list[tuple[int, str]]:
    return [(change.id, _event(change.id, *encode(change))) for change in queries.changes(database, after, MAX_READ)]


def _event(event_id: int, name: str, data: str) -> str:
    lines = "".join(f"data: {line}\n" for line in data.splitlines())
    return f"id: {event_id}\nevent: {name}\n{lines}\n"


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether the event came in time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
