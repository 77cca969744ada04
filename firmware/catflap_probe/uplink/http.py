"""A small HTTP/1.1 client: POST only."""

from .stream import StreamClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

MAX_BODY = 16384
MAX_HEADERS = 64


class HttpClient(StreamClient):
    """Posts to a server."""

    async def exchange(
        self, reader: "StreamReader", writer: "StreamWriter", path: str, content_type: str, body: bytes
    ) -> "tuple[int, bytes]":
        """See StreamClient."""
        host, port = self.places[self._at]
        head = "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (
            path,
            host,
            port,
            content_type,
            len(body),
        )
        writer.write(head.encode() + body)
        await writer.drain()
        status_line = await reader.readline()
        if not status_line:
            raise EOFError("connection closed")
        status = int(status_line.split()[1])
        length = -1
        is_last = False
        for _ in range(MAX_HEADERS):
            header = (await reader.readline()).strip().lower()
            if not header:
                break
            if header.startswith(b"content-length:"):
                length = int(header[15:])
            elif header.startswith(b"connection:"):
                is_last = b"close" in header
        if not 0 <= length <= MAX_BODY:
            raise ValueError("an answer without a sensible Content-Length")
        content = await reader.readexactly(length)
        if is_last:
            self.close()
        return status, content
