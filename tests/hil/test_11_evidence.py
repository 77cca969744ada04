"""11: what the gateway knows of a pool reaches the board while the phone rings, in time to stop the call; a lone board lets it ring."""

import asyncio
import time
from pathlib import Path

import pytest

from catflap_host.gateway.memory import WideMemory
from catflap_probe.memory.trunk import RANG_ON
from catflap_probe.trunk import EPOCH_S, TrunkSettings
from tests.e2e.aggregator import enrol, running
from tests.e2e.gateway import gateway_config
from tests.hil.emulated import EmulatedBoard
from tests.hil.test_08_gateway import ANSWER_US, EVERY_US, FIRST_US, TRUNK, through_gateway
from tests.hil.trunk import BAUDS, board_files
from tests.neighbours_bundle import write_neighbours_bundle

POOL = [f"1381234{suffix:04d}" for suffix in (417, 233, 981, 1502, 76, 2207, 666, 1290, 845, 38)]
CALLERS = POOL[:4]
EVERY_S, RING_S = 900, 12
PACE = 1.5
"""Not much faster than the world: the gateway's answer takes its real time."""


def taught(folder: Path) -> None:
    """Puts a memory in which the pool has called for hours, every quarter of an hour, where the gateway looks for one."""
    config = gateway_config(TRUNK, "", folder, tells_time=True)
    Path(config["state"]).mkdir()
    memory = WideMemory(TrunkSettings(config["trunk"]), Path(config["state"]) / "memory")
    calls = POOL * 3
    for number, calling in enumerate(calls):
        now_s = int(time.time()) - EPOCH_S - (len(calls) - number) * EVERY_S
        memory.answer(calling, now_s, "L01", True)
        memory.ended(calling, now_s + RING_S, 1000 * RING_S, RANG_ON, 0, True)
    memory.save()


def test_evidence_arrives_in_time_to_stop_a_call(board: EmulatedBoard, is_long: bool, tmp_path: Path) -> None:
    if not is_long:
        pytest.skip("a real gateway and aggregator beside the emulator need the machine to themselves: make hil")
    key = enrol(tmp_path / "data", "pico-1")
    # what is asked is whether evidence comes in time, not what the released model makes of this pool
    bundle = {f"/bundle/{path.name}": path.read_bytes() for path in write_neighbours_bundle(tmp_path / "bundle").iterdir()}
    board.put(board_files(TRUNK, {"catflap_policy": 1}, model="/bundle") | {"/key": key.hex().encode()} | bundle)
    board.modem(0, BAUDS["3gpp"], ANSWER_US)
    for number, calling in enumerate(CALLERS):
        at_us = FIRST_US + number * EVERY_US
        board.feed(0, [(at_us, "\r\nRING\r\n"), (at_us + 5_000, f'\r\n+CLIP: "{calling}",129,"",0,"",0\r\n')])
        board.feed(0, [(at_us + 9_000_000, "\r\nNO CARRIER\r\n")])
    board.power()
    taught(tmp_path)
    with running(tmp_path / "data") as aggregator:
        asyncio.run(through_gateway(board, aggregator, tmp_path, PACE))
        rows = aggregator.get("/calls?limit=50")
    stopped = [row for row in rows if row["action"] == "block"]
    # a busy machine may answer some of the questions too late
    assert stopped
    assert all(row["reasons"] == ["pool.neighbours", "model.simbank", "gateway.evidence"] for row in stopped)
    assert len(rows) == len(CALLERS)
    assert [command.text for command in board.commands].count("AT+CHUP") >= len(stopped)
