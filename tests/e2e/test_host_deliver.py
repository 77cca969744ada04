"""Alarms and stopped calls reach syslog and webhooks, each once, though the aggregator is killed and the receiver away."""

import base64
import hmac
import http.server
import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.e2e.aggregator import TIMEOUT_S, Aggregator, catflap, enrol, running
from tests.probe_side import alarm, alert, batch, end, post


class Answering(http.server.ThreadingHTTPServer):
    """A webhook's receiver: answers `status` and keeps what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 500
        self.told: queue.Queue[tuple[int, dict[str, str], bytes]] = queue.Queue()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        status = self.server.status
        self.send_response(status)
        self.end_headers()
        self.server.told.put((status, {name.lower(): value for name, value in self.headers.items()}, body))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Answering]:
    with Answering() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def webhook(data_dir: Path, *words: str) -> str:
    done = catflap("host", "webhook", *words, "--data", str(data_dir))
    assert done.returncode == 0, done.stderr
    return done.stdout


def send(aggregator: Aggregator, key: bytes, first: int, *records: object) -> None:
    with closing(aggregator.connect_ingest()) as connection:
        assert post(connection, batch(key, "demo-a", first, records))[0] == 200


def test_an_event_outlives_the_aggregator_and_its_receivers_absence(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    key = enrol(data_dir, "demo-a")
    with receiving() as receiver:
        url = f"http://127.0.0.1:{receiver.server_address[1]}/hook"
        secret = webhook(data_dir, "add", url, "--allow-private").strip()
        with running(data_dir) as aggregator:
            send(aggregator, key, 1, alert(1), end(1), alert(2, k="call", label="legit", action="allow"), end(2, outcome="none"))
            status, first, _ = receiver.told.get(timeout=TIMEOUT_S)
            assert status == 500
            while "answered 500" not in webhook(data_dir, "list"):
                pass
            aggregator.process.kill()
            aggregator.process.wait(TIMEOUT_S)
        receiver.status = 204
        with running(data_dir) as aggregator:
            send(aggregator, key, 5, alarm(["13812345678"]))
            told: dict[str, bytes] = {}
            while len(told) < 2:
                status, headers, body = receiver.told.get(timeout=TIMEOUT_S)
                if status == 204:
                    told[headers["webhook-id"]] = body
                    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
                    mac = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")
                    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
            assert first["webhook-id"] in told, "the same message, told again"
            events = sorted((json.loads(body) for body in told.values()), key=lambda event: str(event["type"]))
            assert [event["type"] for event in events] == ["alarm.raised", "call.blocked"]
            assert events[0]["data"]["members"] == ["138****5678"]
        assert webhook(data_dir, "list").split("\t")[1] == url
        assert secret not in webhook(data_dir, "list")


class Log:
    """A syslog receiver: the messages of every datagram, or of every connection by their counted octets."""

    def __init__(self, scheme: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if scheme == "udp" else socket.SOCK_STREAM)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"
        self.heard: queue.Queue[bytes] = queue.Queue()
        if scheme == "tcp":
            self._socket.listen()
        threading.Thread(target=self._datagrams if scheme == "udp" else self._connections, daemon=True).start()

    def _datagrams(self) -> None:
        while True:
            self.heard.put(self._socket.recv(4096))

    def _connections(self) -> None:
        while True:
            with self._socket.accept()[0] as connection, connection.makefile("rb") as file:
                while length := self._length(file):
                    self.heard.put(file.read(length))

    def _length(self, file: IO[bytes]) -> int:
        digits = b""
        while (digit := file.read(1)) not in (b" ", b""):
            digits += digit
        return int(digits or b"0")


@pytest.mark.parametrize("scheme", ["udp", "tcp"])
def test_syslog_goes_on_where_it_left_off(tmp_path: Path, scheme: str) -> None:
    data_dir = tmp_path / "data"
    key = enrol(data_dir, "demo-a")
    log = Log(scheme)
    with running(data_dir, ["--syslog", log.url]) as aggregator:
        send(aggregator, key, 1, alert(1), end(1))
        assert b" call.blocked [catflap@32473 " in log.heard.get(timeout=TIMEOUT_S)
        aggregator.process.kill()
        aggregator.process.wait(TIMEOUT_S)
    with running(data_dir) as aggregator:
        send(aggregator, key, 3, alarm(["1"]))
        aggregator.process.terminate()
        assert aggregator.process.wait(TIMEOUT_S) == 0
    with running(data_dir, ["--syslog", log.url]):
        heard = log.heard.get(timeout=TIMEOUT_S)
        if b"call.blocked" in heard:  # it was killed between sending and its mark
            heard = log.heard.get(timeout=TIMEOUT_S)
        assert b" alarm.raised " in heard
