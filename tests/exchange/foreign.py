"""Another program on a modem's port, as ModemManager or a forgotten terminal would be: with a lock, or just reading bytes away."""

import asyncio
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.exchange.child import start_child

NAME = "portgrabber"
"""What the system calls it."""

_PROGRAM = """
import ctypes, fcntl, os, sys, time
ctypes.CDLL(None).prctl(15, sys.argv[1].encode())  # PR_SET_NAME
port = os.open(sys.argv[2], os.O_RDWR | os.O_NOCTTY)
if sys.argv[3] == "lock":
    fcntl.flock(port, fcntl.LOCK_EX)
print("has it", flush=True)
while True:
    try:
        os.read(port, 4096) or time.sleep(0.01)
    except OSError:
        time.sleep(0.01)
"""


class ForeignProgram:
    """Holds a port from entering the `async with` to leaving it."""

    def __init__(self, port: str, log: Path, has_lock: bool) -> None:
        self._words = [sys.executable, "-c", _PROGRAM, NAME, port, "lock" if has_lock else "open"]
        self._log = log

    async def __aenter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = await start_child(self._words, asyncio.subprocess.PIPE, log)
        assert self._process.stdout is not None
        said = await asyncio.wait_for(self._process.stdout.readline(), 10.0)
        assert said == b"has it\n", self._log.read_text()
        return self

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        await self._process.wait()
