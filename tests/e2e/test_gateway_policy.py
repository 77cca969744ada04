"""The aggregator's policy reaches a probe behind a serial gateway, in pieces that fit the link, and is acted on; a mark goes back."""

import asyncio
import json
import time
from contextlib import closing
from pathlib import Path

import pytest

from catflap_host.policy import kept
from catflap_host.store.database import open_database
from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import Aggregator, enrol, running
from tests.e2e.gateway import GatewayProcess, UsbLink, gateway_config
from tests.exchange.cellular import SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.playing import AFTERMATH_S, LEAD_S
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
BOARD = "board-a"
CALLER = "13812345678"
OTHERS = [{"number": str(13_900_000_000 + 7 * place)} for place in range(400)]
"""So many that the policy has 3 kB, over three times what a frame holds."""
STAFF = "+8613800138000"
POLICY = {"catflap_policy": 1, "version": "one", "mark": {"sms": [STAFF]}, "deny": [{"number": CALLER}, *OTHERS]}
MESSAGE = f'\r\n+CMT: "{STAFF}",,"26/03/02,08:00:00+32",145,4,0,0,"+8613800100500",145,4\r\nspam\r\n'
SPEED = 20


async def play(folder: Path, runtime: Runtime, aggregator: Aggregator, tables: str) -> None:
    """A call of a denied number to a board that has fetched its policy through the gateway."""
    config = gateway_config(TRUNK, aggregator.ingest, folder, tells_time=False)
    async with Exchange(TRUNK, SPEED, origin_ms=int(time.time() * 1000)) as exchange:
        link = UsbLink(folder / "usb", BOARD)
        tree = probe_config(TRUNK, BOARD, ["L01"], folder / "state") | {"uplink": link.uplink(folder / f"{BOARD}.key"), "tables": tables}
        path = write_json(plugged_in(tree, exchange), folder / "board.json")
        async with GatewayProcess(config, folder) as gateway, ProbeProcess(runtime, path, folder / "board.log") as probe:
            await modems_ready(exchange, [probe], 30.0)
            await exchange.until(lambda: "policy-taken" in (folder / "board.log").read_text(), 30.0)
            at_s = exchange.clock.now_s() + LEAD_S
            exchange.play([PlannedCall(at_s, 0, CALLER, "shown", "", 30.0, None, 0.0, "legit", "", "")])
            await exchange.until(lambda: len(exchange.calls) == 1, 30.0)
            await exchange.quiet(60.0)
            await exchange.pass_time(AFTERMATH_S)
            exchange.modems["L01"].wire.send(MESSAGE)
            await exchange.pass_time(5.0)
            await probe.stop()
            assert "too long" not in gateway.log()
        link.close()


@pytest.mark.parametrize(("runtime_name", "tables"), [("micropython", "board"), ("cpython", "linux")])
def test_a_policy_comes_over_the_serial_link_and_stops_whom_it_denies(tmp_path: Path, runtime_name: str, tables: str) -> None:
    runtime = runtimes.find(runtime_name)
    enrol(tmp_path / "data", BOARD)
    with closing(open_database(tmp_path / "data")) as database:
        kept.publish(database, kept.draft(database, json.dumps(POLICY), "li.wei", ""), "li.wei")
    with running(tmp_path / "data") as aggregator:
        asyncio.run(play(tmp_path, runtime, aggregator, tables))
        (call,) = aggregator.get("/calls?limit=10")
        (known,) = aggregator.get("/policy")["probes"]
        complaints: list[dict[str, object]] = []
        while not complaints:
            complaints = aggregator.get("/complaints")
    assert (call["action"], call["outcome"], call["reasons"][0]) == ("block", "stopped", "policy.deny")
    assert [(case["source"], case["match"], case["call_id"]) for case in complaints] == [("sms", "call", call["id"])]
    assert (known["probe"], known["version"], known["refused"]) == (BOARD, 1, 0)
