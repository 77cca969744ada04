"""Writes down what the lines of a trunk say, as a recording, and decides nothing."""

import asyncio
import json
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from boards.linux.board import LinuxBoard
from catflap_probe.clock import Clock
from catflap_probe.command import Commander
from catflap_probe.config import Config
from catflap_probe.dialect.table import find_profile, open_dialect
from catflap_probe.dialect.text import Listener
from catflap_probe.events import REPLY
from catflap_probe.line import Desk, Line

REOPEN_S = 2.0


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


class Replies(Listener):
    """Passes on what the modem answers to the set-up commands, nothing else."""

    def __init__(self, commander: Commander) -> None:
        self.commander = commander

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """See Listener."""
        if kind == REPLY:
            self.commander.replied(text)


def record(config: Config, folder: Path) -> None:
    """Records the lines of a probe's configuration into a new folder until SIGTERM or SIGINT; raises OSError."""
    asyncio.run(_record(config, folder))


async def _record(config: Config, folder: Path) -> None:
    board = LinuxBoard()
    folder.mkdir(parents=True, exist_ok=True)
    start_s, started_ns = time.time(), time.monotonic_ns()
    (folder / "trunk.json").write_text(json.dumps(_trunk_json(config, start_s), indent=1) + "\n", encoding="utf-8")
    casts = [Cast(folder / f"{line.id}.cast", int(start_s), started_ns) for line in config.trunk.lines]
    tasks = [asyncio.create_task(_listen(board, config, place, cast)) for place, cast in enumerate(casts)]
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


async def _listen(board: LinuxBoard, config: Config, place: int, cast: Cast) -> None:
    settings, where = config.trunk.lines[place], config.ports[place]
    clock = Clock(board, None)
    profile, _ = find_profile(settings.dialect, settings.profile)
    commander = Commander(clock, Line(place, Desk()), profile, lambda data: cast.add("i", data))
    dialect = open_dialect(settings.dialect, Replies(commander))
    while True:
        try:
            port = board.open_port(where.path, where.baud)
        except OSError:
            await asyncio.sleep(REOPEN_S)
            continue
        cast.add("m", b"plugged")
        commander.port = port
        setup = asyncio.create_task(commander.initialise())
        try:
            while data := await port.read():
                cast.add("o", data)
                dialect.feed(clock.now_ms(), data)
        except OSError:
            pass
        finally:
            setup.cancel()
            commander.port = None
            port.close()
        cast.add("m", b"unplugged")
        await asyncio.sleep(REOPEN_S)


def _trunk_json(config: Config, start_s: float) -> dict[str, object]:
    trunk = config.trunk
    lines = [
        {"id": line.id, "file": f"{line.id}.cast", "dialect": line.dialect, "profile": line.profile, "channels": 1, "numbers": line.numbers}
        for line in trunk.lines
    ]
    start = datetime.fromtimestamp(start_s, UTC).astimezone().isoformat(timespec="microseconds")
    head = {"catflap_trunk": 1, "id": trunk.id, "start": start, "country": trunk.country, "area_code": trunk.area_code, "role": trunk.role}
    return {**head, "title": f"recorded by probe {config.id}", "lines": lines}
