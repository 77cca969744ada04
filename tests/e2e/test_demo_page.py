"""The demo's page opens by the link that the demo prints, without a password."""

import asyncio
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from tests.demo.aggregator import Aggregator


def test_the_printed_link_opens_the_page(tmp_path: Path) -> None:
    async def opened() -> tuple[str, dict[str, int]]:
        async with Aggregator(tmp_path) as aggregator:
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            overview = await asyncio.to_thread(lambda: browser.open(aggregator.page, timeout=30).read().decode())
            live = await asyncio.to_thread(lambda: browser.open(f"{aggregator.console}/live", timeout=30).read().decode())
            return overview + live, await aggregator.stored()

    page, stored = asyncio.run(opened())
    assert 'id="state"' in page
    assert 'id="calls"' in page
    assert stored["alert"] == 0
