"""RFC 5424 messages, and their way: UDP (RFC 5426), TCP with octet counting (RFC 6587) or TLS (RFC 5425)."""

import asyncio
import os
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from catflap_host.deliver.events import ALARM_CHANGED, ALARM_RAISED, Event
from catflap_host.errors import UserError
from catflap_host.store.rows import Alarm

PORTS = {"udp": 514, "tcp": 601, "tls": 6514}
FACILITY = 16  # local0
NOTICE, WARNING = 5, 4
SD_ID = "catflap@32473"
"""The enterprise number that RFC 5612 keeps for those who have none."""
CONNECT_TIMEOUT_S = 10.0
SEND_TIMEOUT_S = 30.0
_BOM = "\ufeff"
_UNPRINTABLE = re.compile(r"[^!-~]")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where messages go: `udp`, `tcp` or `tls`; `ca_file` vouches for a receiver over TLS, None: the system's own do."""

    scheme: str
    host: str
    port: int
    ca_file: Path | None = None


def parse_receiver(text: str, ca_file: Path | None = None) -> Receiver:
    """`udp://HOST`, `tcp://HOST:PORT` or `tls://HOST` as a receiver. Raises UserError."""
    try:
        place = urlsplit(text)
        port = place.port
    except ValueError:
        raise _no_receiver(text) from None
    if place.scheme not in PORTS or not place.hostname or place.path or place.query or place.username:
        raise _no_receiver(text)
    if ca_file and place.scheme != "tls":
        raise UserError("--syslog-ca vouches for a receiver over TLS; name it as tls://HOST:PORT")
    return Receiver(place.scheme, place.hostname, port or PORTS[place.scheme], ca_file)


def message(event: Event, hostname: str, process: int) -> bytes:
    """An event as a message: its fields as structured data, and one sentence."""
    severity = WARNING if event.type in (ALARM_RAISED, ALARM_CHANGED) else NOTICE
    moment = datetime.fromtimestamp(event.at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    name = _UNPRINTABLE.sub("-", hostname)[:255] or "-"
    fields, sentence = _told(event)
    data = "".join(f' {key}="{_escaped(str(value))}"' for key, value in fields.items())
    head = f"<{FACILITY * 8 + severity}>1 {moment} {name} catflap {process} {event.type}"
    return f"{head} [{SD_ID}{data}] {_BOM}{sentence}".encode("utf-8", "replace")


class Sender:
    """A way to a receiver, opened when it is first needed and anew after a fault."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, messages: Sequence[bytes]) -> None:
        """Hand the messages over; over TCP and TLS the system has them all when this returns. Raises OSError."""
        if self._receiver.scheme == "udp":
            await asyncio.to_thread(self._send_datagrams, messages)
            return
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                writer = await self._connected()
                writer.write(b"".join(b"%d %s" % (len(text), text) for text in messages))
                await writer.drain()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def _connected(self) -> asyncio.StreamWriter:
        # a receiver that has gone says so before the next message is lost on it
        if self._reader and (self._reader.at_eof() or self._reader.exception()):
            self.close()
        if self._writer is None:
            context = ssl.create_default_context(cafile=self._receiver.ca_file) if self._receiver.scheme == "tls" else None
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                self._reader, self._writer = await asyncio.open_connection(self._receiver.host, self._receiver.port, ssl=context)
        return self._writer

    def _send_datagrams(self, messages: Sequence[bytes]) -> None:
        found = socket.getaddrinfo(self._receiver.host, self._receiver.port, type=socket.SOCK_DGRAM)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as sending:
            for text in messages:
                sending.sendto(text, place)


def own_name() -> tuple[str, int]:
    """What messages say of their sender: this machine's name, and the process."""
    return socket.gethostname(), os.getpid()


def _told(event: Event) -> tuple[dict[str, object], str]:
    subject = event.subject
    place: dict[str, object] = {"event": event.id, "probe": subject.probe, "trunk": subject.trunk}
    if isinstance(subject, Alarm):
        found = {"kind": subject.kind, "alarm": subject.alarm, "members": len(subject.members), "score": subject.score}
        sentence = f"Alarm {subject.kind} on {subject.trunk}: {len(subject.members)} numbers"
        if event.type not in (ALARM_RAISED, ALARM_CHANGED):
            triage = subject.triage
            sentence += f", {event.type.partition('.')[2]}"
            found |= {"acknowledged_by": triage.acknowledged_by, "assigned_to": triage.assigned_to, "verdict": triage.verdict}
        return {**place, **found, "reasons": ",".join(subject.reasons)}, sentence
    call = {"line": subject.line, "calling": subject.calling, "label": subject.label, "score": subject.score}
    sentence = f"Call from {subject.calling or subject.presentation} stopped on {subject.trunk}, line {subject.line}: {subject.label}"
    return {**place, **call, "reasons": ",".join(subject.reasons)}, sentence


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


def _no_receiver(text: str) -> UserError:
    return UserError(f"'{text}' is no syslog receiver; write udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT")
