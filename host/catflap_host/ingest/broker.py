"""A broker that carries batches: its address from text, and the topics of batches and answers (firmware/PROTOCOL.md, section 10)."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from catflap_host.errors import UserError

BATCHES = "catflap/v1/batch/+/+"
_BATCH, _ANSWER = "batch", "answer"

_SCHEMES = {"mqtt": ("mqtt", 1883, False), "mqtts": ("mqtt", 8883, True), "nats": ("nats", 4222, False), "tls": ("nats", 4222, True)}


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker is, which may be a cluster of several, and how it is entered; `tls` is None where it is spoken to in clear."""

    protocol: str
    places: tuple[tuple[str, int], ...]
    user: str
    password: str = field(repr=False)
    tls: ssl.SSLContext | None


def parse_broker(protocol: str, text: str, ca_file: Path | None, password_file: Path | None) -> Broker:
    """The broker at `SCHEME://[USER@]HOST[:PORT]`, several with commas between; `protocol` is `mqtt` or `nats`. Raises UserError."""
    places = []
    user = ""
    is_tls = False
    for url in text.split(","):
        parts = urlsplit(url)
        found, default_port, is_tls = _SCHEMES.get(parts.scheme, ("", 0, False))
        try:
            port = parts.port or default_port
        except ValueError:
            port = 0
        if found != protocol or not parts.hostname or not port or parts.path or parts.password is not None:
            schemes = " or ".join(f"{scheme}://" for scheme, (of, _, _) in _SCHEMES.items() if of == protocol)
            raise UserError(f"'{url}' is no broker's address; write {schemes}[USER@]HOST:PORT, the password into a file")
        places.append((parts.hostname, port))
        user = parts.username or user
    if protocol == "mqtt" and len(places) > 1:
        raise UserError(f"'{text}' are several brokers; name one, or give several NATS servers with --nats")
    return Broker(protocol, tuple(places), user, _password(password_file), _context(ca_file) if is_tls else None)


def answer_topic(topic: str) -> str:
    """Where the answer to a batch goes that came by `topic`."""
    return topic.replace(_BATCH, _ANSWER, 1)


def probe_of(topic: str) -> str:
    """Whose batches come by `topic`."""
    return topic.split("/")[3]


def from_subject(subject: str) -> str:
    """The topic that a NATS server has turned into `subject`: a full stop for a slash, two slashes for a full stop."""
    return "/".join(level.replace("//", ".") for level in subject.split("."))


def to_subject(topic: str) -> str:
    """The NATS subject of a topic."""
    return ".".join(level.replace(".", "//") for level in topic.split("/"))


def _password(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        if path.stat().st_mode & 0o077:
            raise UserError(f"{path}: others than its owner may read the password: chmod 600 it")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: the password cannot be read: {error}") from None


def _context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise UserError(f"{ca_file}: no certificates to know the broker by: {error}; give a PEM file") from None
