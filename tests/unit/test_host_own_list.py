"""Our own list: what it rests on, who is never on it, numbers that only rise, and what is taken back by name."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from catflap_host.complaints import handling
from catflap_host.complaints.handling import Step
from catflap_host.complaints.terms import Finding, Source
from catflap_host.complaints.terms import State as Stage
from catflap_host.compliance import book as books
from catflap_host.errors import UserError
from catflap_host.judged import appeals
from catflap_host.reputation import issuing, own, partners
from catflap_host.reputation.document import DAY_MS, LIFE_MS, Appeal, Class, Entry, Withdrawal
from catflap_host.reputation.partners import QuotaError, Terms
from catflap_host.store import queries
from catflap_host.store.database import Database, open_database
from catflap_host.trunk_audit import findings
from catflap_host.trunk_audit.search import Kind, Seen
from tests.outgoing_in_store import enter
from tests.planted_outgoing import PROBE
from tests.unit.complained import CARD, HOUR_MS, call, complain, store
from tests.unit.partnered import document, entry, jwk, partner, taken
from tests.unit.test_host_stix import NOW_MS, NUMBERS, group
from tests.unit.test_trunk_audit import contract


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path)) as database:
        yield database


def found(database: Database, *groups: Any, now_ms: int = NOW_MS) -> list[Entry]:
    return own.entries(database, groups, appeals.newest(database), now_ms)


def appealed(database: Database, number: str, state: appeals.State) -> None:
    taken_as = appeals.receive(database, number, appeals.About.LISTED, "it is mine")
    if state is not appeals.State.OPEN:
        appeals.decide(database, taken_as, state, "tester", "looked into")


def test_a_number_is_listed_once_by_what_is_surest_and_for_as_long_as_that_counts(plain: Database) -> None:
    groups = [group(1, NUMBERS), group(2, [NUMBERS[0], "110"], confidence=9_500, kind="tdos")]
    first, second = found(plain, *groups)
    assert (first.number, first.kind, first.confidence, first.expires_ms) == (NUMBERS[0], "tdos", 9_500, NOW_MS + LIFE_MS)
    assert (second.number, second.kind, second.confidence) == (NUMBERS[1], "simbank", 8_700)
    assert [(one.what, one.count) for one in second.evidence] == [(Class.POOL, 1)]
    assert found(plain, *groups, now_ms=NOW_MS + LIFE_MS) == []
    store(plain, [call(CARD, 1, NOW_MS, model="m7")], "north")
    assert queries.models(plain) == {"north": "m7"}
    assert found(plain, *groups)[0].evidence[0].model == "m7"


def test_appeals_show_and_who_was_right_is_off(plain: Database) -> None:
    numbers = [*NUMBERS, "+8613800000003", "+8613800000004"]
    appealed(plain, numbers[0], appeals.State.OPEN)
    appealed(plain, numbers[1], appeals.State.REJECTED)
    appealed(plain, numbers[2], appeals.State.UPHELD)
    assert {one.number: one.appeal for one in found(plain, group(1, numbers))} == {
        numbers[0]: Appeal.OPEN,
        numbers[1]: Appeal.REJECTED,
        numbers[3]: Appeal.NONE,
    }


def test_complaints_of_several_that_were_upheld_speak_and_one_alone_does_not(plain: Database) -> None:
    store(plain, [call(CARD, line, NOW_MS - line * HOUR_MS) for line in range(1, 4)])
    rung = queries.calls(plain, 0, 9)
    for place, one in enumerate(rung[:2]):
        receipt = complain(plain, at_ms=one.at_ms, call_id=one.id, source=Source.LINK, complainer=f"{place}")
        assert found(plain) == []
        handling.take(plain, receipt.id, Step(Stage.VERIFIED, Finding.UPHELD), "li.wei", NOW_MS)
    complain(plain, at_ms=rung[2].at_ms, call_id=rung[2].id, source=Source.LINK, complainer="unverified")
    (listed,) = found(plain)
    assert (listed.number, listed.kind) == (f"+86{CARD}", "telemarketing")
    assert [(one.what, one.count, one.model) for one in listed.evidence] == [(Class.COMPLAINT, 2, "")]
    assert 0 < listed.confidence < 10_000
    assert found(plain, now_ms=NOW_MS + own.HUMAN_LIFE_MS) == []


def test_an_audit_speaks_once_somebody_has_taken_it_up(plain: Database) -> None:
    enter(plain, [contract("A", "T1")])
    book = books.load(plain)
    (held,) = book.trunks[PROBE, "T1", "out"]
    seen = [
        Seen(Kind.OUTSIDE_RANGE, held, "+861062349999", 3, NOW_MS - 9, NOW_MS),
        Seen(Kind.VOLUME, held, "2026-03-01", 3, NOW_MS - 9, NOW_MS),
    ]
    findings.keep(plain, book, seen, NOW_MS)
    assert found(plain) == []
    for one in findings.listed(plain, 0, 9):
        findings.move(plain, book, one.id, findings.State.SENT, "li.wei", "whose is it?", NOW_MS)
    (listed,) = found(plain)
    assert (listed.number, listed.kind, [(one.what, one.count) for one in listed.evidence]) == (
        "+861062349999",
        "spoof",
        [(Class.AUDIT, 3)],
    )


def test_what_partners_said_is_not_ours(plain: Database) -> None:
    taken(plain, "bank", document(1, *map(entry, NUMBERS)), for_probes=True)
    assert found(plain) == []


def test_a_number_is_withdrawn_by_name_while_a_list_with_it_may_count_and_no_other_is_named(database: Database) -> None:
    first = issuing.issue(database, [group(1, NUMBERS)], "us", "bank", NOW_MS)
    assert [one.number for one in first.entries] == NUMBERS and first.withdrawals == []
    appealed(database, NUMBERS[0], appeals.State.UPHELD)
    appealed(database, "+8613900000000", appeals.State.UPHELD)
    second = issuing.issue(database, [group(1, [*NUMBERS, "+8613900000000"])], "us", "bank", NOW_MS)
    decided_ms = appeals.newest(database)[NUMBERS[0]].decided_ms
    assert [one.number for one in second.entries] == [NUMBERS[1]]
    assert second.withdrawals == [Withdrawal(NUMBERS[0], decided_ms)]
    assert second.sequence == first.sequence + 1, "at the same moment, and after one that was put back"
    assert issuing.issue(database, [], "us", "bank", NOW_MS - DAY_MS).sequence == second.sequence + 1
    late = issuing.issue(database, [], "us", "bank", NOW_MS + LIFE_MS + 2 * DAY_MS)
    assert late.withdrawals == []


def test_quota_of_a_day_is_one_for_all_who_ask_at_once(database: Database, address: str, tmp_path: Path) -> None:
    gone: list[bool] = []

    def ask(at: Database) -> None:
        for _ in range(4):
            try:
                partners.spend(at, "bank", partners.NUMBERS, 3, 20, NOW_MS)
                gone.append(True)
            except QuotaError:
                gone.append(False)

    with closing(open_database(tmp_path, address)) as beside:
        threads = [threading.Thread(target=ask, args=(at,)) for at in (database, beside, database, beside)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (gone.count(True), len(gone)) == (6, 16)
        assert partners.spend(beside, "bank", partners.NUMBERS, 2, 20, NOW_MS) == 0
    assert partners.spent_on(database, NOW_MS) == {("bank", partners.NUMBERS): 20}
    with pytest.raises(QuotaError, match="0 are left") as refused:
        partners.spend(database, "bank", partners.NUMBERS, 1, 20, NOW_MS)
    assert 0 < refused.value.wait_s <= 86_400
    assert partners.spend(database, "bank", partners.LISTS, 1, 20, NOW_MS) == 19, "another account"
    assert partners.spend(database, "bank", partners.NUMBERS, 20, 20, NOW_MS + DAY_MS) == 0, "another day"
    with pytest.raises(QuotaError, match="5 are left"):
        partners.spend(database, "shop", partners.NUMBERS, 6, 5, NOW_MS)


def test_a_partner_is_changed_removed_and_comes_back_under_its_name(plain: Database) -> None:
    partner(plain, trust=10)
    assert partner(plain, trust=20).trust == 20 == partners.named(plain, "bank").trust
    partners.remove(plain, "bank", "tester")
    with pytest.raises(UserError, match="no partner 'bank'"):
        partners.named(plain, "bank")
    partner(plain, key="another")
    assert [one.name for one in partners.listed(plain)] == ["bank"]
    for name, key, terms, fault in (
        ("a b", jwk("x"), Terms(), "is no name"),
        ("shop", "{}", Terms(), "no public key"),
        ("shop", jwk("x"), Terms(trust=101), "trust is 0 to 100"),
        ("shop", jwk("x"), Terms(daily_numbers=-1), "the daily quota"),
    ):
        with pytest.raises(UserError, match=fault):
            partners.add(plain, name, key, terms, "tester", NOW_MS)
