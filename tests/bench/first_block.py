"""How long it takes from `git clone` to the first blocked call in the browser: `make demo`, and the link that it prints, in Chromium."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playwright.async_api import async_playwright

from catflap_models.court.figures import Figure
from tests.e2e.chromium import NAMES

ROOT = Path(__file__).resolve().parents[2]
BAR_S = 180.0
GIVE_UP_S = 900.0
LINK = "The page, by a link that is good once: "
BLOCKED = "#calls .stopped"
"""On the live page."""


def figures(folder: Path) -> Iterator[Figure]:
    """Seconds, with whatever packages pip has in its cache."""
    browser = next((path for name in NAMES if (path := shutil.which(name))), None)
    if browser is None or not (ROOT / ".git").exists():
        yield Figure("console.first_block", None, "s", BAR_S, "lower", f"no {NAMES[0]}, or no clone to clone")
        return
    took_s, ready_s = asyncio.run(_took_s(browser, folder))
    how = f"git clone, make demo, its link in Chromium, until a blocked call is on the live page; the link came after {ready_s:.0f} s"
    yield Figure("console.first_block", round(took_s, 1), "s", BAR_S, "lower", how)


async def _took_s(browser: str, folder: Path) -> tuple[float, float]:
    begun_s = time.monotonic()
    clone = await asyncio.create_subprocess_exec("git", "clone", "--quiet", str(ROOT), str(folder))
    assert await clone.wait() == 0
    demo = await asyncio.create_subprocess_exec(
        "make", "demo", cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True
    )
    try:
        async with asyncio.timeout(GIVE_UP_S):
            link = await _link(demo)
            ready_s = time.monotonic() - begun_s
            reading = asyncio.create_task(_drain(demo))
            async with async_playwright() as playwright:
                chromium = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
                page = await chromium.new_page()
                await page.goto(link, wait_until="domcontentloaded")
                await page.get_by_role("link", name="Live").click()
                await page.wait_for_selector(BLOCKED, timeout=GIVE_UP_S * 1000)
                took_s = time.monotonic() - begun_s
                await chromium.close()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGTERM)
        await demo.wait()
    await reading
    return took_s, ready_s


async def _link(demo: asyncio.subprocess.Process) -> str:
    assert demo.stdout is not None
    said: list[str] = []
    async for line in demo.stdout:
        said.append(line.decode())
        if LINK in said[-1]:
            return said[-1].partition(LINK)[2].strip()
    raise AssertionError("the demo printed no link:\n" + "".join(said[-20:]))


async def _drain(demo: asyncio.subprocess.Process) -> None:
    assert demo.stdout is not None
    async for _ in demo.stdout:
        pass
