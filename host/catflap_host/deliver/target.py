"""A POST to an address that somebody named: never into this machine or its own networks, unless he who set it up said so."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from catflap_host.errors import UserError
from catflap_host.language.marking import N_

PORTS = {"https": 443, "http": 80}
TIMEOUT_S = 10.0
MAX_URL_CHARS = 2_000
_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class TargetError(UserError):
    """It was not delivered, or may not be; the text says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked."""

    scheme: str
    host: str
    port: int
    path: str


def parse_target(url: str, allow_private: bool) -> Target:
    """Take an address apart; HTTP without TLS only where private networks are allowed. Raises TargetError."""
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        raise TargetError(N_("'%(url)s' is no address"), url=url[:100]) from None
    schemes = ("https", "http") if allow_private else ("https",)
    if (
        place.scheme not in schemes
        or not place.hostname
        or len(url) > MAX_URL_CHARS
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise TargetError(N_("an address begins with %(schemes)s, then a host"), schemes=" / ".join(f"{scheme}://" for scheme in schemes))
    if place.username is not None or place.password is not None:
        raise TargetError(N_("no name or password in the address: the signature shows who sends"))
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    return Target(place.scheme, place.hostname, port or PORTS[place.scheme], path)


def is_public(address: IpAddress) -> bool:
    """Whether the address is one of the world's, and not a private one in another dress."""
    if isinstance(address, ipaddress.IPv6Address):
        inner: IpAddress | None = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if address.teredo:
            inner = address.teredo[1]
        if inner:
            return is_public(inner)
        if address not in _UNICAST:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def addresses(target: Target, allow_private: bool) -> list[str]:
    """Where the host is now, looked up once; the connection goes there and nowhere else. Raises TargetError."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TargetError(N_("%(host)s is not to be found: %(error)s"), host=target.host, error=error) from None
    places = list(dict.fromkeys(str(place[4][0]) for place in found))
    inside = [place for place in places if not is_public(ipaddress.ip_address(place.partition("%")[0]))]
    if inside and not allow_private:
        words = N_("%(host)s is at %(place)s, inside this machine or its networks; --allow-private permits that")
        raise TargetError(words, host=target.host, place=inside[0])
    return places


def post(url: str, body: bytes, headers: Mapping[str, str], allow_private: bool) -> int:
    """Send once and return the status; a redirection is not followed. Raises TargetError."""
    target = parse_target(url, allow_private)
    place = addresses(target, allow_private)[0]
    connection = _Pinned(target, place)
    try:
        connection.request("POST", target.path, body, dict(headers))
        status: int = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise TargetError(
            N_("%(host)s at %(place)s: %(kind)s: %(error)s"), host=target.host, place=place, kind=type(error).__name__, error=error
        ) from None
    finally:
        connection.close()
    return status


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, under the name that was asked for."""

    def __init__(self, target: Target, place: str) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT_S)
        # what the header Host leaves out
        self.default_port = PORTS[target.scheme]
        self._place, self._is_tls = place, target.scheme == "https"

    def connect(self) -> None:
        """Connect to the place, with TLS if asked."""
        self.sock = socket.create_connection((self._place, self.port), self.timeout)
        if self._is_tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
