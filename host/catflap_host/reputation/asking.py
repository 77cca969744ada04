"""Asking another house's API: HTTPS, with our token there, one address, no redirections, answers of bounded size."""

import http.client
import json
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from catflap_host.errors import UserError
from catflap_host.listener import is_loopback

MAX_BYTES = 16_000_000
TIMEOUT_S = 60
_DETAIL_CHARS = 300


@dataclass(frozen=True, slots=True)
class House:
    """Where another house's console is, the token that it gave us, and certificates (PEM) that vouch for it, empty: the machine's own."""

    url: str
    token: str
    ca: str = ""


def ask(house: House, path: str, body: object = None) -> str:
    """What it answers under `/api/v1`: to a GET, or to a POST of a body as JSON. Raises UserError."""
    sent = None if body is None else json.dumps(body)
    headers = {"Authorization": f"Bearer {house.token}", "Content-Type": "application/json", "Accept": "application/json"}
    connection = _connection(house)
    try:
        connection.request("GET" if sent is None else "POST", f"/api/v1{path}", sent, headers)
        response = connection.getresponse()
        text = response.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise UserError(f"cannot ask {house.url}: {error or type(error).__name__}; is it the address of its console?") from None
    finally:
        connection.close()
    if len(text) > MAX_BYTES:
        raise UserError(f"{house.url} answers with over {MAX_BYTES} bytes, too many")
    answer = text.decode("utf-8", "replace")
    if response.status != http.HTTPStatus.OK:
        raise UserError(f"{house.url} refuses ({response.status}): {_detail(answer)}")
    return answer


def check(house: House) -> None:
    """Raises UserError for an address, a token or certificates that are none."""
    _connection(house).close()


def _connection(house: House) -> http.client.HTTPConnection:
    if not house.token.isascii() or not house.token.isprintable() or not house.token:
        raise UserError("that is no token; the partner's administrator gives one: catflap host partner token")
    try:
        place = urlsplit(house.url)
        name, port = place.hostname, place.port
    except ValueError:
        name, port = None, None
    if not name or place.path.strip("/") or place.query:
        raise UserError(f"'{house.url}' is no address of a console; write for instance https://catflap.bank-a.example:8751")
    if place.scheme == "https":
        try:
            context = ssl.create_default_context(cadata=house.ca or None)
        except ssl.SSLError:
            raise UserError("the file of certificates holds none in PEM") from None
        return http.client.HTTPSConnection(name, port, timeout=TIMEOUT_S, context=context)
    if place.scheme == "http" and is_loopback(name):
        return http.client.HTTPConnection(name, port, timeout=TIMEOUT_S)
    raise UserError(f"{house.url} is asked over TLS only: the token would be read on its way")


def _detail(answer: str) -> str:
    try:
        detail = json.loads(answer)["detail"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "without a reason"
    return "".join(char if char.isprintable() else " " for char in str(detail)[:_DETAIL_CHARS])
