"""Batches by NATS, whose servers take MQTT too: shared among all workers that listen, each batch heard by one of them."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from catflap_host.ingest.broker import Broker, answer_topic, from_subject, probe_of, to_subject
from catflap_host.ingest.intake import Intake

TRANSPORT = "nats"
SUBJECTS = "catflap.v1.batch.*.*"
QUEUE = "catflap-ingest"
MAX_OPEN = 128
"""So many batches are under way at once; the next ones wait here, and some 64 MB of them at most."""
RETRY_S = 1
LOST_AFTER_S = 2
"""A server that answers no ping for twice so long is left."""

_log = logging.getLogger(__name__)


class NatsIntake:
    """Connected to one server of a cluster for as long as it runs; where that one goes away, to another."""

    def __init__(self, broker: Broker, intake: Intake, on_ready: Callable[[], None]) -> None:
        """`on_ready` is called once batches are heard."""
        self._broker = broker
        self._intake = intake
        self._on_ready = on_ready
        self._free = asyncio.Semaphore(MAX_OPEN)
        self._open: set[asyncio.Task[None]] = set()
        self._client: Client

    async def run_until(self, stopped: asyncio.Event) -> None:
        """Serve, then answer what is under way."""
        serving = asyncio.create_task(self._serve())
        stopping = asyncio.create_task(stopped.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not serving.done():
            # no server was reached so far
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
            return
        subscription = await serving
        await stopped.wait()
        with suppress(nats.errors.Error):
            await subscription.unsubscribe()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._client.close()

    async def _serve(self) -> Subscription:
        scheme = "tls" if self._broker.tls else "nats"
        self._client = await nats.connect(
            servers=[f"{scheme}://{host}:{port}" for host, port in self._broker.places],
            name="catflap-aggregator",
            user=self._broker.user or None,
            password=self._broker.password or None,
            tls=self._broker.tls,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RETRY_S,
            ping_interval=LOST_AFTER_S,
            error_cb=_say_error,
            disconnected_cb=_say_gone,
        )
        subscription = await self._client.subscribe(SUBJECTS, queue=QUEUE, cb=self._heard)
        await self._client.flush()
        self._on_ready()
        return subscription

    async def _heard(self, message: Msg) -> None:
        await self._free.acquire()
        task = asyncio.create_task(self._answer(from_subject(message.subject), message.data))
        self._open.add(task)
        task.add_done_callback(self._done)

    async def _answer(self, topic: str, body: bytes) -> None:
        reply = await self._intake.take(body, TRANSPORT, probe_of(topic))
        await self._client.publish(to_subject(answer_topic(topic)), b"%d %s" % (reply.status, reply.body))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        self._free.release()
        if not task.cancelled() and task.exception():
            _log.error("a batch was not answered", exc_info=task.exception())


async def _say_error(error: Exception) -> None:
    _log.warning("NATS: %s", error or type(error).__name__)


async def _say_gone() -> None:
    _log.warning("the NATS server is gone")
