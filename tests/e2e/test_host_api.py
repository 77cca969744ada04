"""The API by its own description, asked by Schemathesis, and whole numbers only for who may see them and says why."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.store.database import open_database
from catflap_host.store.tables import audit
from tests.e2e.aggregator import Aggregator, running
from tests.e2e.browser import Browser
from tests.probe_side import alarm, alert, batch, end, post

NUMBER = "13812345678"
SCHEMATHESIS_S = 300


@pytest.fixture(scope="module")
def aggregator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aggregator]:
    """With a call and an alarm of NUMBER, the user `seer` who may unmask and `viewer` who may not."""
    with running(tmp_path_factory.mktemp("api") / "data") as aggregator:
        key = aggregator.enrol("demo-a")
        with closing(aggregator.connect_ingest()) as connection:
            assert post(connection, batch(key, "demo-a", 1, [alert(1, calling=NUMBER, name="Zhang"), end(1), alarm([NUMBER])]))[0] == 200
        with closing(open_database(aggregator.data_dir)) as database, database.write() as connection:
            users.add(connection, "seer", Role.VIEWER, True, None)
            users.add(connection, "viewer", Role.VIEWER, False, None)
        yield aggregator


def token(aggregator: Aggregator, user: str) -> str:
    with closing(open_database(aggregator.data_dir)) as database:
        return entering.issue_token(database, user, "", 1)


def ask(aggregator: Aggregator, user: str, path: str, body: object = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token(aggregator, user)}", "Content-Type": "application/json"}
    with closing(aggregator.connect_console()) as connection:
        connection.request("GET" if body is None else "POST", f"/api/v1{path}", None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def audited(aggregator: Aggregator) -> list[tuple[str, str, str]]:
    with closing(open_database(aggregator.data_dir)) as database, database.read() as connection:
        return [(row.who, row.what, row.reason) for row in connection.execute(select(audit).order_by(audit.c.id))]


def test_schemathesis_finds_nothing(aggregator: Aggregator) -> None:
    # the stream has no end, so it is asked elsewhere
    words = ["run", f"{aggregator.console}/api/v1/openapi.json", "--exclude-path-regex", "/stream$", "--checks", "all", "--seed", "1"]
    words += ["--max-examples", "3", "-H", f"Authorization: Bearer {token(aggregator, 'seer')}"]
    done = subprocess.run(
        [str(Path(sys.prefix) / "bin" / "schemathesis"), *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=SCHEMATHESIS_S,
        cwd=aggregator.data_dir.parent,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_administrators_change_users_tokens_and_webhooks_and_nobody_else_does(aggregator: Aggregator) -> None:
    for path, body in (("/users", None), ("/tokens", None), ("/webhooks", None), ("/user", {"name": "eve", "role": "viewer"})):
        assert ask(aggregator, "seer", path, body)[0] == 403, path
    status, way = ask(aggregator, "tester", "/user", {"name": "olga", "role": "operator"})
    assert (status, way["user"]) == (200, "olga")
    assert Browser(aggregator).get(way["enter"]).status == 303
    assert ask(aggregator, "tester", "/user", {"name": "Olga", "role": "viewer"})[0] == 409
    assert ask(aggregator, "tester", "/user/olga/role", {"role": "viewer", "may_unmask": True})[0] == 200
    assert ask(aggregator, "olga", "/me")[1] == {"user": "olga", "role": "viewer", "may_unmask": True}
    assert Browser(aggregator).get(ask(aggregator, "tester", "/user/olga/link", {})[1]["enter"]).status == 303
    for change, body in (("role", {"role": "viewer"}), ("disable", {}), ("link", {})):
        assert ask(aggregator, "tester", f"/user/tester/{change}", body)[0] == 409, "nobody does that to himself"
        assert ask(aggregator, "tester", f"/user/nobody/{change}", body)[0] == 409
    issued = ask(aggregator, "tester", "/token", {"user": "olga", "purpose": "board", "days": 1})[1]["token"]
    found = [given for given in ask(aggregator, "tester", "/tokens")[1] if given["purpose"] == "board"]
    assert [given["user"] for given in found] == ["olga"] and issued not in json.dumps(found)
    with closing(open_database(aggregator.data_dir)) as database:
        assert entering.by_token(database, issued)
        assert ask(aggregator, "tester", f"/token/{found[0]['id']}/revoke", {})[0] == 200
        assert entering.by_token(database, issued) is None
    assert ask(aggregator, "tester", f"/token/{found[0]['id']}/revoke", {})[0] == 409
    hook = {"url": "http://127.0.0.1:1/hook?key=s3cret"}
    assert ask(aggregator, "tester", "/webhook", hook)[0] == 409
    made = ask(aggregator, "tester", "/webhook", hook | {"allow_private": True})[1]
    assert made["secret"] and [webhook["id"] for webhook in ask(aggregator, "tester", "/webhooks")[1]] == [made["id"]]
    assert ask(aggregator, "tester", f"/webhook/{made['id']}/remove", {})[0] == 200
    assert ask(aggregator, "tester", "/user/olga/disable", {})[0] == 200
    assert [user["name"] for user in ask(aggregator, "tester", "/users")[1] if user["disabled"]] == ["olga"]
    changes = ["user-add", "user-role", "user-link", "token-issue", "token-revoke", "webhook-add", "webhook-remove", "user-disable"]
    mine = [(what, how) for who, what, how in audited(aggregator) if who == "tester" and what in changes]
    assert [what for what, _ in mine] == changes
    assert dict(mine)["user-role"] == "viewer, may unmask"
    assert not any("s3cret" in how for _, how in mine)


def test_description_is_complete(aggregator: Aggregator) -> None:
    described = aggregator.get("/openapi.json")
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], path
            assert operation["security"] == [{"HTTPBearer": []}, {"APIKeyCookie": []}], path
            assert operation["responses"].keys() >= {"200", "401", "403"}, path
            assert method in ("get", "post"), "a new method belongs into the tests of CSRF and roles"
    assert list(described["paths"]["/api/v1/stream"]["get"]["responses"]["200"]["content"]) == ["text/event-stream"]


def test_a_number_is_whole_for_who_may_and_says_why(aggregator: Aggregator) -> None:
    _, (call,) = ask(aggregator, "viewer", "/calls")
    assert (call["calling"], call["name"]) == ("138****5678", "Zhang")
    asked = {"pseudonym": call["calling_id"], "reason": "police file 17"}
    assert ask(aggregator, "seer", "/unmask", asked) == (200, {"number": NUMBER})
    assert audited(aggregator)[-1] == ("seer", "unmask", "police file 17")
    before = len(audited(aggregator))
    assert ask(aggregator, "viewer", "/unmask", asked)[0] == 403
    assert ask(aggregator, "tester", "/unmask", asked)[0] == 403, "an administrator may not by himself"
    assert ask(aggregator, "seer", "/unmask", asked | {"reason": ""})[0] == 422
    assert len(audited(aggregator)) == before
    assert ask(aggregator, "seer", "/unmask", asked | {"pseudonym": "1.unknown"})[0] == 404
    assert audited(aggregator)[-1][1] == "unmask-refused"


def test_a_whole_list_is_unmasked_with_one_reason(aggregator: Aggregator) -> None:
    reason = quote("每周报告 17")
    assert ask(aggregator, "seer", f"/calls?unmask_reason={reason}")[1][0]["calling"] == NUMBER
    assert audited(aggregator)[-1] == ("seer", "unmask-all", "每周报告 17")
    assert ask(aggregator, "seer", f"/alarms?unmask_reason={reason}")[1][0]["members"] == [NUMBER]
    before = len(audited(aggregator))
    for path in ("/calls", "/alarms", "/stream"):
        assert ask(aggregator, "viewer", f"{path}?unmask_reason={reason}")[0] == 403
        assert ask(aggregator, "seer", f"{path}?unmask_reason=x")[0] == 422
        assert ask(aggregator, "seer", f"{path}?unmask_reason=%20%20%20%20")[0] == 422
    assert len(audited(aggregator)) == before
    assert ask(aggregator, "seer", "/alarms")[1][0]["members"] == ["138****5678"]


def test_the_page_of_a_number(aggregator: Aggregator) -> None:
    _, (call,) = ask(aggregator, "viewer", "/calls")
    link = f"/number?id={quote(call['calling_id'])}"

    def browser(user: str) -> Browser:
        with closing(open_database(aggregator.data_dir)) as database:
            code = entering.issue_code(database, user)
        browser = Browser(aggregator)
        assert browser.get(f"/enter?code={code}").status == 303
        return browser

    viewer, seer = browser("viewer"), browser("seer")
    assert link in viewer.get("/live").text
    for page in (viewer.get(link), seer.get(link), seer.get("/number?id=%3Cscript%3E")):
        assert page.status == 200
        assert NUMBER not in page.text
        assert page.text.count("<script") == page.text.count('<script src="/static/')
    assert "Show it" not in viewer.get(link).text
    asked = {"id": call["calling_id"], "reason": "complaint of a subscriber"}
    assert viewer.post("/number", asked).status == 403
    assert seer.post("/number", asked | {"reason": " "}).status == 400
    assert seer.post("/number", asked, sec_fetch_site="cross-site").status == 403
    page = seer.post("/number", asked)
    assert (page.status, NUMBER in page.text) == (200, True)
    assert audited(aggregator)[-1] == ("seer", "unmask", "complaint of a subscriber")


def test_the_stream_is_masked_too(aggregator: Aggregator) -> None:
    for query, shown in (("", "138****5678"), ("&unmask_reason=weekly", NUMBER)):
        with closing(aggregator.connect_console()) as connection:
            connection.request("GET", f"/api/v1/stream?after=0{query}", headers={"Authorization": f"Bearer {token(aggregator, 'seer')}"})
            response = connection.getresponse()
            while not (line := response.readline()).startswith(b"data: "):
                assert line
            assert json.loads(line[6:])["call"]["calling"] == shown
            response.close()


def test_operators_judge_and_decide_appeals_and_viewers_do_not(aggregator: Aggregator) -> None:
    judged = {"call": 1, "verdict": "false", "note": f"{NUMBER} is a courier"}
    appealed = {"number": f"+86{NUMBER}", "about": "listed", "statement": f"mine; answer to {NUMBER}"}
    for path, body in (("/judge", judged), ("/appeal", appealed), ("/appeal/x", {"state": "upheld", "answer": "right"})):
        assert ask(aggregator, "viewer", path, body)[0] == 403
    assert ask(aggregator, "tester", "/judge", judged)[0] == 200
    assert ask(aggregator, "tester", "/judge", judged | {"call": 99})[0] == 404
    _, (given,) = ask(aggregator, "viewer", "/verdicts")
    assert (given["verdict"], given["who"], given["note"]) == ("false", "tester", "138****5678 is a courier")
    status, taken = ask(aggregator, "tester", "/appeal", appealed)
    assert status == 200
    assert ask(aggregator, "tester", f"/appeal/{taken['id']}", {"state": "open", "answer": "not yet"})[0] == 404
    assert ask(aggregator, "tester", f"/appeal/{taken['id']}", {"state": "upheld", "answer": "right"}) == (200, taken)
    _, (shown,) = ask(aggregator, "viewer", "/appeals?state=upheld")
    assert (shown["number"], shown["statement"], shown["decided_by"]) == ("+86138****5678", "mine; answer to 138****5678", "tester")
    _, (whole,) = ask(aggregator, "seer", "/appeals?unmask_reason=answering")
    assert whole["number"] == f"+86{NUMBER}"
    assert ask(aggregator, "viewer", "/appeals?state=open") == (200, [])


def test_operators_triage_and_viewers_look(aggregator: Aggregator) -> None:
    acts = (
        ("/alarms/assign", {"alarms": [1], "to": "tester"}),
        ("/alarms/judge", {"alarms": [1], "verdict": "false", "reason": f"{NUMBER} is a courier"}),
        ("/alarms/reopen", {"alarms": [1]}),
        ("/alarms/acknowledge", {"alarms": [1]}),
    )
    assert len(ask(aggregator, "viewer", "/alarms?progress=open")[1]) == 1
    for path, body in acts:
        before = ask(aggregator, "viewer", "/alarms")[1]
        assert ask(aggregator, "viewer", path, body)[0] == 403
        assert ask(aggregator, "viewer", "/alarms")[1] == before
        assert ask(aggregator, "tester", path, body | {"alarms": [1, 99]})[0] == 404
        assert ask(aggregator, "tester", path, body) == (200, {"changed": 1})
    assert ask(aggregator, "viewer", "/alarms?progress=open") == (200, [])
    _, (found,) = ask(aggregator, "viewer", "/alarms?progress=false&assigned_to=tester")
    assert (found["triage"]["acknowledged_by"], found["triage"]["reason"]) == ("tester", "138****5678 is a courier")
    _, (allowed,) = ask(aggregator, "viewer", "/alarms/allowed")
    assert (allowed["number"], allowed["alarm_id"], allowed["who"]) == ("138****5678", 1, "tester")
    assert ask(aggregator, "viewer", "/alarms/verdicts")[1] == [
        {"kind": "simbank", "probe": "demo-a", "true": 0, "false": 1, "unjudged": 0}
    ]
    assert ("tester", "alarm-acknowledged", "") in audited(aggregator)
    with closing(aggregator.connect_console()) as connection:
        connection.request("GET", "/api/v1/stream?after=0", headers={"Authorization": f"Bearer {token(aggregator, 'viewer')}"})
        response = connection.getresponse()
        names: list[str] = []
        while not names or names[-1] != "acknowledged" or names.count("acknowledged") < 2:
            line = response.readline()
            assert line
            names += [line[7:].decode().strip()] if line.startswith(b"event: ") else []
        assert [name for name in names if name in ("assigned", "judged", "reopened", "acknowledged")] == [
            "assigned",
            "acknowledged",
            "judged",
            "reopened",
            "acknowledged",
        ]
        response.close()
    with closing(aggregator.connect_console()) as connection:
        connection.request("GET", "/api/v1/alarms/labels", headers={"Authorization": f"Bearer {token(aggregator, 'viewer')}"})
        head, *rows = connection.getresponse().read().decode().split("\r\n")
    assert head == "probe,boot,trunk,line,call,at_ms,calling_id,found,label,alarm_id"
    assert rows[0].endswith(",simbank,legit,1") and NUMBER not in "".join(rows)


def test_a_report_is_a_file_to_keep_and_masks_numbers(aggregator: Aggregator) -> None:
    with closing(aggregator.connect_console()) as connection:
        headers = {"Authorization": f"Bearer {token(aggregator, 'viewer')}"}
        for path in ("?period=2026-W10&form=html&lang=en", "?period=2026-W10&form=csv", "?period=2026-W10"):
            connection.request("GET", f"/api/v1/reports/weekly{path}", headers=headers)
            response = connection.getresponse()
            text = response.read().decode()
            assert response.status == 200
            assert response.getheader("Content-Disposition", "").startswith('attachment; filename="weekly-2026-W10.')
            assert "138****5678" in text
            assert NUMBER not in text
    assert json.loads(text)["total"]["counts"]["nuisance"] == 1
    whole = "/reports/weekly?period=2026-W10&unmask_reason=monthly%20letter"
    assert ask(aggregator, "viewer", whole)[0] == 403
    assert ask(aggregator, "seer", whole)[1]["callers"][0]["number"] == NUMBER
    assert audited(aggregator)[-1] == ("seer", "unmask-all", "monthly letter")
    for wrong in ("weekly?period=2026-02", "weekly?period=2026-W60", "monthly?zone=Nowhere"):
        assert ask(aggregator, "viewer", f"/reports/{wrong}")[0] == 404
