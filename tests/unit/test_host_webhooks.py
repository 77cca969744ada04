"""Webhooks: signed as receivers' libraries expect, never into the house, never lost, never told twice by mistake."""

import base64
import hmac
import http.server
import ipaddress
import json
import shutil
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catflap_host.deliver import outbox, positions
from catflap_host.deliver.outbox import BACKOFF_S, GIVE_UP_MS, LEASE_MS, Due
from catflap_host.deliver.signature import draw_secret, signed_headers
from catflap_host.deliver.target import TargetError, addresses, is_public, parse_target, post
from catflap_host.errors import UserError
from catflap_host.store.database import Database
from tests.databases import KINDS, opened
from tests.e2e.test_tls import certificate
from tests.unit.test_host_syslog import BLOCKED

URL = "http://127.0.0.1:1/hook"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request, tmp_path) as database:
        assert positions.start(database, outbox.FOLLOWER, 0) == 0
        yield database


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    now = [1_800_000_000_000]
    monkeypatch.setattr(outbox, "now_ms", lambda: now[0])
    return now


def test_signature_is_that_of_the_published_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_long_and_each_its_own() -> None:
    assert len(base64.b64decode(draw_secret().removeprefix("whsec_"))) == 32
    assert draw_secret() != draw_secret()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "240.0.0.1"),
        *(
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "fec0::1"),
    ],
)
def test_an_address_of_the_house_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_an_address_of_the_world_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "0"])
def test_loopback_in_any_dress_is_refused(host: str) -> None:
    with pytest.raises(TargetError, match=r"inside this machine|is not to be found"):
        addresses(parse_target(f"https://{host}/hook", False), False)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com", "ftp://example.com", "https://", "https://me:pw@example.com", "https://example.com:99999", ""),
        *("file:///etc/passwd", "https://exa mple.com", "https://example.com/\r\nHost: x", "https://例.example"),
    ],
)
def test_what_is_no_address_for_a_webhook(url: str) -> None:
    with pytest.raises(TargetError):
        parse_target(url, False)


def test_a_webhook_into_the_house_needs_a_word(database: Database) -> None:
    with pytest.raises(UserError, match="--allow-private permits that"):
        outbox.add_webhook(database, "https://127.0.0.1/hook", False)
    webhook, _ = outbox.add_webhook(database, URL, True)
    assert [(hook.id, hook.url, hook.waiting) for hook in outbox.webhooks(database)] == [(webhook, URL, 0)]
    outbox.remove_webhook(database, webhook)
    with pytest.raises(UserError, match="there is no webhook"):
        outbox.remove_webhook(database, webhook)


def due(database: Database, *busy: str) -> list[Due]:
    return outbox.claim(database, busy, 8)


def test_mark_and_messages_move_together_and_once(database: Database, clock: list[int]) -> None:
    outbox.add_webhook(database, URL, True)
    assert outbox.put(database, [BLOCKED], 0, 7)
    assert not outbox.put(database, [BLOCKED], 0, 7), "another worker was there"
    (message,) = due(database)
    assert json.loads(message.body)["data"]["calling"] == "138****5678"
    assert message.message.endswith("_record-7")
    assert not due(database), "it is being sent"
    clock[0] += LEASE_MS
    assert [again.message for again in due(database)] == [message.message], "its sender died"
    outbox.delivered(database, message)
    clock[0] += LEASE_MS
    assert not due(database)
    assert positions.start(database, outbox.FOLLOWER, 99) == 7


def test_a_receiver_that_is_down_is_asked_less_and_less_and_the_oldest_first(database: Database, clock: list[int]) -> None:
    outbox.add_webhook(database, URL, True)
    outbox.put(database, [BLOCKED, BLOCKED], 0, 7)
    seen = []
    for wait_s in (*BACKOFF_S, BACKOFF_S[-1]):
        (message,) = due(database)
        seen.append(message.id)
        assert outbox.failed(database, message, "answered 500", True, 0.0)
        clock[0] += wait_s * 1000 - 1
        assert not due(database)
        clock[0] += 1
    assert len(set(seen)) == 1
    assert outbox.webhooks(database)[0].error == "answered 500"


def test_a_message_that_is_refused_holds_up_no_other(database: Database, clock: list[int]) -> None:
    outbox.add_webhook(database, URL, True)
    outbox.put(database, [BLOCKED, BLOCKED], 0, 7)
    (first,) = due(database)
    outbox.failed(database, first, "answered 400", False, 0.0)
    (second,) = due(database)
    assert second.id != first.id


def test_given_up_after_five_days_and_kept(database: Database, clock: list[int]) -> None:
    outbox.add_webhook(database, URL, True)
    outbox.put(database, [BLOCKED], 0, 7)
    (message,) = due(database)
    clock[0] += GIVE_UP_MS + 1
    assert not outbox.failed(database, message, "answered 500", True, 0.0)
    clock[0] += GIVE_UP_MS
    assert not due(database)
    (hook,) = outbox.webhooks(database)
    assert (hook.waiting, hook.given_up) == (0, 1)


def test_one_slow_receiver_holds_up_no_other(database: Database, clock: list[int]) -> None:
    slow, _ = outbox.add_webhook(database, URL, True)
    other, _ = outbox.add_webhook(database, URL, True)
    outbox.put(database, [BLOCKED, BLOCKED], 0, 7)
    assert {message.webhook for message in due(database)} == {slow, other}
    assert [message.webhook for message in due(database, slow)] == [other]


class _Receiver(http.server.BaseHTTPRequestHandler):
    requests: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(307 if self.path == "/away" else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[tuple[str, dict[str, str], bytes]]]]:
    requests: list[tuple[str, dict[str, str], bytes]] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Receiver", (_Receiver,), {"requests": requests}))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_is_sent_arrives_and_a_redirection_is_not_followed() -> None:
    secret, body = draw_secret(), b'{"a": "\xe4\xba\x8c"}'
    with receiving() as (port, requests):
        assert post(f"http://127.0.0.1:{port}/x?y=1", body, signed_headers(secret, "msg_1", 5, body), True) == 204
        assert post(f"http://127.0.0.1:{port}/away", body, {}, True) == 307
    assert [path for path, _, _ in requests] == ["/x?y=1", "/away"]
    _, headers, received = requests[0]
    mac = hmac.new(base64.b64decode(secret[6:]), b"msg_1.5." + received, "sha256").digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert headers["host"] == f"127.0.0.1:{port}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_only_a_receiver_whose_certificate_is_good_hears_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certificate(tmp_path, "receiver")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with receiving(context) as (port, requests):
        with pytest.raises(TargetError, match="CERTIFICATE_VERIFY_FAILED"):
            post(f"https://127.0.0.1:{port}/", b"{}", {}, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        assert post(f"https://127.0.0.1:{port}/", b"{}", {}, True) == 204
    assert len(requests) == 1
