"""How soon a board gets the gateway's evidence on a call, while sixteen boards ask and send batches all the time."""

import asyncio
import json
import os
import pty
import random
import signal
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from boards.linux.board import LinuxBoard
from catflap_models.court.figures import Figure
from catflap_probe.board import Port
from catflap_probe.evidence import release
from catflap_probe.trunk import EPOCH_S
from catflap_probe.uplink.envelope import batch, read_answer
from catflap_probe.uplink.sender import CONTENT_TYPE, PATH
from catflap_probe.uplink.serial_link import Listener, SerialLink
from tests.e2e.aggregator import Aggregator, enrol, running
from tests.e2e.gateway import GatewayProcess, gateway_config
from tests.exchange.cellular import SIMCOM
from tests.exchange.trunk import Trunk, TrunkLine
from tests.probe_side import alert

BOARDS = 16
QUESTIONS_A_SECOND = 4.0
"""Of each board: as if every line of a two-line board were called every half second."""
RECORDS = 8
BATCH_EVERY_S = 0.5
BAR_MS = 50.0
BOOT = "9f0c41d2a7b3e658"
LOST_S = 1.0


class BoardEnd(Port):
    """A board's USB: the near end of a pseudo-terminal."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._waiter: asyncio.Future[None] | None = None
        os.set_blocking(fd, False)
        asyncio.get_running_loop().add_reader(fd, self._wake)

    async def read(self) -> bytes:
        while True:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            # the loop may have noticed the bytes of the last read twice
            with suppress(BlockingIOError):
                return os.read(self._fd, 4096)

    def write(self, data: bytes) -> None:
        os.write(self._fd, data)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Machine(LinuxBoard):
    """This machine in a board's place; its ports are file descriptors."""

    def open_port(self, path: str, baud: int) -> Port:
        return BoardEnd(int(path))


class Asker(Listener):
    """One busy board."""

    def __init__(self, index: int, fd: int, key: bytes) -> None:
        self.name = f"board-{index:02d}"
        self.answered_ms: list[float] = []
        self.asked = 0
        self.batches = 0
        self._epoch = 0
        self._line = f"L{index + 1:02d}"
        self._key = key
        self._rng = random.Random(index)
        self._asked_ns: dict[int, int] = {}
        hello: dict[str, object] = {"v": 1, "probe": self.name, "boot": BOOT, "unit": "", "firmware": "", "runtime": ""}
        self.link = SerialLink(Machine(), str(fd), 115200, hello | {"trunk": "bench", "evidence": release()}, self)

    def told_evidence(self, number: int, text: str) -> None:
        """Takes the time."""
        self.answered_ms.append((time.perf_counter_ns() - self._asked_ns.pop(number)) / 1e6)

    async def ask(self) -> None:
        """Asks for ever, at random moments."""
        while True:
            await asyncio.sleep(self._rng.expovariate(QUESTIONS_A_SECOND))
            self.asked += 1
            key = f"138{self._rng.randrange(40000):08d}"
            self._asked_ns[self.asked] = time.perf_counter_ns()
            self.link.ask(self.asked, int(time.time()) - EPOCH_S, True, key, self._line)

    async def send(self) -> None:
        """Sends a batch every half second."""
        while True:
            first = 1 + self.batches * RECORDS
            records = [json.dumps(alert(first + n, trunk="bench", line=self._line)).encode() for n in range(RECORDS)]
            body = batch(self._key, self.name, BOOT, self._epoch, first, first + RECORDS, 0, time.time_ns() // 1_000_000, records)
            status, content = await self.link.post(PATH, CONTENT_TYPE, body)
            self._epoch = read_answer(self._key, self.name, BOOT, content).epoch
            self.batches += status == 200
            await asyncio.sleep(BATCH_EVERY_S)


def figures(run_s: float, folder: Path) -> Iterator[Figure]:
    """The time from a question's write to the read of its answer, at the boards; a question without an answer counts as never."""
    folder.mkdir()
    keys = [enrol(folder / "data", f"board-{index:02d}") for index in range(BOARDS)]
    with running(folder / "data") as aggregator:
        askers = asyncio.run(_measure(run_s, folder, aggregator, keys))
    asked = sum(asker.asked for asker in askers)
    found = sorted(ms for asker in askers for ms in asker.answered_ms)
    place = asked * 99 // 100
    p99 = round(found[place], 3) if place < len(found) else None
    batches = sum(asker.batches for asker in askers)
    how = (
        f"{asked} questions of {BOARDS} boards on ptys in {run_s:g} s, {len(found)} answered, beside {batches} batches of {RECORDS} alerts"
    )
    yield Figure("evidence.asked-to-answered.p99", p99, "ms", BAR_MS, "lower", how)


async def _measure(run_s: float, folder: Path, aggregator: Aggregator, keys: list[bytes]) -> list[Asker]:
    trunk = Trunk("bench", "CN", "010", "2026-03-02T08:00:00+08:00", tuple(TrunkLine(f"L{n:02d}", SIMCOM) for n in range(1, BOARDS + 1)))
    (folder / "usb").mkdir()
    askers = []
    for index, key in enumerate(keys):
        near, far = pty.openpty()
        tty.setraw(far)
        (folder / "usb" / f"usb-Catflap_{index:02d}").symlink_to(os.ttyname(far))
        askers.append(Asker(index, near, key))
    async with GatewayProcess(gateway_config(trunk, aggregator.ingest, folder, tells_time=True), folder) as gateway:
        links = [asyncio.create_task(asker.link.run()) for asker in askers]
        while not all(asker.link.is_up for asker in askers):
            await asyncio.sleep(0.05)
        jobs = [asyncio.create_task(job) for asker in askers for job in (asker.ask(), asker.send())]
        await asyncio.sleep(run_s)
        for task in jobs:
            task.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await asyncio.sleep(LOST_S)
        for task in links:
            task.cancel()
        await asyncio.gather(*links, return_exceptions=True)
        await gateway.end(signal.SIGTERM)
    return askers
