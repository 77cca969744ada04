"""A small HTTP/1.1 client over asyncio streams: one connection kept open, POST only, every wait bounded."""

import asyncio

from .client import Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext

WAIT_S = 20
MAX_BODY = 16384
MAX_HEADERS = 64


class HttpError(Exception):
    """The other side could not be reached or does not speak HTTP; the message says which."""


class HttpClient(Client):
    """Posts to one server."""

    def __init__(self, host: str, port: int, tls: "SSLContext | None") -> None:
        self.host = host
        self.port = port
        self.tls = tls
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        """Status and body of the answer; raises HttpError, after which the next call connects anew."""
        over = asyncio.Event()
        exchange = asyncio.create_task(self._try(path, content_type, body, over))
        # no wait_for(): CPython 3.11 may lose a cancellation in it
        timer = asyncio.create_task(_set_later(over))
        try:
            await over.wait()
            found = await exchange if exchange.done() else None
        finally:
            timer.cancel()
            if not exchange.done():
                # an answer that nobody waits for must not be taken for the next one's
                exchange.cancel()
                self.close()
        if found is None:
            raise HttpError("no answer from %s:%d within %d s" % (self.host, self.port, WAIT_S))
        if isinstance(found, Exception):
            self.close()
            raise HttpError("%s:%d: %s" % (self.host, self.port, str(found) or "connection lost"))
        return found

    def close(self) -> None:
        """Closes the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = None
        self._writer = None

    async def _try(self, path: str, content_type: str, body: bytes, over: asyncio.Event) -> "tuple[int, bytes] | Exception":
        """The answer, or why there is none; sets `over` then."""
        try:
            return await self._post(path, content_type, body)
        except (OSError, EOFError, ValueError, IndexError) as fault:
            return fault
        finally:
            over.set()

    async def _post(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        was_open = self._writer is not None
        try:
            return await self._exchange(path, content_type, body)
        except (OSError, EOFError):
            if not was_open:
                raise
        # the server closed an idle connection: once more on a fresh one
        self.close()
        return await self._exchange(path, content_type, body)

    async def _exchange(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        if self._reader is None or self._writer is None:
            if self.tls is None:
                self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
            else:
                self._reader, self._writer = await asyncio.open_connection(self.host, self.port, ssl=self.tls, server_hostname=self.host)
        reader, writer = self._reader, self._writer
        head = "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (
            path,
            self.host,
            self.port,
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


async def _set_later(event: asyncio.Event) -> None:
    await asyncio.sleep(WAIT_S)
    event.set()


def split_url(url: str) -> "tuple[bool, str, int]":
    """(is HTTPS, host, port) of http://HOST[:PORT] or https://HOST[:PORT]; raises ValueError."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("http", "https"):
        raise ValueError("%r is no http:// or https:// address" % url)
    host, colon, port = rest.rstrip("/").partition(":")
    if not host or "/" in host or (colon and not port.isdigit()):
        raise ValueError("%r is no address of the form https://HOST:PORT" % url)
    return scheme == "https", host, int(port) if colon else (443 if scheme == "https" else 80)
