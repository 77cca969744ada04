"""08: a board's alerts over its USB, through a real gateway, into a real aggregator, and the gateway's answers while the phone rings."""

import asyncio
import json
import re
import signal
from contextlib import closing
from pathlib import Path

import pytest

from catflap_host.api.masking import mask
from catflap_host.policy import kept
from catflap_host.store.database import open_database
from tests.e2e.aggregator import Aggregator, enrol, running
from tests.e2e.gateway import GatewayProcess, gateway_config
from tests.exchange.cellular import SIMCOM
from tests.exchange.pty_port import PtyPort
from tests.exchange.trunk import Trunk, TrunkLine
from tests.hil.emulated import EmulatedBoard
from tests.hil.trunk import BAUDS, board_files
from tests.replay.recorded import START

TRUNK = Trunk("beijing-7", "CN", "010", START, (TrunkLine("L01", SIMCOM),))
DENIED = "13900000000"
POLICY = {"catflap_policy": 1, "version": "hil", "deny": [{"number": DENIED}]}
STAFF = "+8613800138000"
CALLS = ("13800138001", DENIED, "13800138002", DENIED)
FIRST_US = 4_000_000
EVERY_US = 18_000_000
ANSWER_US = 20_000
PACE = 8.0
"""Virtual seconds a real one at most: the gateway, which lives in real time, seems so much slower to the board."""

LIMIT_S = 120.0


async def through_gateway(board: EmulatedBoard, aggregator: Aggregator, folder: Path, pace: float = PACE, marks: int = 0) -> str:
    """Plays the calls with the board plugged into a gateway; the gateway's log, once the aggregator has all ends and so many marks."""
    wanted = {"end": len(CALLS), "mark": marks}

    def is_there() -> bool:
        records = aggregator.get("/summary")["records"]
        return all(records.get(kind, 0) >= many for kind, many in wanted.items())

    loop = asyncio.get_running_loop()
    (folder / "usb").mkdir()
    port = PtyPort(loop, folder / "usb" / "usb-Catflap_pico-1-if00")
    port.listen(lambda data, _: board.write(data))

    def bridge() -> None:
        while (event := board.next_event())["event"] != "halted":
            if event["event"] == "usb":
                loop.call_soon_threadsafe(port.write, event["text"].encode("latin-1"))

    async with GatewayProcess(gateway_config(TRUNK, aggregator.ingest, folder, tells_time=True), folder) as gateway:
        board.go(pace)
        bridged = asyncio.create_task(asyncio.to_thread(bridge))
        try:
            async with asyncio.timeout(LIMIT_S):
                while not bridged.done() and not is_there():
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise AssertionError(f"{aggregator.get('/summary')} at {board.now_us} us; the gateway said: {gateway.log()[-2000:]}") from None
        finally:
            # a board that broke has ended the bridge, and awaiting it says of what
            if not bridged.done():
                board.halt()
            await bridged
        await gateway.end(signal.SIGTERM)
        port.unplug()
        return gateway.log()


def played(board: EmulatedBoard) -> None:
    """The calls, each given up after nine seconds."""
    board.modem(0, BAUDS["3gpp"], ANSWER_US)
    for number, calling in enumerate(CALLS):
        at_us = FIRST_US + number * EVERY_US
        board.feed(0, [(at_us, "\r\nRING\r\n"), (at_us + 5_000, f'\r\n+CLIP: "{calling}",129,"",0,"",0\r\n')])
        board.feed(0, [(at_us + 9_000_000, "\r\nNO CARRIER\r\n")])


def test_alerts_of_the_board_reach_the_aggregator(emulated: EmulatedBoard, is_long: bool, tmp_path: Path) -> None:
    if not is_long:
        pytest.skip("a real gateway and aggregator beside the emulator need the machine to themselves: make hil")
    key = enrol(tmp_path / "data", "pico-1")
    emulated.put(board_files(TRUNK, POLICY) | {"/key": key.hex().encode()})
    played(emulated)
    emulated.power()
    with running(tmp_path / "data") as aggregator:
        log = asyncio.run(through_gateway(emulated, aggregator, tmp_path))
        rows = aggregator.get("/calls?limit=50")
    assert sorted(row["calling"] for row in rows) == sorted(map(mask, CALLS))
    assert sum(row["action"] == "block" for row in rows) == CALLS.count(DENIED)
    assert [command.text for command in emulated.commands].count("AT+CHUP") >= CALLS.count(DENIED)
    answered, asked = re.findall(r"(\d+) of (\d+) questions answered", log)[-1]
    assert answered == asked
    assert int(asked) >= len(CALLS)


def test_the_board_takes_the_aggregators_policy_over_usb_and_a_persons_mark_goes_back(
    emulated: EmulatedBoard, is_long: bool, tmp_path: Path
) -> None:
    if not is_long:
        pytest.skip("a real gateway and aggregator beside the emulator need the machine to themselves: make hil")
    key = enrol(tmp_path / "data", "pico-1")
    with closing(open_database(tmp_path / "data")) as database:
        kept.publish(database, kept.draft(database, json.dumps(POLICY | {"mark": {"sms": [STAFF]}}), "li.wei", ""), "li.wei")
    emulated.put(board_files(TRUNK) | {"/key": key.hex().encode()})
    played(emulated)
    message = f'\r\n+CMT: "{STAFF}",,"26/03/02,08:00:00+32",145,4,0,0,"+8613800100500",145,4\r\nspam\r\n'
    emulated.feed(0, [(FIRST_US + len(CALLS) * EVERY_US, message)])
    emulated.power()
    with running(tmp_path / "data") as aggregator:
        log = asyncio.run(through_gateway(emulated, aggregator, tmp_path, marks=1))
        last, *_ = aggregator.get("/calls?limit=50")
        (has,) = aggregator.get("/policy")["probes"]
    assert "too long" not in log
    assert (has["version"], has["refused"]) == (1, 0)
    assert (last["calling"], last["action"], last["reasons"][0]) == (mask(DENIED), "block", "policy.deny")
