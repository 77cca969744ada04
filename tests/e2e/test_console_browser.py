"""The console's pages in a real browser: nobody is shut out, nothing foreign runs, and calls come, wait and go on without a gap."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from catflap_host.ingest.envelope import Header, Record
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.group import Batch
from tests.console_app import PAGES
from tests.console_seed import seed
from tests.e2e.chromium import PICTURES, Served, chromium, looking, open_page, served, shut_out
from tests.probe_side import alert, end

BOOT = "0123456789abcdef"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("console")) as console:
        seed(console.database, calls=12)
        yield console


def tell(console: Served, first: int, *records: dict[str, object]) -> None:
    """Store records as a probe's batch would be, and wake whoever listens."""
    store = open_store(console.database)
    header = Header("haidian-1", BOOT, first, first + len(records), 1, time.time_ns() // 1_000_000)
    taken = store.add([Batch(header, [Record(seq, 1, fields, "{}") for seq, fields in enumerate(records, first)])], header.wall_ms)
    store.close()
    assert taken[0].error == ""
    console.commits.announce()


@pytest.mark.parametrize(("language", "theme", "width"), [("en", "light", 1440), ("zh", "dark", 1440), ("zh", "light", 360)])
def test_no_page_shuts_anybody_out(browser: Browser, console: Served, language: str, theme: str, width: int) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults = []
    with looking(browser, console, language, theme, width) as seen:
        for path in PAGES:
            open_page(seen, console, path)
            if width == 1440:
                # what a phone shows is the same document: it is looked at for its width alone
                faults += [f"{path}: {fault}" for fault in shut_out(seen.page)]
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{path}: {wide} wide"] * (wide > width)
            name = re.sub(r"\W+", "-", path).strip("-") or "overview"
            seen.page.screenshot(path=PICTURES / f"{name}-{language}-{theme}-{width}.png")
        faults += seen.complaints
    assert not faults


def test_calls_come_wait_while_paused_and_go_on_after_a_lost_connection(browser: Browser, console: Served) -> None:
    with looking(browser, console, "en", "light", 1440) as seen:
        page = seen.page
        open_page(seen, console, "/live?probe=haidian-1&action=block")
        page.wait_for_function("document.getElementById('pause').hidden === false")
        tell(console, 1, alert(701, line="L09"), alert(702, line="L09", action="allow"))
        first = page.locator("#calls tr").first
        expect(first).to_contain_text("L09")
        expect(first).to_contain_text("going on")
        assert page.locator("#calls tr", has_text="L09").count() == 1, "the other one was not blocked"
        tell(console, 3, end(701, line="L09"))
        expect(first).to_contain_text("stopped")
        page.keyboard.press("p")
        tell(console, 4, alert(703, line="L10"), alert(704, line="L10"))
        expect(page.locator("#waiting")).to_have_text("+2")
        assert page.locator("#calls tr", has_text="L10").count() == 0
        page.keyboard.press("p")
        expect(page.locator("#calls tr", has_text="L10")).to_have_count(2)
        console.cut_streams(True)
        expect(page.locator("#lost")).to_be_visible()
        tell(console, 6, alert(705, line="L11"), alert(706, line="L11"))
        console.cut_streams(False)
        expect(page.locator("#calls tr", has_text="L11")).to_have_count(2, timeout=15_000)
        expect(page.locator("#lost")).to_be_hidden()
        ids = page.locator("#calls tr").evaluate_all("rows => rows.map((row) => Number(row.id.slice(5)))")
        assert ids == sorted(ids, reverse=True)
        stored = [call.id for call in queries.calls(console.database, None, 1000, probe="haidian-1", action="block")]
        assert ids == stored[:100]


def test_a_keyboard_reaches_the_contents_and_the_menu(browser: Browser, console: Served) -> None:
    with looking(browser, console, "en", "auto", 1440) as seen:
        page = seen.page
        open_page(seen, console, "/probes")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.locator("details.me summary").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="中文").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="探针")).to_be_visible()
        assert page.url == f"{console.address}/probes"
