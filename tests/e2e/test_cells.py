"""Cells: a probe that knows one address is sent to the aggregator that it belongs to, and nothing is lost on the way."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from boards.linux.board import LinuxBoard
from catflap_models.plan import PlannedCall
from catflap_probe.spool import Spool
from catflap_probe.uplink.http import HttpClient
from catflap_probe.uplink.sender import Sender
from tests.e2e import runtimes
from tests.e2e.aggregator import TIMEOUT_S, Aggregator, catflap, running
from tests.e2e.stored import sequences
from tests.exchange.cellular import SIMCOM
from tests.exchange.playing import play_to_probe
from tests.exchange.trunk import Trunk, TrunkLine
from tests.probe_side import alert

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
PLAN = [PlannedCall(0.0, 0, "01062345678", "shown", "", 8.0, None, 0.0, "legit", "", "")]
NAMES = ("registrar", "north", "south")
BOOT = "9f0c41d2a7b3e658"


def host(data_dir: Path, *words: str) -> str:
    """What a `catflap host` command prints."""
    done = catflap("host", *words, "--data", str(data_dir))
    assert done.returncode == 0, done.stderr
    return done.stdout


def enrol_everywhere(folder: Path, probe: str) -> bytes:
    """A key that the registrar drew, known to the cells too."""
    key_file = folder / f"{probe}.key"
    host(folder / NAMES[0], "enrol", probe, "--key-file", str(key_file))
    for cell in NAMES[1:]:
        host(folder / cell, "enrol", probe, "--key-file", str(key_file), "--existing")
    return bytes.fromhex(key_file.read_text())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[dict[str, Aggregator]]:
    """A registrar that knows two cells, and the cells."""
    with ExitStack() as all_ended:
        found = {name: all_ended.enter_context(running(tmp_path / name, ["--cell", name])) for name in NAMES}
        for cell in NAMES[1:]:
            host(tmp_path / NAMES[0], "cell", "add", cell, found[cell].ingest)
        yield found


@runtimes.BOTH
def test_probe_is_assigned_to_the_smallest_cell(tmp_path: Path, site: dict[str, Aggregator], runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    host(tmp_path / NAMES[0], "cell", "assign", "somebody", "north")
    enrol_everywhere(tmp_path, "played")
    uplink = {"url": site["registrar"].ingest, "key_file": str(tmp_path / "played.key")}
    _, made = asyncio.run(play_to_probe(TRUNK, PLAN, runtime, {"uplink": uplink}, tmp_path))
    counts = {name: sum(each.get("/summary")["records"].values()) for name, each in site.items()}
    assert counts == {"registrar": 0, "north": 0, "south": sum(made.values())}
    rows = [line.split("\t") for line in host(tmp_path / NAMES[0], "cell", "list").splitlines()]
    assert rows == [["north", "1", site["north"].ingest], ["south", "1", site["south"].ingest]]


def test_probe_that_is_moved_is_no_loss(tmp_path: Path, site: dict[str, Aggregator]) -> None:
    key = enrol_everywhere(tmp_path, "demo-a")
    spool = Spool(LinuxBoard(), str(tmp_path / "spool"), BOOT, 1 << 24)
    home = urlsplit(site["registrar"].ingest)
    asyncio.run(moved(tmp_path, site, Sender(LinuxBoard(), way_to(home.port), key, "demo-a", spool)))
    assert sequences(tmp_path / "north", "demo-a") == [(BOOT, [1, 2, 3])]
    assert sequences(tmp_path / "south", "demo-a") == [(BOOT, [1, 4, 5, 6])], "a drop for what the other one has, and the rest"
    (known,) = site["south"].get("/probes")
    assert (known["ack"], known["dropped"], known["dropped_alerts"]) == (6, 0, 0)


def way_to(port: int | None) -> HttpClient:
    """A client as `open_client` makes it."""
    client = HttpClient([("127.0.0.1", port or 0)], None)
    client.scheme = "http"
    return client


async def moved(folder: Path, site: dict[str, Aggregator], sender: Sender) -> None:
    """Three records while the probe is north's, which then sends it south, and three more."""
    client = sender.client
    assert isinstance(client, HttpClient)
    sending = asyncio.create_task(sender.run())
    try:
        await delivered(sender.spool, 1)
        host(folder / "north", "cell", "add", "south", site["south"].ingest)
        host(folder / "north", "cell", "assign", "demo-a", "south")
        await delivered(sender.spool, 4)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        client.close()
        await asyncio.sleep(0)


async def delivered(spool: Spool, first: int) -> None:
    """Three more records, all of them committed."""
    for number in range(first, first + 3):
        spool.append(alert(number))
    async with asyncio.timeout(TIMEOUT_S):
        while not spool.is_empty():
            await asyncio.sleep(0.01)


def test_probe_whose_cell_is_gone_asks_where_it_began(tmp_path: Path, site: dict[str, Aggregator]) -> None:
    key = enrol_everywhere(tmp_path, "demo-a")
    spool = Spool(LinuxBoard(), str(tmp_path / "spool"), BOOT, 1 << 24)
    asyncio.run(gone(tmp_path, site, Sender(LinuxBoard(), way_to(urlsplit(site["registrar"].ingest).port), key, "demo-a", spool)))
    assert sequences(tmp_path / "north", "demo-a") == [(BOOT, [1, 2, 3, 4, 5, 6])]


async def gone(folder: Path, site: dict[str, Aggregator], sender: Sender) -> None:
    """Three records, and three more after the cell has come back at another address."""
    client = sender.client
    assert isinstance(client, HttpClient)
    sending = asyncio.create_task(sender.run())
    try:
        await delivered(sender.spool, 1)
        site["north"].process.kill()
        site["north"].process.wait()
        with running(folder / "north", ["--cell", "north"]) as north:
            host(folder / "registrar", "cell", "add", "north", north.ingest)
            await delivered(sender.spool, 4)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        client.close()
        await asyncio.sleep(0)
