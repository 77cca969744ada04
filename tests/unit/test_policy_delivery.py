"""A published policy reaches the probes, whatever comes between, and the aggregator knows who has which."""

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from boards.linux.board import LinuxBoard
from catflap_host import micropython
from catflap_host.cli import main
from catflap_host.correlate.service import Correlation
from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.counts import Counts
from catflap_host.ingest.intake import Intake
from catflap_host.judged.verdicts import Said
from catflap_host.policy import delivering, kept
from catflap_host.policy.compiling import compile_policy, no_pools
from catflap_host.policy.delivering import Delivery
from catflap_host.policy.document import parse
from catflap_host.policy.releasing import REFRESH_S, Releasing
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.enrolment import enrol
from catflap_host.store.group import Batch
from catflap_host.store.writer import Writer
from catflap_host.triage import acting
from catflap_probe.policy import Policy
from catflap_probe.rules.delivery import PolicyFetch
from catflap_probe.rules.layout import ALLOWED, DENIED
from catflap_probe.spool import Spool
from catflap_probe.uplink.client import Client
from catflap_probe.uplink.sender import Feed, Sender
from tests.probe_side import alarm
from tests.unit.test_host_store import read

BOOT = "9f0c41d2a7b3e658"
TIMEOUT_S = 30
CALLER = "13812345678"


@dataclass
class Way(Client):
    """Straight into an intake; keeps the size of each answer, and ends the way where `is_cut` says so."""

    take: Callable[[bytes], Awaitable[bytes]]
    sizes: list[int] = field(default_factory=list)
    most: int = 1_000_000

    async def post(self, path: str, content_type: str, body: bytes) -> tuple[int, bytes]:
        if len(self.sizes) >= self.most:
            await asyncio.sleep(TIMEOUT_S)
        answer = await self.take(body)
        self.sizes.append(len(answer))
        return 200, answer


@dataclass
class Site:
    """An aggregator, and a probe's side of one folder."""

    database: Database
    writer: Writer
    key: bytes
    folder: Path
    spool: Spool
    in_force: list[Policy] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    correlation: Correlation = field(default_factory=Correlation)

    def __post_init__(self) -> None:
        self.releasing = Releasing(self.database, self.correlation)
        self.now_s = 0.0

    def publish(self, **fields: object) -> kept.Release:
        version = kept.draft(self.database, json.dumps({"catflap_policy": 1, **fields}), "li.wei", "")
        release = kept.publish(self.database, version, "li.wei")
        assert self.compile()
        return release

    def compile(self) -> bool:
        self.now_s += REFRESH_S
        return self.releasing.step(self.now_s)

    def fetch(self, tables: str = "board") -> PolicyFetch:
        return PolicyFetch(LinuxBoard(), str(self.folder), tables, "CN", self.in_force.append, self.refused.append)

    def exchange(self, fetch: PolicyFetch, most: int = 1_000_000) -> list[int]:
        """Send until the probe has nothing more to ask, or `most` answers have come; their sizes."""
        return asyncio.run(self._exchange(fetch, most))

    async def _exchange(self, fetch: PolicyFetch, most: int) -> list[int]:
        intake = Intake(self.writer, self.database, Counts(), Buckets(), policy=Delivery(self.database))

        async def take(body: bytes) -> bytes:
            return (await intake.take(body, "http")).body

        way = Way(take, most=most)
        feed = Asking()
        sending = asyncio.create_task(Sender(LinuxBoard(), way, self.key, "demo-a", self.spool, feed, fetch).run())
        async with asyncio.timeout(TIMEOUT_S):
            while len(way.sizes) < most and (feed.asks or fetch.is_behind):
                await asyncio.sleep(0)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        return way.sizes


class Asking(Feed):
    """Has the sender ask once, though there are no records."""

    def __init__(self) -> None:
        self.asks = 1

    @property
    def is_behind(self) -> bool:  # type: ignore[override]
        return self.asks > 0

    def told(self, text: str, at: int) -> None:
        self.asks = 0


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(delivering, "LOOK_S", 0.0)
    enrol("demo-a", tmp_path / "data", tmp_path / "key")
    with closing(open_database(tmp_path / "data")) as database:
        writer = Writer(open_store(database), on_commit=lambda: None)
        writer.start()
        (tmp_path / "probe").mkdir()
        key = bytes.fromhex((tmp_path / "key").read_text())
        found = Site(database, writer, key, tmp_path / "probe", Spool(LinuxBoard(), str(tmp_path / "spool"), BOOT, 1 << 24))
        yield found
        for policy in found.in_force:
            assert policy.lists is not None
        writer.close()


MANY: list[dict[str, object]] = [{"number": str(13_900_000_000 + 7 * place)} for place in range(200)]


@pytest.mark.parametrize("tables", ["board", "linux"])
def test_a_policy_comes_in_pieces_and_is_acknowledged(site: Site, tables: str) -> None:
    release = site.publish(version="one", deny=[{"number": CALLER}, *MANY])
    fetch = site.fetch(tables)
    assert fetch.restore() is None
    sizes = site.exchange(fetch)
    assert (fetch.have, site.refused) == (release.serial, [])
    assert [(policy.version, policy.lists_of(CALLER), policy.lists_of("1")) for policy in site.in_force] == [("one", DENIED, 0)]
    assert tables == "linux" or (len(sizes) > 4 and max(sizes) < 900), "it must fit a frame of the serial link"
    assert [(row.probe, row.serial, row.version, row.refused) for row in kept.probes(site.database)] == [("demo-a", release.serial, 1, 0)]
    assert len(site.exchange(fetch)) == 1, "there is no more to say"
    again = site.fetch().restore()
    assert again is not None and again.version == "one"


def test_a_verdict_lets_a_number_through_until_it_is_taken_back(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    sent: list[object] = [alarm([CALLER, "13912345678"]), alarm(["13712345678"], alarm="a2")]
    with closing(open_store(site.database)) as store:
        assert not store.add([Batch(*read(1, sent))], 1)[0].error
    site.publish(version="one", deny=[{"prefix": "1"}])
    fetch = site.fetch()
    site.exchange(fetch)
    caller = site.database.vault.pseudonym(CALLER)
    for said, allow, lists in ((Said.FALSE, [caller], ALLOWED | DENIED), (Said.TRUE, None, DENIED)):
        acting.judge(site.database, [1], said, "a courier, letter of 2 March", "chen", allow)
        assert site.compile() and not site.compile()
        site.exchange(fetch)
        assert [site.in_force[-1].lists_of(number) for number in (CALLER, "13912345678")] == [lists, DENIED]
        assert main(["host", "policy", "allowed", "--data", str(site.folder.parent / "data")]) == 0
        told = capsys.readouterr().out.splitlines()
        assert [line.split("\t")[:3] for line in told] == ([["138****5678", "alarm 1", "verdict 1"]] if lists & ALLOWED else [])
        assert all(line.endswith("chen\ta courier, letter of 2 March") for line in told)
    released = [(release.why, release.who) for release in kept.releases(site.database, 9)]
    assert released == [("members", "catflap"), ("members", "catflap"), ("publish", "li.wei")]


def test_a_probe_that_was_away_takes_the_newest_alone(site: Site) -> None:
    site.publish(version="one")
    fetch = site.fetch()
    site.exchange(fetch)
    for version in ("two", "three", "four"):
        last = site.publish(version=version)
    later = site.fetch()
    restored = later.restore()
    assert restored is not None and restored.version == "one"
    site.exchange(later)
    assert (later.have, [policy.version for policy in site.in_force]) == (last.serial, ["one", "four"])
    assert {path.name for path in site.folder.iterdir()} >= {f"policy-{last.serial}"}


def test_a_power_failure_half_way_leaves_the_policy_before_in_force(site: Site) -> None:
    first = site.publish(version="one")
    site.exchange(site.fetch())
    second = site.publish(version="two", deny=MANY)
    cut = site.fetch()
    cut.restore()
    site.exchange(cut, most=3)
    assert (site.folder / f"policy-{second.serial}").exists()
    cut.stop()
    after = site.fetch()
    policy = after.restore()
    assert policy is not None and (policy.version, after.have) == ("one", first.serial)
    assert len(site.refused) == 1 and ("SHA-256" in site.refused[0] or "cut short" in site.refused[0])
    site.exchange(after)
    assert after.have == second.serial and site.in_force[-1].version == "two"


def test_a_newer_one_that_comes_half_way_is_begun_anew(site: Site) -> None:
    site.publish(version="one", deny=MANY)
    fetch = site.fetch()
    site.exchange(fetch, most=3)
    second = site.publish(version="two", deny=MANY[:50])
    site.exchange(fetch)
    assert (fetch.have, [policy.version for policy in site.in_force]) == (second.serial, ["two"])


def test_one_too_large_for_a_board_is_refused_told_and_the_one_before_stays(site: Site) -> None:
    first = site.publish(version="one")
    fetch = site.fetch()
    site.exchange(fetch)
    large = site.publish(deny=[{"number": str(13_000_000_000 + 2 * place)} for place in range(25_000)])
    site.exchange(fetch)
    assert [policy.version for policy in site.in_force] == ["one"]
    assert len(site.refused) == 1 and "there is room for 163840" in site.refused[0]
    assert [(row.serial, row.refused) for row in kept.probes(site.database)] == [(first.serial, large.serial)]
    assert len(site.exchange(fetch)) == 1, "it is not offered again"
    smaller = site.publish(version="three")
    site.exchange(fetch)
    assert [(row.serial, row.refused) for row in kept.probes(site.database)] == [(smaller.serial, 0)]


def test_what_is_damaged_on_the_flash_is_fetched_again(site: Site) -> None:
    release = site.publish(deny=MANY)
    site.exchange(site.fetch())
    path = site.folder / f"policy-{release.serial}"
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\0" + content[101:])
    after = site.fetch()
    assert after.restore() is None
    site.exchange(after)
    assert path.read_bytes() == content


def test_an_aggregator_restored_from_an_older_copy_publishes_above_what_its_probes_have(site: Site) -> None:
    release = site.publish(version="one")
    fetch = site.fetch()
    fetch.have = release.serial + 1000
    site.exchange(fetch)
    newest = kept.published(site.database)
    assert newest is not None and (newest.version, newest.why, newest.serial) == (1, "restored", release.serial + 1001)
    assert site.compile()
    site.exchange(fetch)
    assert fetch.have == newest.serial
    fetch.have = 2**52
    site.exchange(fetch)
    assert kept.published(site.database) == kept.releases(site.database, 1)[0]
    assert kept.releases(site.database, 1)[0].serial == newest.serial, "no clock of ours ever said that"


def test_a_repeated_older_policy_and_an_unreadable_piece_change_nothing(site: Site) -> None:
    content = compile_policy(parse('{"catflap_policy": 1}'), "1", no_pools, (), datetime.now(UTC)).with_serial(5)
    fetch = site.fetch()
    fetch.have = 6
    pieces: list[dict[str, object]] = [
        {"serial": 5, "size": len(content), "at": 0, "data": ""},
        {"serial": 7},
        {"serial": "x", "size": 1, "at": 0, "data": ""},
        {"serial": 7, "size": 100, "at": 0, "data": "!"},
        {"serial": 7, "size": 100, "at": 0, "data": None},
    ]
    for piece in pieces:
        asyncio.run(fetch.told(piece))
        assert not fetch.is_behind
    assert (fetch.place(), list(site.folder.iterdir()), site.in_force) == ("6,0,0,384", [], [])


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_a_board_fetches_it_the_same(tmp_path: Path) -> None:
    document = parse(json.dumps({"catflap_policy": 1, "version": "v", "deny": [{"number": CALLER}, *MANY]}))
    content = compile_policy(document, "1", no_pools, (), datetime.now(UTC)).with_serial(7)
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "state").mkdir()
    script = str(Path(__file__).with_name("fetch_on_board.py"))

    def run() -> list[str]:
        words = [str(tmp_path / "state"), "7", str(tmp_path / "content"), CALLER, "13900000007", "13900000008"]
        done = subprocess.run(
            micropython.command(script, "300k", *words),
            env=micropython.environment(),
            check=True,
            timeout=60,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout.splitlines()

    first = run()
    assert (first[0], first[-3], first[-2], first[-1]) == ("nothing", f"7,7,{len(content)},384", "[2, 2, 0]", "[]")
    assert (tmp_path / "state/policy-7").read_bytes() == content
    assert run() == ["v", "7,0,0,384", "[]", "[]"]
