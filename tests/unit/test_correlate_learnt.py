"""What the correlation has learnt outlives a restart: kept encrypted, put back whole, and learnt anew where it cannot be used."""

import pickle
from contextlib import closing

import pytest
from sqlalchemy import select, update

from catflap_host.correlate import learnt, warming
from catflap_host.correlate.callers import DAY_S
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.state import StateError, read
from catflap_host.correlate.tables import learnt as kept
from catflap_host.correlate.warming import warmed
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from tests.probe_side import WALL_MS, alert
from tests.unit.test_correlate_feed import CARDS, calls_of, heard
from tests.unit.test_host_store import read as batch

PLAN = {"k": "trunk", "trunk": "east", "country": "CN", "area_code": "021", "role": "subscriber", "at_ms": WALL_MS}


class Told:
    """A record as the correlation takes it."""

    def __init__(self, seq: int, fields: dict[str, object]) -> None:
        self.seq = seq
        self.fields = fields


def tell(correlation: Correlation, probe: str, records: list[dict[str, object]], first: int = 1) -> None:
    correlation.committed(probe, "b" * 16, [Told(first + at, fields) for at, fields in enumerate(records)])


def bank() -> Correlation:
    """One that knows a pool, and the plan of a trunk."""
    correlation = Correlation()
    for site in ("north", "south"):
        tell(correlation, site, calls_of(site, 1))
    tell(correlation, "east", [PLAN])
    assert [sorted(member.number for member in pool.members) for pool in correlation.pools()] == [[f"+86{card}" for card in CARDS]]
    return correlation


def later(correlation: Correlation) -> object:
    """What it makes of what comes next: a card of the same block, one as its trunk shows it, and one that somebody calls."""
    at_ms = WALL_MS + 7_200_000
    tell(correlation, "north", [alert(90, trunk="north", line="L9", calling="13812340077", at_ms=at_ms)], first=90)
    tell(correlation, "east", [alert(91, trunk="east", line="L1", calling="013812340078", at_ms=at_ms)], first=91)
    tell(correlation, "south", [alert(92, trunk="south", line="L1", direction="out", called=CARDS[0], calling="", at_ms=at_ms)], first=92)
    return correlation.pools(), correlation.campaigns()


def test_one_that_was_put_back_goes_on_as_if_it_had_never_stopped() -> None:
    first, second = bank(), Correlation()
    second.put_back(first.learnt(90 * DAY_S))
    assert second.pools() == first.pools()
    assert heard(second.feed, 0)[1][::2] == heard(first.feed, 0)[1][::2] == [f"+86{card}" for card in CARDS]
    assert later(second) == later(first)
    assert len(first.pools()[0].members) == len(CARDS) + 1, "two came and one left"


def test_numbers_silent_for_too_long_are_left_out() -> None:
    correlation = bank()
    assert b"13812340000" in correlation.learnt(DAY_S)
    tell(correlation, "north", [alert(90, trunk="north", calling="13900000000", at_ms=WALL_MS + 20 * 86_400_000)], first=90)
    tell(correlation, "south", [alert(91, trunk="south", calling="13900000001", at_ms=WALL_MS + 20 * 86_400_000)], first=91)
    assert b"13812340000" in correlation.learnt(90 * DAY_S)
    assert b"13812340000" not in correlation.learnt(10 * DAY_S)


def store(database: Database) -> None:
    """The bank's calls, and enough after them that nobody would read them again."""
    with closing(open_store(database)) as alerts:
        for place, site in enumerate(("north", "south")):
            records: list[object] = [*calls_of(site, 1)]
            alerts.add([Batch(*batch(1, records, boot=f"{place:016x}"))], WALL_MS)
        others: list[object] = [alert(call, calling=f"139{call:08d}", label="legit") for call in range(30)]
        alerts.add([Batch(*batch(1, others, boot="c" * 16))], WALL_MS)


@pytest.fixture
def fed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Correlation:
    """A correlation that has seen everything that is stored."""
    store(database)
    correlation, _ = warmed(database)
    monkeypatch.setattr(warming, "MOST_RECORDS", 20)
    monkeypatch.setattr(warming, "AGAIN_RECORDS", 10)
    return correlation


def test_what_is_older_than_the_newest_records_outlives_a_restart(database: Database, fed: Correlation) -> None:
    tell(fed, "demo-a", calls_of("north", 200), first=200)
    assert warmed(database)[0].pools() == [], "that is what was lost"
    learnt.save(database, fed)
    again, after = warmed(database)
    assert again.pools() == fed.pools()
    assert again.learnt(90 * DAY_S) == fed.learnt(90 * DAY_S), "what was looked at again counts once"
    assert after == 42
    with database.read() as connection:
        assert b"13812340000" not in connection.execute(select(kept.c.sealed)).scalar_one()


@pytest.mark.parametrize("spoilt", [{"form": "of-another-program"}, {"sealed": b"\0\1" + bytes(50)}])
def test_what_cannot_be_used_is_learnt_anew(
    spoilt: dict[str, object], database: Database, fed: Correlation, caplog: pytest.LogCaptureFixture
) -> None:
    learnt.save(database, fed)
    with database.write() as connection:
        connection.execute(update(kept).values(**spoilt))
    correlation, after = warmed(database)
    assert (after, correlation.pools()) == (42, [])
    assert "learnt anew" in caplog.text


@pytest.mark.parametrize("data", [b"", b"x", pickle.dumps(print), pickle.dumps(Told(1, {})), pickle.dumps(1)[:-1]])
def test_nothing_but_a_state_is_read(data: bytes) -> None:
    with pytest.raises(StateError):
        read(data)


@pytest.mark.parametrize("state", [1, (1, 2, 3, 4), (b"", [], {}, []), (pickle.dumps({}), [], {}, [])])
def test_state_of_something_else_is_refused_and_changes_nothing(state: object) -> None:
    correlation = bank()
    with pytest.raises(StateError):
        correlation.put_back(pickle.dumps(state))
    assert correlation.pools() == bank().pools()
