"""Connections that come all at once are all served, and one that makes no sense costs no other anything."""

import asyncio
import shutil
import socket
import ssl
from pathlib import Path

import pytest

from catflap_host.accepting import AT_ONCE, Accepting
from tests.e2e.test_tls import certificate


class Echo(asyncio.Protocol):
    """Sends back what it hears."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


def listening() -> socket.socket:
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found


async def echoed(port: int, tls: ssl.SSLContext | None, said: bytes) -> bytes:
    """What comes back of something said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
    writer.write(said)
    heard = await reader.readexactly(len(said))
    writer.close()
    return heard


def test_many_at_once_are_served_until_the_end() -> None:
    async def served() -> None:
        with listening() as place:
            port = place.getsockname()[1]
            accepting = Accepting(place, Echo, None, 100)
            assert await asyncio.gather(*(echoed(port, None, b"%d" % n) for n in range(5 * AT_ONCE))) == [
                b"%d" % n for n in range(5 * AT_ONCE)
            ]
            await accepting.stop()
        with pytest.raises(ConnectionRefusedError):
            await echoed(port, None, b"more")

    asyncio.run(served())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_long_messages_by_tls_beside_one_who_speaks_none(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "listener")
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(cert, key)
    said = bytes(range(256)) * 1_000

    async def served() -> None:
        with listening() as place:
            port = place.getsockname()[1]
            accepting = Accepting(place, Echo, ours, 100)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert b"HTTP" not in await reader.read()
            writer.close()
            silent = await asyncio.open_connection("127.0.0.1", port)
            assert await echoed(port, ssl.create_default_context(cafile=str(cert)), said) == said
            await accepting.stop()
            silent[1].close()

    asyncio.run(served())
