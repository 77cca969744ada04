"""The exchange's ports: unplugged and plugged back, at a wrong speed, their modem's power switched, held by another program."""

import asyncio
import errno
import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
import serial

from catflap_host import micropython
from tests.exchange.analogue import USR
from tests.exchange.cellular import QUECTEL
from tests.exchange.exchange import Exchange
from tests.exchange.foreign import NAME, ForeignProgram
from tests.exchange.trunk import Trunk, TrunkLine

LINE = "L01"


def on_an_exchange(line: TrunkLine, play: Callable[[Exchange], Coroutine[None, None, None]]) -> None:
    """Runs `play` against an exchange of one line."""

    async def run() -> None:
        trunk = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (line,))
        async with Exchange(trunk, speed=20, origin_ms=int(time.time() * 1000)) as exchange:
            await play(exchange)

    asyncio.run(run())


class Terminal:
    """A program that types at a modem and reads what it says."""

    def __init__(self, exchange: Exchange, baud: int = 115200) -> None:
        self.port = serial.Serial(exchange.ports[LINE], baud, timeout=0)

    async def ask(self, command: bytes, until: bytes = b"OK\r\n") -> bytes:
        """What comes back until it ends so, or half a second is over."""
        self.port.write(command)
        heard = b""
        for _ in range(50):
            heard += self.port.read(4096)
            if heard.endswith(until):
                break
            await asyncio.sleep(0.01)
        return heard


def test_a_modem_unplugged_hangs_up_its_port_and_comes_back_under_the_same_name_with_nothing_set() -> None:
    async def play(exchange: Exchange) -> None:
        before = Terminal(exchange)
        assert b"OK" in await before.ask(b"AT+CLIP=1\r")
        exchange.plug(LINE, False)
        assert not Path(exchange.ports[LINE]).exists()
        with pytest.raises(OSError, match="Input/output error") as fault:
            os.write(before.port.fileno(), b"AT\r")
        assert fault.value.errno == errno.EIO
        exchange.plug(LINE, True)
        assert not exchange.modems[LINE].shows_caller_id
        after = Terminal(exchange)
        assert b"OK" in await after.ask(b"AT\r")

    on_an_exchange(TrunkLine(LINE, QUECTEL), play)


def test_at_a_wrong_speed_both_hear_noise() -> None:
    async def play(exchange: Exchange) -> None:
        assert b"OK" not in await Terminal(exchange, 115200).ask(b"AT\r")
        assert b"OK" in await Terminal(exchange, 9600).ask(b"\rAT\r")

    on_an_exchange(TrunkLine(LINE, USR, baud=9600), play)


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_the_speed_that_micropython_sets_is_seen() -> None:
    script = "import termios, sys\nfile = open(sys.argv[1], 'r+b')\nport = termios.tcgetattr(file.fileno())\nport[4] = port[5] = 13\n"
    script += "termios.tcsetattr(file.fileno(), termios.TCSANOW, port)\n"

    async def play(exchange: Exchange) -> None:
        words = [str(micropython.find()), "-c", script, exchange.ports[LINE]]
        await asyncio.to_thread(subprocess.run, words, check=True, env=micropython.environment(), timeout=20)
        assert exchange.speed(LINE) == 9600

    on_an_exchange(TrunkLine(LINE, USR, baud=9600), play)


@pytest.mark.parametrize("kind", ["relay", "usb"])
def test_a_power_cycle_ends_a_wedge(kind: str) -> None:
    async def play(exchange: Exchange) -> None:
        power = exchange.power[LINE].setting(off_s=2)
        exchange.modems[LINE].wedge()
        assert await Terminal(exchange).ask(b"AT\r") == b""
        Path(power["file"]).write_text(power["off"])
        await exchange.until(lambda: exchange.power[LINE].cycles == 1, 5.0)
        assert Path(exchange.ports[LINE]).exists() == (kind == "relay")
        Path(power["file"]).write_text(power["on"])
        await exchange.until(lambda: Path(exchange.ports[LINE]).exists() and not exchange.modems[LINE].wire.is_dead, 5.0)
        assert b"OK" in await Terminal(exchange).ask(b"AT\r")

    on_an_exchange(TrunkLine(LINE, QUECTEL, power=kind), play)


@pytest.mark.parametrize("has_lock", [True, False])
def test_a_foreign_program_has_the_port_under_its_own_name_with_a_lock_or_without(has_lock: bool, tmp_path: Path) -> None:
    async def play(exchange: Exchange) -> None:
        async with ForeignProgram(exchange.ports[LINE], tmp_path / "log", has_lock) as program:
            assert Path(f"/proc/{program.pid}/comm").read_text() == f"{NAME}\n"
            port = os.open(exchange.ports[LINE], os.O_RDWR | os.O_NOCTTY)
            try:
                fcntl.flock(port, fcntl.LOCK_EX | fcntl.LOCK_NB)
                assert not has_lock
            except BlockingIOError:
                assert has_lock
            os.close(port)

    on_an_exchange(TrunkLine(LINE, USR), play)
