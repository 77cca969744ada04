"""How long `catflap simulate` takes over a million calls on two cores, and how much memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from catflap_models.court.figures import Figure

CATFLAP = str(Path(sys.prefix) / "bin" / "catflap")
CALLS = 1_000_000
BAR_S, BAR_MB = 600.0, 500.0
EVERY_S = 0.25


def figures(folder: Path) -> Iterator[Figure]:
    """Writes the calls to disk, whole processes, start-up included."""
    before, started = os.times(), time.monotonic()
    words = [CATFLAP, "simulate", str(folder), "--calls", str(CALLS), "--jobs", "2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        most_kb = 0
        while process.poll() is None:
            most_kb = max(most_kb, sum(map(_resident_kb, _tree(process.pid))))
            time.sleep(EVERY_S)
        wall_s = time.monotonic() - started
        assert process.stdout is not None
        said = process.stdout.readline().strip()
    assert process.returncode == 0, said
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    how = f"{CALLS} calls and the rest of their last trunk, two jobs; {cpu_s:.0f} s of processor"
    yield Figure("simulate.million", round(wall_s, 1), "s", BAR_S, "lower", how)
    yield Figure("simulate.million.memory", round(most_kb / 1024, 1), "MB", BAR_MB, "lower", f"resident, all processes, every {EVERY_S} s")


def _tree(pid: int) -> list[int]:
    """A process and all that it started, as far as they still run."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _tree(int(child)))]


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
