"""The demo from end to end: aggregator, exchange and probes are started, a day is played, everything is stopped and counted."""

import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from catflap_models.demo import QUIET_START, demo
from catflap_models.plan import PlannedCall
from catflap_models.warm import warm_memory
from catflap_probe.trunk import TrunkSettings
from tests.demo.aggregator import Aggregator
from tests.demo.scroll import HEADING, call_line
from tests.demo.summary import Summary, summarise
from tests.demo.trunk import TRUNK, ProbePlace, places
from tests.exchange.exchange import Exchange
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, modems_ready

SPEED = 120
SEED = 2
START_TIMEOUT_S = 60.0
LAST_CALLS_S = 5.0
"""Calls under way at the end are given so long to be over,"""
AFTERMATH_S = 20.0
"""the probes so much of the day to see that they are,"""
DELIVERY_S = 15.0
"""and so long to deliver what they made."""


async def run_demo(seconds: float | None) -> int:
    """Plays the day until it is over, `seconds` have passed or a signal comes; returns the exit status."""
    served = places()
    if len(served) == 1:
        print("No MicroPython for this machine (its wheel is for x86-64 Linux): the CPython probe takes all eight lines.")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    plan = demo(SEED)
    with tempfile.TemporaryDirectory(prefix="catflap-demo-") as folder:
        async with AsyncExitStack() as running:
            aggregator = await running.enter_async_context(Aggregator(Path(folder)))
            print(
                f"\n    The page, by a link that is good once: {aggregator.page}\n\nWarming the probes' memory with two quiet weeks ...",
                flush=True,
            )
            configs = [await _settle(place, aggregator, plan.quiet, Path(folder)) for place in served]
            exchange = await running.enter_async_context(Exchange(TRUNK, SPEED, int(time.time() * 1000)))
            probes = []
            for place, config in zip(served, configs, strict=True):
                path = write_json(plugged_in(config, exchange), Path(folder) / f"{place.id}.json")
                probes.append(await running.enter_async_context(ProbeProcess(place.runtime, path, Path(folder) / f"{place.id}.log")))
            await modems_ready(exchange, probes, START_TIMEOUT_S)
            print(f"{len(TRUNK.lines)} lines, a day at {SPEED:g} times its speed. Ctrl-C ends it.\n\n{HEADING}", flush=True)
            scroll = asyncio.create_task(_scroll(aggregator))
            ran_s = await _play(exchange, plan.day, seconds, stop)
            print("\nEnding: no more calls; waiting for the probes to deliver ...", flush=True)
            summary = await _finish(exchange, aggregator, probes)
            scroll.cancel()
    return _report(summary, ran_s)


async def _settle(place: ProbePlace, aggregator: Aggregator, quiet: list[PlannedCall], folder: Path) -> dict[str, Any]:
    """Gives a probe its key and the memory of its lines' quiet weeks; returns its configuration, ports and clock to come."""
    key_file = folder / f"{place.id}.key"
    await aggregator.enrol(place.id, key_file)
    config = probe_config(TRUNK, place.id, [TRUNK.lines[index].id for index in place.lines], folder / place.id)
    config |= {"tables": place.tables, "uplink": {"url": aggregator.ingest, "key_file": str(key_file)}}
    heard = [replace(call, line=call.line - place.lines.start) for call in quiet if call.line in place.lines]
    state = Path(config["state"])
    state.mkdir()
    warm_memory(TrunkSettings(config["trunk"]), heard, QUIET_START, place.tables, state / "memory")
    return config


async def _play(exchange: Exchange, day: list[PlannedCall], seconds: float | None, stop: asyncio.Event) -> float:
    """Plays the day until its end, the time or the signal, then lets the calls under way end; returns how long it ran."""
    started_s = time.monotonic()
    begun_s = exchange.clock.now_s()
    exchange.play(replace(call, t_s=call.t_s + begun_s) for call in day)
    over = asyncio.create_task(exchange.quiet(timeout_s=None))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait((over, told), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    ran_s = time.monotonic() - started_s
    over.cancel()
    told.cancel()
    exchange.switch.stop()
    with suppress(TimeoutError):
        await exchange.quiet(LAST_CALLS_S)
    await exchange.pass_time(AFTERMATH_S)
    return ran_s


async def _finish(exchange: Exchange, aggregator: Aggregator, probes: list[ProbeProcess]) -> Summary:
    """Ends the probes once nothing more arrives from them, and sums up."""
    deadline_s = time.monotonic() + DELIVERY_S
    before, stored = -1, await aggregator.stored()
    while sum(stored.values()) != before and time.monotonic() < deadline_s:
        before = sum(stored.values())
        await asyncio.sleep(1.0)
        stored = await aggregator.stored()
    made: Counter[str] = Counter()
    for probe in probes:
        made.update(await probe.stop())
    stored = await aggregator.stored()
    return summarise(exchange.calls, made, stored)


async def _scroll(aggregator: Aggregator) -> None:
    zone = datetime.fromisoformat(TRUNK.start).tzinfo
    async for call in aggregator.calls_ended():
        print(call_line(call, zone, sys.stdout.isatty()), flush=True)


def _report(summary: Summary, ran_s: float) -> int:
    print(f"\nRan {ran_s:.0f} s, that is {ran_s * SPEED / 60:.0f} minutes of the day.")
    print("\n".join(summary.lines()))
    failures = summary.failures(ran_s)
    print("\n".join(f"FAILED: {failure}" for failure in failures) or "All is well.")
    return 1 if failures else 0
