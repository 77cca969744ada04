"""The gateway as one process: ports that come and go, a session on each, the memory kept, and a status line now and then."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from boards.linux.board import LinuxBoard
from catflap_host.errors import UserError
from catflap_host.gateway.memory import WideMemory
from catflap_host.gateway.relay import Relay
from catflap_host.gateway.session import Counts, Session, Site
from catflap_host.gateway.settings import Settings
from catflap_probe.board import Port

LOOK_S = 1.0
TIME_S = 60.0
SAVE_S = 600.0
STATUS_S = 60.0
ROOT = Path("/")

log = logging.getLogger("catflap.gateway")


class Gateway:
    """Serves every port that its settings name."""

    def __init__(self, settings: Settings) -> None:
        """Takes the memory up; raises UserError for what cannot be used."""
        self._settings = settings
        try:
            settings.state.mkdir(parents=True, exist_ok=True)
            Relay(settings.url, settings.ca_file)
        except (OSError, ValueError) as fault:
            raise UserError(
                f"{fault.filename or settings.ca_file}: {fault.strerror}" if isinstance(fault, OSError) else str(fault)
            ) from None
        self._memory = WideMemory(settings.trunk, settings.state / "memory")
        if self._memory.why_not:
            log.warning("the memory of the last run is of no use: %s", self._memory.why_not)
        self._site = Site(settings.trunk.id, self._memory, Counts(), settings.tells_time)
        self._board = LinuxBoard()
        self._sessions: list[Session] = []
        self._served: dict[str, asyncio.Task[None]] = {}
        self._failed: dict[str, str] = {}

    async def run(self) -> None:
        """Runs until SIGTERM or SIGINT, and keeps the memory."""
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        work = [
            self._look(),
            self._every(TIME_S, self._tell_time),
            self._every(SAVE_S, self._save),
            self._every(STATUS_S, self._tell_status),
        ]
        tasks = [asyncio.create_task(job) for job in work]
        print("gateway ready", flush=True)
        try:
            await stopped.wait()
            self._tell_status()
        finally:
            tasks += self._served.values()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._save()

    async def _look(self) -> None:
        """Serves the ports that are there, by the names that they were found under."""
        while True:
            for path in self._found():
                place = os.path.realpath(path)
                if place not in self._served:
                    self._serve(path, place)
            await asyncio.sleep(LOOK_S)

    def _found(self) -> list[str]:
        paths = [path for pattern in self._settings.ports for path in sorted(map(str, ROOT.glob(pattern[1:])))]
        for path in [path for path in self._failed if path not in paths]:
            del self._failed[path]
        return paths

    def _serve(self, path: str, place: str) -> None:
        try:
            port = self._board.open_port(path, self._settings.baud)
        except (OSError, ValueError) as fault:
            if self._failed.get(path) != str(fault):
                log.warning("%s: %s", path, fault)
            self._failed[path] = str(fault)
            return
        self._failed.pop(path, None)
        log.info("%s: plugged in", path)
        task = asyncio.create_task(self._attend(path, port))
        self._served[place] = task
        task.add_done_callback(lambda _: self._served.pop(place, None))

    async def _attend(self, path: str, port: Port) -> None:
        session = Session(Path(path).name, port.write, self._site, Relay(self._settings.url, self._settings.ca_file))
        self._sessions.append(session)
        try:
            session.begin()
            with suppress(OSError):
                while data := await port.read():
                    session.feed(data)
            log.info("%s: gone", session.name)
        finally:
            session.close()
            port.close()
            self._sessions.remove(session)

    async def _every(self, seconds: float, action: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            action()

    def _tell_time(self) -> None:
        for session in self._sessions:
            session.tell_time()

    def _save(self) -> None:
        try:
            self._memory.save()
        except OSError as fault:
            log.warning("the memory cannot be kept: %s", fault)

    def _tell_status(self) -> None:
        boards = sorted(session.board for session in self._sessions if session.board)
        log.info("%d boards (%s); %s", len(boards), ", ".join(boards) or "none", self._site.counts)
