"""A board and its modems in virtual time: asyncio's clock jumps from one thing that is due to the next, so that hours pass at once."""

import asyncio
import errno
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

from catflap_probe.board import Board, Port


class _Jumping(selectors.SelectSelector):
    """Never waits: where nothing is ready, time moves on to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everything waits and nothing is due"
            self.now_s += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now_s


def run(play: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(play)


class FakePort(Port):
    """One opening of a modem's port."""

    def __init__(self, modem: "FakeModem", baud: int) -> None:
        self.modem = modem
        self.baud = baud
        self.is_open = True
        self._data = b""
        self._came = asyncio.Event()

    def put(self, data: bytes) -> None:
        """Bytes arrive at the probe; none: the port hangs up."""
        if data:
            self._data += data
        else:
            self.is_open = False
        self._came.set()

    async def read(self) -> bytes:
        while not self._data and self.is_open:
            self._came.clear()
            await self._came.wait()
        data, self._data = self._data, b""
        return data

    def write(self, data: bytes) -> None:
        if not self.is_open:
            raise OSError(errno.EIO, "gone")
        self.modem.receive(self, data)

    def close(self) -> None:
        self.is_open = False
        if self.modem.port is self:
            self.modem.port = None


class FakeModem:
    """A modem on a port: answers commands from a table, late where told, or not at all.

    `answers` maps a command to the lines before OK, or to another result code where it ends with `!`; what is not in it is answered OK.
    """

    def __init__(self, baud: int = 0, delay_s: float = 0.02) -> None:
        self.baud = baud  # 0: any
        self.delay_s = delay_s
        self.delays_s: dict[str, float] = {}
        self.answers: dict[str, str] = {}
        self.deaf: set[str] = set()
        self.is_wedged = False
        self.is_plugged = True
        self.echoes = True
        self.is_on = False
        self.port: FakePort | None = None
        self.sent: list[tuple[float, str]] = []  # what the probe said, with its second
        self.opened: list[int] = []
        self.obeys: Callable[[str], None] | None = None
        self._typed = b""

    def commands(self) -> list[str]:
        """What the probe said."""
        return [command for _, command in self.sent]

    def since(self, t_s: float) -> list[str]:
        """What the probe has said from that second on."""
        return [command for at_s, command in self.sent if at_s >= t_s]

    def say(self, text: str) -> None:
        """Writes a line, as a modem does."""
        self.put(f"\r\n{text}\r\n".encode("latin-1"))

    def put(self, data: bytes) -> None:
        """Puts bytes on the wire."""
        if self.port is not None and not self.is_wedged:
            self.port.put(data if self.baud in (0, self.port.baud) else bytes(byte ^ 0xE5 for byte in data))

    def reset(self) -> None:
        """Starts anew: every setting is lost."""
        self.echoes, self.is_on = True, False

    def unplug(self) -> None:
        """Pulls the plug."""
        self.is_plugged = False
        self.reset()
        if self.port is not None:
            self.port.put(b"")

    def receive(self, port: FakePort, data: bytes) -> None:
        """Takes what the probe writes."""
        now_s = asyncio.get_running_loop().time()
        self.sent += [(now_s, word) for word in data.decode().split("\r") if word]
        if self.is_wedged or self.baud not in (0, port.baud):
            return
        if self.echoes:
            port.put(data)
        self._typed += data
        while b"\r" in self._typed:
            line, _, self._typed = self._typed.partition(b"\r")
            if line:
                self._execute(line.decode())

    def _execute(self, command: str) -> None:
        if command in self.deaf:
            return
        if self.obeys is not None:
            self.obeys(command)
        if command == "ATZ":
            self.reset()
        elif "E0" in command:
            self.echoes = False
        elif command in ("AT+VCID=1", "AT+CLIP=1"):
            self.is_on = True
        text = self.answers.get(command, "")
        if not text and command == "AT+VCID?":
            text = "1" if self.is_on else "0"
        elif not text and command == "AT+CLIP?":
            text = "+CLIP: 1,1" if self.is_on else "+CLIP: 0,1"
        lines = text[:-1] if text.endswith("!") else "\r\n\r\n".join([*filter(None, [text]), "OK"])
        asyncio.get_running_loop().call_later(self.delays_s.get(command, self.delay_s), self.say, lines)


class FakeBoard(Board):
    """A machine with such modems on its ports."""

    def __init__(self) -> None:
        self.modems: dict[str, FakeModem] = {}
        self.refusals: dict[str, OSError] = {}
        self.holders: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.speeds = (9600, 19200, 38400, 57600, 115200, 230400)

    def monotonic_us(self) -> int:
        return round(asyncio.get_running_loop().time() * 1000000)

    def unix_us(self) -> int:
        return 1795424000000000 + self.monotonic_us()

    def random_bytes(self, count: int) -> bytes:
        return bytes(count)

    def open_port(self, path: str, baud: int) -> Port:
        if path in self.refusals:
            raise self.refusals[path]
        modem = self.modems[path]
        if not modem.is_plugged:
            raise OSError(errno.ENOENT, "no such port")
        if baud not in self.speeds:
            raise ValueError("no such speed")
        assert modem.port is None or not modem.port.is_open, "opened twice"
        modem.port = FakePort(modem, baud)
        modem.opened.append(baud)
        return modem.port

    def stable_name(self, path: str) -> str:
        return self.aliases.get(path, "")

    def group_of(self, path: str) -> str:
        return "dialout"

    async def who_has(self, path: str) -> str:
        return self.holders.get(path, "")
