"""What can be killed and started again: a worker, a broker, a database, a node of a cluster."""

import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from tests.e2e.aggregator import Aggregator, running
from tests.e2e.brokers import NatsNode, mosquitto

OPEN = ("allow_anonymous true", "set_tcp_nodelay true")


class Victim(Protocol):
    """Runs when it is given."""

    def kill(self) -> None:
        """Kill it by SIGKILL."""

    def start(self) -> None:
        """Start it where it was; it may return before it serves."""


class Worker:
    """`catflap host run` at a port of its own; `tells` is what it says once it takes batches, beside its addresses."""

    def __init__(self, ended: ExitStack, data_dir: Path, port: int, options: Sequence[str], tells: str = "") -> None:
        self._ended, self._data_dir, self._tells = ended, data_dir, tells
        self._options = ["--listen", f"127.0.0.1:{port}", *options]
        self._here = ExitStack()
        self._aggregator: Aggregator
        self.start()

    def kill(self) -> None:
        """See Victim."""
        self._aggregator.process.kill()
        self._here.close()

    def start(self) -> None:
        """See Victim; returns once it is ready."""
        self._here = self._ended.enter_context(ExitStack())
        self._aggregator = self._here.enter_context(running(self._data_dir, self._options, with_user=False))
        assert self._aggregator.process.stdout
        while self._tells and not self._aggregator.process.stdout.readline().startswith(self._tells):
            assert self._aggregator.process.poll() is None


class Broker:
    """A mosquitto."""

    def __init__(self, ended: ExitStack, folder: Path, port: int) -> None:
        self._ended, self._folder, self._port = ended, folder, port
        self._here = ExitStack()
        self._process: subprocess.Popen[bytes]
        self.start()

    def kill(self) -> None:
        """See Victim."""
        self._process.kill()
        self._here.close()

    def start(self) -> None:
        """See Victim."""
        self._here = self._ended.enter_context(ExitStack())
        self._process = self._here.enter_context(mosquitto(self._folder, self._port, OPEN))


class Pair:
    """A node and a worker, killed at once and started one after the other."""

    def __init__(self, node: NatsNode, worker: Worker) -> None:
        self._node, self._worker = node, worker

    def kill(self) -> None:
        """See Victim."""
        self._worker.kill()
        self._node.kill()

    def start(self) -> None:
        """See Victim."""
        self._node.start()
        self._node.until_healthy()
        self._worker.start()
