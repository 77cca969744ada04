"""Connections accepted no faster than they can be served, so that thousands that come at once are served one after the other.

All at once would share the processor until every one of them has waited too long and comes again.
"""

import asyncio
import logging
import socket
import ssl
from asyncio import sslproto
from collections.abc import Callable

AT_ONCE = 8
"""So many between two turns of the event loop, in which all that was begun goes on."""
HANDSHAKE_S = 20.0
TLS_READ_BYTES = 16_384
"""The longest record of TLS. asyncio's own choice, 256 KiB for each connection, would be 1.3 GB for 5,000 probes."""
RETRY_S = 1.0

_log = logging.getLogger(__name__)


class Accepting:
    """Accepts at one socket from entering to `stop`."""

    def __init__(
        self, listening: socket.socket, protocol: Callable[[], asyncio.Protocol], tls: ssl.SSLContext | None, backlog: int
    ) -> None:
        """`protocol` makes what serves a connection; `backlog` may wait in the system."""
        self._listening, self._protocol, self._tls = listening, protocol, tls
        sslproto.SSLProtocol.max_size = TLS_READ_BYTES
        listening.setblocking(False)
        listening.listen(backlog)
        self._opening: set[asyncio.Task[None]] = set()
        self._task = asyncio.create_task(self._accept())

    async def stop(self) -> None:
        """Accept no more, and let go of connections that are not open yet."""
        for task in (self._task, *self._opening):
            task.cancel()
        await asyncio.wait([self._task, *self._opening])

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            for _ in range(AT_ONCE):
                try:
                    connection, _ = await loop.sock_accept(self._listening)
                except ConnectionError:
                    # it has left before it was its turn
                    continue
                except OSError as error:
                    _log.warning("no more connections can be accepted: %s; trying again", error.strerror)
                    await asyncio.sleep(RETRY_S)
                    continue
                task = asyncio.create_task(self._open(connection))
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)
            await asyncio.sleep(0)

    async def _open(self, connection: socket.socket) -> None:
        """Do the handshake, after which the protocol goes on by itself."""
        loop = asyncio.get_running_loop()
        try:
            # without TLS there is no handshake to be bounded
            wait_s = HANDSHAKE_S if self._tls else None
            await loop.connect_accepted_socket(self._protocol, connection, ssl=self._tls, ssl_handshake_timeout=wait_s)
        except OSError as error:
            # whoever it was speaks no TLS, doubts the certificate or has left
            _log.debug("a connection was not opened: %s", error)
            connection.close()
