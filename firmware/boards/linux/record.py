"""Writes down what the lines of a trunk say, as a recording, and decides nothing."""

import asyncio
import json
import logging
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from boards.linux.board import LinuxBoard
from catflap_probe.call import Call
from catflap_probe.care.keeper import Keeper
from catflap_probe.care.watch import Watch
from catflap_probe.clock import Clock
from catflap_probe.command import Commander
from catflap_probe.config import Config
from catflap_probe.desk import Desk
from catflap_probe.dialect.country import t35_code
from catflap_probe.dialect.table import find_profile
from catflap_probe.ear import Ear
from catflap_probe.line import Line
from catflap_probe.lines import Lines

TICK_S = 1.0

log = logging.getLogger("catflap.record")


class Cast:
    """One line's file in asciicast v2, written as things happen."""

    def __init__(self, path: Path, start_unix_s: int, started_ns: int) -> None:
        """Makes the file; raises OSError where it exists or cannot be written."""
        self._file: TextIO = path.open("x", encoding="ascii", buffering=1)
        self._started_ns = started_ns
        self._file.write(json.dumps({"version": 2, "width": 80, "height": 24, "timestamp": start_unix_s}) + "\n")

    def add(self, code: str, data: bytes) -> None:
        """Adds an event that happens now: `o` from the modem, `i` to it, `m` anything else."""
        passed_us = (time.monotonic_ns() - self._started_ns) // 1000
        self._file.write(f"[{passed_us // 1000000}.{passed_us % 1000000:06d}, {json.dumps(code)}, {json.dumps(data.decode('latin-1'))}]\n")

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class Recorder(Desk, Keeper):
    """Writes one line down. Its calls are followed, so that nothing is asked of the modem while one is there; nothing is done to them."""

    def __init__(self, board: LinuxBoard, config: Config, place: int, cast: Cast) -> None:
        settings = config.trunk.lines[place]
        self.id = settings.id
        self.cast = cast
        self.clock = Clock(board, None)
        self.lines = Lines()
        line = Line(0, self)
        profile, _ = find_profile(settings.dialect, settings.profile)
        commander = Commander(self.clock, line, profile, self.sent)
        country = t35_code(config.trunk.country)
        self.watch = Watch(board, self.clock, self, commander, config.ports[place], settings.dialect, country)
        self.lines.add(line, settings.dialect, Ear(line, commander, self.watch))

    async def run(self) -> None:
        """Looks after the modem and writes down what it says, until it is cancelled."""
        watching = asyncio.create_task(self.watch.run())
        try:
            while not watching.done():
                self.lines.advance(self.clock.now_ms())
                await asyncio.wait([watching], timeout=TICK_S)
            await watching
        finally:
            watching.cancel()

    def sent(self, data: bytes) -> None:
        """Something was sent to the modem."""
        self.cast.add("i", data)
        self.lines.dialects[0].sent(self.clock.now_ms(), data)

    def take(self, data: bytes, read_us: int) -> None:
        """See Keeper."""
        self.cast.add("o", data)
        self.lines.feed(0, self.clock.now_ms(), data)

    def plugged(self) -> None:
        """See Keeper."""
        self.cast.add("m", b"plugged")

    def unplugged(self) -> None:
        """See Keeper."""
        self.cast.add("m", b"unplugged")
        self.lines.unplugged(0, self.clock.now_ms())

    def tell(self, what: str, detail: str) -> None:
        """See Keeper."""
        log.info("%s: %s %s", self.id, what, detail)

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        """See Desk."""
        self.watch.ended(call)


def record(config: Config, folder: Path) -> None:
    """Records the lines of a probe's configuration into a new folder until SIGTERM or SIGINT; raises OSError."""
    asyncio.run(_record(config, folder))


async def _record(config: Config, folder: Path) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    board = LinuxBoard()
    folder.mkdir(parents=True, exist_ok=True)
    start_s, started_ns = time.time(), time.monotonic_ns()
    (folder / "trunk.json").write_text(json.dumps(_trunk_json(config, start_s), indent=1) + "\n", encoding="utf-8")
    casts = [Cast(folder / f"{line.id}.cast", int(start_s), started_ns) for line in config.trunk.lines]
    tasks = [asyncio.create_task(Recorder(board, config, place, cast).run()) for place, cast in enumerate(casts)]
    work = asyncio.gather(*tasks)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        pass
    finally:
        for cast in casts:
            cast.close()


def _trunk_json(config: Config, start_s: float) -> dict[str, object]:
    trunk = config.trunk
    lines = [
        {"id": line.id, "file": f"{line.id}.cast", "dialect": line.dialect, "profile": line.profile, "channels": 1, "numbers": line.numbers}
        for line in trunk.lines
    ]
    start = datetime.fromtimestamp(start_s, UTC).astimezone().isoformat(timespec="microseconds")
    head = {"catflap_trunk": 1, "id": trunk.id, "start": start, "country": trunk.country, "area_code": trunk.area_code, "role": trunk.role}
    return {**head, "title": f"recorded by probe {config.id}", "lines": lines}
