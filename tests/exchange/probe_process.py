"""Runs a probe as its own process, on either runtime, and takes its count of records when it ends."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from catflap_host import micropython
from tests.exchange.child import start_child
from tests.exchange.exchange import Exchange

MICROPYTHON_HEAP = "16m"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A command line that runs a probe once `--config FILE` is added, and its environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


def cpython() -> Runtime:
    """The probe on CPython."""
    return Runtime("cpython", [str(Path(sys.prefix) / "bin" / "catflap"), "probe", "run"], os.environ)


def micropython_unix() -> Runtime | None:
    """The probe on MicroPython's unix port; None where this machine has none."""
    if micropython.find() is None:
        return None
    return Runtime("micropython", micropython.command("boards/unix/probe.py", MICROPYTHON_HEAP), micropython.environment())


class ProbeError(Exception):
    """A probe that did not start, run or end as it should; the text holds the end of what it said."""


class ProbeProcess:
    """A running probe; leaving the `async with` kills it if it still runs."""

    def __init__(self, runtime: Runtime, config: Path, log: Path) -> None:
        self.runtime = runtime
        self._config = config
        self._log = log
        self._output = log.with_suffix(".out")
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        with self._log.open("wb") as log, self._output.open("wb") as output:
            words = [*self.runtime.command, "--config", str(self._config)]
            self._process = await start_child(words, output, log, self.runtime.environment)
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self.has_ended:
            self._process.kill()
            await self._process.wait()

    async def stop(self, timeout_s: float = 10.0) -> dict[str, int]:
        """Ends the probe by SIGINT, and returns how many records of each kind it made; raises ProbeError."""
        if self.has_ended:
            raise ProbeError(f"{self.runtime.name} probe ended early with status {self._process.returncode}: {self.said()}")
        # MicroPython hears of no other signal
        self._process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(self._process.wait(), timeout_s)
        except TimeoutError:
            raise ProbeError(f"{self.runtime.name} probe did not end within {timeout_s:g} s of SIGINT: {self.said()}") from None
        for line in reversed(self._output.read_text(errors="replace").splitlines()):
            if line.startswith('{"made"'):
                made: dict[str, int] = json.loads(line)["made"]
                return made
        raise ProbeError(f"{self.runtime.name} probe told no counts at its end: {self.said()}")

    def cpu_s(self) -> float:
        """User and system time that the running probe has used so far; Linux only."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process.returncode is not None

    def said(self) -> str:
        """The last lines of its log and of its output."""
        return "\n".join(line for path in (self._log, self._output) for line in path.read_text(errors="replace").splitlines()[-20:])


async def modems_ready(exchange: Exchange, probes: Sequence[ProbeProcess], timeout_s: float) -> None:
    """Waits until the probes have set up every modem of the exchange; raises ProbeError with what they said if they do not."""
    with suppress(TimeoutError):
        await exchange.until(lambda: not exchange.without_caller_id() or any(probe.has_ended for probe in probes), timeout_s)
    if exchange.without_caller_id():
        said = "\n".join(f"{probe.runtime.name} said: {probe.said()}" for probe in probes)
        raise ProbeError(f"caller ID was not switched on for {', '.join(exchange.without_caller_id())}\n{said}")
