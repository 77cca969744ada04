"""Feeds of other houses: read with suspicion, never an older one, found under every form of a number, told to probes where trusted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catflap_host.correlate.service import Correlation
from catflap_host.errors import UserError
from catflap_host.reputation import kept
from catflap_host.reputation.document import LIFE_MS, MAX_ENTRIES, Document, Entry, FeedError, document, fields, read
from catflap_host.reputation.kept import Opinion
from catflap_host.reputation.telling import MOST_TOLD, Teller
from catflap_host.store.database import Database
from tests.databases import KINDS, opened
from tests.unit.test_host_stix import NOW_MS, NUMBERS, group

ENTRY = {"number": NUMBERS[0], "kind": "simbank", "score": 8_000, "first_ms": NOW_MS - 9, "last_ms": NOW_MS}
PAYLOAD = {"catflap_feed": 1, "issuer": "A", "serial": 5, "issued_ms": NOW_MS, "expires_ms": NOW_MS + LIFE_MS, "entries": [ENTRY]}


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request, tmp_path) as database:
        yield database


def feed(serial: int, *entries: Entry, expires_ms: int = NOW_MS + LIFE_MS) -> Document:
    return Document("A", serial, NOW_MS, expires_ms, list(entries))


def simbank(number: str, score: int = 8_000, kind: str = "simbank") -> Entry:
    return Entry(number, kind, score, NOW_MS, NOW_MS)


def test_a_feed_is_read_as_it_was_written() -> None:
    made = document([group(1, NUMBERS), group(2, [NUMBERS[0], "110"], confidence=9_500, kind="tdos")], "A", NOW_MS)
    assert [(entry.number, entry.kind, entry.score) for entry in made.entries] == [
        (NUMBERS[0], "tdos", 9_500),
        (NUMBERS[1], "simbank", 8_700),
    ]
    assert read(fields(made), NOW_MS) == made


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"catflap_feed": 2}, "of version 2; this program reads 1"),
        ({"catflap_feed": "1" * 99}, "of version 1{20};"),
        ({"issuer": ""}, "who issued"),
        ({"issuer": "a\nb"}, "who issued"),
        ({"serial": -1}, "serial is no whole number"),
        ({"serial": 2**60}, "serial is no whole number"),
        ({"serial": True}, "serial is no whole number"),
        ({"issued_ms": NOW_MS + 4_000_000}, "in the future"),
        ({"expires_ms": NOW_MS}, "it is over"),
        ({"expires_ms": NOW_MS + 91 * 86_400_000}, "over 90 days"),
        ({"entries": {}}, "no list"),
        ({"entries": [ENTRY] * (MAX_ENTRIES + 1)}, "no list of at most"),
        ({"entries": [ENTRY, 5]}, "entry 1 is no object"),
        ({"entries": [ENTRY | {"number": "13812345678"}]}, "entry 0 has no number"),
        ({"entries": [ENTRY | {"number": "+86138\n"}]}, "entry 0 has no number"),
        ({"entries": [ENTRY | {"kind": "legit"}]}, "entry 0 is of none"),
        ({"entries": [ENTRY | {"kind": []}]}, "entry 0 is of none"),
        ({"entries": [ENTRY | {"score": 10_001}]}, "entry 0: score"),
        ({"entries": [ENTRY | {"last_ms": "1"}]}, "entry 0: last_ms"),
    ],
)
def test_a_feed_that_is_not_quite_one_is_refused_as_a_whole(changed: dict[str, Any], fault: str) -> None:
    with pytest.raises(FeedError, match=fault):
        read(PAYLOAD | changed, NOW_MS)


def test_a_number_is_found_in_every_form_that_a_line_shows(database: Database) -> None:
    kept.take(database, "bank", "key", feed(5, simbank("+8613800000001"), simbank("+861062345601", 7_000, "telemarketing")), False, NOW_MS)
    for shown in ("13800000001", "+8613800000001", "8613800000001", "008613800000001", "013800000001"):
        assert kept.opinions(database, shown, NOW_MS) == [Opinion("bank", "simbank", 8_000, NOW_MS)], shown
    assert kept.opinions(database, "62345601", NOW_MS) == [Opinion("bank", "telemarketing", 7_000, NOW_MS)]
    for shown in ("13800000002", "", "3800000001"):
        assert kept.opinions(database, shown, NOW_MS) == []
    assert kept.opinions(database, "13800000001", NOW_MS + LIFE_MS) == [], "over"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_number_of_a_feed_is_on_disk_in_the_clear(database: Database, tmp_path: Path) -> None:
    kept.take(database, "bank", "key", feed(5, simbank("+8613800000001")), True, NOW_MS)
    database.close()
    assert not [path for path in tmp_path.iterdir() if b"3800000001" in path.read_bytes()]


def test_only_a_newer_feed_of_the_same_key_takes_the_place_of_the_last(database: Database) -> None:
    kept.take(database, "bank", "key", feed(5, simbank(NUMBERS[0])), False, NOW_MS)
    for serial in (4, 5):
        with pytest.raises(FeedError, match="a newer one or this one before"):
            kept.take(database, "bank", "key", feed(serial, simbank(NUMBERS[1])), False, NOW_MS)
    with pytest.raises(FeedError, match="another key"):
        kept.take(database, "bank", "other", feed(6), False, NOW_MS)
    kept.take(database, "bank", "key", feed(6, simbank(NUMBERS[1])), False, NOW_MS)
    kept.take(database, "shop", "other", feed(1, simbank(NUMBERS[1], 9_000)), False, NOW_MS)
    assert kept.opinions(database, NUMBERS[0], NOW_MS) == []
    assert [opinion.source for opinion in kept.opinions(database, NUMBERS[1], NOW_MS)] == ["shop", "bank"]
    kept.forget(database, "bank")
    kept.take(database, "bank", "other", feed(1), False, NOW_MS)
    assert [(source.source, source.serial) for source in kept.listed(database)] == [("bank", 1), ("shop", 1)]
    with pytest.raises(UserError, match="no feed of 'nobody'"):
        kept.forget(database, "nobody")


def told(correlation: Correlation) -> list[str]:
    answer = correlation.feed.answer("p", (0, 4096)).get("feed")
    return sorted(answer["pool"].split(" ")[::2]) if isinstance(answer, dict) else []


def test_probes_are_told_what_trusted_houses_say_and_no_longer_than_they_say_it(database: Database) -> None:
    correlation = Correlation()
    teller = Teller(database, correlation)
    kept.take(database, "shop", "key", feed(1, simbank("+8613800000009")), False, NOW_MS)
    kept.take(database, "bank", "key", feed(1, simbank(NUMBERS[0]), simbank(NUMBERS[1]), simbank("+862", 1, "tdos")), True, NOW_MS)
    teller.step(NOW_MS)
    assert told(correlation) == NUMBERS
    newest = correlation.feed.newest()
    teller.step(NOW_MS + 1_000)
    assert correlation.feed.newest() == newest, "nothing new to tell"
    kept.take(database, "bank", "key", feed(2, simbank(NUMBERS[1])), True, NOW_MS)
    teller.step(NOW_MS + 2_000)
    assert told(correlation) == [NUMBERS[1]]
    teller.step(NOW_MS + LIFE_MS)
    assert told(correlation) == [], "the feed is over"


def test_a_long_feed_leaves_room_for_our_own_pools(database: Database) -> None:
    numbers = [f"+86138{place:08d}" for place in range(MOST_TOLD + 50)]
    kept.take(database, "bank", "key", feed(1, *(simbank(number, 5_000 + place) for place, number in enumerate(numbers))), True, NOW_MS)
    assert kept.for_probes(database, NOW_MS, MOST_TOLD) == numbers[:49:-1]
