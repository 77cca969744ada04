"""Batches by NATS, whose servers take MQTT too: shared among all workers that listen, each batch heard by one of them."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

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
    """Connected to every server that it is told of, for as long as it runs; one that is away is tried again.

    So a worker hears the probes of each server without the others' help, be they a cluster or know nothing of each other.
    """

    def __init__(self, broker: Broker, intake: Intake, on_ready: Callable[[], None]) -> None:
        """`on_ready` is called once batches are heard from every server that is up."""
        self._broker = broker
        self._intake = intake
        self._on_ready = on_ready
        self._free = asyncio.Semaphore(MAX_OPEN)
        self._open: set[asyncio.Task[None]] = set()
        self._untried = set(broker.places)
        self._is_heard = self._is_told = False

    async def run_until(self, stopped: asyncio.Event) -> None:
        """Serve, then answer what is under way."""
        serving = [asyncio.create_task(self._serve(place, stopped)) for place in self._broker.places]
        await stopped.wait()
        await asyncio.gather(*serving)

    async def _serve(self, place: tuple[str, int], stopped: asyncio.Event) -> None:
        """Be connected to one server."""
        while not stopped.is_set():
            gone = asyncio.Event()
            try:
                client = await self._connect(place, gone)
                subscription = await client.subscribe(SUBJECTS, queue=QUEUE, cb=partial(self._heard, client))
                await client.flush()
            except (OSError, TimeoutError, nats.errors.Error) as error:
                self._note(place, is_heard=False)
                _log.warning("the NATS server at %s:%d is not to be had: %s", *place, error or type(error).__name__)
                await _first_of(stopped, timeout_s=RETRY_S)
                continue
            self._note(place, is_heard=True)
            await _first_of(stopped, gone)
            if not gone.is_set():
                with suppress(nats.errors.Error):
                    await subscription.unsubscribe()
                await asyncio.gather(*self._open, return_exceptions=True)
                await client.close()

    async def _connect(self, place: tuple[str, int], gone: asyncio.Event) -> Client:
        async def closed() -> None:
            gone.set()

        async def lost() -> None:
            _log.warning("the NATS server at %s:%d is gone", *place)

        scheme = "tls" if self._broker.tls else "nats"
        return await nats.connect(
            servers=[f"{scheme}://{place[0]}:{place[1]}"],
            name="catflap-aggregator",
            user=self._broker.user or None,
            password=self._broker.password or None,
            tls=self._broker.tls,
            # to no other server of its cluster, where we are already
            allow_reconnect=False,
            ping_interval=LOST_AFTER_S,
            error_cb=_say_error,
            disconnected_cb=lost,
            closed_cb=closed,
        )

    def _note(self, place: tuple[str, int], is_heard: bool) -> None:
        self._untried.discard(place)
        self._is_heard |= is_heard
        if self._is_heard and not self._untried and not self._is_told:
            self._is_told = True
            self._on_ready()

    async def _heard(self, client: Client, message: Msg) -> None:
        await self._free.acquire()
        task = asyncio.create_task(self._answer(client, from_subject(message.subject), message.data))
        self._open.add(task)
        task.add_done_callback(self._done)

    async def _answer(self, client: Client, topic: str, body: bytes) -> None:
        reply = await self._intake.take(body, TRANSPORT, probe_of(topic))
        # a server that is gone by now has lost its probe too, who sends again
        with suppress(nats.errors.Error):
            await client.publish(to_subject(answer_topic(topic)), b"%d %s" % (reply.status, reply.body))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        self._free.release()
        if not task.cancelled() and task.exception():
            _log.error("a batch was not answered", exc_info=task.exception())


async def _first_of(*events: asyncio.Event, timeout_s: float | None = None) -> None:
    """Return once one of the events is set, or the time is over."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _say_error(error: Exception) -> None:
    _log.warning("NATS: %s", error or type(error).__name__)
