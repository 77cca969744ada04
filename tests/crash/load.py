"""Probes that report without end, with the probe's own spool, sender and clients, in a thread of their own."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from boards.linux.board import LinuxBoard
from catflap_probe.spool import Spool
from catflap_probe.uplink.sender import Sender
from catflap_probe.uplink.stream import StreamClient
from tests.probe_side import BOOT, alert

NUMBERS = 5_000
MOST_WAITING = 300
PIECE = 20
FEED_EVERY_S = 0.05
GIVE_UP_S = 180.0
LIMIT_BYTES = 1 << 26


class Watched(Spool):
    """A spool that notes how far its probe was acknowledged, and how long it had to wait for news at most."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LinuxBoard(), str(folder), BOOT, LIMIT_BYTES)
        self.heard = 0
        self.longest_s = 0.0
        self._since_s = time.monotonic()

    def committed(self, boot: str, ack: int) -> None:
        """See Spool."""
        super().committed(boot, ack)
        if ack > self.heard:
            now_s = time.monotonic()
            self.longest_s = max(self.longest_s, now_s - self._since_s)
            self._since_s, self.heard = now_s, ack

    @property
    def made(self) -> int:
        """The number of the last record."""
        return self.next() - 1


class Load:
    """Probes under load from entering to leaving; used by the thread that kills."""

    def __init__(self, folder: Path, keys: Mapping[str, bytes], client: Callable[[str], StreamClient]) -> None:
        """`client` makes a probe's way to the aggregator."""
        self.spools = {probe: Watched(folder / probe) for probe in keys}
        self._keys, self._client = keys, client
        self._feeding, self._stopping = threading.Event(), threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="probes")

    def __enter__(self) -> "Load":
        self._feeding.set()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._stopping.set()
        self._thread.join()

    def until_heard(self) -> float:
        """Return once every probe has been acknowledged something that it had not sent before; how many seconds that took."""
        marks = {probe: spool.made for probe, spool in self.spools.items()}
        begun_s = time.monotonic()
        self._until(lambda: all(spool.heard > marks[probe] for probe, spool in self.spools.items()), "not every probe is answered")
        return time.monotonic() - begun_s

    def finish(self) -> None:
        """Make no more records, and return once all are acknowledged."""
        self._feeding.clear()
        self._until(lambda: all(spool.is_empty() for spool in self.spools.values()), "not every record is taken")

    def _until(self, is_so: Callable[[], bool], otherwise: str) -> None:
        give_up_s = time.monotonic() + GIVE_UP_S
        while not is_so():
            if self._fault:
                raise AssertionError("the probes have stopped") from self._fault
            assert time.monotonic() < give_up_s, f"{otherwise} within {GIVE_UP_S:g} s"
            time.sleep(0.01)

    def _run(self) -> None:
        try:
            asyncio.run(self._report())
        except BaseException as fault:  # for the other thread to raise
            self._fault = fault

    async def _report(self) -> None:
        clients = {probe: self._client(probe) for probe in self.spools}
        sending = [
            asyncio.create_task(Sender(LinuxBoard(), clients[probe], self._keys[probe], probe, spool).run())
            for probe, spool in self.spools.items()
        ]
        while not self._stopping.is_set():
            if self._feeding.is_set():
                for spool in self.spools.values():
                    _feed(spool)
            await asyncio.sleep(FEED_EVERY_S)
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        for client in clients.values():
            client.close()
        await asyncio.sleep(0)


def _feed(spool: Watched) -> None:
    if spool.made - spool.heard < MOST_WAITING:
        for number in range(spool.made + 1, spool.made + 1 + PIECE):
            spool.append(alert(number, calling=f"{13_800_000_000 + number % NUMBERS}"))
