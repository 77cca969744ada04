"""`POST /v1/batch`: a probe's batch by HTTPS, read within its limits."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from catflap_host.ingest import envelope
from catflap_host.ingest.envelope import RefusedError
from catflap_host.ingest.intake import Intake

TRANSPORT = "http"
BODY_TIMEOUT_S = 20
# what is read of an oversized body, and thrown away, so that its sender gets to hear the refusal
MAX_DISCARDED_BYTES = 4 * envelope.MAX_BODY_BYTES


def make_app(intake: Intake) -> Starlette:
    """The ingest's ASGI application."""

    async def post_batch(request: Request) -> Response:
        try:
            body = await _read_body(request)
        except RefusedError as refused:
            reply = intake.refuse(refused, TRANSPORT)
        else:
            reply = await intake.take(body, TRANSPORT)
        return Response(reply.body, reply.status, media_type="application/x-catflap")

    return Starlette(routes=[Route("/v1/batch", post_batch, methods=["POST"])])


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
