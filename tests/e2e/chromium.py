"""A real Chromium before the console, both in this process's care; tests that need it are skipped where there is none."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api.app import Parts, make_app
from catflap_host.correlate.service import Correlation
from catflap_host.listener import Address, Listener, bind, url
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database, open_database
from tests.console_app import USER

NAMES = ("chromium", "chromium-browser", "google-chrome")
GRAVE = ("serious", "critical")
PICTURES = Path(__file__).resolve().parents[2] / "build" / "console"


@dataclass
class Served:
    """A console that listens, what it is made over, and whoever wakes its listeners."""

    address: str
    database: Database
    commits: Commits
    word: str
    loop: asyncio.AbstractEventLoop

    def cut_streams(self, cut: bool) -> None:
        """End all streams of events, and each that is begun anew, until told otherwise."""
        if cut:
            self.loop.call_soon_threadsafe(self.commits.stop)
        else:
            self.commits.stopped = False


@dataclass
class Seen:
    """A page in the browser, and what the browser complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@contextmanager
def served(folder: Path, correlation: Correlation | None = None) -> Iterator[Served]:
    """The console over an empty database in a thread of its own."""
    ready = threading.Event()
    found: list[Served] = []
    database = open_database(folder)
    with database.write() as connection:
        users.add(connection, USER, Role.ADMINISTRATOR, True, "four horses in a lift")
    word = entering.open_session(database, USER)
    listeners: list[Listener] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        commits = Commits(loop)
        with bind(Address("127.0.0.1", 0)) as socket:
            app = make_app(Parts(database, folder, commits, correlation or Correlation(), (), "tests", False))
            listener = Listener(app, socket, None)
            listeners.append(listener)
            found.append(Served(url(socket, False), database, commits, word, loop))
            running = asyncio.create_task(listener.run_until_stopped())
            await listener.ready.wait()
            ready.set()
            await running

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    try:
        yield found[0]
    finally:
        listeners[0].should_exit = True
        found[0].cut_streams(True)
        thread.join()
        database.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; skips the test where there is none."""
    path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"no {NAMES[0]}: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        # as root, in a container, Chromium has no sandbox of its own
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def looking(
    browser: Browser, served: Served, language: str, theme: str, width: int, zone: str = "Asia/Shanghai", height: int = 900
) -> Iterator[Seen]:
    """A signed-in window of that language, theme and width."""
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, timezone_id=zone)
    cookies = {"catflap": served.word, "catflap-language": language, "catflap-theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": served.address} for name, value in cookies.items()])
    seen = Seen(context.new_page())
    seen.page.on("console", lambda told: seen.complaints.append(told.text) if told.type in ("error", "warning") else None)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    # what a caller's name may have started
    seen.page.on("dialog", lambda dialog: seen.complaints.append(f"dialog: {dialog.message}"))
    yield seen
    context.close()


def open_page(seen: Seen, served: Served, path: str) -> None:
    """Open an address; the stream of events keeps a page loading, so its document is what is waited for."""
    seen.page.goto(served.address + path, wait_until="domcontentloaded")
    seen.page.wait_for_function("!document.querySelector('time') || !!document.querySelector('time[data-local]')")


def shut_out(page: Page) -> list[str]:
    """What axe finds that shuts people out, gravely."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in GRAVE]
