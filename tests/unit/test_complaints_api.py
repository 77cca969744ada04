"""Complaints over the API and by the command: who may do what, what is masked, what is refused."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api.app import Parts, make_app
from catflap_host.cli import main
from catflap_host.complaints import cases
from catflap_host.correlate.service import Correlation
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database, open_database
from catflap_host.store.tables import audit
from tests.unit.asgi import Answer, ask
from tests.unit.complained import CARD, NOW_MS, call, store

LOANS = {"number": CARD, "kind": "marketing", "industry": "loans", "content": "打 13900000001", "contact": "13900000001"}


@dataclass(frozen=True)
class House:
    """A console over a database, and a token of a user of each role."""

    app: FastAPI
    database: Database
    tokens: dict[str, str]

    def ask(self, user: str, path: str, body: object = None, kind: str = "application/json") -> Answer:
        headers = {"authorization": f"Bearer {self.tokens[user]}", "content-type": kind}
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return ask(self.app, "GET" if body is None else "POST", f"/api/v1{path}", headers, content)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    loop = asyncio.new_event_loop()
    with closing(open_database(tmp_path)) as database:
        with database.write() as connection:
            users.add(connection, "root", Role.ADMINISTRATOR, False, None)
            users.add(connection, "olga", Role.OPERATOR, True, None)
            users.add(connection, "vera", Role.VIEWER, False, None)
        tokens = {name: entering.issue_token(database, name, "", 1) for name in ("root", "olga", "vera")}
        app = make_app(Parts(database, tmp_path, Commits(loop), Correlation(), (), "tests", False))
        yield House(app, database, tokens)
    loop.close()


def test_a_complaint_over_the_api(house: House) -> None:
    receipt = house.ask("olga", "/complaints/take", LOANS).json()
    (listed,) = house.ask("vera", "/complaints?state=received").json()
    assert (listed["number"], listed["contact"], listed["content"]) == ("+86138****5678", "139****0001", "打 139****0001")
    assert listed["id"] == receipt["id"]
    path = f"/complaint/{receipt['id']}"
    assert house.ask("olga", f"{path}/team", {"team": "desk 3", "note": "call 13900000001"}).json()["complaint"]["team"] == "desk 3"
    for step in (
        {"state": "verified", "finding": "upheld"},
        {"state": "handled", "note": "card off"},
        {"state": "answered", "answer": "Card off."},
    ):
        assert house.ask("olga", f"{path}/step", step).status == 200, step
    case = house.ask("vera", path).json()
    assert [event["what"] for event in case["history"]] == ["received by api", "handed over", "verified", "handled", "answered"]
    assert case["history"][1]["note"] == "call 139****0001"
    assert house.ask("vera", f"{path}/weight").json()["reasons"] == ["complaints.upheld"]
    told = cases.feedback(house.database, receipt["code"])
    assert told and told.answer == "Card off."


def test_whole_numbers_for_who_may_and_says_why(house: House) -> None:
    house.ask("olga", "/complaints/take", LOANS)
    for path in ("/complaints", "/complaint/1", "/complaints/export"):
        asked = f"{path}?unmask_reason=case%2017"
        assert house.ask("root", asked).status == 403, "to administer is not to unmask"
        answer = house.ask("olga", asked)
        assert "+86" + CARD in answer.text()
        assert "+86" + CARD not in house.ask("olga", path).text()
    with house.database.read() as connection:
        noted = connection.execute(select(audit.c.who, audit.c.about).where(audit.c.reason == "case 17").order_by(audit.c.id)).all()
    assert [tuple(row) for row in noted] == [
        ("olga", f"/api/v1{path}?unmask_reason=case%2017") for path in ("/complaints", "/complaint/1", "/complaints/export")
    ]


@pytest.mark.parametrize(
    ("path", "body", "may"),
    [
        ("/complaints/take", LOANS, {"root", "olga"}),
        ("/complaint/1/step", {"state": "verified", "finding": "unclear"}, {"root", "olga"}),
        ("/complaint/1/team", {"team": "desk"}, {"root", "olga"}),
        ("/complaints/link", {"call_id": 1}, {"root", "olga"}),
        ("/complaints/set-rules", [{"kind": "", "industry": "", "holder": "", "prefix": "", "team": "desk"}], {"root"}),
        ("/complaints/set-deadline", {"kind": "fraud", "state": "verified", "hours": 3}, {"root"}),
    ],
)
def test_who_may_do_what(house: House, path: str, body: object, may: set[str]) -> None:
    store(house.database, [call(CARD, 1, NOW_MS)])
    house.ask("root", "/complaints/take", LOANS)
    assert {user for user in house.tokens if house.ask(user, path, body).status != 403} == may
    assert ask(house.app, "POST", f"/api/v1{path}", {}, json.dumps(body).encode()).status == 403, "nobody's page"


def test_refusals_are_told_by_their_status(house: House) -> None:
    assert house.ask("olga", "/complaint/9").status == 404
    assert house.ask("olga", "/complaint/9/step", {"state": "handled"}).status == 404
    house.ask("olga", "/complaints/take", LOANS)
    assert house.ask("olga", "/complaint/1/step", {"state": "handled"}).status == 409
    refused = house.ask("olga", "/complaint/1/step", {"state": "verified"})
    assert (refused.status, "takes a finding" in refused.text()) == (400, True)
    assert "no telephone number" in house.ask("olga", "/complaints/take", LOANS | {"number": "abc"}).text()
    assert (
        house.ask("root", "/complaints/set-rules", [{"kind": "x", "industry": "", "holder": "", "prefix": "", "team": "desk"}]).status
        == 400
    )
    assert house.ask("olga", "/complaints/link", {"call_id": 77}).status == 400
    assert house.ask("olga", "/complaints/take-csv", b"time\n", "text/csv").status == 400


def test_csv_over_the_api(house: House) -> None:
    taken = house.ask("olga", "/complaints/take-csv", f"number,kind\n{CARD},fraud\nx,fraud\n".encode(), "text/csv").json()
    assert [(row["line"], bool(row["code"]), bool(row["error"])) for row in taken] == [(2, True, False), (3, False, True)]
    assert house.ask("vera", "/complaints/take-csv", b"number\n1\n", "text/csv").status == 403
    answer = house.ask("vera", "/complaints/export")
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text().removeprefix("\ufeff"), newline=""))
    assert (row["被举报号码"], row["类型"]) == ("+86138****5678", "涉嫌诈骗")


def test_the_command_from_import_to_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "data")]
    (tmp_path / "in.csv").write_text(f"number,industry,contact,content\n{CARD},loans,13900000001,\x1b[31mred\nx,,,\n", encoding="utf-8")
    (tmp_path / "rules.csv").write_text("kind,industry,holder,prefix,team\n,loans,,,bank desk\n", encoding="utf-8")

    def said(*words: str) -> str:
        assert main(["host", "complaint", *words, *data]) == 0
        return capsys.readouterr().out

    assert said("rules", str(tmp_path / "rules.csv")) == "any\tloans\tany\tany\tbank desk\n"
    assert "fraud         verified      12 hours" in said("deadlines", "fraud.verified=12")
    assert said("import", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv")).startswith("1 complaints taken in, 1 rows refused")
    out = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600
    assert [row["line"] for row in out] == ["2", "3"]
    number, code = said("add", "010-6234 0000", "--kind", "fraud", "--at", "").split()
    assert (number, len(code)) == ("2", 19)
    assert "\tbank desk\t" in said("list", "--team", "bank desk")
    assert said("list", "--late") == ""
    said("verify", "1", "--finding", "unfounded", "--note", "asked 13900000001")
    said("give", "1", "desk 2")
    said("answer", "1", "--answer", "It was your bank.")
    shown = said("show", "1")
    assert "+86138****5678" in shown
    assert "asked 139****0001" in shown
    assert "\x1b" not in shown, "what people write cannot drive the terminal"
    assert "complaints.unfounded" in shown
    assert "1 complaints of 1 people" in said("weigh", CARD)
    said("export", "--out", str(tmp_path / "all.csv"))
    assert "It was your bank." in (tmp_path / "all.csv").read_text(encoding="utf-8")
    said("reopen", "1")
    for words, fault in (
        (["handle", "1"], "comes next"),
        (["show", "7"], "no complaint 7"),
        (["add", "abc"], "no telephone number"),
        (["deadlines", "fraud=1"], "KIND.STATE=HOURS"),
        (["link", "5"], "no incoming call 5"),
        (["export", "--out", str(tmp_path / "all.csv")], "name a new file"),
        (["list", "--unmask-as", "root"], "go together"),
        (["import", str(tmp_path / "none.csv"), "--out", str(tmp_path / "x.csv")], "cannot read"),
    ):
        assert main(["host", "complaint", *words, *data]) == 2
        assert fault in capsys.readouterr().err


def test_link_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_database(tmp_path)) as database:
        store(database, [call(CARD, 1, NOW_MS)])
        (found,) = queries.calls(database, None, 1)
    assert main(["host", "complaint", "link", str(found.id), "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(f"/mark?link={found.id}.")
