"""Verdicts and appeals: the last word counts, nothing is lost, and calls of who is wronged are found under every form of his number."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catflap_host.cli import main
from catflap_host.errors import UserError
from catflap_host.judged import appeals, tables, verdicts
from catflap_host.judged.appeals import State
from catflap_host.judged.verdicts import About, Said
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.group import Batch
from catflap_host.store.parties import DAY_MS
from catflap_host.store.retention import DEFAULT_DAYS, expire
from catflap_host.store.tables import alarms, audit, parties
from tests.probe_side import WALL_MS, alarm, alert
from tests.unit.test_host_store import read

MOBILE, SHOWN = "+8613812345678", "13812345678"


def store(database: Database, *records: dict[str, object]) -> None:
    with closing(open_store(database)) as opened:
        opened.add([Batch(*read(1, list(records)))], WALL_MS)


def pseudonyms(database: Database, found: set[int]) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(parties.c.pseudonym).where(parties.c.id.in_(found))).scalars())


def test_the_last_verdict_counts_and_all_stay(database: Database) -> None:
    store(database, alert(1, calling=SHOWN), alarm([SHOWN]), alarm(["13900000000"], alarm="a2"))
    for said in (Said.TRUE, Said.FALSE):
        verdicts.give(database, About.ALARM, 1, said, "looked again", "li.wei")
    verdicts.give(database, About.ALARM, 2, Said.TRUE, "", "li.wei")
    verdicts.give(database, About.CALL, 1, Said.TRUE, "", "li.wei")
    assert [(given.subject, given.verdict) for given in verdicts.listed(database, 0, 2)] == [(1, Said.TRUE), (1, Said.FALSE)]
    with database.read() as connection:
        assert verdicts.last_ones(connection, About.ALARM, [1, 2]) == {1: Said.FALSE, 2: Said.TRUE}
        assert verdicts.last_ones(connection, About.ALARM, select(alarms.c.id).where(alarms.c.alarm == "a2")) == {2: Said.TRUE}
        wronged = verdicts.false_members(connection)
    assert pseudonyms(database, wronged) == {database.vault.pseudonym(SHOWN)}
    with pytest.raises(UserError, match="there is no alarm 3"):
        verdicts.give(database, About.ALARM, 3, Said.TRUE, "", "li.wei")
    with pytest.raises(UserError, match="501 characters"):
        verdicts.give(database, About.ALARM, 1, Said.TRUE, "x" * 501, "li.wei")


def test_an_upheld_appeal_finds_the_number_under_every_form(database: Database) -> None:
    store(database, alert(1, calling=SHOWN), alert(2, calling=MOBILE), alert(3, calling="0" + SHOWN), alert(4, calling="13900000000"))
    appeal = appeals.receive(database, MOBILE, appeals.About.STOPPED, "a school's own number, call 13812345678")
    rejected = appeals.receive(database, "+8613900000000", appeals.About.STOPPED, "me too")
    assert {number: found.state for number, found in appeals.newest(database).items()} == {MOBILE: State.OPEN, "+8613900000000": State.OPEN}
    with database.read() as connection:
        assert appeals.upheld_parties(connection) == set()
    appeals.decide(database, appeal, State.UPHELD, "li.wei", "the school is known")
    appeals.decide(database, rejected, State.REJECTED, "li.wei", "a SIM bank's")
    with database.read() as connection:
        wronged = appeals.upheld_parties(connection)
        assert connection.execute(select(audit.c.who).where(audit.c.what == "appeal-upheld")).scalars().all() == ["li.wei"]
    assert pseudonyms(database, wronged) == {database.vault.pseudonym(form) for form in (SHOWN, MOBILE, "0" + SHOWN)}
    (found,) = appeals.of_number(database, SHOWN)
    assert (found.number, found.state, found.decided_by) == (MOBILE, State.UPHELD, "li.wei")
    for bad in (appeal, "none"):
        with pytest.raises(UserError, match="no open appeal"):
            appeals.decide(database, bad, State.REJECTED, "li.wei", "no more")
    with pytest.raises(UserError, match="answer of 3"):
        appeals.decide(database, appeal, State.UPHELD, "li.wei", "  ok ")


@pytest.mark.parametrize("number", ["13812345678", "+", "+86x", "+1", ""])
def test_an_appeal_is_for_a_number(database: Database, number: str) -> None:
    with pytest.raises(UserError, match="8613812345678"):
        appeals.receive(database, number, appeals.About.LISTED, "mine")


def test_what_is_past_its_time_goes_with_its_forms(database: Database) -> None:
    old = appeals.receive(database, MOBILE, appeals.About.LISTED, "mine")
    (found,) = appeals.listed(database, 9)
    expire(database, found.received_ms + (DEFAULT_DAYS["appeals"] - 1) * DAY_MS)
    assert [appeal.id for appeal in appeals.listed(database, 9)] == [old]
    expire(database, found.received_ms + (DEFAULT_DAYS["appeals"] + 1) * DAY_MS)
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.appeal_forms)).scalar() == 0
    assert appeals.listed(database, 9) == []


def test_command_takes_lists_and_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data", str(tmp_path)]
    assert main(["host", "appeal", "take", MOBILE, "--about", "listed", "--statement", "mine,\ncall 13912345678", *where]) == 0
    appeal = capsys.readouterr().out.strip()
    assert main(["host", "appeal", "list", *where]) == 0
    fields = capsys.readouterr().out.rstrip("\n").split("\t")
    assert fields[:5] == [appeal, "open", "listed", "+86138****5678", "-"]
    assert fields[6] == "mine, call 139****5678"
    assert main(["host", "appeal", "decide", appeal, "upheld", "--answer", "right", *where]) == 0
    assert main(["host", "appeal", "list", "--state", "open", *where]) == 0
    assert capsys.readouterr().out == ""
    assert main(["host", "appeal", "decide", appeal, "rejected", "--answer", "wrong", *where]) == 2
    assert "no open appeal" in capsys.readouterr().err
    with closing(open_database(tmp_path)) as database:
        assert queries.calls(database, None, 1) == []
        raw = b"".join(path.read_bytes() for path in tmp_path.glob("catflap.db*"))
    assert b"13812345678" not in raw
    assert b"13912345678" not in raw
