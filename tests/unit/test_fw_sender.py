"""The sender against the real intake: nothing that can be stored is held up, and nothing goes missing without a word."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pytest

from boards.linux.board import LinuxBoard
from catflap_host.correlate.feed import MOST_AT_ONCE
from catflap_host.correlate.feed import Feed as AggregatorsFeed
from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.counts import Counts
from catflap_host.ingest.intake import Intake
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.enrolment import enrol
from catflap_host.store.writer import Writer
from catflap_probe import VERSION
from catflap_probe.spool import Spool
from catflap_probe.uplink.client import Client
from catflap_probe.uplink.sender import Feed, Sender
from tests.probe_side import alert

BOOT = "9f0c41d2a7b3e658"
TIMEOUT_S = 30
DEEP: object = [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]


class Machine(LinuxBoard):
    """A spool ends with its machine's power; the test's machine goes on and has files to close."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[BinaryIO] = []

    def append_to(self, path: str) -> BinaryIO:
        self.files.append(super().append_to(path))
        return self.files[-1]


@dataclass
class Way(Client):
    """A way that loses nothing, straight into an intake; keeps the status of each answer."""

    take: Callable[[bytes], Awaitable[tuple[int, bytes]]]
    statuses: list[int] = field(default_factory=list)

    async def post(self, path: str, content_type: str, body: bytes) -> tuple[int, bytes]:
        status, answer = await self.take(body)
        self.statuses.append(status)
        return status, answer


@dataclass
class Scene:
    """An aggregator with one probe enrolled, and that probe's spool."""

    writer: Writer
    database: Database
    key: bytes
    machine: Machine
    spool: Spool
    counts: Counts = field(default_factory=Counts)

    def send_all(self, buckets: Buckets) -> list[int]:
        """Send until the spool is empty; the status of each answer."""
        return asyncio.run(self._send_all(Intake(self.writer, self.database, self.counts, buckets)))

    async def hear_all(self, feed: Feed, aggregators: AggregatorsFeed, late: str) -> None:
        """Send, and go on asking until the feed is heard to its end, and the number `late` that comes then."""
        intake = Intake(self.writer, self.database, self.counts, Buckets(), aggregators)

        async def take(body: bytes) -> tuple[int, bytes]:
            reply = await intake.take(body, "http")
            return reply.status, reply.body

        way = Way(take)
        sending = asyncio.create_task(Sender(self.machine, way, self.key, "demo-a", self.spool, feed).run())
        async with asyncio.timeout(TIMEOUT_S):
            for number in (late, ""):
                while not self.spool.is_empty() or feed.is_behind or not feed.place().startswith(str(aggregators.newest())):
                    await asyncio.sleep(0.001)
                if number:
                    aggregators.tell(number, 1_000, 9_000)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    async def _send_all(self, intake: Intake) -> list[int]:
        async def take(body: bytes) -> tuple[int, bytes]:
            reply = await intake.take(body, "http")
            return reply.status, reply.body

        way = Way(take)
        sending = asyncio.create_task(Sender(self.machine, way, self.key, "demo-a", self.spool).run())
        async with asyncio.timeout(TIMEOUT_S):
            while not self.spool.is_empty():
                await asyncio.sleep(0.001)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        return way.statuses

    def stored(self) -> list[tuple[int, str, str]]:
        """Sequence number, kind and text of every record."""
        return [(record.seq, record.kind, record.body) for record in queries.originals(self.database, 0, 1_000)]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    enrol("demo-a", tmp_path / "data", tmp_path / "key")
    with closing(open_database(tmp_path / "data")) as database:
        writer = Writer(open_store(database), on_commit=lambda: None)
        writer.start()
        machine = Machine()
        spool = Spool(machine, str(tmp_path / "spool"), BOOT, 1 << 24)
        yield Scene(writer, database, bytes.fromhex((tmp_path / "key").read_text()), machine, spool)
        writer.close()
    for file in machine.files:
        file.close()


@pytest.mark.parametrize(("poison", "why"), [({"x": DEEP}, "too-deep"), ({"x": "y" * 4096}, "too-large")])
@pytest.mark.parametrize("places", [(37,), (1, 100), (50, 51, 52)])
def test_record_that_is_never_taken_becomes_a_drop_and_holds_up_no_other(
    scene: Scene, poison: dict[str, object], why: str, places: tuple[int, ...]
) -> None:
    for number in range(1, 101):
        scene.spool.append(alert(number) | (poison if number in places else {}))
    scene.send_all(Buckets())
    stored = scene.stored()
    assert [seq for seq, _, _ in stored] == list(range(1, 101))
    assert [(seq, body) for seq, kind, body in stored if kind != "alert"] == [
        (place, f'{{"k":"drop","n":1,"alerts":1,"why":"{why}"}}') for place in places
    ]


def test_it_says_what_it_is_and_what_waits_in_its_spool(scene: Scene) -> None:
    for call in range(30):
        scene.spool.append(alert(call))
    assert scene.spool.waiting() == 30
    scene.send_all(Buckets())
    (probe,) = queries.probes(scene.database)
    assert (scene.spool.waiting(), probe.waiting) == (0, 30)
    assert probe.release == "{} cpython {}.{}".format(VERSION, *sys.version_info[:2])


def test_wait_that_the_answer_asks_for_is_kept(scene: Scene) -> None:
    for number in range(1, 301):
        scene.spool.append(alert(number))
    assert scene.send_all(Buckets(records_per_s=2_000, burst_records=10)) == [200] * 4
    assert scene.counts.batches == {("http", "taken"): 4}


class Overdrawn(Buckets):
    """Overdrawn by the time that it is first asked, however long the machine takes to ask."""

    is_drawn = False

    def wait_ms(self, probe: str, now_s: float) -> int:
        if not self.is_drawn:
            self.is_drawn = True
            self.take(probe, 20, now_s)
        return super().wait_ms(probe, now_s)


def test_probe_that_was_refused_for_haste_comes_back_in_time(scene: Scene) -> None:
    scene.spool.append(alert(1))
    assert scene.send_all(Overdrawn(records_per_s=200, burst_records=10)) == [429, 200]


def test_next_boot_with_what_the_last_one_left_behind(scene: Scene, tmp_path: Path) -> None:
    scene.spool.append(alert(1))
    scene.send_all(Buckets())
    scene.spool.append(alert(2))
    left = Spool(scene.machine, str(tmp_path / "spool"), "0" * 16, 1 << 24)
    left.append(alert(1, line="L02"))
    scene.spool = left
    assert scene.send_all(Buckets()) == [409, 200, 200], "told its epoch; what was left behind; a boot's first batch, which opens the next"
    assert [seq for seq, _, _ in scene.stored()] == [1, 2, 1]


class Ear(Feed):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.at = 0
        self.pieces: list[str] = []

    def place(self) -> str:
        return f"{self.at},4096"

    def told(self, text: str, at: int) -> None:
        self.is_behind = text != ""
        if text:
            self.at = at
            self.pieces.append(text)


def test_probe_with_nothing_to_send_hears_the_whole_feed(scene: Scene) -> None:
    scene.spool.append(alert(1))
    feed, ear = AggregatorsFeed(), Ear()
    for place in range(100):
        feed.tell(f"+86138{place:08d}", 1_000, 5_000)
    asyncio.run(scene.hear_all(ear, feed, "+8613900000000"))
    assert ear.pieces.pop() == "+8613900000000 604800", "it asks, though there is nothing to send"
    words = " ".join(ear.pieces).split(" ")
    assert words[::2] == [f"+86138{place:08d}" for place in range(100)] and set(words[1::2]) == {"604800"}
    assert [len(piece.split(" ")) // 2 for piece in ear.pieces] == [MOST_AT_ONCE] * 4 + [4]
    assert [seq for seq, _, _ in scene.stored()] == [1]
