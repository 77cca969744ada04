"""The probe's MQTT client against brokers that make no sense: a named fault, never a hang, and never somebody else's answer."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.linux.board import LinuxBoard
from catflap_probe.uplink.mqtt import MqttClient
from catflap_probe.uplink.stream import StreamError

Broker = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
CONNECTED, SUBSCRIBED = b"\x20\x02\x00\x00", b"\x90\x03\x00\x01\x00"


def post_to(broker: Broker, body: bytes = b"body") -> tuple[int, bytes]:
    """The answer to a body posted at a broker that does as it is told."""

    async def scene() -> tuple[int, bytes]:
        ended = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await broker(reader, writer)
            finally:
                writer.close()
                ended.set()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        client = MqttClient(LinuxBoard(), "demo-a", b"", [("127.0.0.1", server.sockets[0].getsockname()[1])], None)
        client.wait_s = 5
        try:
            return await client.post("", "", body)
        finally:
            client.close()
            await ended.wait()
            server.close()
            await server.wait_closed()

    return asyncio.run(scene())


async def packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next packet from the client: its first byte and what follows its length."""
    kind = (await reader.readexactly(1))[0]
    length = shift = 0
    more = 0x80
    while more & 0x80:
        more = (await reader.readexactly(1))[0]
        length |= (more & 0x7F) << shift
        shift += 7
    return kind, await reader.readexactly(length)


async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Let the client in; the topic of its batch."""
    kind, hello = await packet(reader)
    assert (kind, hello[:10]) == (0x10, b"\x00\x04MQTT\x04\x82\x00\x3c")
    writer.write(CONNECTED)
    assert await packet(reader) == (0x82, b"\x00\x01\x00\x1acatflap/v1/answer/demo-a/+\x00")
    writer.write(SUBSCRIBED)
    kind, batch = await packet(reader)
    assert kind == 0x32
    return batch[2 : 2 + int.from_bytes(batch[:2], "big")]


def published(topic: bytes, payload: bytes) -> bytes:
    """A PUBLISH packet at QoS 0 of less than 128 bytes."""
    return bytes((0x30, 2 + len(topic) + len(payload))) + len(topic).to_bytes(2, "big") + topic + payload


def test_only_the_answer_under_the_number_of_the_batch_counts() -> None:
    async def broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        topic = (await enter(reader, writer)).replace(b"batch", b"answer")
        writer.write(b"\x40\x02\x00\x07\xd0\x00")
        writer.write(published(topic + b"9", b"401 other") + published(topic[:-1], b"401 other"))
        for byte in published(topic, b"200 this one"):
            writer.write(bytes((byte,)))
            await writer.drain()
        await reader.read()

    assert post_to(broker) == (200, b"this one")


@pytest.mark.parametrize("size", [0, 100, 127, 128, 16_383, 16_384, 40_000])
def test_batch_of_any_size_arrives_whole(size: int) -> None:
    arrived = bytearray()

    async def broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        writer.write(CONNECTED)
        await packet(reader)
        writer.write(SUBSCRIBED)
        _, batch = await packet(reader)
        length = int.from_bytes(batch[:2], "big")
        arrived.extend(batch[4 + length :])
        writer.write(published(batch[2 : 2 + length].replace(b"batch", b"answer"), b"200 "))
        await reader.read()

    assert post_to(broker, b"x" * size) == (200, b"")
    assert arrived == b"x" * size


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        (b"\x20\x02\x00\x05", "refuses us: not allowed"),
        (b"\x20\x02\x00\x63", "refuses us: 99"),
        (CONNECTED + b"\x90\x03\x00\x01\x80", "does not let us hear"),
        (b"\x20\xff\xff\xff\xff\xff", "no sensible length"),
        (b"\x20\x00", "an answer of no sense"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "read on a total"),
        (b"", "read on a total"),
    ],
)
def test_broker_that_refuses_or_makes_no_sense_is_a_named_fault(says: bytes, fault: str) -> None:
    async def broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(says)
        writer.write_eof()
        await reader.read()

    with pytest.raises(StreamError, match=fault):
        post_to(broker)


@settings(max_examples=50)
@given(st.binary(max_size=60), st.booleans())
def test_random_bytes_end_in_a_fault(noise: bytes, is_entered: bool) -> None:
    async def broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((CONNECTED + SUBSCRIBED if is_entered else b"") + noise)
        writer.write_eof()
        await reader.read()

    with pytest.raises(StreamError):
        post_to(broker)
