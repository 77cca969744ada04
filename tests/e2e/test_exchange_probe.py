"""Driving a probe from the exchange: starting it, playing to it, measuring it and taking its counts, shown on a stand-in."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from catflap_models.plan import PlannedCall
from tests.exchange.analogue import USR
from tests.exchange.cellular import SIMCOM
from tests.exchange.family import Family
from tests.exchange.latency import DENIED, hangup_latencies_ms
from tests.exchange.line import Ringing
from tests.exchange.playing import play_to_probe
from tests.exchange.probe_process import ProbeError, Runtime
from tests.exchange.trunk import Trunk, TrunkLine

STAND_IN = r"""
import json, os, signal, sys, time

config = json.load(open(sys.argv[sys.argv.index("--config") + 1]))
line = config["trunk"]["lines"][0]
port = os.open(line["port"], os.O_RDWR | os.O_NOCTTY)
setup, steps = {"v253": (b"AT+VCID=1\r", (b"ATH1\r", b"ATH0\r")), "3gpp": (b"AT+CLIP=1\r", (b"AT+CHUP\r",))}[line["dialect"]]
stopped = 0


def end(*_):
    print(json.dumps({"made": {"alert": stopped}}), flush=True)
    sys.exit(0)


signal.signal(signal.SIGINT, end)
os.write(port, setup)
heard = b""
while True:
    heard += os.read(port, 4096)
    if b"01087654321" in heard and heard.endswith(b"\n"):
        stopped += 1
        for step in steps:
            os.write(port, step)
            time.sleep(0.3)
        heard = b""
"""


def stand_in(folder: Path, text: str = STAND_IN) -> Runtime:
    script = folder / "stand_in.py"
    script.write_text(text)
    return Runtime("stand-in", [sys.executable, str(script)], os.environ)


@pytest.mark.parametrize("family", [USR, SIMCOM], ids=lambda family: family.name)
def test_the_time_from_number_to_command_is_measured_for_every_call(tmp_path: Path, family: Family) -> None:
    latencies_ms = asyncio.run(hangup_latencies_ms(stand_in(tmp_path), family, 3, tmp_path))
    assert len(latencies_ms) == 3
    assert all(latency_ms > 0 for latency_ms in latencies_ms)


def test_a_call_left_ringing_is_not_left_out_of_the_figures(tmp_path: Path) -> None:
    deaf_once = STAND_IN.replace('heard = b""\nwhile', 'heard = b""\ndeaf = True\nwhile').replace(
        "        stopped += 1\n", "        if deaf:\n            deaf, heard = False, b''\n            continue\n        stopped += 1\n"
    )
    family = replace(SIMCOM, ringing=Ringing(period_s=60.0, burst_end_s=0.0, caller_id="never"))
    with pytest.raises(ProbeError, match="stopped only 1 of 2 calls"):
        asyncio.run(hangup_latencies_ms(stand_in(tmp_path, deaf_once), family, 2, tmp_path))


def test_a_plan_is_played_and_the_probe_tells_its_counts(tmp_path: Path) -> None:
    trunk = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
    numbers = ["01012345678", DENIED, "01012345678"]
    plan = [PlannedCall(60.0 * n, 0, calling, "shown", "", 20.0, 9.0, 5.0, "legit", "", "") for n, calling in enumerate(numbers)]
    calls, made = asyncio.run(play_to_probe(trunk, plan, stand_in(tmp_path), {}, tmp_path))
    assert [call.outcome for call in calls] == ["answered", "blocked", "answered"]
    assert made == {"alert": 1}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("import sys; sys.exit('no port')", "caller ID was not switched on for L01\nstand-in said: no port"),
        (STAND_IN.replace("def end(*_):", "def end(*_):\n    os._exit(0)"), "told no counts"),
        (STAND_IN.replace("stopped += 1", "sys.exit('no such thing')"), "ended early with status 1: no such thing"),
    ],
)
def test_a_probe_that_fails_is_told_with_what_it_said(tmp_path: Path, text: str, fault: str) -> None:
    trunk = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
    plan = [PlannedCall(0.0, 0, DENIED, "shown", "", 20.0, None, 0.0, "legit", "", "")]
    with pytest.raises(ProbeError, match=fault):
        asyncio.run(play_to_probe(trunk, plan, stand_in(tmp_path, text), {}, tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_probe_dies_with_a_starter_that_was_killed(tmp_path: Path) -> None:
    starter = f"""
import asyncio, os, signal, sys
from pathlib import Path
from tests.exchange.probe_process import ProbeProcess, Runtime

async def main():
    probe = Runtime("sleeper", [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"], os.environ)
    async with ProbeProcess(probe, Path("none"), Path({str(tmp_path)!r}) / "probe.log"):
        while not Path({str(tmp_path)!r}, "probe.out").read_text().endswith("\\n"):
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", starter], cwd=root, timeout=30, check=False)
    assert ended.returncode == -signal.SIGKILL
    probe = int((tmp_path / "probe.out").read_text())
    deadline_s = time.monotonic() + 10
    while _runs(probe):
        assert time.monotonic() < deadline_s, f"process {probe} outlived its starter"
        time.sleep(0.01)


def _runs(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
