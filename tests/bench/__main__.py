"""`python -m tests.bench [--fast]`: every timed figure of the thin whole, written to build/bench.json."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from catflap_models.court.figures import Figure
from tests.bench import compliance, console, correlation, first_block, gateway, live_row, load, numbers, policy, replays, simulate
from tests.bench.figures import report
from tests.exchange.cellular import SIMCOM
from tests.exchange.latency import hangup_latencies_ms
from tests.exchange.probe_process import Runtime, cpython, micropython_unix

BARS = {"cpython": (2.0, 8.0), "micropython": (4.0, 15.0)}
"""Median and p99 of caller ID to hang-up, ms."""


def hangup(runtime: Runtime | None, name: str, calls: int, folder: Path) -> Iterator[Figure]:
    """From the number's last byte to the first byte of the command, one line, modem answering at once."""
    bars = BARS[name]
    if runtime is None:
        for what, bar in zip(("median", "p99"), bars, strict=True):
            yield Figure(f"hangup.{name}.{what}", None, "ms", bar, "lower", "no MicroPython for this machine")
        return
    folder.mkdir()
    found = sorted(asyncio.run(hangup_latencies_ms(runtime, SIMCOM, calls, folder)))
    how = f"{calls} calls of a denied number over a pty, real time, one cellular modem"
    yield Figure(f"hangup.{name}.median", round(median(found), 3), "ms", bars[0], "lower", how)
    yield Figure(f"hangup.{name}.p99", round(found[min(len(found) - 1, len(found) * 99 // 100)], 3), "ms", bars[1], "lower", how)


def suite(fast: bool, folder: Path) -> Iterator[Callable[[], Iterator[Figure]]]:
    """What is measured, in order."""
    calls = 30 if fast else 200
    yield lambda: hangup(cpython(), "cpython", calls, folder / "cpython")
    yield lambda: hangup(micropython_unix(), "micropython", calls, folder / "micropython")
    yield lambda: numbers.figures(folder / "numbers")
    yield lambda: policy.figures(folder / "policy", fast)
    yield lambda: compliance.figures(30.0 if fast else 300.0, folder / "compliance")
    yield lambda: replays.figures(5000 if fast else 20000, folder / "replay")
    yield lambda: gateway.figures(6.0 if fast else 20.0, folder / "gateway")
    if not fast:
        yield lambda: correlation.figures(folder / "correlation")
        yield lambda: console.figures(folder / "console")
        yield lambda: live_row.figures(200, folder / "live-row")
        yield lambda: first_block.figures(folder / "clone")
        yield lambda: load.figures(folder / "load")
        yield lambda: simulate.figures(folder / "simulate")


def main() -> int:
    """Runs, with progress; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--fast", action="store_true", help="a subset, at most 90 s")
    args = parser.parse_args()
    found: list[Figure] = []
    with TemporaryDirectory() as folder:
        for measure in suite(args.fast, Path(folder)):
            for figure in measure():
                print(f"bench: {figure.name} {figure.value} {figure.unit}", flush=True)
                found.append(figure)
    return report("bench", found)


if __name__ == "__main__":
    sys.exit(main())
