"""The feed as the aggregator gives it, and the correlation as it is fed by the writer."""

import asyncio
import json
from contextlib import closing
from pathlib import Path

from catflap_host.correlate.feed import LIFE_S, MOST_AT_ONCE, MOST_NUMBERS, Feed
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.warming import follow, warmed
from catflap_host.ingest import envelope
from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.counts import Counts
from catflap_host.ingest.intake import Intake
from catflap_host.store.alert_store import open_store
from catflap_host.store.commits import Commits
from catflap_host.store.database import open_database
from catflap_host.store.enrolment import enrol
from catflap_host.store.group import Batch
from catflap_host.store.writer import Writer
from tests import postgres
from tests.probe_side import BOOT, WALL_MS, alert, batch, read_answer, sign

CARDS = [f"1381234{place:04d}" for place in range(6)]


def heard(feed: Feed, place: int, room: int = 4096) -> tuple[int, list[str]]:
    """Everything past a place, piece by piece."""
    words: list[str] = []
    while True:
        told = feed.answer("p", (place, room)).get("feed")
        if not isinstance(told, dict):
            return place, words
        assert told["at"] > place and len(told["pool"].split(" ")) <= 2 * MOST_AT_ONCE
        place = told["at"]
        words += told["pool"].split(" ")


def test_each_is_told_once_and_what_changed_again() -> None:
    feed = Feed()
    assert feed.answer("p", None) == {} and "poll_ms" in feed.answer("p", (0, 64))
    for number in ("+1", "+2", "+3"):
        feed.tell(number, 100, 5_000)
    place, words = heard(feed, 0)
    assert words == ["+1", str(LIFE_S), "+2", str(LIFE_S), "+3", str(LIFE_S)]
    feed.untell("+2", 6_000)
    feed.untell("+9", 6_000)
    feed.tell("+1", 200, 4_000)
    assert heard(feed, place)[1] == ["+2", "0", "+1", str(LIFE_S)]
    assert heard(feed, 0)[1] == ["+3", str(LIFE_S - 100), "+1", str(LIFE_S)], "to a new probe nobody says what is none"


def test_feed_is_bounded_and_the_newest_find_room() -> None:
    feed = Feed()
    for turn in range(3):
        for number in range(MOST_NUMBERS + 100):
            feed.tell(f"+{number}", turn, turn)
    _, words = heard(feed, 0)
    assert words[::2] == [f"+{number}" for number in range(100, MOST_NUMBERS + 100)]
    _, words = heard(feed, 0, room=64)
    assert words[::2] == [f"+{number}" for number in range(MOST_NUMBERS + 36, MOST_NUMBERS + 100)]


def test_number_that_goes_on_calling_is_told_again_in_time() -> None:
    feed = Feed()
    feed.tell("+1", 0, 0)
    assert not feed.is_due("+1", LIFE_S // 2) and feed.is_due("+1", LIFE_S // 2 + 1) and feed.is_due("+2", 0)


def test_many_probes_ask_less_often() -> None:
    feed = Feed()
    polls = [feed.answer(f"probe-{number}", (0, 64))["poll_ms"] for number in range(12_000)]
    assert (polls[0], polls[4_999], polls[-1]) == (2_000, 5_000, 10_000)


def calls_of(site: str, first: int) -> list[dict[str, object]]:
    """The bank's calls at a site, each on another line; an hour later in the south."""
    begun_ms = WALL_MS + (3_600_000 if site == "south" else 0)
    return [
        alert(first + place, trunk=site, line=f"L{place}", calling=number, at_ms=begun_ms + place * 60_000)
        for place, number in enumerate(CARDS)
    ]


def test_pool_that_was_committed_is_in_the_answer_and_is_there_after_a_restart(tmp_path: Path) -> None:
    probes = ("north", "south", "east")
    for probe in probes:
        enrol(probe, tmp_path / "data", tmp_path / probe)
    keys = {probe: bytes.fromhex((tmp_path / probe).read_text()) for probe in probes}

    async def send(intake: Intake, probe: str, records: list[dict[str, object]], first: int = 1) -> dict[str, object]:
        body = batch(keys[probe], probe, first, records)
        header, rest = body.split(b"\n", 1)
        signed = header[:-1] + b', "feed": [0, 64]}\n' + rest[: rest.rindex(b"\n", 0, -1) + 1 if b"\n" in rest[:-1] else 0]
        reply = await intake.take(sign(keys[probe], signed), "http")
        assert reply.status == 200
        return read_answer(keys[probe], reply.body)

    with closing(open_database(tmp_path / "data")) as database:
        correlation, _ = warmed(database)
        writer = Writer(open_store(database), lambda: None, taken=correlation.committed)
        writer.start()
        intake = Intake(writer, database, Counts(), Buckets(), correlation.feed)
        assert "feed" not in asyncio.run(send(intake, "north", calls_of("north", 1)))
        answer = asyncio.run(send(intake, "south", calls_of("south", 1)))
        told = answer["feed"]
        assert isinstance(told, dict)
        assert told["pool"].split(" ")[::2] == [f"+86{number}" for number in CARDS], "it is the commit's own answer that tells"
        assert asyncio.run(send(intake, "east", []))["feed"] == told
        writer.close()
        (pool,) = correlation.pools()
        again, _ = warmed(database)
        assert again.pools() == [pool] and again.feed.newest() >= correlation.feed.newest()
    assert (pool.kind, pool.sites, len(pool.members)) == ("simbank", ["north", "south"], 6)


def test_repeated_batch_counts_once_and_a_fault_is_lived_with() -> None:
    correlation = Correlation()

    def records(site: str) -> list[envelope.Record]:
        return [envelope.Record(place + 1, 1, fields, "") for place, fields in enumerate(calls_of(site, 1))]

    for _ in range(3):
        correlation.committed("north", BOOT, records("north"))
    assert correlation.pools() == []
    correlation.committed("south", BOOT, [envelope.Record(1, 1, {"k": "alert", "trunk": "t", "at_ms": 10**18, "score": True}, "")])
    correlation.committed("south", "f" * 16, records("south"))
    assert len(correlation.pools()[0].members) == 6


def test_worker_hears_what_another_commits(postgres_server: str, tmp_path: Path) -> None:
    with (
        postgres.fresh_schema(postgres_server) as address,
        closing(open_database(tmp_path / "data", address)) as database,
        closing(open_store(database)) as other,
    ):
        for probe in ("north", "south"):
            enrol(probe, tmp_path / "data", tmp_path / probe, address)

        def store(probe: str) -> None:
            kept = [envelope.Record(place, 1, fields, json.dumps(fields)) for place, fields in enumerate(calls_of(probe, 1), start=1)]
            (stored,) = other.add([Batch(envelope.Header(probe, BOOT, 1, len(kept) + 1, 0, WALL_MS), kept)], WALL_MS)
            assert not stored.error

        async def until_known() -> None:
            commits = Commits(asyncio.get_running_loop())
            following = asyncio.create_task(follow(database, correlation, heard, commits))
            store("south")
            async with asyncio.timeout(30):
                while not correlation.pools():
                    commits.announce()
                    await asyncio.sleep(0.01)
            commits.stop()
            await following

        store("north")
        correlation, heard = warmed(database)
        assert heard > 0 and correlation.pools() == []
        asyncio.run(until_known())
        assert len(correlation.pools()[0].members) == 6 and correlation.feed.newest()
