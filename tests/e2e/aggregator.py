"""A real aggregator process on free ports, for end-to-end tests."""

import http.client
import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.cli import main
from catflap_host.store.database import open_database
from tests.e2e.nursery import Born

COMMAND = [sys.executable, "-c", "import sys; from catflap_host.cli import main; sys.exit(main())"]
TIMEOUT_S = 30

Process = subprocess.Popen[str] | Born


def start_cold(words: Sequence[str]) -> Process:
    """Run `catflap` as its users do."""
    return subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, text=True)


start: Callable[[Sequence[str]], Process] = start_cold
"""How an aggregator is started; tests that measure nothing have it born in a nursery."""


@dataclass
class Aggregator:
    """A running `catflap host run`, its data, and where it listens."""

    process: Process
    data_dir: Path
    ingest: str
    console: str
    headers: dict[str, str]
    """What shows the console that an administrator asks."""
    ca: ssl.SSLContext | None

    def connect_ingest(self) -> http.client.HTTPConnection:
        """A connection to the probes' side."""
        return _connect(self.ingest, None)

    def connect_console(self) -> http.client.HTTPConnection:
        """A connection to the people's side."""
        return _connect(self.console, self.ca)

    def get(self, path: str) -> Any:
        """What the JSON API says under `/api/v1`."""
        connection = self.connect_console()
        connection.request("GET", f"/api/v1{path}", headers=self.headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        assert response.status == 200, body
        return json.loads(body)

    def enrol(self, probe: str) -> bytes:
        """A new key of a probe, made by the command."""
        return enrol(self.data_dir, probe)


def catflap(*words: str) -> subprocess.CompletedProcess[str]:
    """What a command says and how it ends, run within this process from its arguments on."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            status: object = main(words)
        except SystemExit as ended:
            status = ended.code
    assert isinstance(status, int)
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


def enrol(data_dir: Path, probe: str, options: Sequence[str] = ()) -> bytes:
    """Run `catflap host enrol` and read the key it wrote."""
    key_file = data_dir.parent / f"{probe}.key"
    words = ["host", "enrol", probe, "--data", str(data_dir), "--key-file", str(key_file), *options]
    done = catflap(*words)
    assert done.returncode == 0, done.stderr
    key = key_file.read_text().strip()
    assert key not in done.stdout + done.stderr, "a key is never shown"
    return bytes.fromhex(key)


@contextmanager
def running(data_dir: Path, options: Sequence[str] = (), with_user: bool = True, ca: ssl.SSLContext | None = None) -> Iterator[Aggregator]:
    """Start it, wait until it says that it is ready, and leave nothing of it behind; its console speaks TLS where `ca` is given."""
    words = ["host", "run", "--data", str(data_dir), "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", *options]
    headers = {"Authorization": f"Bearer {administrators_token(data_dir)}"} if with_user else {}
    process = start(words)
    assert process.stdout is not None
    with process.stdout:
        try:
            places = dict(process.stdout.readline().split() for _ in range(2))
            yield Aggregator(process, data_dir, places["ingest"], places["console"], headers, ca)
        finally:
            process.kill()
            process.wait()


def administrators_token(data_dir: Path) -> str:
    """A token of the user `tester`, who is made if he is not there."""
    database = open_database(data_dir)
    try:
        if not users.any_user(database):
            with database.write() as connection:
                users.add(connection, "tester", Role.ADMINISTRATOR, False, None)
        return entering.issue_token(database, "tester", "tests", 1)
    finally:
        database.close()


def console_context(cert: Path) -> ssl.SSLContext:
    """Believes that certificate alone."""
    return ssl.create_default_context(cafile=str(cert))


def _connect(url: str, ca: ssl.SSLContext | None) -> http.client.HTTPConnection:
    place = urlsplit(url)
    assert place.hostname
    if ca:
        return http.client.HTTPSConnection("127.0.0.1", place.port, timeout=TIMEOUT_S, context=ca)
    return http.client.HTTPConnection(place.hostname, place.port, timeout=TIMEOUT_S)
