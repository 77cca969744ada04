"""`POST /v1/batch`: a probe's batch read within its limits, verified, committed, and answered as the protocol's table says."""

import asyncio
import logging
import sqlite3
import time

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from catflap_host.ingest import envelope
from catflap_host.ingest.envelope import RefusedError
from catflap_host.store import queries
from catflap_host.store.writer import BusyError, Stored, Writer

BODY_TIMEOUT_S = 20
BUSY_RETRY_MS = 1_000
# what is read of an oversized body, and thrown away, so that its sender gets to hear the refusal
MAX_DISCARDED_BYTES = 4 * envelope.MAX_BODY_BYTES

_log = logging.getLogger(__name__)


def make_app(writer: Writer, keys: sqlite3.Connection) -> Starlette:
    """The ingest's ASGI application; `keys` is read in the event loop's thread alone."""

    async def post_batch(request: Request) -> Response:
        try:
            body = await _read_body(request)
            batch = envelope.split(body)
            key = queries.key(keys, batch.header.probe)
            if key is None:
                raise RefusedError(401, "unknown-probe", f"no probe {batch.header.probe} is enrolled here")
            envelope.verify(batch, key)
            records = envelope.read_records(batch)
        except RefusedError as refused:
            return _response(refused.status, envelope.refusal(refused))
        try:
            stored = await asyncio.wrap_future(writer.submit(batch.header, records))
        except BusyError as busy:
            _log.warning("batch of %s not taken: %s", batch.header.probe, busy)
            ack = queries.ack(keys, batch.header.probe, batch.header.boot)
            return _response(503, envelope.answer(batch.header, ack, _wall_ms(), BUSY_RETRY_MS, "busy", key))
        return _stored_response(batch.header, stored, key)

    return Starlette(routes=[Route("/v1/batch", post_batch, methods=["POST"])])


def _stored_response(header: envelope.Header, stored: Stored, key: bytes) -> Response:
    if stored.gap:
        return _response(409, envelope.answer(header, stored.ack, _wall_ms(), 0, "gap", key))
    return _response(200, envelope.answer(header, stored.ack, _wall_ms(), 0, "", key))


async def _read_body(request: Request) -> bytes:
    """The body, never holding more than its limit; raises RefusedError `too-large` or, when it does not arrive, `malformed`."""
    body = bytearray()
    size = 0
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= envelope.MAX_BODY_BYTES:
                    body += chunk
                elif size > MAX_DISCARDED_BYTES:
                    break
    except TimeoutError:
        raise envelope.malformed(f"the body did not arrive within {BODY_TIMEOUT_S} s") from None
    except ClientDisconnect:
        raise envelope.malformed("the sender left before the end of the body") from None
    if size > envelope.MAX_BODY_BYTES:
        raise envelope.too_large(f"the body has {size} bytes or more, {envelope.MAX_BODY_BYTES} may be sent at once")
    return bytes(body)


def _response(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/x-catflap")


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
