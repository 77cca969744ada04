"""Complaints, appeals, audits and reports without a browser: who may do what, what is masked, and what another site cannot ask for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from catflap_host.access.roles import Role
from catflap_host.complaints import cases
from catflap_host.complaints.cases import Filter
from catflap_host.complaints.filing import Filing, file
from catflap_host.complaints.terms import Source, State
from catflap_host.correlate.service import Correlation
from catflap_host.judged import appeals
from catflap_host.reports.period import DEFAULT_ZONE, Every, around, zone_of
from catflap_host.store.database import Database
from catflap_host.store.tables import audit
from catflap_host.trunk_audit import findings
from tests.console_app import USER, Client, console
from tests.console_seed import HOSTILE
from tests.oversight_seed import APPEALED, COMPLAINED, CONTACT, STRANGER, plant
from tests.pool_seed import CARDS, plant_pool

PLACES = ("/complaints", "/complaints/1", "/complaints/appeals", "/audits", "/audits/1", "/audits/outgoing")
WHOLE = (COMPLAINED, CONTACT, APPEALED, STRANGER, "1391234560")


@contextmanager
def governed(folder: Path, role: Role = Role.OPERATOR, may_unmask: bool = False) -> Iterator[tuple[Client, Database]]:
    correlation = Correlation()
    with console(folder, role, may_unmask, correlation) as (client, database):
        plant(database)
        plant_pool(database, correlation)
        yield client, database


def noted(database: Database) -> set[tuple[str, str, str]]:
    with database.read() as connection:
        return {(row.who, row.what, row.about) for row in connection.execute(select(audit))}


def test_nobody_sees_a_whole_number_or_runs_what_a_complainer_wrote(tmp_path: Path) -> None:
    with governed(tmp_path) as (client, _):
        month = around(Every.MONTHLY, datetime.now(zone_of(DEFAULT_ZONE)).date()).name
        report = client.get(f"/reports/counted?period={month}&lang=en")
        assert "138****560" in report.text
        texts = [client.get(path).text for path in PLACES] + [report.text]
        for text in texts:
            assert HOSTILE not in text and not [number for number in WHOLE if number in text]
        assert "&lt;img src=x" in texts[1] and "&lt;img src=x" in texts[2]
        assert client.get("/complaints/99").status == client.get("/audits/99").status == 404
        assert client.get("/reports/counted?period=2026-W60&lang=en").status == 404


def test_viewers_look_and_strangers_sites_do_nothing(tmp_path: Path) -> None:
    steps = (("/complaints/1", "verified"), ("/complaints/appeals", "upheld"), ("/audits/1", "sent"))
    with governed(tmp_path / "viewer", Role.VIEWER) as (client, database):
        for path, do in steps:
            assert 'name="do"' not in client.get(path).text
            form = {"do": do, "finding": "upheld", "answer": "why", "text": "why", "id": appeals.listed(database, 1)[0].id}
            assert client.post(path, form).status == 403
        assert client.post("/complaints/1", {"do": "whole", "reason": "case 17"}).status == 403
        for path, _ in steps:
            assert client.post(path, {"do": "team", "team": "x"}, {"sec-fetch-site": "cross-site"}).status == 403
        assert cases.listed(database, Filter(state=State.RECEIVED), 9) == cases.listed(database, Filter(), 9)
        assert appeals.listed(database, 1)[0].state is appeals.State.OPEN
        assert {one.state for one in findings.listed(database, 0, 9)} == {findings.State.OPEN}


def test_whole_numbers_are_shown_to_who_may_and_says_why(tmp_path: Path) -> None:
    with governed(tmp_path, may_unmask=True) as (client, database):
        assert client.post("/complaints/1", {"do": "whole", "reason": " "}).status == 400
        text = client.post("/complaints/1", {"do": "whole", "reason": "case 17"}).text
        assert f"+86{COMPLAINED}" in text and CONTACT in text and HOSTILE not in text
        assert (USER, "unmask", "complaint 1") in noted(database)


def test_filters_stand_in_the_address(tmp_path: Path) -> None:
    with governed(tmp_path) as (client, database):
        for query, ids in (("late=1", [3]), ("kind=fraud", [2]), ("industry=loans", [1]), ("state=verified", []), ("before=3", [2, 1])):
            text = client.get(f"/complaints?{query}").text
            assert [number for number in (3, 2, 1) if f'href="/complaints/{number}"' in text] == ids, query
        kinds = {one.kind.value for one in findings.listed(database, 0, 9)}
        assert kinds == {"outside-range"}
        assert 'href="/audits/1"' in client.get("/audits?kind=outside-range&contract=HT-1").text
        assert "No finding fits." in client.get("/audits?state=closed").text
        assert client.get("/audits/outgoing?since=2026-03-02&until=2026-03-01").status == 400


def test_who_was_slower_is_told_and_a_pool_is_named(tmp_path: Path) -> None:
    with governed(tmp_path) as (client, database):
        for path, form in (("/complaints/1", {"do": "answered", "answer": "done"}), ("/audits/1", {"do": "answered", "text": "done"})):
            assert client.post(path, form).status == 409
            for language, word in (("en", "faster"), ("zh", "他人先行")):
                client.cookies["catflap-language"] = language
                assert word in client.post(path, form).text
        assert client.post("/complaints/1", {"do": "delete"}).status == 400
        client.cookies["catflap-language"] = "en"
        assert client.get(f"/complaints/{_complain(database)}").text.count("/pools/pool-") == 1


def _complain(database: Database) -> int:
    """Somebody complains of a pool's number."""
    return file(database, Filing(Source.OPERATOR, CARDS[0]), USER, time.time_ns() // 1_000_000).id
