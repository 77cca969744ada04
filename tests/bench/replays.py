"""How many calls a second `catflap replay` takes on either runtime, and whether both write the same bytes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from catflap_host import micropython
from catflap_models.court.figures import Figure
from tests.exchange.recording import record
from tests.replay.recorded import mixed_trunk, planned_calls

CATFLAP = str(Path(sys.prefix) / "bin" / "catflap")
BARS = {"cpython": 5000.0, "micropython": 300.0}
LINES = 16


def figures(count: int, folder: Path) -> Iterator[Figure]:
    """Replays up to `count` calls over 16 lines of all modem families, whole processes, start-up included."""
    calls = record(mixed_trunk(LINES), planned_calls(LINES, 60, 7, count), folder / "recording", 7)
    written: dict[str, bytes] = {}
    for runtime, bar in BARS.items():
        name = f"replay.{runtime}"
        if runtime == "micropython" and micropython.find() is None:
            yield Figure(name, None, "calls/s", bar, "higher", "no MicroPython for this machine")
            continue
        verdicts, alarms = folder / f"{runtime}.csv", folder / f"{runtime}-alarms.csv"
        words = [CATFLAP, "replay", str(folder / "recording"), "--verdicts", str(verdicts), "--alarms", str(alarms), "--runtime", runtime]
        before, started = os.times(), time.monotonic()
        subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
        wall_s = time.monotonic() - started
        after = os.times()
        cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
        written[runtime] = verdicts.read_bytes() + alarms.read_bytes()
        yield Figure(
            name, round(calls / cpu_s), "calls/s", bar, "higher", f"{calls} calls, {cpu_s:.2f} s of one core, {wall_s:.2f} s by the clock"
        )
    if len(written) == len(BARS):
        differ = int(len(set(written.values())) > 1)
        yield Figure("replay.files-that-differ", differ, "files", 0, "lower", "verdicts and alarms of both runtimes, byte by byte")
