"""The aggregator as the demo runs it: its own process, what its API counts, and the calls it streams."""

import asyncio
import json
import sys
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

from tests.exchange.child import start_child

CATFLAP = str(Path(sys.prefix) / "bin" / "catflap")
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0


class AggregatorError(Exception):
    """The aggregator did not start, or refused a probe; the text holds what it said."""


class Aggregator:
    """`catflap host run` on free ports; leaving the `async with` ends it."""

    def __init__(self, folder: Path) -> None:
        self.ingest = ""
        self.console = ""
        self.page = ""
        self._token = ""
        self._data = folder / "aggregator"
        self._log = folder / "aggregator.log"
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        with self._log.open("wb") as log:
            words = [CATFLAP, "host", "run", "--data", str(self._data), "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0"]
            self._process = await start_child(words, asyncio.subprocess.PIPE, log)
        try:
            self.ingest = await self._address("ingest")
            self.console = await self._address("console")
            self.page = self.console + await self._run("user", "add", "demo", "--role", "administrator")
            self._token = await self._run("user", "token", "demo")
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _address(self, side: str) -> str:
        assert self._process.stdout is not None
        line = (await asyncio.wait_for(self._process.stdout.readline(), START_TIMEOUT_S)).decode().split()
        if len(line) != 2 or line[0] != side:
            raise AggregatorError(f"the aggregator told no {side} address: {self._log.read_text(errors='replace')}")
        return line[1]

    async def enrol(self, probe: str, key_file: Path) -> None:
        """Gives a probe its key, in a new file; raises AggregatorError."""
        await self._run("enrol", probe, "--key-file", str(key_file))

    async def _run(self, *words: str) -> str:
        """What `catflap host` prints for some words."""
        called = (CATFLAP, "host", *words, "--data", str(self._data))
        process = await asyncio.create_subprocess_exec(*called, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        said, error = await process.communicate()
        if process.returncode != 0:
            raise AggregatorError(f"catflap host {' '.join(words)}: {error.decode(errors='replace')}")
        return said.decode().strip()

    async def stored(self) -> dict[str, int]:
        """How many records of each kind are stored."""
        return await asyncio.to_thread(_records, f"{self.console}/api/v1/summary", self._token)

    async def calls_ended(self) -> AsyncIterator[dict[str, Any]]:
        """Every call that ends from now on, as the API tells it, until the aggregator stops."""
        host, _, port = self.console.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 20)
        try:
            # HTTP/1.0: the answer comes as it is, not in chunks
            shown = f"Host: {host}:{port}\r\nAuthorization: Bearer {self._token}"
            writer.write(f"GET /api/v1/stream?after=0 HTTP/1.0\r\n{shown}\r\n\r\n".encode())
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    change = json.loads(line[6:])
                    if change["kind"] == "end" and change["call"] is not None:
                        yield change["call"]
        finally:
            writer.close()


def _records(url: str, token: str) -> dict[str, int]:
    question = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(question, timeout=10) as answer:
        records: dict[str, int] = json.load(answer)["records"]
    return records
