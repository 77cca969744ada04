"""Lists of partners: read with suspicion, never an older one, weighed, found under every form of a number, told to probes where trusted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catflap_host.correlate.service import Correlation
from catflap_host.errors import UserError
from catflap_host.judged import appeals
from catflap_host.reputation import kept, partners
from catflap_host.reputation.document import LIFE_MS, MAX_ENTRIES, Appeal, Class, Evidence, ListError, Withdrawal, fields, read
from catflap_host.reputation.kept import Opinion
from catflap_host.reputation.laying import lay, rows_of
from catflap_host.reputation.tables import SPAN, entries, forms, sources
from catflap_host.reputation.taking import take
from catflap_host.reputation.telling import MOST_TOLD, Teller
from catflap_host.store.database import Database
from tests.databases import KINDS, opened
from tests.unit.partnered import POOL, document, entry, partner, sent, taken
from tests.unit.test_host_stix import NOW_MS, NUMBERS

WHY = {"class": "pool", "count": 12, "model": "m7"}
ENTRY: dict[str, Any] = {"number": NUMBERS[0], "kind": "simbank", "confidence": 8_000, "first_ms": NOW_MS - 9, "last_ms": NOW_MS}
ENTRY |= {"expires_ms": NOW_MS + LIFE_MS, "appeal": "none", "evidence": [WHY]}
GONE = {"number": "+8613900000000", "withdrawn_ms": NOW_MS}
PAYLOAD = {"catflap_list": 2, "issuer": "A", "sequence": 5, "issued_ms": NOW_MS, "expires_ms": NOW_MS + LIFE_MS}
PAYLOAD |= {"entries": [ENTRY], "withdrawals": [GONE]}


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request, tmp_path) as database:
        yield database


def test_a_list_is_read_as_it_was_written() -> None:
    made = document(5, entry(NUMBERS[0], appeal=Appeal.REJECTED), gone=(Withdrawal(NUMBERS[1], NOW_MS),))
    assert read(fields(made), NOW_MS) == made
    both = document(5, entry(NUMBERS[0]), gone=(Withdrawal(NUMBERS[0], NOW_MS),))
    assert read(fields(both), NOW_MS).entries == [], "what is withdrawn is not listed, whatever else is said"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"catflap_list": 1}, "of version 1; this program reads 2"),
        ({"catflap_list": "1" * 99}, "of version 1{20};"),
        ({"issuer": ""}, "who issued"),
        ({"issuer": "a\nb"}, "who issued"),
        ({"sequence": -1}, "sequence is no whole number"),
        ({"sequence": 2**60}, "sequence is no whole number"),
        ({"sequence": True}, "sequence is no whole number"),
        ({"issued_ms": NOW_MS + 4_000_000}, "in the future"),
        ({"expires_ms": NOW_MS}, "it is over"),
        ({"expires_ms": NOW_MS + 91 * 86_400_000}, "over 90 days"),
        ({"entries": {}}, "no list"),
        ({"entries": [ENTRY] * (MAX_ENTRIES + 1)}, "no list of at most"),
        ({"entries": [ENTRY, 5]}, "entry 1 is no object"),
        ({"entries": [ENTRY | {"number": "13812345678"}]}, "entry 0: it has no number"),
        ({"entries": [ENTRY | {"number": "+86138\n"}]}, "entry 0: it has no number"),
        ({"entries": [ENTRY | {"kind": "legit"}]}, "entry 0: it is of none"),
        ({"entries": [ENTRY | {"kind": []}]}, "entry 0: it is of none"),
        ({"entries": [ENTRY | {"confidence": 10_001}]}, "entry 0: confidence"),
        ({"entries": [ENTRY | {"last_ms": "1"}]}, "entry 0: last_ms"),
        ({"entries": [ENTRY | {"expires_ms": NOW_MS + 91 * 86_400_000}]}, "entry 0: expires_ms"),
        ({"entries": [ENTRY | {"appeal": "upheld"}]}, "entry 0: appeal is none of"),
        ({"entries": [ENTRY | {"evidence": []}]}, "entry 0: .* does not say why"),
        ({"entries": [ENTRY | {"evidence": [WHY] * 9}]}, "entry 0: evidence is no list"),
        ({"entries": [ENTRY | {"evidence": [WHY | {"class": "hearsay"}]}]}, "entry 0: class is none of"),
        ({"entries": [ENTRY | {"evidence": [WHY | {"count": 0}]}]}, "entry 0: count"),
        ({"entries": [ENTRY | {"evidence": [WHY | {"model": "\x1b"}]}]}, "entry 0: model"),
        ({"withdrawals": None}, "withdrawals are no list"),
        ({"withdrawals": [GONE | {"withdrawn_ms": 0}]}, "withdrawal 0: withdrawn_ms"),
    ],
)
def test_a_list_that_is_not_quite_one_is_refused_as_a_whole(changed: dict[str, Any], fault: str) -> None:
    with pytest.raises(ListError, match=fault):
        read(PAYLOAD | changed, NOW_MS)


def test_a_number_is_found_in_every_form_that_a_line_shows(database: Database) -> None:
    taken(database, "bank", document(5, entry("+8613800000001"), entry("+861062345601", 7_000, "telemarketing")))
    for shown in ("13800000001", "+8613800000001", "8613800000001", "008613800000001", "013800000001"):
        assert kept.opinions(database, shown, NOW_MS) == [Opinion("bank", "simbank", 8_000, NOW_MS, "none", POOL)], shown
    (other,) = kept.opinions(database, "62345601", NOW_MS)
    assert (other.kind, other.weight) == ("telemarketing", 7_000)
    for shown in ("13800000002", "", "3800000001"):
        assert kept.opinions(database, shown, NOW_MS) == []
    assert kept.opinions(database, "13800000001", NOW_MS + LIFE_MS) == [], "over"


def test_an_entry_weighs_what_its_house_is_trusted_and_ends_by_itself(database: Database) -> None:
    soon = entry(NUMBERS[1], expires_ms=NOW_MS + 5)
    over = entry("+8613800000003", expires_ms=NOW_MS)
    taken(database, "bank", document(5, entry(NUMBERS[0], appeal=Appeal.OPEN), soon, over), trust=50)
    assert [one.weight for one in kept.opinions(database, NUMBERS[0], NOW_MS)] == [2_000], "half trusted, and disputed"
    assert [one.weight for one in kept.opinions(database, NUMBERS[1], NOW_MS)] == [4_000]
    assert kept.opinions(database, NUMBERS[1], NOW_MS + 5) == kept.opinions(database, "+8613800000003", NOW_MS) == []
    assert [(one.source, one.entries) for one in kept.listed(database, NOW_MS)] == [("bank", 2)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_number_of_a_list_is_on_disk_in_the_clear(database: Database, tmp_path: Path) -> None:
    taken(database, "bank", document(5, entry("+8613800000001"), gone=(Withdrawal("+8613800000002", NOW_MS),)))
    database.close()
    assert not [path for path in tmp_path.iterdir() if b"380000000" in path.read_bytes()]


def test_only_a_newer_list_takes_the_place_of_the_last(database: Database) -> None:
    taken(database, "bank", document(5, entry(NUMBERS[0])))
    for sequence in (4, 5):
        with pytest.raises(ListError, match="a newer one or this one before"):
            taken(database, "bank", document(sequence, entry(NUMBERS[1])))
    taken(database, "bank", document(6, entry(NUMBERS[1])))
    taken(database, "shop", document(1, entry(NUMBERS[1], 9_000)))
    assert kept.opinions(database, NUMBERS[0], NOW_MS) == []
    assert [opinion.source for opinion in kept.opinions(database, NUMBERS[1], NOW_MS)] == ["shop", "bank"]
    kept.drop(database, "bank")
    partners.remove(database, "bank", "tester")
    with pytest.raises(ListError, match="a newer one or this one before"):
        taken(database, "bank", document(6, entry(NUMBERS[1])))
    with pytest.raises(UserError, match="no list of 'nobody'"):
        kept.drop(database, "nobody")


def test_a_list_is_taken_by_the_registered_key_alone_and_never_our_own(database: Database) -> None:
    bank = partner(database)
    for text, fault in (
        (sent(document(1), "forger"), "not that of the key given"),
        (sent(document(1)).replace('"payload": "e', '"payload": "f'), "not that of the key given"),
        (sent(document(1, expires_ms=NOW_MS)), "it is over"),
        ("[]", "not a signed document"),
    ):
        with pytest.raises(UserError, match=fault):
            take(database, bank, text, "ours", "tester", NOW_MS)
    with pytest.raises(UserError, match="our own list"):
        take(database, bank, sent(document(1)), bank.key_id, "tester", NOW_MS)
    assert kept.listed(database, NOW_MS) == []
    take(database, bank, sent(document(1, entry(NUMBERS[0]))), "ours", "tester", NOW_MS)
    newer = partner(database, key="bank's next key")
    with pytest.raises(UserError, match="not that of the key given"):
        take(database, newer, sent(document(2)), "ours", "tester", NOW_MS)
    take(database, newer, sent(document(1), "bank's next key"), "ours", "tester", NOW_MS)


def told(correlation: Correlation) -> list[str]:
    answer = correlation.feed.answer("p", (0, 4096)).get("feed")
    return sorted(answer["pool"].split(" ")[::2]) if isinstance(answer, dict) else []


def test_probes_are_told_what_trusted_houses_say_and_no_longer_than_they_say_it(database: Database) -> None:
    correlation = Correlation()
    teller = Teller(database, correlation)
    audited = entry("+8613800000005", evidence=(Evidence(Class.AUDIT, 3, ""),))
    quiet = (entry("+8613800000006", appeal=Appeal.OPEN), entry("+8613800000007", 3_999), entry("+862345678", 9_000, "tdos"))
    taken(database, "shop", document(1, entry("+8613800000009")))
    taken(database, "bank", document(1, *map(entry, NUMBERS), audited, *quiet), for_probes=True)
    teller.step(NOW_MS)
    assert told(correlation) == NUMBERS
    newest = correlation.feed.newest()
    teller.step(NOW_MS + 1_000)
    assert correlation.feed.newest() == newest, "nothing new to tell"
    taken(database, "bank", document(2, entry(NUMBERS[1]), gone=(Withdrawal(NUMBERS[0], NOW_MS),)), for_probes=True)
    teller.step(NOW_MS + 2_000)
    assert told(correlation) == [NUMBERS[1]], "a withdrawal counts at once"
    (withdrawn,) = kept.opinions(database, NUMBERS[0], NOW_MS)
    assert (withdrawn.kind, withdrawn.weight, withdrawn.appeal) == ("", 0, "upheld")
    teller.step(NOW_MS + LIFE_MS)
    assert told(correlation) == [], "the list is over"


def test_probes_are_not_told_of_a_number_that_we_found_to_be_wronged(database: Database) -> None:
    taken(database, "bank", document(1, *map(entry, NUMBERS)), for_probes=True)
    appeal = appeals.receive(database, NUMBERS[0], appeals.About.LISTED, "it is mine")
    appeals.decide(database, appeal, appeals.State.UPHELD, "tester", "so it is")
    appeals.receive(database, NUMBERS[0], appeals.About.LISTED, "and still mine")
    assert kept.for_probes(database, NOW_MS, MOST_TOLD) == [NUMBERS[1]]


def test_a_long_list_leaves_room_for_our_own_pools(database: Database) -> None:
    numbers = [f"+86138{place:08d}" for place in range(MOST_TOLD + 50)]
    taken(database, "bank", document(1, *(entry(number, 5_000 + place) for place, number in enumerate(numbers))), for_probes=True)
    assert kept.for_probes(database, NOW_MS, MOST_TOLD) == numbers[:49:-1]


def test_a_list_cut_short_counts_for_nothing_and_is_cleared_away(database: Database) -> None:
    taken(database, "bank", document(1, entry(NUMBERS[0])), for_probes=True)
    cut = document(2, entry(NUMBERS[1]), entry(NUMBERS[0], 9_999))
    lay(database, "bank", 7 * SPAN, list(rows_of(cut, NOW_MS)))
    assert kept.opinions(database, NUMBERS[1], NOW_MS) == []
    assert [one.weight for one in kept.opinions(database, NUMBERS[0], NOW_MS)] == [8_000]
    assert kept.for_probes(database, NOW_MS, 9) == [NUMBERS[0]]
    assert [one.entries for one in kept.listed(database, NOW_MS)] == [1]
    taken(database, "bank", document(2, entry(NUMBERS[1])), for_probes=True)
    with database.read() as connection:
        assert [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (entries, sources)] == [1, 1]
        assert connection.execute(select(func.count(forms.c.place.distinct()))).scalar_one() == 1
