"""What complaints are worth: honest ones are heard, a planted brigade against an honest hospital is not, and none acts by itself."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest

from catflap_host.complaints import cases, evidence, handling
from catflap_host.complaints.brigade import FEW_LINES, NEW_PEOPLE, ONE_MOMENT, RARE, UNFOUNDED, UPHELD, Voice, Weighed, weigh
from catflap_host.complaints.cases import Filter
from catflap_host.complaints.evidence import Verdict
from catflap_host.complaints.handling import Step
from catflap_host.complaints.terms import Finding, Match, Source, State
from catflap_host.store import queries
from catflap_host.store.database import Database, open_database
from catflap_host.store.rows import Call
from tests.unit.complained import CARD, DAY_MS, HOSPITAL, HOUR_MS, NOW_MS, call, complain, people, store

HEARD = 3_000
"""A score from which a number counts as complained of."""

HOSPITAL_LINES = 300


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A hospital has rung 300 lines over twelve days, a SIM bank's card 40."""
    with closing(open_database(tmp_path)) as found:
        rng = Random(7)
        store(found, [call(HOSPITAL, line, NOW_MS - rng.randrange(12 * DAY_MS)) for line in range(HOSPITAL_LINES)])
        store(found, [call(CARD, line, NOW_MS - rng.randrange(12 * DAY_MS)) for line in range(40)], "demo-b")
        yield found


def about(database: Database, number: str) -> Weighed:
    return evidence.about(database, ["+86" + number.removeprefix("0")], NOW_MS)


def rung_by(database: Database, number: str, many: int) -> list[Call]:
    """The last calls of a number."""
    return queries.calls_of_numbers(database, [number], 0, NOW_MS + 1, many)


def mark(database: Database, number: str, many: int) -> None:
    """The last so many lines that the number rang mark its call by a star code a minute later."""
    for found in rung_by(database, number, many):
        line = f"{found.probe}/{found.trunk}/{found.line}"
        marked = {"source": Source.STAR_CODE, "call_id": found.id, "at_ms": found.at_ms}
        complain(database, found.at_ms + 60_000, number=number, complainer=line, origin=line, **marked)


def test_those_who_were_called_are_heard(database: Database) -> None:
    mark(database, CARD, 6)
    found = about(database, CARD)
    assert found.score >= HEARD
    assert (found.complaints, found.complainers, found.origins, found.called_lines) == (6, 6, 6, 40)
    assert found.brigade == 0
    assert found.reasons == []


def test_brigade_of_new_people_within_an_hour_is_not_heard(database: Database) -> None:
    for number, contact in enumerate(people(0, 20)):
        at_ms = NOW_MS - HOUR_MS + number * 30_000
        complain(database, at_ms, number=HOSPITAL, at_ms=at_ms - HOUR_MS, contact=contact, origin=f"network {number}")
    found = about(database, HOSPITAL)
    assert found.score < HEARD // 20
    assert found.brigade >= 700
    # two or three lines were rung at the time that all of them name, and they are taken for those lines
    assert FEW_LINES in found.reasons


@pytest.mark.parametrize("many", [5, 20, 100, 1_000])
@pytest.mark.parametrize("match", [Match.NONE, Match.NUMBER, Match.TIME])
def test_brigade_from_everywhere_within_an_hour_is_not_heard(many: int, match: Match) -> None:
    """Each from his own network, and even each for a line of his own that the hospital did ring, on any day."""
    rng = Random(many)
    voices = [
        Voice(
            f"{n}",
            f"network {n}",
            NOW_MS + n * HOUR_MS // many,
            NOW_MS - rng.randrange(12 * DAY_MS) if match is Match.TIME else 0,
            match,
            Finding.NONE,
            True,
            0,
            0,
        )
        for n in range(many)
    ]
    found = weigh(voices, 2_000)
    assert found.score < HEARD // 10
    assert {ONE_MOMENT, NEW_PEOPLE} <= set(found.reasons)


def test_brigade_that_was_called_itself_is_damped(database: Database) -> None:
    """Twenty whom the hospital did call, each naming his own line and the right time, and all of them in one hour."""
    for number, rung in enumerate(rung_by(database, HOSPITAL, 20)):
        complain(database, NOW_MS + number * 60_000, number=HOSPITAL, at_ms=rung.at_ms, contact=rung.called)
    found = evidence.about(database, ["+86" + HOSPITAL[1:]], NOW_MS + HOUR_MS)
    matched = [case.match for case in cases.listed(database, Filter(), 100)]
    assert matched == [Match.TIME] * 20
    assert ONE_MOMENT in found.reasons
    assert found.score < HEARD // 5


@pytest.mark.parametrize("source", [Source.STAR_CODE, Source.FORM])
def test_many_complaints_of_few_lines_are_few_voices(database: Database, source: Source) -> None:
    for number in range(24):
        at_ms = NOW_MS - 20 * DAY_MS + number * 12 * HOUR_MS
        complain(database, at_ms, number=HOSPITAL, source=source, complainer=f"person {number % 3}", origin=f"line {number % 3}", at_ms=0)
    found = about(database, HOSPITAL)
    assert (found.complaints, found.origins) == (24, 3)
    assert FEW_LINES in found.reasons
    assert found.score < HEARD // 30


def test_patient_brigade_is_undone_by_one_look_into_it(database: Database) -> None:
    """Over days, from everywhere, by lines that were called: nothing tells it from honest complaints but that few of all complain."""
    rung = rung_by(database, HOSPITAL, 20)
    receipts = [
        complain(database, found.at_ms + HOUR_MS // 2, number=HOSPITAL, at_ms=found.at_ms, contact=found.called, origin=found.called)
        for found in rung
    ]
    found = about(database, HOSPITAL)
    assert ONE_MOMENT not in found.reasons
    assert found.score < HEARD, "still below what honest complaints of a card's victims come to"
    handling.take(database, receipts[0].id, Step(State.VERIFIED, Finding.UNFOUNDED), "li.wei", NOW_MS)
    looked_into = about(database, HOSPITAL)
    assert looked_into.score <= found.score // 3
    assert UNFOUNDED in looked_into.reasons


def test_whole_pool_is_weighed_as_one(database: Database) -> None:
    cards = [f"1381234{number:04}" for number in range(30)]
    store(database, [call(card, 40 + number, NOW_MS - DAY_MS + number * 1_200_000) for number, card in enumerate(cards)], "demo-c")
    for card in cards[:8]:
        mark(database, card, 1)
    single = about(database, cards[0])
    whole = evidence.about(database, ["+86" + card for card in cards], NOW_MS)
    assert whole.score > HEARD > single.score
    assert whole.called_lines == 30


def test_who_was_right_before_is_believed_more_and_who_was_wrong_less(database: Database) -> None:
    def score_of(upheld: int, unfounded: int) -> int:
        voice = Voice("wang", "line", NOW_MS, NOW_MS, Match.TIME, Finding.NONE, True, upheld, unfounded)
        return weigh([voice], 20).voices

    assert score_of(0, 5) < score_of(0, 1) < score_of(0, 0) < score_of(1, 0) < score_of(9, 0) < 1_000
    receipt = complain(database, complainer="wang")
    handling.take(database, receipt.id, Step(State.VERIFIED, Finding.UPHELD), "li.wei", NOW_MS)
    found = about(database, CARD)
    assert (found.voices, found.reasons) == (1_000, [UPHELD])


def test_sim_bank_that_calls_many_at_once_is_no_brigade() -> None:
    """Forty lines rung within an hour complain within the next one."""
    voices = [
        Voice(f"{n}", f"line {n}", NOW_MS + n * 60_000, NOW_MS - HOUR_MS + n * 60_000, Match.CALL, Finding.NONE, False, 0, 0)
        for n in range(40)
    ]
    assert weigh(voices, 200).brigade <= 30


def test_few_of_thousands_say_little() -> None:
    voices = [Voice(f"{n}", f"line {n}", NOW_MS + n * DAY_MS, NOW_MS + n * DAY_MS, Match.CALL, Finding.NONE, False, 0, 0) for n in range(8)]
    assert weigh(voices, 100).score > HEARD > 10 * weigh(voices, 20_000).score
    assert weigh(voices, 20_000).reasons == [RARE]


def test_order_and_emptiness_change_nothing() -> None:
    rng = Random(3)
    voices = [
        Voice(f"{n % 7}", f"{n % 5}", NOW_MS + rng.randrange(DAY_MS), 0, rng.choice(list(Match)), Finding.NONE, n % 2 == 0, n % 3, n % 4)
        for n in range(50)
    ]
    before = weigh(voices, 90)
    rng.shuffle(voices)
    assert weigh(voices, 90) == before
    assert asdict(weigh([], 0)) == asdict(Weighed(0, 0, 0, 0, 0, 0, 0, []))


def test_more_of_the_same_never_helps_a_brigade() -> None:
    """However many write for the same five networks in the same hour, they are never worth more than the first five."""
    scores = [
        weigh([Voice(f"{n}", f"net {n % 5}", NOW_MS + n, 0, Match.NONE, Finding.NONE, True, 0, 0) for n in range(many)], 10).voices
        for many in (5, 50, 500)
    ]
    assert scores == sorted(scores, reverse=True)


def test_verified_complaints_judge_the_detectors_own_decisions(database: Database) -> None:
    rung = rung_by(database, CARD, 3)
    asked = [(rung[0], Finding.UPHELD), (rung[1], Finding.UNFOUNDED), (rung[2], Finding.UPHELD), (rung[2], Finding.UNFOUNDED)]
    for number, (found, finding) in enumerate(asked):
        receipt = complain(database, at_ms=found.at_ms, call_id=found.id, source=Source.LINK, complainer=f"{number}")
        handling.take(database, receipt.id, Step(State.VERIFIED, finding), "li.wei", NOW_MS)
    unverified = complain(database, call_id=rung_by(database, HOSPITAL, 1)[0].id)
    assert unverified.id
    said = evidence.verdicts(database, NOW_MS - DAY_MS, NOW_MS + 1)
    assert said == sorted(
        [Verdict(rung[0].id, True, "telemarketing"), Verdict(rung[1].id, False, "legit")], key=lambda verdict: verdict.call_id
    )
