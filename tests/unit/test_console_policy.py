"""The policy's pages: what is filled in is kept, tried, approved, published and rolled back; nobody does what he may not."""

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from catflap_host.access.roles import Role
from catflap_host.console.policy_form import fields_of
from catflap_host.policy import kept, lists, tables
from catflap_host.policy.difference import Difference, differences
from catflap_host.policy.trials import DryRuns, dry_runs
from catflap_host.store.database import Database
from catflap_host.store.tables import audit
from tests.console_app import USER, Client, console
from tests.console_seed import HOSTILE
from tests.console_users import another

NUMBERS = ("13812345601", "13812345678")
BASE: dict[str, Any] = {
    "catflap_policy": 1,
    "allow": [{"number": f"+86{NUMBERS[1]}", "note": HOSTILE}],
    "deny": [{"prefix": "0755"}, {"number": "01088886666"}],
    "actions": [{"label": "spoof", "score": 9_000, "action": "block"}],
    "mark": {"sms": [NUMBERS[0], NUMBERS[1]]},
}

NEW = [{"prefix": "95588"}, {"range": ["01062340000", "01062349999"]}]


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[tuple[Client, Database]]:
    with console(tmp_path, Role.OPERATOR) as (client, database):
        kept.draft(database, json.dumps(BASE), "chen.jie", HOSTILE)
        yield client, database


def filled_in(database: Database, version: int, **fields: str) -> dict[str, str]:
    """The form over a version as a browser sends it, some fields filled in."""
    tree = json.loads(kept.text_of(database, version))
    return (
        {"base": str(version), "do": "keep", "for": "a try"}
        | fields_of(tree)
        | {name.replace("_", "-"): text for name, text in fields.items()}
    )


def finished() -> None:
    """Wait for the dry runs of this process."""
    for thread in threading.enumerate():
        if thread.name.startswith("dry-run-"):
            thread.join(60)


def tree_of(database: Database, version: int) -> dict[str, object]:
    tree: dict[str, object] = json.loads(kept.text_of(database, version))
    return tree


def test_a_form_is_kept_as_a_draft_and_what_it_does_not_show_stays(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    page = client.get("/policy/edit?from=1").text
    assert not re.search("|".join(NUMBERS), page) and "138****5678" in page and HOSTILE not in page
    lines = f"{NUMBERS[0]} a courier\n95588*\n01062340000-01062349999"
    rule = {"hours_0_of": "label:telemarketing", "hours_0_workday": "09:00-12:00, 14:00-18:00", "hours_0_action": "block"}
    entry = {"deny_0_what": "kind", "deny_0_kind": "premium", "deny_drop_0": "on", "allow_many": lines, "deny_off": "01088886666"}
    answer = client.post(
        "/policy/edit",
        filled_in(
            database,
            1,
            **entry,
            **rule,
            blocks="20",
            minutes="60",
            registers_ranges="label",
            mark_code="*39",
            mark_sms_drop_0="on",
            mark_sms="+8613800138000",
            actions_0_score="95.5",
        ),
    )
    assert (answer.status, answer.headers["location"]) == (303, "/policy/versions/2")
    assert tree_of(database, 2) == {
        "catflap_policy": 1,
        "country": "CN",
        "time_zone": "Asia/Shanghai",
        "allow": [*BASE["allow"], {"number": NUMBERS[0], "note": "a courier"}, *NEW],
        "deny": [{"kind": "premium"}],
        "actions": [{"label": "spoof", "score": 9_550, "action": "block"}],
        "hours": [{"label": "telemarketing", "workday": ["09:00-12:00", "14:00-18:00"], "action": "block"}],
        "budget": {"blocks": 20, "minutes": 60},
        "mark": {"code": "*39", "sms": [NUMBERS[1], "+8613800138000"]},
        "registers": {"ranges": "label"},
    }  # fmt: skip
    assert (kept.version_of(database, 2).author, kept.version_of(database, 2).note) == (USER, "a try")
    page = client.get("/policy/versions/2").text
    assert not re.search("|".join(NUMBERS), page) and "138****5601" in page and page.count('class="gained"') >= 8


FAULTS: list[tuple[dict[str, str], str, str]] = [
    ({"deny_0_what": "number", "deny_0_value": "12x"}, "deny-0-value", "应为 1 至 15 位数字"),
    ({"deny_0_what": "range", "deny_0_value": "139-138"}, "deny-0-value", "首号与末号"),
    ({"deny_many": "138*\nabc"}, "deny-many", "abc: 应为 1 至 15"),
    ({"allow_off": "13911112222"}, "allow-off", "没有 13911112222 这一条"),
    ({"actions_0_score": "101"}, "actions-0-score", "应为 0 至 10000 的整数"),
    ({"actions_0_score": "many"}, "actions-0-score", "应为 0 至 10000 的整数"),
    ({"actions_0_action": "challenge"}, "actions-0-action", "目前没有线路"),
    ({"hours_3_of": "kind:premium", "hours_3_rest": "18:00-09:00"}, "hours-3-rest", "应为 09:00-18:00 这样的时段"),
    ({"mark_code": "39"}, "mark-code", "如 *39"),
    ({"blocks": "20"}, "minutes", "应为 1 至"),
    ({"time_zone": "Beijing"}, "time_zone", "应为时区名"),
    ({"country": "China"}, "country", "两个大写字母"),
]


def test_a_fault_stands_at_its_field(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    client.cookies["catflap-language"] = "zh"
    for fields, field, words in FAULTS:
        form = filled_in(database, 1) | {name if name == "time_zone" else name.replace("_", "-"): text for name, text in fields.items()}
        answer = client.post("/policy/edit", form)
        assert answer.status == 400
        found = re.search(rf'id="fault-{field}">([^<]*)', answer.text)
        assert found and words in found[1], (field, found)
        assert f'name="{field}"' in answer.text and f'aria-describedby="fault-{field}"' in answer.text
    assert len(kept.versions(database, 10)) == 1, "nothing was kept"


def test_a_draft_is_tried_approved_by_another_published_and_rolled_back(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    chief, other = another(client, database, "ada", Role.ADMINISTRATOR), another(client, database, "chen.jie", Role.OPERATOR)
    assert client.post("/policy/versions/1", {"do": "publish"}).headers["location"] == "/policy"
    assert client.post("/policy", {"do": "second-person", "wanted": "1"}).status == 403
    assert chief.post("/policy", {"do": "second-person", "wanted": "1"}).status == 303
    # the switchboard is denied: its honest calls are to be seen first
    draft = filled_in(database, 1, deny_0_what="number", deny_0_value=NUMBERS[0], allow_drop_0="on")
    assert client.post("/policy/edit", draft).status == 303
    assert client.post("/policy/versions/2", {"do": "try", "days": "7"}).status == 303
    finished()
    (run,) = dry_runs(database, 2, 10)
    assert run.found and (run.who, run.total, run.done, run.error) == (USER, run.found.calls, run.found.calls, "")
    honest = [one for one in run.found.changed if one.is_honest and one.after == "block"]
    assert honest == run.found.changed[: len(honest)] and honest
    page = client.get("/policy/versions/2").text
    assert page.index("Honest calls that would be stopped") < page.index(f'href="/call/{honest[0].call_id}"')
    assert not re.search("|".join((*NUMBERS, "01088886666")), page) and "hx-trigger" not in page.split("<main")[1]
    assert client.get(f"/policy/runs/{run.id}").status == 200 and client.get("/policy/runs/99").status == 404
    assert client.post("/policy/versions/2", {"do": "approve"}).status == 400, "his own"
    assert client.post("/policy/versions/2", {"do": "publish"}).status == 400, "approved by nobody"
    assert kept.published(database).version == 1  # type: ignore[union-attr]
    assert other.post("/policy/versions/2", {"do": "approve"}).status == 303
    assert client.post("/policy/versions/2", {"do": "publish"}).status == 303
    assert kept.published(database).version == 2  # type: ignore[union-attr]
    assert "Roll back to version 1" in client.get("/policy").text
    assert client.post("/policy", {"do": "roll-back"}).status == 303
    release = kept.published(database)
    assert release and (release.version, release.why, release.who) == (1, "roll-back", USER)
    with database.read() as connection:
        told = [tuple(row) for row in connection.execute(select(audit.c.who, audit.c.what, audit.c.about).order_by(audit.c.id))]
    for step in (
        (USER, "policy-try", "2"),
        ("chen.jie", "policy-approve", "2"),
        ("ada", "policy-second-person", "on"),
        (USER, "policy-roll-back", "1"),
    ):
        assert step in told


def test_a_dry_run_that_comes_to_nothing_says_so(seeded: tuple[Client, Database], monkeypatch: pytest.MonkeyPatch) -> None:
    client, database = seeded
    monkeypatch.setattr(lists, "MOST_PREFIXES", 10)
    runs = DryRuns(database, dict)
    kept.draft(database, json.dumps({"catflap_policy": 1, "deny": [{"prefix": f"+{n}"} for n in range(1_000, 1_011)]}), USER, "")
    too_many = runs.begin(2, 7, USER)
    finished()
    assert "more beginnings of numbers than a probe takes" in client.get(f"/policy/runs/{too_many}").text
    died = runs.begin(1, 7, USER)
    finished()
    for seen_ms, words in ((0, "It was broken off"), (time.time_ns() // 1_000_000, "hx-trigger")):
        with database.write() as connection:
            row = {"found": "", "error": "", "seen_ms": seen_ms}
            connection.execute(update(tables.trials).where(tables.trials.c.id == died).values(row))
        assert words in client.get(f"/policy/runs/{died}").text
    assert client.post("/policy/versions/9", {"do": "try"}).status == 404


def test_who_may_not_is_refused_and_sees_no_button(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    kept.publish(database, 1, "chen.jie")
    viewer = another(client, database, "vera", Role.VIEWER)
    for path in ("/policy", "/policy/versions/1"):
        assert 'name="do"' not in viewer.get(path).text.split("<main")[1]
    for path, form in (
        ("/policy", {"do": "roll-back"}),
        ("/policy/versions/1", {"do": "approve"}),
        ("/policy/versions/1", {"do": "try"}),
        ("/policy/edit", filled_in(database, 1)),
        ("/policy/raw", {"do": "keep", "text": json.dumps(BASE)}),
    ):
        assert viewer.post(path, form).status == 403, path
    assert viewer.get("/policy/edit").status == viewer.get("/policy/raw").status == 403
    assert client.post("/policy/versions/1", {"do": "burn"}).status == client.post("/policy", {}).status == 400
    assert client.get("/policy/versions/9").status == client.get("/policy/edit?from=9").status == 404
    assert (len(kept.versions(database, 10)), len(kept.releases(database, 10)), dry_runs(database, 1, 10)) == (1, 1, [])


def test_the_text_is_whole_for_a_reason_only_and_all_its_faults_are_told(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    seer = another(client, database, "seer", Role.OPERATOR, True)
    assert client.post("/policy/raw", {"do": "show", "base": "1", "reason": "letter 5"}).status == 403
    assert seer.post("/policy/raw", {"do": "show", "base": "1", "reason": " "}).status == 400
    for page in (client.get("/policy/raw?from=1"), seer.get("/policy/raw?from=1")):
        assert NUMBERS[1] not in page.text and "138****5678" in page.text
    assert NUMBERS[1] in seer.post("/policy/raw", {"do": "show", "base": "1", "reason": "letter 5"}).text
    with database.read() as connection:
        noted = [row.reason for row in connection.execute(select(audit).where(audit.c.what == "unmask-all"))]
    assert noted == ["letter 5 (policy 1)"]
    answer = seer.post("/policy/raw", {"do": "keep", "text": '{"catflap_policy": 1, "shadow": 1, "alow": []}'})
    assert (answer.status, "shadow: true or false" in answer.text, "alow: there is no such key" in answer.text) == (400, True, True)
    assert (
        client.post("/policy/raw", {"do": "keep", "text": '{"catflap_policy": 1}', "for": "empty"}).headers["location"]
        == "/policy/versions/2"
    )


def test_differences_name_what_was_lost_and_gained_and_not_what_is_said_otherwise() -> None:
    before = {"deny": [{"prefix": "1"}, {"prefix": "1"}], "stop": {"ringing": "reject"}, "hours": [{"kind": "iot"}]}
    after = {"deny": [{"prefix": "1"}, {"prefix": "2"}], "country": "CN", "hours": [{"kind": "iot", "action": "label"}]}
    assert list(differences(before, after)) == [
        Difference("stop.ringing", "reject", "best"),
        Difference("deny", {"prefix": "1"}, None),
        Difference("deny", None, {"prefix": "2"}),
    ]
