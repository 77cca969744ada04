"""The HTTP client: an exchange that is given up is over, and its late answer is nobody's."""

import asyncio
from contextlib import suppress

import pytest

from catflap_probe.uplink.http import HttpClient

STEPS = 8
"""More turns of the event loop than an answer takes from the socket to its reader."""


class Answering(HttpClient):
    """Its answer comes when the test gives it."""

    def __init__(self) -> None:
        super().__init__([("nowhere", 80)], None)
        self.given = asyncio.Event()

    async def _post(self, path: str, content_type: str, body: bytes) -> tuple[int, bytes]:
        await self.given.wait()
        return 200, body


@pytest.mark.parametrize("steps", range(STEPS))
def test_a_cancellation_beside_the_answer_is_not_lost(steps: int) -> None:
    async def scene() -> None:
        client = Answering()
        posting = asyncio.create_task(client.post("/", "text/plain", b"body"))
        for _ in range(STEPS):
            await asyncio.sleep(0)
        client.given.set()
        for _ in range(steps):
            await asyncio.sleep(0)
        if posting.cancel():
            with pytest.raises(asyncio.CancelledError):
                await posting
        else:
            assert await posting == (200, b"body")

    asyncio.run(scene())


def test_a_late_answer_is_not_taken_for_the_next_ones() -> None:
    heard = asyncio.Queue[bytes]()
    free = asyncio.Event()

    serving = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        while head := await reader.readline():
            while line := (await reader.readline()).strip():
                head = line if line.lower().startswith(b"content-length:") else head
            body = await reader.readexactly(int(head.rpartition(b":")[2]))
            await heard.put(body)
            await free.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def scene() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        client = HttpClient([("127.0.0.1", server.sockets[0].getsockname()[1])], None)
        first = asyncio.create_task(client.post("/", "text/plain", b"first"))
        assert await heard.get() == b"first"
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        free.set()
        assert await client.post("/", "text/plain", b"next") == (200, b"next")
        client.close()
        await asyncio.gather(*filter(None, serving))
        server.close()

    asyncio.run(scene())
