"""How soon a call on a line is a row of the live page: exchange, probe, aggregator and Chromium as processes of their own, in real time."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from playwright.async_api import Page, async_playwright

from catflap_models.court.figures import Figure
from catflap_models.plan import PlannedCall
from tests.demo.aggregator import Aggregator
from tests.e2e.chromium import NAMES
from tests.exchange.cellular import SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, cpython, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine

LINES = 8
BAR_MS = 1000.0
EVERY_S = 0.9
PATIENCE_S = 4.0
START_TIMEOUT_S, CALL_TIMEOUT_S = 60.0, 30.0
TAIL = 4
"""Digits that the page shows of the end of a number."""

WATCH = """() => {
  const told = new Set();
  new MutationObserver(() => {
    for (const number of document.querySelectorAll("#calls .number > a bdi")) {
      const tail = number.textContent.slice(-4);
      if (told.has(tail)) continue;
      told.add(tail);
      requestAnimationFrame(() => window.rowSeen(tail));
    }
  }).observe(document.getElementById("calls"), { childList: true, subtree: true });
}"""


def figures(calls: int, folder: Path) -> Iterator[Figure]:
    """Median and p99, of the first byte about the call that the modem wrote to the row in a frame of the page."""
    browser = next((path for name in NAMES if (path := shutil.which(name))), None)
    if browser is None:
        yield Figure("console.live_row.p99", None, "ms", BAR_MS, "lower", f"no {NAMES[0]} on this machine")
        return
    folder.mkdir()
    found = sorted(asyncio.run(_delays_ms(calls, browser, folder)))
    how = f"{calls} calls on {LINES} cellular lines, one in {EVERY_S} s, from RING on the pty to the row in Chromium"
    p99_ms = found[min(len(found) - 1, len(found) * 99 // 100)]
    yield Figure("console.live_row.p99", round(p99_ms, 1), "ms", BAR_MS, "lower", f"{how}; median {median(found):.0f} ms")


async def _delays_ms(calls: int, browser: str, folder: Path) -> list[float]:
    lines = tuple(TrunkLine(f"L{line + 1:02}", SIMCOM) for line in range(LINES))
    trunk = Trunk("bench", "CN", "010", datetime.now(UTC).isoformat(timespec="seconds"), lines)
    seen_s: dict[str, float] = {}
    async with Aggregator(folder) as aggregator, Exchange(trunk, 1, int(time.time() * 1000)) as exchange, async_playwright() as playwright:
        key_file = folder / "bench.key"
        await aggregator.enrol("bench", key_file)
        config = probe_config(trunk, "bench", [line.id for line in lines], folder / "state")
        config["uplink"] = {"url": aggregator.ingest, "key_file": str(key_file)}
        chromium = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = await chromium.new_page()
        await _watch(page, aggregator, seen_s)
        async with ProbeProcess(cpython(), write_json(plugged_in(config, exchange), folder / "probe.json"), folder / "probe.log") as probe:
            await modems_ready(exchange, [probe], START_TIMEOUT_S)
            since_s = time.monotonic() - exchange.clock.now_s()
            begun_s = exchange.clock.now_s() + 1.0
            exchange.play(_call(begun_s + number * EVERY_S, number) for number in range(calls))
            await exchange.quiet(calls * EVERY_S + CALL_TIMEOUT_S)
            await exchange.until(lambda: len(seen_s) >= calls, CALL_TIMEOUT_S)
            await probe.stop()
        await chromium.close()
    shown = {call.planned.calling[-TAIL:]: call.reported_s for call in exchange.calls}
    # a call that was never shown would have no delay to count
    assert set(shown) == set(seen_s), f"on the page but not called, or the other way round: {set(shown) ^ set(seen_s)}"
    return [(seen_s[tail] - since_s - at_s) * 1000 for tail, at_s in shown.items() if at_s is not None]


async def _watch(page: Page, aggregator: Aggregator, seen_s: dict[str, float]) -> None:
    """Open the live page and note when each number comes to be on it."""

    def seen(tail: str) -> None:
        seen_s[tail] = time.monotonic()

    await page.expose_function("rowSeen", seen)
    await page.goto(aggregator.page, wait_until="domcontentloaded")
    await page.goto(f"{aggregator.console}/live", wait_until="domcontentloaded")
    await page.wait_for_function("document.getElementById('pause').hidden === false")
    await page.evaluate(WATCH)


def _call(t_s: float, number: int) -> PlannedCall:
    return PlannedCall(t_s, number % LINES, f"139000{number:05}", "shown", "", PATIENCE_S, None, 0.0, "legit", "", "")
