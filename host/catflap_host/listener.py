"""A listening address: read from text, bound, checked, and served by one ASGI application."""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from catflap_host.accepting import Accepting
from catflap_host.errors import UserError

KEEP_ALIVE_S = 60
BACKLOG = 4_096
"""Connections that wait in the system for their turn; Linux allows no more unless it is told to."""
GRACE_S = 5


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes a free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A certificate and its key, both PEM."""

    cert: Path
    key: Path


def parse_address(text: str) -> Address:
    """`HOST:PORT` or `[HOST]:PORT` as an address; raises ValueError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError(f"'{text}' is not HOST:PORT")
    return Address(host.removeprefix("[").removesuffix("]"), int(port))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`, an address or `localhost`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def bind(address: Address) -> socket.socket:
    """A socket bound to the address, not yet listening; raises UserError."""
    try:
        # the protocol is named, since asyncio sends without delay only where it sees TCP
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        with contextlib.ExitStack() as on_failure:
            listening = on_failure.enter_context(socket.socket(family, kind, protocol))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
            on_failure.pop_all()
    except OSError as error:
        raise UserError(f"cannot listen on {address.host}:{address.port}: {error.strerror}; choose another address or port") from None
    return listening


def url(listening: socket.socket, tls: bool) -> str:
    """How to reach a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


class Listener(uvicorn.Server):
    """One socket served by one application; `ready` is set once it answers. Signals are its owner's business."""

    def __init__(self, app: ASGIApp, listening: socket.socket, tls: TlsFiles | None = None) -> None:
        """Raises UserError when the certificate or its key cannot be used."""
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
            ssl_certfile=tls.cert if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        if tls:
            _check(tls)
        config.load()
        super().__init__(config)
        self.ready = asyncio.Event()
        self._listening = listening
        self._accepting: Accepting

    async def run_until_stopped(self) -> None:
        """Serve until `should_exit` is set."""
        await self.serve(sockets=[self._listening])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - it has one of its own
        """Begin to serve, then say so."""
        await super().startup([])
        self._accepting = Accepting(self._listening, self._protocol, self.config.ssl, self.config.backlog)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more, and answer what is under way."""
        await self._accepting.stop()
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        served_by: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return served_by(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none: two listeners share the process."""
        yield


def _check(tls: TlsFiles) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.cert, tls.key, password=_no_password)
    except (OSError, ValueError) as error:
        raise UserError(
            f"cannot use {tls.cert} with {tls.key}: {error}; give a PEM certificate and its own key without a password"
        ) from None


def _no_password() -> str:
    raise ValueError("the key has a password")
