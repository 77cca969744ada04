"""Alarms, pools and traceback in the browser: what is clicked is in the store afterwards, and nobody sees a number that he may not see."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from catflap_host.access.roles import Role
from catflap_host.correlate.service import Correlation
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.tables import audit
from catflap_host.trace.evidence import EVIDENCE, check
from catflap_host.triage import looking, outcome
from tests.console_app import USER, Client, console
from tests.pool_seed import CARDS, plant_pool


@contextmanager
def pooled(folder: Path, role: Role = Role.OPERATOR, may_unmask: bool = False) -> Iterator[tuple[Client, Database, str]]:
    """A console whose correlation knows a pool of CARDS at two sites, each card stored with its calls; the pool's name."""
    correlation = Correlation()
    with console(folder, role, may_unmask, correlation) as (client, database):
        plant_pool(database, correlation)
        yield client, database, correlation.pools()[0].id


def whole_numbers(text: str) -> list[str]:
    return re.findall(r"1381234\d{4}|1701234\d{4}", text)


def test_many_alarms_are_acted_on_at_once_and_the_store_knows(tmp_path: Path) -> None:
    with console(tmp_path, Role.OPERATOR) as (client, database):
        ids = [alarm.id for alarm in queries.alarms(database, 10)]
        chosen = {f"alarm-{alarm_id}": "on" for alarm_id in ids} | {"progress": "open"}
        assert client.get("/alarms").text.count("data-alarm") == len(ids) >= 1
        answer = client.post("/alarms", chosen | {"do": "take"})
        assert (answer.status, answer.headers["location"]) == (303, "/alarms?progress=open&kind=&probe=&assigned=&active=")
        assert {alarm.triage.assigned_to for alarm in queries.alarms(database, 10)} == {USER}
        assert client.post("/alarms", chosen | {"do": "acknowledge"}).status == 303
        assert {alarm.triage.acknowledged_by for alarm in queries.alarms(database, 10)} == {USER}
        assert "data-alarm" not in client.get("/alarms").text
        assert client.post("/alarms", chosen | {"do": "reopen"}).status == 303
        assert looking.count(database, looking.Filter(looking.Progress.OPEN)) == len(ids)
        for wrong in ({"do": "acknowledge"}, chosen | {"do": "true", "reason": " "}, chosen | {"do": "assign", "to": "nobody"}):
            answer = client.post("/alarms", wrong | {"progress": "open"})
            assert (answer.status, 'role="alert"' in answer.text) == (400, True)
        assert client.post("/alarms", chosen | {"do": "delete"}).status == 400
        assert looking.count(database, looking.Filter(looking.Progress.OPEN)) == len(ids)


def test_a_false_alarm_lets_the_chosen_numbers_through(tmp_path: Path) -> None:
    with console(tmp_path, Role.OPERATOR) as (client, database):
        (alarm, *_) = queries.alarms(database, 1)
        page = client.get(f"/alarms/{alarm.id}").text
        assert not whole_numbers(page) and "138****5600" in page and "<svg" in page
        form = {"do": "false", "reason": "13812345601 is a courier", "choose": "1", f"allow-{alarm.member_ids[1]}": "on"}
        assert client.post(f"/alarms/{alarm.id}", form).status == 303
        assert [one.pseudonym for one in outcome.allowed(database)] == [alarm.member_ids[1]]
        page = client.get(f"/alarms/{alarm.id}").text
        assert "138****5601 is a courier" in page and not whole_numbers(page)
        assert client.get(f"/alarms/{alarm.id}", {"accept-language": "zh"}).text.count("判为误报") >= 1
        assert client.get("/alarms/9999").status == 404


def test_viewers_look_and_do_nothing(tmp_path: Path) -> None:
    with console(tmp_path, Role.VIEWER) as (client, database):
        assert 'name="do"' not in client.get("/alarms").text + client.get("/alarms/1").text
        for path in ("/alarms", "/alarms/1"):
            assert client.post(path, {"alarm-1": "on", "do": "acknowledge", "progress": "open"}).status == 403
        assert client.post("/traceback/evidence", {"number": "+8617012340010", "reason": "case 17"}).status == 403
        assert not any(alarm.triage.acknowledged_ms for alarm in queries.alarms(database, 10))


def test_a_pool_is_shown_with_figures_to_check_and_no_whole_number(tmp_path: Path) -> None:
    with pooled(tmp_path) as (client, _, pool):
        assert f'href="/pools/{pool}"' in client.get("/pools").text
        page = client.get(f"/pools/{pool}").text
        assert "8 of its 8 numbers were each taken for a SIM bank&#39;s at two sites" in page
        assert "8 of its numbers lie in one block of a thousand" in page
        assert page.count("170****00") >= 2 * len(CARDS), "in the raster and in the table"
        graph = client.get(f"/pools/{pool}/graph").text
        told = client.get(f"/pools/{pool}/graph/data")
        data = json.loads(told.text)
        assert sum(node["kind"] == "number" for node in data["nodes"]) == len(CARDS)
        assert {node["name"] for node in data["nodes"] if node["kind"] == "site"} == {"haidian-1", "pudong-2"}
        for text in (page, graph, told.text):
            assert not whole_numbers(text) and "+8617012340" not in text, "a block's digits and a masked number make a whole one"
        assert "cytoscape" in graph and "cytoscape" not in page
        assert client.get("/pools/pool-1").status == client.get("/pools/pool-1/graph/data").status == 404


@pytest.mark.parametrize("by", ["number", "pool", "id"])
def test_a_traceback_is_masked_and_its_evidence_is_whole_signed_and_on_record(by: str, tmp_path: Path) -> None:
    with pooled(tmp_path, may_unmask=True) as (client, database, pool):
        asked = {"number": f"+86{CARDS[0]}", "pool": pool, "id": database.vault.pseudonym(CARDS[0])}[by]
        window = {"since": "2020-01-01T00:00", "until": "2100-01-01T00:00", "offset_min": "480"}
        answer = client.post("/traceback", window | {by: asked})
        assert answer.status == 200 and "interconnect" in answer.text and "haidian-1" in answer.text
        assert not whole_numbers(answer.text.replace(f'value="+86{CARDS[0]}"', "")), "but for what he typed himself"
        assert client.post("/traceback/evidence", window | {by: asked, "reason": " "}).status == 400
        given = client.post("/traceback/evidence", window | {by: asked, "reason": "case 17"})
        assert (given.status, given.headers["content-type"]) == (200, "application/zip")
        zipfile.ZipFile(io.BytesIO(given.body)).extractall(tmp_path / "out")
        (folder,) = (tmp_path / "out").iterdir()
        assert check(folder) == ""
        told = json.loads((folder / EVIDENCE).read_text())
        assert len(told["calls"]) == (2 * len(CARDS) if by == "pool" else 2) and told["who"] == USER
        assert len(told["members"]) == (len(CARDS) if by == "pool" else 0)
        with database.read() as connection:
            assert (USER, "trace", "case 17") in {(row.who, row.what, row.reason) for row in connection.execute(select(audit))}


def test_what_cannot_be_traced_says_why(tmp_path: Path) -> None:
    with console(tmp_path) as (client, _):
        for wrong in ({"number": "hello"}, {"id": "1.nobody"}, {"pool": "pool-1"}, {"number": "+8613812345678", "since": "now"}):
            answer = client.post("/traceback", wrong)
            assert (answer.status, 'role="alert"' in answer.text) == (400, True), wrong
        swapped = {"number": "+8613812345678", "since": "2026-03-02T08:00", "until": "2026-03-01T08:00"}
        assert "swap" in client.post("/traceback", swapped).text
        assert client.get("/traceback?id=1.nobody").status == 400
