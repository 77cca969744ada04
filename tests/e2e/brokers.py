"""Real brokers on free ports of the loopback, started by the tests that need them."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

TIMEOUT_S = 30


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def wait_for_port(port: int) -> None:
    """Return once somebody listens there."""
    give_up_s = time.monotonic() + TIMEOUT_S
    while True:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), TIMEOUT_S)):
            return
        assert time.monotonic() < give_up_s, f"nobody listens on port {port}"
        time.sleep(0.02)


@contextmanager
def mosquitto(folder: Path, port: int, settings: Sequence[str] = ("allow_anonymous true",)) -> Iterator[subprocess.Popen[bytes]]:
    """A mosquitto on that port; skips the test where the machine has none."""
    program = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
    if program is None:
        pytest.skip("needs mosquitto: apt-get install mosquitto")
    # as root it would become another user, who may not read the test's files
    lines = [f"listener {port} 127.0.0.1", "user root", *settings]
    path = folder / f"mosquitto-{port}.conf"
    path.write_text("\n".join(lines) + "\n")
    with (folder / f"mosquitto-{port}.log").open("ab") as log, subprocess.Popen([program, "-c", path], stdout=log, stderr=log) as process:
        try:
            wait_for_port(port)
            yield process
        finally:
            process.kill()
