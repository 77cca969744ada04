"""Asking another house: over TLS or on this machine, one address, answers of bounded size, refusals in its words made harmless."""

import shutil
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from catflap_host.errors import UserError
from catflap_host.reputation import asking
from catflap_host.reputation.asking import House, ask, check
from tests.e2e.test_tls import certificate

ANSWERS = {
    "/api/v1/good": (200, b"{}"),
    "/api/v1/moved": (302, b""),
    "/api/v1/refused": (403, b'{"detail": "no\\u001b[31m more"}'),
    "/api/v1/odd": (500, b"<html>"),
    "/api/v1/long": (200, b"x" * 65),
}


class Answering(BaseHTTPRequestHandler):
    """Answers as ANSWERS says."""

    def do_GET(self) -> None:
        """One of them."""
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Location", "/api/v1/good")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_over_tls_it_is_known_by_the_certificates_given_alone(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "house")
    stranger, _ = certificate(tmp_path, "stranger")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        # a handshake that fails is no fault of the test's
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"https://127.0.0.1:{server.server_port}"
            assert ask(House(url, "catflap_x", cert.read_text()), "/good") == "{}"
            for ca in (stranger.read_text(), ""):
                with pytest.raises(UserError, match=r"cannot ask .* verify failed"):
                    ask(House(url, "catflap_x", ca), "/good")
        finally:
            server.shutdown()
            thread.join()


def test_what_it_answers_is_read_and_nothing_else(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MAX_BYTES", 64)
    house = House(url, "catflap_x")
    assert ask(house, "/good") == "{}"
    for path, fault in (
        ("/moved", r"refuses \(302\): without a reason"),
        ("/refused", r"refuses \(403\): no \[31m more"),
        ("/odd", r"refuses \(500\): without a reason"),
        ("/long", "over 64 bytes"),
    ):
        with pytest.raises(UserError, match=fault):
            ask(house, path)
    with pytest.raises(UserError, match=r"cannot ask http://127\.0\.0\.1:1: "):
        ask(House("http://127.0.0.1:1", "catflap_x"), "/good")


@pytest.mark.parametrize(
    ("house", "fault"),
    [
        (House("http://bank-a.example", "catflap_x"), "over TLS only"),
        (House("ftp://127.0.0.1", "catflap_x"), "over TLS only"),
        (House("bank-a.example", "catflap_x"), "no address of a console"),
        (House("https://bank-a.example/api", "catflap_x"), "no address of a console"),
        (House("https://bank-a.example:x", "catflap_x"), "no address of a console"),
        (House("https://bank-a.example", ""), "no token"),
        (House("https://bank-a.example", "a\r\nHost: b"), "no token"),
        (House("https://bank-a.example", "catflap_x", "no certificate"), "holds none in PEM"),
    ],
)
def test_a_house_that_cannot_be_asked_safely_is_refused(house: House, fault: str) -> None:
    with pytest.raises(UserError, match=fault):
        check(house)
    with pytest.raises(UserError):
        ask(house, "/good")
