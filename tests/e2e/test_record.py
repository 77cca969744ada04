"""`catflap record`: what the modems said comes out of a replay as the calls that were played."""

import asyncio
import csv
import signal
import sys
import time
from pathlib import Path

from catflap_host.cli import main
from catflap_models.plan import PlannedCall
from tests.exchange.analogue import USR
from tests.exchange.cellular import SIMCOM
from tests.exchange.child import start_child
from tests.exchange.exchange import Exchange
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.trunk import Trunk, TrunkLine

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", USR), TrunkLine("L02", SIMCOM)))
CATFLAP = str(Path(sys.prefix) / "bin" / "catflap")
# real time, since the recorder's clock is the world's: short calls
CALLS = [(0, "01062345678"), (1, "+420123456789")]


async def record(folder: Path) -> int:
    async with Exchange(TRUNK, speed=1, origin_ms=int(time.time() * 1000)) as exchange:
        config = plugged_in(probe_config(TRUNK, "recorder", list(exchange.ports), folder / "state"), exchange)
        path = write_json(config, folder / "probe.json")
        words = [CATFLAP, "record", "--config", str(path), "--out", str(folder / "out")]
        process = await start_child(words, asyncio.subprocess.DEVNULL, asyncio.subprocess.DEVNULL)
        await exchange.until(lambda: not exchange.without_caller_id(), timeout_s=30.0)
        now_s = exchange.clock.now_s()
        exchange.play(PlannedCall(now_s + 0.1, line, calling, "shown", "A B", 4.0, None, 0.0, "legit", "", "") for line, calling in CALLS)
        await exchange.quiet(30.0)
        process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(process.wait(), 20)


def test_a_recording_replays_to_the_calls_that_were_played(tmp_path: Path) -> None:
    assert asyncio.run(record(tmp_path)) == 0
    assert main(["replay", str(tmp_path / "out"), "--verdicts", str(tmp_path / "v.csv")]) == 0
    with (tmp_path / "v.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted((row["line"], row["calling"]) for row in rows) == [("L01", "01062345678"), ("L02", "+420123456789")]
    cast = (tmp_path / "out" / "L01.cast").read_text()
    assert '"i", "AT+VCID=1\\r"' in cast
    assert '"m", "plugged"' in cast
