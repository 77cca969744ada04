"""Boards on a gateway: their records reach the aggregator once each, whatever becomes of the gateway."""

import asyncio
import signal
import time
from pathlib import Path

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import Aggregator, enrol, running
from tests.e2e.gateway import GatewayProcess, UsbLink, gateway_config
from tests.exchange.cellular import SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.latency import DENIED
from tests.exchange.playing import AFTERMATH_S, LEAD_S
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM), TrunkLine("L02", SIMCOM)))
BOARDS = {"board-a": "L01", "board-b": "L02"}
CALLS = 16
SPEED = 60


def plan(start_s: float) -> list[PlannedCall]:
    """Calls on both lines; every fourth of a number that cannot be."""
    calling = [DENIED if n % 4 == 3 else f"0106234{n:04d}" for n in range(CALLS)]
    return [PlannedCall(start_s + 20.0 * n, n % 2, calling[n], "shown", "", 8.0, None, 0.0, "legit", "", "") for n in range(CALLS)]


async def play(folder: Path, runtime: Runtime, aggregator: Aggregator) -> list[dict[str, int]]:
    """Plays the plan to two boards and kills their gateway half way; what each board made."""
    policy = write_json({"catflap_policy": 1, "deny": [{"number": DENIED}]}, folder / "policy.json")
    config = gateway_config(TRUNK, aggregator.ingest, folder, tells_time=False)
    async with Exchange(TRUNK, SPEED, origin_ms=int(time.time() * 1000)) as exchange:
        links = {board: UsbLink(folder / "usb", board) for board in BOARDS}
        probes = []
        for board, line in BOARDS.items():
            tree = probe_config(TRUNK, board, [line], folder / f"{board}-state")
            tree |= {"policy": str(policy), "uplink": links[board].uplink(folder / f"{board}.key")}
            path = write_json(plugged_in(tree, exchange), folder / f"{board}.json")
            probes.append(ProbeProcess(runtime, path, folder / f"{board}.log"))
        async with probes[0], probes[1]:
            await modems_ready(exchange, probes, 30.0)
            start_s = exchange.clock.now_s() + LEAD_S
            exchange.play(plan(start_s))
            async with GatewayProcess(config, folder) as gateway:
                await gateway.says("board-a on")
                await exchange.until(lambda: len(exchange.calls) >= CALLS // 2, 30.0)
                await gateway.end(signal.SIGKILL)
            await exchange.pass_time(30.0)
            async with GatewayProcess(config, folder) as gateway:
                await exchange.quiet(60.0)
                await exchange.pass_time(AFTERMATH_S)
                made = [await probe.stop() for probe in probes]
                await gateway.end(signal.SIGTERM)
        for link in links.values():
            link.close()
    return made


@runtimes.BOTH
def test_every_record_is_stored_once_across_a_death_of_the_gateway(tmp_path: Path, runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    for board in BOARDS:
        enrol(tmp_path / "data", board)
    with running(tmp_path / "data") as aggregator:
        made = asyncio.run(play(tmp_path, runtime, aggregator))
        stored = aggregator.get("/summary")["records"]
        rows = aggregator.get("/calls?limit=200")
    for kind in ("alert", "call", "end", "alarm", "health"):
        assert stored.get(kind, 0) == sum(board[kind] for board in made)
    assert stored["alert"] >= CALLS // 4
    assert stored["end"] == CALLS == len(rows)
    for board in BOARDS:
        assert not list((tmp_path / f"{board}-state" / "spool").glob("*.log"))
