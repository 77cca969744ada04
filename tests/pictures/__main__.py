"""`python -m tests.pictures`: replays two trunks with a SIM bank, and takes pictures of the console in both languages into docs/."""

import io
import sys
import tempfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from catflap_host.correlate.service import Correlation
from catflap_host.store import queries
from catflap_host.store.call_filter import CallFilter
from catflap_host.store.database import Database
from tests.e2e.chromium import Served, chromium, looking, open_page, served
from tests.pictures.replayed import ahead_h, replayed, store

DOCS = Path(__file__).resolve().parents[2] / "docs"
WIDTH = 1280
COLOURS = 96


def main() -> int:
    """Takes them and returns the exit status."""
    correlation = Correlation()
    with tempfile.TemporaryDirectory(prefix="catflap-pictures-") as folder:
        told = replayed(Path(folder) / "recordings")
        with served(Path(folder) / "data", correlation) as console:
            store(told, console.database, correlation)
            try:
                with chromium() as browser:
                    pages = _pages(console.database, correlation)
                    for language in ("en", "zh"):
                        for name, (path, height) in pages.items():
                            _take(browser, console, language, path, height, DOCS / f"{name}.{language}.png")
            except pytest.skip.Exception as missing:
                print(f"pictures: {missing}", file=sys.stderr)
                return 1
    return 0


def _pages(database: Database, correlation: Correlation) -> dict[str, tuple[str, int]]:
    """What is taken: its address, and how much of it, in pixels from the top."""
    return {"overview": ("/", 830), "pool": (f"/pools/{_largest(correlation)}?days=1", 1080), "call": (f"/call/{_stopped(database)}", 1080)}


def _largest(correlation: Correlation) -> str:
    pools = correlation.pools()
    assert pools, "the bank was not found at both sites"
    return max(pools, key=lambda pool: len(pool.members)).id


def _stopped(database: Database) -> int:
    """The newest call that is over and was to be stopped as one of a pool's."""
    found, _ = queries.calls_before(database, None, 50, CallFilter(action="block", label="simbank"), 5_000)
    return next(call.id for call in found if call.ended_ms)


def _take(browser: Browser, console: Served, language: str, path: str, height: int, into: Path) -> None:
    with looking(browser, console, language, "light", WIDTH, zone=f"Etc/GMT{-ahead_h():+d}", height=height) as seen:
        open_page(seen, console, path)
        drawn = Image.open(io.BytesIO(seen.page.screenshot()))
        assert not seen.complaints, seen.complaints
    # a page has few colours: a third of the bytes
    drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(into, optimize=True)
    print(f"{into.name}: {into.stat().st_size // 1024} kB")


if __name__ == "__main__":
    sys.exit(main())
