"""What 64 lines cost one Linux probe: a call every 10 s on each, in real time, over ptys."""

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

from catflap_models.court.figures import Figure
from catflap_models.plan import PlannedCall
from tests.exchange.cellular import SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, cpython, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine

LINES = 64
EVERY_S = 10.0
RUN_S = 40.0
BAR = 25.0


def figures(folder: Path) -> Iterator[Figure]:
    """The share of one core that the probe process uses while all lines are called."""
    folder.mkdir()
    share, calls = asyncio.run(_measure(folder))
    how = f"{calls} calls on {LINES} lines in {RUN_S:g} s, one every {EVERY_S:g} s a line; user and system time of the probe, no uplink"
    yield Figure("load64.cpython", round(share, 1), "% of a core", BAR, "lower", how)


async def _measure(folder: Path) -> tuple[float, int]:
    trunk = Trunk("load", "CN", "010", "2026-03-02T08:00:00+08:00", tuple(TrunkLine(f"L{n:02d}", SIMCOM) for n in range(1, LINES + 1)))
    async with Exchange(trunk, speed=1, origin_ms=int(time.time() * 1000)) as exchange:
        path = write_json(plugged_in(probe_config(trunk, "load", list(exchange.ports), folder / "state"), exchange), folder / "probe.json")
        async with ProbeProcess(cpython(), path, folder / "probe.log") as probe:
            await modems_ready(exchange, [probe], 60.0)
            exchange.play(_plan(exchange.clock.now_s() + 1.0))
            before_s = probe.cpu_s()
            await asyncio.sleep(RUN_S)
            used_s = probe.cpu_s() - before_s
            await exchange.quiet(60.0)
            await probe.stop()
    return 100.0 * used_s / RUN_S, len(exchange.calls)


def _plan(start_s: float) -> list[PlannedCall]:
    rng = random.Random(1)
    calls = []
    for line in range(LINES):
        t_s = start_s + rng.uniform(0.0, EVERY_S)
        while t_s < start_s + RUN_S:
            calls.append(PlannedCall(t_s, line, f"138{rng.randrange(10**8):08d}", "shown", "", 7.0, None, 0.0, "legit", "", ""))
            t_s += EVERY_S
    return sorted(calls, key=lambda call: call.t_s)
