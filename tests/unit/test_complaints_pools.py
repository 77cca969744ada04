"""A pool over the API: what people say of its numbers is one more reason and no proof, what it rests on is shown, its calls are traced."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from catflap_host.access.roles import Role
from catflap_host.complaints.pooled import HEARD, weigh_pools
from catflap_host.complaints.terms import Source
from catflap_host.correlate.service import Correlation
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.tables import audit
from tests.console_app import Client, console
from tests.pool_seed import CARDS, plant_pool
from tests.unit.complained import complain, people

HOUR_MS = 3_600_000
Told = dict[str, object]


@contextmanager
def pooled(folder: Path, may_unmask: bool = False) -> Iterator[tuple[Client, Database, Correlation]]:
    correlation = Correlation()
    with console(folder, Role.OPERATOR, may_unmask, correlation) as (client, database):
        plant_pool(database, correlation)
        yield client, database, correlation


def asked(client: Client, path: str, status: int = 200) -> Told:
    answer = client.get(f"/api/v1{path}", {"accept": "application/json"})
    assert answer.status == status, answer.text
    told: Told = json.loads(answer.body)
    return told


def last_ms(correlation: Correlation) -> int:
    return correlation.pools()[0].last_ms


def test_marks_of_those_who_were_called_make_a_pool_surer_and_a_brigade_does_not(tmp_path: Path) -> None:
    with pooled(tmp_path) as (client, database, correlation):
        before = correlation.pools()[0]
        now_ms = before.last_ms + HOUR_MS
        for place, contact in enumerate(people(0, 20)):
            at_ms = now_ms - HOUR_MS // 2 + place * 10_000
            complain(database, at_ms, number=CARDS[0], at_ms=at_ms - 8 * HOUR_MS, contact=contact, origin=f"network {place}")
        weigh_pools(database, correlation, now_ms)
        assert correlation.pools() == [before], "twenty new people within an hour, none of them called then"
        for number in CARDS:
            for call in queries.calls_of_numbers(database, [number], 0, now_ms, 1):
                line = f"{call.probe}/{call.trunk}/{call.line}"
                marked = {"source": Source.STAR_CODE, "call_id": call.id, "at_ms": call.at_ms}
                complain(database, call.at_ms + 60_000, number=number, complainer=line, origin=line, **marked)
        weigh_pools(database, correlation, now_ms)
        (after,) = correlation.pools()
        assert after.reasons == sorted([*before.reasons, "pool.complaints"])
        assert after.confidence == min(before.confidence + 600, 9_900) and after.members == before.members
        facts = asked(client, f"/pool/{after.id}")["facts"]
        assert isinstance(facts, dict) and facts["complained"]["score"] >= HEARD
        assert "pool.complaints" in client.get(f"/pools/{after.id}").text
        weigh_pools(database, correlation, now_ms + 40 * 24 * HOUR_MS)
        assert correlation.pools() == [before], "thirty days later nobody speaks of it"


def test_a_pool_tells_what_it_rests_on_and_how_its_calls_came_and_hides_its_numbers(tmp_path: Path) -> None:
    with pooled(tmp_path, may_unmask=True) as (client, database, correlation):
        pool = correlation.pools()[0].id
        until_ms = last_ms(correlation) + HOUR_MS
        evidence, trace = asked(client, f"/pool/{pool}"), asked(client, f"/pool/{pool}/trace?until_ms={until_ms}")
        for told in (evidence, trace):
            assert not any(number[-8:] in json.dumps(told) or "1701234" in json.dumps(told) for number in CARDS)
        facts, calls = evidence["facts"], trace["calls"]
        assert isinstance(facts, dict) and isinstance(calls, list)
        assert (facts["cores"], facts["blocks"], facts["apart"]) == (8, [{"name": "+86170*****", "numbers": 8}], [])
        assert (trace["total"], trace["is_cut"], len(calls)) == (16, False, 16)
        assert all(way["is_entry_known"] and way["legs"][0]["role"] == "interconnect" for way in calls)
        whole = json.dumps(asked(client, f"/pool/{pool}/trace?until_ms={until_ms}&unmask_reason=for+the+carrier"))
        assert all(number in whole for number in CARDS)
        with database.read() as connection:
            assert "for the carrier" in connection.execute(select(audit.c.reason)).scalars().all()
        asked(client, "/pool/pool-1", 404)
        asked(client, f"/pool/{pool}/trace?since_ms=2&until_ms=1", 409)


def test_whole_numbers_of_a_pool_take_the_permission(tmp_path: Path) -> None:
    with pooled(tmp_path) as (client, _, correlation):
        asked(client, f"/pool/{correlation.pools()[0].id}?unmask_reason=for+the+carrier", 403)
