"""A policy from the draft to the probes and back: who may do what, that a second person is needed where it is configured, and the audit."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api.guard import Guard
from catflap_host.api.policies import make_router
from catflap_host.cli import main
from catflap_host.correlate.service import Correlation
from catflap_host.policy import kept, tables
from catflap_host.policy.releasing import Releasing
from catflap_host.store.database import Database, open_database
from catflap_host.store.tables import audit
from tests.in_process import ask

NUMBER = "13812345678"


def text(*numbers: str) -> str:
    return json.dumps({"catflap_policy": 1, "note": f"ask {NUMBER}", "deny": [{"number": number} for number in numbers]})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "data")) as found:
        yield found


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(audit.c.who, audit.c.what, audit.c.about).order_by(audit.c.id))]


class Client:
    """The API behind its guard as a user of a role sees it."""

    def __init__(self, database: Database, user: str, role: Role, may_unmask: bool = False) -> None:
        self._app = FastAPI()
        self._app.include_router(make_router(database, Correlation()))
        self._app.add_middleware(Guard, database=database, is_tls=False)
        if not any(known.name == user for known in users.listed(database)):
            with database.write() as connection:
                users.add(connection, user, role, may_unmask, None)
        self._token = entering.issue_token(database, user, "", 1)

    def post(self, path: str, **body: object) -> tuple[int, object]:
        answer = ask(self._app, "POST", path, self._token, body=body)
        return answer.status, answer.json()

    def get(self, path: str, **query: str) -> tuple[int, object]:
        answer = ask(self._app, "GET", path, self._token, query=query)
        return answer.status, answer.json()


def field(answer: tuple[int, object], name: str) -> object:
    assert answer[0] == 200 and isinstance(answer[1], dict), answer
    return answer[1][name]


def test_a_policy_goes_from_draft_to_publication_and_one_step_back(database: Database) -> None:
    li = Client(database, "li.wei", Role.OPERATOR)
    assert field(li.get("/policy"), "published") is None
    assert li.post("/policy/rollback")[0] == 409
    assert field(li.post("/policy/draft", text=text(NUMBER), note="first"), "version") == 1
    first = field(li.post("/policy/versions/1/publish"), "serial")
    assert li.post("/policy/versions/1/publish") == (409, {"detail": "version 1 is in force"})
    assert field(li.post("/policy/draft", text=text()), "version") == 2
    second = field(li.post("/policy/versions/2/publish"), "serial")
    back = li.post("/policy/rollback")
    assert (field(back, "version"), field(back, "why")) == (1, "roll-back")
    assert isinstance(first, int) and isinstance(second, int)
    assert [release.version for release in kept.releases(database, 9)] == [1, 2, 1]
    assert first < second < kept.releases(database, 1)[0].serial
    steps = [("policy-draft", "1"), ("policy-publish", "1"), ("policy-draft", "2"), ("policy-publish", "2"), ("policy-roll-back", "1")]
    assert audited(database) == [("li.wei", *step) for step in steps]


def test_a_second_person_approves_where_it_is_configured(database: Database) -> None:
    li, wang = (Client(database, name, Role.OPERATOR) for name in ("li", "wang"))
    admin = Client(database, "ada", Role.ADMINISTRATOR)
    assert li.post("/policy/second-person", wanted=True)[0] == 403
    assert admin.post("/policy/second-person", wanted=True)[0] == 200
    li.post("/policy/draft", text=text())
    assert li.post("/policy/versions/1/publish")[0] == 409
    assert li.post("/policy/versions/1/approve")[0] == 409, "nobody approves his own"
    assert field(wang.post("/policy/versions/1/approve"), "approved_by") == ["wang"]
    assert wang.post("/policy/versions/1/approve")[0] == 409
    assert field(li.post("/policy/versions/1/publish"), "version") == 1
    li.post("/policy/draft", text=text(NUMBER))
    assert wang.post("/policy/versions/2/publish")[0] == 409, "an approval is of one version"


def test_faults_are_all_told_and_nothing_is_kept(database: Database) -> None:
    li = Client(database, "li", Role.OPERATOR)
    wrong = json.dumps({"catflap_policy": 1, "deny": [{"number": "x"}], "budget": 1})
    faults = field(li.post("/policy/check", text=wrong), "faults")
    assert isinstance(faults, list) and [fault.split(":")[0] for fault in faults] == ["deny[0].number", "budget"]
    status, answer = li.post("/policy/draft", text=wrong)
    assert status == 409 and answer == {"detail": "\n".join(faults)}
    assert kept.versions(database, 9) == []


@pytest.mark.parametrize("path", ["versions/7/publish", "versions/7/approve"])
def test_a_version_that_is_not_there_is_not_found(database: Database, path: str) -> None:
    assert Client(database, "li", Role.OPERATOR).post(f"/policy/{path}")[0] == 404


@pytest.mark.parametrize("path", ["draft", "check", "try", "versions/1/approve", "versions/1/publish", "rollback"])
def test_a_viewer_changes_nothing(database: Database, path: str) -> None:
    kept.draft(database, text(), "li", "")
    vera = Client(database, "vera", Role.VIEWER)
    assert vera.post(f"/policy/{path}", text=text())[0] == 403
    assert vera.get("/policy/versions")[0] == vera.get("/policy/releases")[0] == 200


def test_numbers_are_masked_but_for_who_may_see_them_and_says_why(database: Database) -> None:
    kept.draft(database, text(NUMBER), "li", "")
    shown = field(Client(database, "li", Role.OPERATOR).get("/policy/versions/1"), "text")
    assert isinstance(shown, str) and NUMBER not in shown and "138****5678" in shown
    assert Client(database, "li", Role.OPERATOR).get("/policy/versions/1", unmask_reason="to edit it")[0] == 403
    may = Client(database, "wang", Role.OPERATOR, may_unmask=True)
    assert field(may.get("/policy/versions/1", unmask_reason="to edit it"), "text") == text(NUMBER)
    assert audited(database)[-1][:2] == ("wang", "unmask-all")


def test_texts_and_compiled_policies_lie_sealed_on_disk_the_newest_alone(database: Database, tmp_path: Path) -> None:
    releasing = Releasing(database, Correlation())
    for place, version in enumerate((kept.draft(database, text(NUMBER), "li", ""), kept.draft(database, text(), "li", ""))):
        kept.publish(database, version, "li")
        assert releasing.step(1000.0 * place)
        assert not releasing.step(1000.0 * place + 999), "nothing has changed"
    with database.read() as connection:
        rows = connection.execute(select(tables.releases.c.sealed, tables.releases.c.bytes).order_by(tables.releases.c.serial)).all()
    assert [row.sealed is None for row in rows] == [True, False] and all(row.bytes for row in rows)
    assert not any(NUMBER.encode() in path.read_bytes() for path in (tmp_path / "data").iterdir() if path.is_file())


def test_the_command_does_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(text(NUMBER))
    bad.write_text(text("x", "y"))
    data = ["--data", str(tmp_path / "data")]

    def said(*words: str) -> tuple[int, str]:
        status = main(["host", "policy", *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    status, faults = said("check", str(bad))
    assert status == 2 and "deny[0].number" in faults and "deny[1].number" in faults
    assert said("check", str(good), "--compiled", str(tmp_path / "out"))[0] == 0 and (tmp_path / "out").stat().st_size > 40
    assert said("draft", str(good), "--note", "why", *data) == (0, "version 1\n")
    assert said("second-person", "on", *data)[0] == 0
    assert said("publish", "1", *data)[0] == 2
    assert said("second-person", "off", *data)[0] == 0
    assert said("publish", "1", *data)[1].startswith("version 1 is in force: serial ")
    assert said("rollback", *data)[0] == 2
    assert said("try", "1", *data) == (0, "0 calls\n")
    listed = said("show", *data)[1]
    assert "version 1 is in force" in listed and "not compiled yet" in listed and "why" in listed
    shown = said("show", "1", *data)[1]
    assert "138****5678" in shown and NUMBER not in shown
