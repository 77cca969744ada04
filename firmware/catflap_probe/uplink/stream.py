"""An exchange over TCP: one at a time, every wait bounded, the connection kept open, the next place after a fault."""

import asyncio

from .address import split_urls
from .client import Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext


class StreamError(Exception):
    """The other side could not be reached or makes no sense; the message says which."""


class StreamClient(Client):
    """Posts to one of several servers that mean the same."""

    scheme = ""
    """What its addresses begin with; without it, it cannot move."""

    wait_s = 20
    """No answer takes longer."""

    def __init__(self, places: "list[tuple[str, int]]", tls: "SSLContext | None") -> None:
        """`places` are hosts and ports."""
        self.places = self._home = places
        self.tls = tls
        self._at = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        """Status and body of the answer; raises StreamError, after which the next call connects anew, to the next place."""
        over = asyncio.Event()
        exchange = asyncio.create_task(self._try(path, content_type, body, over))
        # no wait_for(): CPython 3.11 may lose a cancellation in it
        timer = asyncio.create_task(_set_later(over, self.wait_s))
        try:
            await over.wait()
            found = await exchange if exchange.done() else None
        finally:
            timer.cancel()
            if not exchange.done():
                # an answer that nobody waits for must not be taken for the next one's
                exchange.cancel()
                self.close()
        if found is not None and not isinstance(found, Exception):
            return found
        self.close()
        host, port = self.places[self._at]
        self._at = (self._at + 1) % len(self.places)
        if found is None:
            raise StreamError("no answer from %s:%d within %d s" % (host, port, self.wait_s))
        raise StreamError("%s:%d: %s" % (host, port, str(found) or "connection lost"))

    def move(self, urls: "list[str]") -> None:
        """See Client; what was reached over TLS is not left for a place without."""
        scheme, places = split_urls(urls)
        if scheme != self.scheme:
            raise ValueError("sent from %s:// to %s://, which we do not follow" % (self.scheme, scheme))
        self._go(places)

    def go_home(self) -> None:
        """See Client."""
        if self.places is not self._home:
            self._go(self._home)

    def _go(self, places: "list[tuple[str, int]]") -> None:
        self.close()
        self.places = places
        self._at = 0

    def close(self) -> None:
        """Closes the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = None
        self._writer = None

    async def exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, content_type: str, body: bytes
    ) -> "tuple[int, bytes]":
        """Sends a body over an open connection and reads its answer; raises OSError, EOFError where it is gone, ValueError for nonsense."""
        raise OSError("each protocol says how")

    async def opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Says what a new connection begins with; raises as `exchange` does."""

    async def _try(self, path: str, content_type: str, body: bytes, over: asyncio.Event) -> "tuple[int, bytes] | Exception":
        """The answer, or why there is none; sets `over` then."""
        try:
            return await self._post(path, content_type, body)
        except IndexError:
            return ValueError("an answer of no sense")
        except (OSError, EOFError, ValueError) as fault:
            return fault
        finally:
            over.set()

    async def _post(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        was_open = self._writer is not None
        try:
            return await self._once(path, content_type, body)
        except (OSError, EOFError):
            if not was_open:
                raise
        # the server closed an idle connection: once more on a fresh one
        self.close()
        return await self._once(path, content_type, body)

    async def _once(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        if self._reader is None or self._writer is None:
            host, port = self.places[self._at]
            if self.tls is None:
                self._reader, self._writer = await asyncio.open_connection(host, port)
            else:
                self._reader, self._writer = await asyncio.open_connection(host, port, ssl=self.tls, server_hostname=host)
            await self.opened(self._reader, self._writer)
        return await self.exchange(self._reader, self._writer, path, content_type, body)


async def _set_later(event: asyncio.Event, wait_s: int) -> None:
    await asyncio.sleep(wait_s)
    event.set()
