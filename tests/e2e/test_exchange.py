"""The emulated exchange on real ptys, with a stand-in for the probe at the other end."""

import asyncio
import os
import time

from catflap_models.plan import PlannedCall
from tests.exchange.analogue import USR
from tests.exchange.cellular import HUAWEI, SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.trunk import Trunk, TrunkLine

TRUNK = Trunk(
    "beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", USR), TrunkLine("L02", SIMCOM), TrunkLine("L03", HUAWEI))
)
NUISANCE = "17012345678"


def planned(t_s: float, line: int, calling: str) -> PlannedCall:
    return PlannedCall(t_s, line, calling, "shown", "", 20.0, 12.0, 30.0, "legit", "", "")


class Blocker:
    """Switches caller ID on, and stops every call that shows the nuisance's number."""

    def __init__(self, path: str, setup: bytes, stop: bytes) -> None:
        self.port = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.stop = stop
        self.heard = b""
        asyncio.get_running_loop().add_reader(self.port, self.read)
        os.write(self.port, setup)

    def read(self) -> None:
        self.heard += os.read(self.port, 4096)
        if NUISANCE.encode() in self.heard:
            self.heard = b""
            os.write(self.port, self.stop)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.port)
        os.close(self.port)


async def play() -> Exchange:
    origin_ms = int(time.time() * 1000)
    async with Exchange(TRUNK, speed=120, origin_ms=origin_ms) as exchange:
        probes = [
            Blocker(exchange.ports["L01"], b"ATE0+VCID=1\r", b"ATH1\r"),
            Blocker(exchange.ports["L02"], b"AT+CLIP=1\r", b"AT+CHUP\r"),
            Blocker(exchange.ports["L03"], b"AT+CLIP=1\r", b"AT+CHUP\r"),
        ]
        await exchange.until(lambda: not exchange.without_caller_id(), timeout_s=10)
        start_s = exchange.clock.now_s() + 5
        exchange.play(planned(start_s + 20 * line, line, "01062345678") for line in range(3))
        await exchange.quiet(timeout_s=20)
        start_s = exchange.clock.now_s() + 5
        exchange.play(planned(start_s + 20 * line, line, NUISANCE) for line in (1, 2, 0))
        while exchange.switch.playing or any(line.state not in ("idle", "taken") for line in exchange.lines.values()):
            await asyncio.sleep(0.01)
        # off-hook for less than SEIZURE_S would be no answer
        await exchange.pass_time(2.0)
        os.write(probes[0].port, b"ATH0\r")
        await exchange.quiet(timeout_s=20)
        for probe in probes:
            probe.close()
    return exchange


def test_calls_are_played_and_those_that_are_stopped_are_timed() -> None:
    exchange = asyncio.run(play())
    assert [(call.line, call.outcome) for call in exchange.calls] == [
        ("L01", "answered"),
        ("L02", "answered"),
        ("L03", "answered"),
        ("L02", "blocked"),
        ("L03", "blocked"),
        ("L01", "blocked"),
    ]
    for call in exchange.calls:
        assert (call.caller_id_to_hangup_ms() is not None) == (call.outcome == "blocked")
    assert not any(call.touched_in_use for call in exchange.calls)
