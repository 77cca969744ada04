"""Boards on emulated USB serial and a real `catflap gateway` process, for end-to-end tests."""

import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.e2e.aggregator import COMMAND
from tests.exchange.child import start_child
from tests.exchange.pty_port import PtyPort
from tests.exchange.trunk import Trunk, line_fields, trunk_fields

TIMEOUT_S = 20.0


class UsbLink:
    """The cable between a board and its gateway: whatever one end writes, the other reads, unless `noise` changes it on its way."""

    def __init__(self, folder: Path, board: str) -> None:
        loop = asyncio.get_running_loop()
        folder.mkdir(exist_ok=True)
        self.board_end = PtyPort(loop, folder / f"board-{board}")
        self.gateway_end = PtyPort(loop, folder / f"usb-Catflap_{board}-if00")
        self.noise: Callable[[bytes], bytes] = bytes
        self.heard_from_gateway = b""
        self.board_end.listen(lambda data, _: self.gateway_end.write(self.noise(data)))
        self.gateway_end.listen(self._to_board)

    def _to_board(self, data: bytes, _: int) -> None:
        data = self.noise(data)
        self.heard_from_gateway += data
        self.board_end.write(data)

    def uplink(self, key_file: Path) -> dict[str, Any]:
        """The `uplink` of the board's configuration."""
        return {"port": self.board_end.path, "key_file": str(key_file)}

    def close(self) -> None:
        """Pulls it out at both ends."""
        self.board_end.unplug()
        self.gateway_end.unplug()


def gateway_config(trunk: Trunk, ingest: str, folder: Path, tells_time: bool) -> dict[str, Any]:
    """The configuration of a gateway for the boards whose links lie in `folder`/usb; its state goes to `folder`/gateway."""
    return {
        "catflap_gateway": 1,
        "state": str(folder / "gateway"),
        "ports": [str(folder / "usb" / "usb-Catflap_*")],
        "trunk": trunk_fields(trunk) | {"lines": [line_fields(line) for line in trunk.lines]},
        "uplink": {"url": ingest},
        "tells_time": tells_time,
    }


class GatewayProcess:
    """A running gateway; leaving the `async with` kills it if it still runs."""

    def __init__(self, config: dict[str, Any], folder: Path) -> None:
        self._config = folder / "gateway.json"
        self._config.write_text(json.dumps(config))
        self._log = folder / "gateway.log"
        self.process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        with self._log.open("ab") as log:
            words = [*COMMAND, "gateway", "--config", str(self._config)]
            self.process = await start_child(words, asyncio.subprocess.PIPE, log)
        assert self.process.stdout is not None
        assert await asyncio.wait_for(self.process.stdout.readline(), TIMEOUT_S) == b"gateway ready\n", self.log()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.end(signal.SIGKILL)

    async def end(self, by: signal.Signals) -> None:
        """Ends it by a signal, if it still runs."""
        if self.process.returncode is None:
            self.process.send_signal(by)
            await asyncio.wait_for(self.process.wait(), TIMEOUT_S)

    def log(self) -> str:
        """What it and those before it said."""
        return self._log.read_text(errors="replace")

    async def says(self, text: str) -> None:
        """Waits until its log holds `text`; raises TimeoutError."""
        async with asyncio.timeout(TIMEOUT_S):
            while text not in self.log():
                await asyncio.sleep(0.02)
