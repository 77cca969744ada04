"""The aggregator as a process: what a probe, a browser and an operator meet."""

import http.client
import json
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from catflap_host.store import queries
from catflap_host.store.database import open_database
from catflap_host.store.tables import calls as call_rows
from catflap_host.store.tables import records
from tests.e2e import aggregator as starting
from tests.e2e.aggregator import COMMAND, TIMEOUT_S, Aggregator, enrol, running
from tests.known import known
from tests.probe_side import BOOT, alarm, alert, batch, end, post, read_answer


@pytest.fixture
def aggregator(tmp_path: Path) -> Iterator[Aggregator]:
    with running(tmp_path / "data") as aggregator:
        yield aggregator


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aggregator]:
    """One that is asked and not changed, started as users start it."""
    with ExitStack() as ended:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(starting, "start", starting.start_cold)
            aggregator = ended.enter_context(running(tmp_path_factory.mktemp("asked") / "data"))
        yield aggregator


def send(aggregator: Aggregator, key: bytes, first: int, *records: object) -> None:
    """Have a batch taken."""
    with closing(aggregator.connect_ingest()) as connection:
        status, answer = post(connection, batch(key, "demo-a", first, records))
    assert (status, read_answer(key, answer)["ack"]) == (200, first + len(records) - 1)


class Stream:
    """A listener to server-sent events."""

    def __init__(self, aggregator: Aggregator, path: str, headers: dict[str, str]) -> None:
        self._connection = aggregator.connect_console()
        self._connection.request("GET", path, headers=aggregator.headers | headers)
        self._response = self._connection.getresponse()
        assert self._response.getheader("content-type", "").startswith("text/event-stream")

    def next(self) -> tuple[int, str, str]:
        """Id, name and data of the next event."""
        fields: dict[str, str] = {}
        while True:
            line = self._response.readline().decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value if name != "data" or "data" not in fields else f"{fields['data']}\n{value}"
            elif "event" in fields:
                return int(fields["id"]), fields["event"], fields["data"]

    def close(self) -> None:
        """Leave."""
        self._response.close()
        self._connection.close()


def test_probe_enrolled_while_running_is_taken_and_shown(aggregator: Aggregator) -> None:
    key = aggregator.enrol("demo-a")
    send(aggregator, key, 1, alert(1), end(1), alert(2, k="call", label="legit", action="allow"), alarm(["1", "2"]))
    calls = aggregator.get("/calls")
    assert [(call["call"], call["label"], call["outcome"]) for call in calls] == [(2, "legit", ""), (1, "simbank", "stopped")]
    assert aggregator.get("/calls?label=simbank&action=block&probe=demo-a&after=0&limit=1")[0]["call"] == 1
    assert aggregator.get("/alarms")[0]["members"] == ["1", "2"]
    assert aggregator.get("/probes")[0]["ack"] == 4
    summary = aggregator.get("/summary")
    assert {kind: summary["records"][kind] for kind in ("alert", "call", "end", "alarm")} == {"alert": 1, "call": 1, "end": 1, "alarm": 1}
    assert (summary["labels"], summary["actions"]) == ({"simbank": 1, "legit": 1}, {"block": 1, "allow": 1})
    assert stat.S_IMODE((aggregator.data_dir / "catflap.db").stat().st_mode) == 0o600


def test_oversized_body_hears_its_refusal(asked: Aggregator) -> None:
    with closing(asked.connect_ingest()) as connection:
        status, answer = post(connection, b"x" * 500_000)
    assert (status, json.loads(answer)["error"]) == (413, "too-large")


def test_stream_resumes_without_gap_or_repeat(aggregator: Aggregator) -> None:
    key = aggregator.enrol("demo-a")
    send(aggregator, key, 1, *(alert(call) for call in range(1, 301)))
    whole = Stream(aggregator, "/api/v1/stream?after=0", {})
    heard = [whole.next() for _ in range(250)]
    whole.close()
    send(aggregator, key, 301, end(300), alarm(["1"]), {"k": "weather"})
    rest = Stream(aggregator, "/api/v1/stream?after=0", {"Last-Event-ID": str(heard[-1][0])})
    heard += [rest.next() for _ in range(53)]
    send(aggregator, key, 304, alert(301))
    heard.append(rest.next())
    rest.close()
    assert [event_id for event_id, _, _ in heard] == list(range(1, 305))
    assert [json.loads(data)["seq"] for _, _, data in heard] == list(range(1, 305))
    assert [name for _, name, _ in heard[-4:]] == ["end", "alarm", "unknown", "alert"]


def test_page_row_arrives_and_changes_in_place(aggregator: Aggregator) -> None:
    key = aggregator.enrol("demo-a")
    stream = Stream(aggregator, "/live/events?after=0", {})
    send(aggregator, key, 1, alert(1, name="<script>alert(1)</script>"))
    _, name, row = stream.next()
    assert name == "call"
    assert "&lt;script&gt;" in row
    assert "<script" not in row
    send(aggregator, key, 2, end(1))
    _, _, changed = stream.next()
    stream.close()
    assert row.partition(" class")[0] == changed.partition(" class")[0] == '<tr id="call-1"'
    assert "going on" in row
    assert "stopped" in changed
    with closing(aggregator.connect_console()) as connection:
        connection.request("GET", "/live", headers=aggregator.headers)
        page = connection.getresponse()
        text = page.read().decode()
        assert "'none'" in page.getheader("content-security-policy", "")
        assert "unsafe" not in page.getheader("content-security-policy", "")
        assert text.count("<script") == text.count('<script src="/static/') == 3
        assert "&lt;script&gt;" in text
        for path, kind in (
            ("/static/console.js", "javascript"),
            ("/static/console.css", "css"),
            ("/static/catflap.svg", "svg"),
            ("/overview", "html"),
        ):
            connection.request("GET", path, headers=aggregator.headers)
            response = connection.getresponse()
            assert response.read()
            assert (response.status, kind in response.getheader("content-type", "")) == (200, True)


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 200), ("localhost:99", 200), ("[::1]:99", 200), ("evil.example", 421), ("", 421)]
)
def test_console_answers_to_its_own_names_only(asked: Aggregator, host: str, status: int) -> None:
    with closing(asked.connect_console()) as connection:
        for path in ("/", "/api/v1/calls", "/static/console.js"):
            connection.request("GET", path, headers=asked.headers | {"Host": host})
            response = connection.getresponse()
            response.read()
            assert response.status == status


@pytest.mark.parametrize("path", ["/calls?limit=0", "/calls?after=-1", f"/calls?after={2**63}", "/calls?limit=x", "/stream?after=x"])
def test_bad_question_is_named(asked: Aggregator, path: str) -> None:
    with closing(asked.connect_console()) as connection:
        connection.request("GET", f"/api/v1{path}", headers=asked.headers)
        response = connection.getresponse()
        assert response.status == 422
        assert json.loads(response.read())["detail"]


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly_with_a_listener_on_the_stream(aggregator: Aggregator, signal_number: signal.Signals) -> None:
    stream = Stream(aggregator, "/api/v1/stream", {})
    aggregator.process.send_signal(signal_number)
    assert aggregator.process.wait(TIMEOUT_S) == 0
    stream.close()
    assert not list(aggregator.data_dir.glob("*-wal")), "everything is in the database itself"


def test_port_in_use_is_named(asked: Aggregator, tmp_path: Path) -> None:
    place = f"127.0.0.1:{urlsplit(asked.ingest).port}"
    words = ["host", "run", "--data", str(tmp_path / "other"), "--listen", place]
    done = subprocess.run([*COMMAND, *words], check=False, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"catflap: cannot listen on {place}: Address already in use; choose another address or port\n"


def test_ingest_speaks_tls(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    cert, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    words += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key_file), "-out", str(cert)]
    subprocess.run([openssl, *words], check=True, capture_output=True)
    with running(tmp_path / "data", ["--tls-cert", str(cert), "--tls-key", str(key_file)]) as aggregator:
        assert aggregator.ingest.startswith("https://")
        key = aggregator.enrol("demo-a")
        place = urlsplit(aggregator.ingest)
        context = ssl.create_default_context(cafile=str(cert))
        with closing(http.client.HTTPSConnection("127.0.0.1", place.port, timeout=TIMEOUT_S, context=context)) as connection:
            status, answer = post(connection, batch(key, "demo-a", 1, [alert(1)]))
    assert (status, read_answer(key, answer)["ack"]) == (200, 1)


class Sender(threading.Thread):
    """A probe that sends without end and remembers what was acknowledged; stops when the aggregator is gone."""

    def __init__(self, aggregator: Aggregator, key: bytes, boot: str, acked: int) -> None:
        super().__init__()
        self._aggregator, self._key, self._boot = aggregator, key, boot
        self.acked = acked
        self.some_acked = threading.Event()

    def run(self) -> None:
        """Send batches of ten, each overlapping the last by three, until the connection breaks."""
        with closing(self._aggregator.connect_ingest()) as connection:
            while True:
                first = max(self.acked - 2, 1)
                records = [alert(call) for call in range(first, first + 10)]
                try:
                    status, answer = post(connection, batch(self._key, "demo-a", first, records, boot=self._boot))
                except (OSError, http.client.HTTPException):
                    return
                fields: Any = read_answer(self._key, answer)
                assert status == 200
                self.acked = fields["ack"]
                if self.acked > 100:
                    self.some_acked.set()


def test_killed_in_mid_load_keeps_all_that_it_acknowledged(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    boots = [f"{number:016x}" for number in range(4)]
    acked = dict.fromkeys(boots, 0)
    key = enrol(data_dir, "demo-a")
    for _ in range(3):
        with running(data_dir, with_user=False) as aggregator:
            senders = [Sender(aggregator, key, boot, acked[boot]) for boot in boots]
            for sender in senders:
                sender.start()
            assert all(sender.some_acked.wait(TIMEOUT_S) for sender in senders)
            aggregator.process.kill()
            for sender in senders:
                sender.join(TIMEOUT_S)
            acked = {boot: sender.acked for boot, sender in zip(boots, senders, strict=True)}
    with closing(open_database(data_dir)) as database, database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        for boot in boots:
            query = select(records.c.seq).where(records.c.boot == boot).order_by(records.c.id)
            stored = list(connection.execute(query).scalars())
            assert stored == list(range(1, len(stored) + 1)), "contiguous, none twice"
            assert len(stored) >= acked[boot] > 100, "acknowledged is a part of stored"
            assert known(database, "demo-a", boot).standing.ack == len(stored)
        calls = connection.execute(select(func.count()).select_from(call_rows)).scalar_one()
        summary = queries.summary(database)
    assert sum(summary.labels.values()) == summary.records["alert"] == calls


def test_garbage_on_the_socket_is_survived(aggregator: Aggregator) -> None:
    place = urlsplit(aggregator.ingest)
    for garbage in (b"\x00" * 100, b"POST /v1/batch HTTP/1.1\r\nContent-Length: 50\r\n\r\nshort", b"GET / HTTP/9.9\r\n\r\n"):
        with closing(socket.create_connection(("127.0.0.1", place.port or 0), TIMEOUT_S)) as connection:
            connection.sendall(garbage)
    key = aggregator.enrol("demo-a")
    send(aggregator, key, 1, alert(1))
    assert aggregator.get("/probes")[0]["boot"] == BOOT
