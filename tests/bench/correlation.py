"""How soon a pool's number heard at one probe is known at the others, and what the correlation costs in time and memory."""

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from boards.linux.board import LinuxBoard
from catflap_host.correlate.service import Correlation
from catflap_host.ingest.envelope import Record
from catflap_models.court.figures import Figure
from catflap_probe.spool import Spool
from catflap_probe.uplink.http import HttpClient
from catflap_probe.uplink.sender import Feed, Sender
from tests.e2e.aggregator import enrol, running
from tests.probe_side import WALL_MS, alert

PROBES = 20
"""That listen; two more report."""

CARDS = 60
BAR_S = 5.0
CALLS = 1_000_000
PIECE = 50
BAR_MB = 700.0
COST_BAR_US = 50.0
"""A quarter of one core at 10,000 records a second, two of which are a call's."""

TIMEOUT_S = 30.0


class Ear(Feed):
    """A probe's table of the feed, with the moment at which each number came."""

    def __init__(self) -> None:
        self.heard_s: dict[str, float] = {}
        self._at = 0

    def place(self) -> str:
        """See Feed."""
        return f"{self._at},4096"

    def told(self, text: str, at: int) -> None:
        """See Feed."""
        self.is_behind = text != ""
        if text:
            self._at = at
            for number in text.split(" ")[::2]:
                self.heard_s.setdefault(number, time.perf_counter())


class Probe:
    """The uplink of a probe as it is, its spool on disk, in this process."""

    def __init__(self, name: str, folder: Path, address: str, key: bytes) -> None:
        host, port = address.removeprefix("http://").split(":")
        self.ear = Ear()
        self.spool = Spool(LinuxBoard(), str(folder / f"{name}-spool"), f"{Random(name).getrandbits(64):016x}", 1 << 24)
        self.client = HttpClient([(host, int(port))], None)
        self.sender = Sender(LinuxBoard(), self.client, key, name, self.spool, self.ear)


def figures(folder: Path, cards: int = CARDS) -> Iterator[Figure]:
    """All of them, the memory in a process of its own."""
    folder.mkdir()
    yield from _known_elsewhere(folder, cards)
    done = subprocess.run([sys.executable, "-m", __name__], check=True, stdout=subprocess.PIPE, text=True)
    cost_us, before_mb, after_mb = (float(word) for word in done.stdout.split())
    how = f"{CALLS} calls of 400,000 numbers at 50 probes, and their ends, in batches of {PIECE}"
    yield Figure("correlation.call.mean", cost_us, "us", COST_BAR_US, "lower", f"{how}; CPU time of a call and its end")
    yield Figure("correlation.resident", after_mb, "MB", BAR_MB, "lower", f"{how}; {before_mb:g} MB before the first")


def _known_elsewhere(folder: Path, cards: int) -> Iterator[Figure]:
    names = ["north", "south", *(f"probe-{number:02d}" for number in range(PROBES))]
    keys = {name: enrol(folder / "data", name) for name in names}
    with running(folder / "data") as aggregator:
        found, missing = asyncio.run(_measure(folder, aggregator.ingest, keys, cards))
    place = (len(found) + missing) * 99 // 100
    value = round(sorted(found)[place], 3) if place < len(found) else None
    how = f"{cards} new cards of a known pool, each heard at one probe, to {PROBES} idle probes on HTTP; {missing} never came"
    yield Figure("feed.call-to-known.p99", value, "s", BAR_S, "lower", how)


async def _measure(folder: Path, address: str, keys: dict[str, bytes], cards: int) -> tuple[list[float], int]:
    probes = {name: Probe(name, folder, address, key) for name, key in keys.items()}
    listening = [probe for name, probe in probes.items() if name.startswith("probe-")]
    for name, probe in probes.items():
        probe.spool.append(
            {"k": "trunk", "trunk": name, "at_ms": WALL_MS, "country": "CN", "area_code": "010", "role": "subscriber", "lines": 8}
        )
    tasks = [asyncio.create_task(probe.sender.run()) for probe in probes.values()]
    numbers = [f"1701234{place:04d}" for place in range(5 + cards)]
    for hour, site in enumerate(("north", "south")):
        for place, number in enumerate(numbers[:5]):
            probes[site].spool.append(_call(site, place, number, WALL_MS + hour * 3_600_000 + place * 60_000))
        await _until(probes[site].spool.is_empty)
    await _until(lambda: all(len(probe.ear.heard_s) == 5 for probe in listening))
    rng = Random(1)
    called_s: dict[str, float] = {}
    for place, number in enumerate(numbers[5:], start=5):
        await asyncio.sleep(rng.uniform(0.0, 1.0))
        called_s["+86" + number] = time.perf_counter()
        probes["north"].spool.append(_call("north", place, number, WALL_MS + 7_200_000 + place * 1000))
    deadline_s = time.perf_counter() + TIMEOUT_S
    while time.perf_counter() < deadline_s and any(len(probe.ear.heard_s) < len(numbers) for probe in listening):
        await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for probe in probes.values():
        probe.client.close()
    found = [probe.ear.heard_s[number] - at_s for probe in listening for number, at_s in called_s.items() if number in probe.ear.heard_s]
    return found, len(called_s) * len(listening) - len(found)


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(TIMEOUT_S):
        while not is_so():
            await asyncio.sleep(0.01)


def _call(site: str, place: int, number: str, at_ms: int) -> dict[str, object]:
    return alert(place + 1, trunk=site, line=f"L{place}", calling=number, at_ms=at_ms)


def _fill() -> None:
    """A million calls through a correlation; prints microseconds a call with its end, and megabytes before and after."""
    rng = Random(1)
    numbers = [f"13{rng.randrange(10**9):09d}" for _ in range(400_000)]
    correlation = Correlation()
    before = _resident_mb()
    spent_ns = 0
    for piece in range(CALLS // PIECE):
        probe = f"probe-{piece % 50:02d}"
        records = []
        for place in range(PIECE):
            seq = piece // 50 * PIECE * 2 + place * 2 + 1
            at_ms = WALL_MS + (piece * PIECE + place) * 2_000
            is_suspect = rng.random() < 0.05
            call = alert(
                seq,
                trunk=probe,
                line=f"L{rng.randrange(32):02d}",
                calling=rng.choice(numbers),
                at_ms=at_ms,
                label="simbank" if is_suspect else "legit",
                score=9_500 if is_suspect else 100,
                reasons=["model.simbank"] if is_suspect else [],
            )
            end = {"k": "end", "trunk": probe, "line": call["line"], "call": seq, "at_ms": at_ms, "final_label": call["label"]}
            records += [Record(seq, 1, call, ""), Record(seq + 1, 1, end, "")]
        begun_ns = time.process_time_ns()
        correlation.committed(probe, "0" * 16, records)
        spent_ns += time.process_time_ns() - begun_ns
    print(round(spent_ns / CALLS / 1000, 2), round(before, 1), round(_resident_mb(), 1))


def _resident_mb() -> float:
    """The most that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _fill()
