"""A real aggregator process on free ports, for end-to-end tests."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

COMMAND = [sys.executable, "-c", "import sys; from catflap_host.cli import main; sys.exit(main())"]
TIMEOUT_S = 30


@dataclass
class Aggregator:
    """A running `catflap host run`, its data, and where it listens."""

    process: subprocess.Popen[str]
    data_dir: Path
    ingest: str
    console: str

    def connect_ingest(self) -> http.client.HTTPConnection:
        """A connection to the probes' side."""
        return _connect(self.ingest)

    def connect_console(self) -> http.client.HTTPConnection:
        """A connection to the people's side."""
        return _connect(self.console)

    def get(self, path: str) -> Any:
        """What the JSON API says under `/api/v1`."""
        connection = self.connect_console()
        connection.request("GET", f"/api/v1{path}")
        response = connection.getresponse()
        body = response.read()
        connection.close()
        assert response.status == 200, body
        return json.loads(body)

    def enrol(self, probe: str) -> bytes:
        """A new key of a probe, made by the command."""
        return enrol(self.data_dir, probe)


def enrol(data_dir: Path, probe: str) -> bytes:
    """Run `catflap host enrol` and read the key it wrote."""
    key_file = data_dir.parent / f"{probe}.key"
    words = ["host", "enrol", probe, "--data", str(data_dir), "--key-file", str(key_file)]
    done = subprocess.run([*COMMAND, *words], check=True, capture_output=True, text=True, timeout=TIMEOUT_S)
    key = key_file.read_text().strip()
    assert key not in done.stdout + done.stderr, "a key is never shown"
    return bytes.fromhex(key)


@contextmanager
def running(data_dir: Path, options: Sequence[str] = ()) -> Iterator[Aggregator]:
    """Start it, wait until it says that it is ready, and leave nothing of it behind."""
    words = ["host", "run", "--data", str(data_dir), "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", *options]
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            places = dict(process.stdout.readline().split() for _ in range(2))
            yield Aggregator(process, data_dir, places["ingest"], places["console"])
        finally:
            process.kill()


def _connect(url: str) -> http.client.HTTPConnection:
    place = urlsplit(url)
    assert place.hostname
    return http.client.HTTPConnection(place.hostname, place.port, timeout=TIMEOUT_S)
