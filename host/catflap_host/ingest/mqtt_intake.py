"""Batches by MQTT 3.1.1: heard at a broker, answered on the probe's topic."""

import asyncio
import logging
import secrets
import socket
import threading
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from catflap_host.ingest.broker import BATCHES, Broker, answer_topic, probe_of
from catflap_host.ingest.intake import Intake

TRANSPORT = "mqtt"
MAX_OPEN = 128
"""So many batches are under way at once; the next ones wait at the broker."""
LONGEST_RETRY_S = 30

_log = logging.getLogger(__name__)


class MqttIntake:
    """Connected to a broker for as long as it runs; whatever happens there, it comes back."""

    def __init__(self, broker: Broker, intake: Intake, on_ready: Callable[[], None]) -> None:
        """`on_ready` is called in the event loop whenever batches begin to be heard."""
        self._on_ready = on_ready
        self._broker = broker
        self._intake = intake
        self._loop = asyncio.get_running_loop()
        self._free = threading.Semaphore(MAX_OPEN)
        self._open: set[asyncio.Task[None]] = set()
        self._client = client = mqtt.Client(
            CallbackAPIVersion.VERSION2, f"catflap-aggregator-{secrets.token_hex(4)}", clean_session=True, protocol=mqtt.MQTTv311
        )
        if broker.user:
            client.username_pw_set(broker.user, broker.password or None)
        if broker.tls is not None:
            client.tls_set_context(broker.tls)
        client.reconnect_delay_set(1, LONGEST_RETRY_S)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_message = self._heard
        client.on_socket_open = _send_at_once

    async def run_until(self, stopped: asyncio.Event) -> None:
        """Serve, then answer what is under way."""
        host, port = self._broker.places[0]
        self._client.connect_async(host, port)
        self._client.loop_start()
        try:
            await stopped.wait()
        finally:
            self._client.unsubscribe(BATCHES)
            await asyncio.gather(*self._open, return_exceptions=True)
            self._client.disconnect()
            # its thread may wait for this loop to take a batch
            await asyncio.to_thread(self._client.loop_stop)

    # what follows up to _arrived() is called in the client's own thread

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            _log.warning("the MQTT broker refuses us: %s", reason)
        else:
            client.subscribe(BATCHES, qos=1)

    def _disconnected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            _log.warning("the MQTT broker is gone: %s", reason)

    def _subscribed(self, _client: Any, _data: Any, _mid: int, reasons: list[Any], _properties: Any) -> None:
        if reasons[0].is_failure:
            _log.warning("the MQTT broker does not let us hear %s: %s", BATCHES, reasons[0])
        else:
            self._loop.call_soon_threadsafe(self._on_ready)

    def _heard(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._free.acquire()
        self._loop.call_soon_threadsafe(self._arrived, message.topic, bytes(message.payload))

    def _arrived(self, topic: str, body: bytes) -> None:
        task = asyncio.create_task(self._answer(topic, body))
        self._open.add(task)
        task.add_done_callback(self._done)

    async def _answer(self, topic: str, body: bytes) -> None:
        reply = await self._intake.take(body, TRANSPORT, probe_of(topic))
        self._client.publish(answer_topic(topic), b"%d %s" % (reply.status, reply.body))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        self._free.release()
        if not task.cancelled() and task.exception():
            _log.error("a batch was not answered", exc_info=task.exception())


def _send_at_once(_client: Any, _data: Any, sock: Any) -> None:
    # an answer is not to wait until the broker has acknowledged the packet before it
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
